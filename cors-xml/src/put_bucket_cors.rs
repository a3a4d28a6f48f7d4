//! `PutBucketCors` as a function: a body and its digests in, an accepted configuration out.

use alloc::vec::Vec;
use core::fmt;

use cors_core::CompileError;
use md5::{Digest as _, Md5};

use crate::body_digest::{RunningChecksum, decode_content_md5};
use crate::checksum::Checksum;
use crate::document::{self, Document};
use crate::document_error::DocumentErrors;
use crate::vendor::Vendor;
use crate::wire_error::WireError;

/// What a request's headers say its body's digests are, as they were sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct BodyDigests<'h> {
    /// `Content-MD5`.
    pub content_md5: Option<&'h [u8]>,
    /// `x-amz-checksum-*`; those that the vendor does not check are not looked at.
    pub checksums: &'h [(Checksum, &'h [u8])],
}

/// A configuration that may be stored.
#[derive(Clone, Debug)]
pub struct Accepted<'d> {
    /// The document.
    pub document: Document<'d>,
    /// Its policy image.
    pub image: Vec<u8>,
}

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
    /// The document is permitted, but no policy image holds it: no document of a vendor's own limits, but one of a
    /// [`Vendor`] with larger ones may be. An error of the server.
    Image(CompileError),
}

/// Checks size, digests and document in that order, and compiles the policy image. Nothing is stored.
///
/// # Errors
///
/// The first thing wrong; [`PutError::to_wire_error`] is the answer. Whoever holds the old configuration keeps it.
///
/// # Complexity
///
/// Linear in the bytes of the body for each digest, then as [`Document::parse`] and [`Document::compile`]. A body
/// beyond the vendor's limit is neither digested nor parsed.
///
/// # Examples
///
/// ```
/// use cors_xml::{BodyDigests, PutError, Vendor, put_bucket_cors};
///
/// let body = include_bytes!("../documents/example.xml");
/// let accepted = put_bucket_cors(&Vendor::OSS, body, &BodyDigests::default())?;
/// assert!(!accepted.image.is_empty());
///
/// let digests = BodyDigests { content_md5: Some(b"AAAAAAAAAAAAAAAAAAAAAA=="), ..BodyDigests::default() };
/// let error = put_bucket_cors(&Vendor::S3, body, &digests).map(|_| ()).unwrap_err();
/// assert_eq!(error, PutError::DigestMismatch);
/// # Ok::<(), PutError>(())
/// ```
pub fn put_bucket_cors<'d>(
    vendor: &'d Vendor,
    body: &'d [u8],
    digests: &BodyDigests<'_>,
) -> Result<Accepted<'d>, PutError> {
    // A document that is too large is refused by `parse` before it is read.
    if body.len() <= vendor.max_document_bytes {
        check_digests(vendor, body, digests)?;
    }
    let document = Document::parse(vendor, body).map_err(PutError::Document)?;
    let image = document.compile().map_err(PutError::Image)?;
    Ok(Accepted { document, image })
}

fn check_digests(vendor: &Vendor, body: &[u8], digests: &BodyDigests<'_>) -> Result<(), PutError> {
    if let Some(sent) = digests.content_md5
        && decode_content_md5(sent)? != *Md5::digest(body)
    {
        return Err(PutError::DigestMismatch);
    }
    let sent = digests.checksums.iter();
    let mut sent = sent.filter(|(checksum, _)| vendor.checksums.contains(checksum));
    match (sent.next(), sent.next()) {
        (None, _) => Ok(()),
        (Some(_), Some(_)) => Err(PutError::SeveralChecksums),
        (Some((checksum, sent)), None) => {
            let mut running = RunningChecksum::new(*checksum);
            running.update(body);
            running.check(sent)
        }
    }
}

impl PutError {
    /// The error of a body that was not read to its end, because it is larger than the vendor takes.
    pub fn too_large(vendor: &Vendor) -> PutError {
        PutError::Document(document::too_large(vendor))
    }

    /// What answers the PUT.
    pub fn to_wire_error(&self, vendor: &Vendor) -> WireError<'_> {
        match self {
            PutError::UndecodableDigest => vendor.undecodable_digest(),
            PutError::DigestMismatch => vendor.digest_mismatch(),
            PutError::SeveralChecksums => vendor.several_checksums(),
            PutError::UndecodableChecksum(checksum) => vendor.undecodable_checksum(*checksum),
            PutError::ChecksumMismatch(checksum) => vendor.checksum_mismatch(*checksum),
            PutError::Document(errors) => vendor.document_error(errors.first()),
            PutError::Image(_) => vendor.internal_error(),
        }
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
