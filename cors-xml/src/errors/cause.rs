//! Why a request about bucket CORS is not answered with 200.

use cors_core::{BadRequest, Refusal, Request};

/// The cause of an error response. Every provider's error table has a row for each.
///
/// The cause of a refused preflight follows from its [`Refusal`]; `DocumentError::cause` and
/// `PutError::cause` return theirs.
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
    /// The document has more bytes than the provider accepts.
    TooLarge,
    /// The document is not well-formed or does not match the schema. This includes a rule without
    /// an origin or a method.
    Malformed,
    /// The document has no rules.
    NoRule,
    /// The document has more rules than the provider accepts.
    TooManyRules,
    /// An `AllowedMethod` outside the provider's set.
    UnknownMethod,
    /// A second `*` in an `AllowedOrigin` or `AllowedHeader`.
    SecondWildcard,
    /// A `*` in an `ExposeHeader`.
    WildcardInExposeHeader,
    /// An `ExposeHeader` that is not a header name.
    InvalidExposeHeader,
    /// A `MaxAgeSeconds` outside the provider's range.
    MaxAgeOutOfRange,
    /// Any other value that the provider does not accept.
    InvalidValue,
    /// `Content-MD5` is not the base64 of 16 bytes.
    UndecodableDigest,
    /// `Content-MD5` is not the digest of the body.
    DigestMismatch,
    /// More than one `x-amz-checksum-*` was sent.
    SeveralChecksums,
    /// An `x-amz-checksum-*` is not base64, or decodes to the wrong number of bytes.
    UndecodableChecksum,
    /// An `x-amz-checksum-*` is not the digest of the body.
    ChecksumMismatch,
    /// `GET ?cors` on a bucket without a configuration.
    NoSuchConfiguration,
    /// The bucket does not exist.
    NoSuchBucket,
    /// The caller may not read or change the configuration.
    AccessDenied,
    /// A preflight without `Origin`.
    MissingOrigin,
    /// A preflight to a bucket that does not exist.
    PreflightNoSuchBucket,
    /// A preflight to a bucket without a configuration.
    NotEnabled,
    /// A preflight whose `Access-Control-Request-Method` is absent or outside the provider's set.
    InvalidRequestMethod,
    /// A preflight whose `Access-Control-Request-Headers` contains something that is not a header
    /// name.
    InvalidRequestHeaders,
    /// A preflight that no rule allows.
    NotAllowed,
    /// An HTTP method that a bucket's configuration does not support.
    MethodNotAllowed,
    /// An invalid bucket name.
    InvalidBucketName,
    /// An invalid object key.
    InvalidObjectName,
    /// A query that cannot be parsed.
    InvalidUri,
    /// The body ended early.
    IncompleteBody,
    /// The server failed internally.
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

    /// Returns why a preflight to a bucket that does not exist is refused. A missing `Origin` comes
    /// first, whatever the target.
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
            // No rule matched, a limit was exceeded, or a header name is invalid where the dialect
            // does not treat that as a bad request.
            _ => Cause::NotAllowed,
        }
    }
}
