//! Why a request was not served: status, code, message for the client, reason for the log.

use std::borrow::Cow;

use cors_xml::{DocumentErrorKind, Provider, PutError, WireError};

use crate::upload::TOO_LARGE_REASON;

/// An error answer, before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: Cow<'static, str>,
    /// A word for log and metrics, from a fixed set.
    pub(crate) reason: &'static str,
    /// What only the log says.
    pub(crate) detail: Option<String>,
    /// The provider's whole body, where cors-xml knows it.
    pub(crate) body: Option<String>,
}

impl Failure {
    pub(crate) const fn new(
        status: u16,
        code: &'static str,
        message: &'static str,
        reason: &'static str,
    ) -> Failure {
        Failure {
            status,
            code,
            message: Cow::Borrowed(message),
            reason,
            detail: None,
            body: None,
        }
    }

    pub(crate) fn detail(self, detail: impl Into<String>) -> Failure {
        Failure {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// An error of bucket CORS, in the provider's words.
    pub(crate) fn wire(error: &WireError<'_>, reason: &'static str, request_id: &str) -> Failure {
        let mut body = String::new();
        // A string takes every write.
        let _ = error.write_to(request_id, crate::HOST_ID, &mut body);
        Failure {
            status: error.status,
            code: error.code,
            message: Cow::Owned(error.message.to_string()),
            reason,
            detail: None,
            body: Some(body),
        }
    }

    /// A body that is not what its headers say, or no configuration, in the provider's words.
    pub(crate) fn put(error: &PutError, provider: &Provider, request_id: &str) -> Failure {
        let reason = match error {
            PutError::UndecodableDigest => "undecodable_md5",
            PutError::DigestMismatch => "md5_mismatch",
            PutError::SeveralChecksums => "several_checksums",
            PutError::UndecodableChecksum(_) => "undecodable_checksum",
            PutError::ChecksumMismatch(_) => "checksum_mismatch",
            PutError::Document(errors) => match errors.first().kind {
                DocumentErrorKind::TooLarge { .. } => TOO_LARGE_REASON,
                _ => "document",
            },
            PutError::Image(_) => "image",
            _ => "put",
        };
        Failure::wire(&error.to_wire_error(provider), reason, request_id).detail(match error {
            PutError::Document(errors) => errors.first().to_string(),
            _ => error.to_string(),
        })
    }

    /// The store failed; the client learns no more than that.
    pub(crate) fn store(error: &object_store::Error) -> Failure {
        Failure::new(
            500,
            "InternalError",
            "We encountered an internal error. Please try again.",
            "store",
        )
        .detail(error.to_string())
    }
}

pub(crate) const NO_SUCH_KEY: Failure = Failure::new(
    404,
    "NoSuchKey",
    "The specified key does not exist.",
    "no_such_key",
);

pub(crate) const NOT_IMPLEMENTED: Failure = Failure::new(
    501,
    "NotImplemented",
    "A header or query you provided implies functionality that is not implemented.",
    "not_implemented",
);

pub(crate) const METHOD_NOT_ALLOWED: Failure = Failure::new(
    405,
    "MethodNotAllowed",
    "The specified method is not allowed against this resource.",
    "method_not_allowed",
);
