//! Why a PUT is refused, and the response to it.

use core::fmt;

use cors_core::CompileError;

use crate::checksum::Checksum;
use crate::errors::{Cause, Subject, WireError};
use crate::providers::Provider;
use crate::read::{DocumentErrorKind, DocumentErrors, too_large};

/// Why a PUT is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutError {
    /// `Content-MD5` is not the base64 of 16 bytes.
    UndecodableDigest,
    /// `Content-MD5` is not the digest of the body.
    DigestMismatch,
    /// More than one `x-amz-checksum-*` was sent.
    SeveralChecksums,
    /// The value of this checksum is not base64, or decodes to the wrong number of bytes.
    UndecodableChecksum(Checksum),
    /// This checksum is not the digest of the body.
    ChecksumMismatch(Checksum),
    /// The document is too large, is not well-formed, does not match the schema, or has a value
    /// that is not accepted.
    Document(DocumentErrors),
    /// The document is valid, but exceeds the limits of a policy image. This is an error of the
    /// server. It cannot happen with a provider's own limits, only with a [`Provider`] that has
    /// larger ones.
    Image(CompileError),
}

impl PutError {
    /// Returns the error for a body that was not read to its end because it is larger than the
    /// provider accepts.
    pub fn too_large(provider: &Provider) -> PutError {
        PutError::Document(too_large(provider.documents.max_bytes))
    }

    /// Returns the cause, which selects the row of the provider's error table.
    pub fn cause(&self) -> Cause {
        match self {
            PutError::UndecodableDigest => Cause::UndecodableDigest,
            PutError::DigestMismatch => Cause::DigestMismatch,
            PutError::SeveralChecksums => Cause::SeveralChecksums,
            PutError::UndecodableChecksum(_) => Cause::UndecodableChecksum,
            PutError::ChecksumMismatch(_) => Cause::ChecksumMismatch,
            PutError::Document(errors) => errors.answered().cause(),
            PutError::Image(_) => Cause::InternalError,
        }
    }

    /// Returns one word for the reason, the same in logs and metrics.
    pub fn word(&self) -> &'static str {
        match self {
            PutError::UndecodableDigest => "undecodable_md5",
            PutError::DigestMismatch => "md5_mismatch",
            PutError::SeveralChecksums => "several_checksums",
            PutError::UndecodableChecksum(_) => "undecodable_checksum",
            PutError::ChecksumMismatch(_) => "checksum_mismatch",
            PutError::Document(errors) => match errors.answered().kind {
                DocumentErrorKind::TooLarge { .. } => "body_too_large",
                _ => "document",
            },
            PutError::Image(_) => "image",
        }
    }

    /// Returns the response to the PUT.
    pub fn to_wire_error(&self, provider: &Provider) -> WireError<'_> {
        let subject = match self {
            PutError::UndecodableChecksum(checksum) | PutError::ChecksumMismatch(checksum) => {
                Subject::Checksum(*checksum)
            }
            PutError::Document(errors) => Subject::Document(errors.answered()),
            PutError::UndecodableDigest
            | PutError::DigestMismatch
            | PutError::SeveralChecksums
            | PutError::Image(_) => Subject::None,
        };
        provider.error(self.cause(), subject)
    }
}

impl fmt::Display for PutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PutError::UndecodableDigest => {
                f.write_str("send 16 base64-encoded bytes in Content-MD5")
            }
            PutError::DigestMismatch => {
                f.write_str("send the body that Content-MD5 was computed from, or compute it again")
            }
            PutError::SeveralChecksums => f.write_str("send only one x-amz-checksum- header"),
            PutError::UndecodableChecksum(checksum) => {
                let header = checksum.header_name();
                write!(f, "send a base64-encoded {} in {header}", checksum.name())
            }
            PutError::ChecksumMismatch(checksum) => {
                let header = checksum.header_name();
                write!(
                    f,
                    "send the body that {header} was computed from, or compute it again"
                )
            }
            PutError::Document(errors) => errors.fmt(f),
            PutError::Image(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for PutError {}
