//! Why a PUT is refused, and what answers it.

use core::fmt;

use cors_core::CompileError;

use super::checksum::Checksum;
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
    /// There is more than one `x-amz-checksum-*`.
    SeveralChecksums,
    /// The value of this checksum is not the base64 of as many bytes as it has.
    UndecodableChecksum(Checksum),
    /// This checksum is not the digest of the body.
    ChecksumMismatch(Checksum),
    /// The document is too large, not well-formed, not of the schema, or a value is not permitted.
    Document(DocumentErrors),
    /// The document is permitted, but no policy image holds it: no document of a provider's own limits, but one of a
    /// [`Provider`] with larger ones may be. An error of the server.
    Image(CompileError),
}

impl PutError {
    /// The error of a body that was not read to its end, because it is larger than the provider takes.
    pub fn too_large(provider: &Provider) -> PutError {
        PutError::Document(too_large(provider))
    }

    /// The row of the provider's table of errors.
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

    /// One word for the reason, the same in logs and metrics.
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

    /// What answers the PUT.
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
                f.write_str("send the base64 of 16 bytes in Content-MD5")
            }
            PutError::DigestMismatch => {
                f.write_str("the body is not the one that Content-MD5 was made of")
            }
            PutError::SeveralChecksums => f.write_str("send one x-amz-checksum- header"),
            PutError::UndecodableChecksum(checksum) => {
                let header = checksum.header_name();
                write!(f, "send the base64 of a {} in {header}", checksum.name())
            }
            PutError::ChecksumMismatch(checksum) => {
                let header = checksum.header_name();
                write!(f, "the body is not the one that {header} was made of")
            }
            PutError::Document(errors) => errors.fmt(f),
            PutError::Image(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for PutError {}
