//! Why a request about bucket CORS is not answered with 200.

use cors_core::{BadRequest, Refusal, Request};

/// Why a request is not answered with 200: what every provider's table of errors has a row for.
///
/// A refused preflight has its cause in its [`Refusal`]; an error of a document and of a PUT say theirs.
///
/// # Examples
///
/// ```
/// use cors_core::Refusal;
/// use cors_xml::{Cause, Provider, Subject};
///
/// assert_eq!(Cause::from(Refusal::NotEnabled), Cause::NotEnabled);
/// let error = Provider::S3.error(Cause::NoSuchBucket, Subject::Bucket("photos"));
/// assert_eq!((error.status, error.code), (404, "NoSuchBucket"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The document has more bytes than the provider takes.
    TooLarge,
    /// The document is not well-formed, or not of the schema; a rule without origin or method is that too.
    Malformed,
    /// The document holds no rule.
    NoRule,
    /// The document holds more rules than the provider takes.
    TooManyRules,
    /// An `AllowedMethod` outside the set.
    UnknownMethod,
    /// A second `*` in an `AllowedOrigin` or `AllowedHeader`.
    SecondWildcard,
    /// A `*` in an `ExposeHeader`.
    WildcardInExposeHeader,
    /// An `ExposeHeader` that is not a header name.
    InvalidExposeHeader,
    /// A `MaxAgeSeconds` outside the provider's range.
    MaxAgeOutOfRange,
    /// Any other value that the provider does not take.
    InvalidValue,
    /// `Content-MD5` is not the base64 of 16 bytes.
    UndecodableDigest,
    /// `Content-MD5` is not the digest of the body.
    DigestMismatch,
    /// There is more than one `x-amz-checksum-*`.
    SeveralChecksums,
    /// An `x-amz-checksum-*` is not the base64 of as many bytes as such a checksum has.
    UndecodableChecksum,
    /// An `x-amz-checksum-*` is not the digest of the body.
    ChecksumMismatch,
    /// `GET ?cors` where no configuration is set.
    NoSuchConfiguration,
    /// The bucket does not exist.
    NoSuchBucket,
    /// The caller may not read or change the configuration.
    AccessDenied,
    /// A preflight without `Origin`.
    MissingOrigin,
    /// A preflight to a bucket that does not exist.
    PreflightNoSuchBucket,
    /// A preflight to a bucket without configuration.
    NotEnabled,
    /// A preflight whose `Access-Control-Request-Method` is absent or outside the set.
    InvalidRequestMethod,
    /// A preflight whose `Access-Control-Request-Headers` holds something that is not a header name.
    InvalidRequestHeaders,
    /// A preflight that no rule allows.
    NotAllowed,
    /// A method that the configuration of a bucket does not have.
    MethodNotAllowed,
    /// A name that no bucket can have.
    InvalidBucketName,
    /// A key that no object can have.
    InvalidObjectName,
    /// A query that cannot be read.
    InvalidUri,
    /// The body ended before its end.
    IncompleteBody,
    /// The server failed.
    InternalError,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Cause; 30] = [
        Cause::TooLarge,
        Cause::Malformed,
        Cause::NoRule,
        Cause::TooManyRules,
        Cause::UnknownMethod,
        Cause::SecondWildcard,
        Cause::WildcardInExposeHeader,
        Cause::InvalidExposeHeader,
        Cause::MaxAgeOutOfRange,
        Cause::InvalidValue,
        Cause::UndecodableDigest,
        Cause::DigestMismatch,
        Cause::SeveralChecksums,
        Cause::UndecodableChecksum,
        Cause::ChecksumMismatch,
        Cause::NoSuchConfiguration,
        Cause::NoSuchBucket,
        Cause::AccessDenied,
        Cause::MissingOrigin,
        Cause::PreflightNoSuchBucket,
        Cause::NotEnabled,
        Cause::InvalidRequestMethod,
        Cause::InvalidRequestHeaders,
        Cause::NotAllowed,
        Cause::MethodNotAllowed,
        Cause::InvalidBucketName,
        Cause::InvalidObjectName,
        Cause::InvalidUri,
        Cause::IncompleteBody,
        Cause::InternalError,
    ];

    /// Why a preflight to a bucket that does not exist is refused. One without `Origin` is refused for that first, whatever it
    /// was sent to.
    pub fn of_preflight_without_bucket(request: &Request<'_>) -> Cause {
        if request.origin.is_none_or(<[u8]>::is_empty) {
            Cause::MissingOrigin
        } else {
            Cause::PreflightNoSuchBucket
        }
    }
}

impl From<Refusal> for Cause {
    fn from(refusal: Refusal) -> Cause {
        match refusal {
            Refusal::BadRequest(BadRequest::MissingOrigin) => Cause::MissingOrigin,
            Refusal::BadRequest(BadRequest::MissingMethod | BadRequest::InvalidMethod) => {
                Cause::InvalidRequestMethod
            }
            Refusal::BadRequest(BadRequest::InvalidHeaderName) => Cause::InvalidRequestHeaders,
            Refusal::NotEnabled => Cause::NotEnabled,
            // No rule matched, a limit, an invalid header name that is not an error of the request.
            _ => Cause::NotAllowed,
        }
    }
}
