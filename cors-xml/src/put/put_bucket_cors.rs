//! `PutBucketCors` as a function: a body and its digests in, an accepted configuration out.

use cors_core::PolicyVec;
use md5::{Digest as _, Md5};

use super::content_md5::decode_content_md5;
use super::put_error::PutError;
use super::running_checksum::RunningChecksum;
use crate::checksum::Checksum;
use crate::providers::Provider;
use crate::read::Document;

/// The digests of a body as stated in the request's headers, undecoded.
#[derive(Clone, Copy, Debug, Default)]
pub struct BodyDigests<'h> {
    /// `Content-MD5`.
    pub content_md5: Option<&'h [u8]>,
    /// `x-amz-checksum-*`; those that the provider does not check are ignored.
    pub checksums: &'h [(Checksum, &'h [u8])],
}

/// An accepted configuration, ready to be stored.
#[derive(Clone, Debug)]
pub struct Accepted<'d> {
    /// The document.
    pub document: Document<'d>,
    /// Its policy image.
    pub image: PolicyVec,
}

/// Checks size, digests and document in that order, and compiles the policy image. Nothing is
/// stored.
///
/// # Errors
///
/// The first error found; [`PutError::to_wire_error`] returns the response. The old configuration
/// stays in force.
///
/// # Complexity
///
/// Linear in the bytes of the body for each digest, plus that of [`Document::parse`] and
/// [`Document::compile`]. A body beyond the provider's limit is neither digested nor parsed.
///
/// # Examples
///
/// ```
/// use cors_xml::{BodyDigests, PutError, Provider, put_bucket_cors};
///
/// let body = include_bytes!("../../documents/example.xml");
/// let accepted = put_bucket_cors(&Provider::OSS, body, &BodyDigests::default())?;
/// assert!(!accepted.image.as_bytes().is_empty());
///
/// let digests = BodyDigests { content_md5: Some(b"AAAAAAAAAAAAAAAAAAAAAA=="), ..BodyDigests::default() };
/// let error = put_bucket_cors(&Provider::S3, body, &digests).map(|_| ()).unwrap_err();
/// assert_eq!(error, PutError::DigestMismatch);
/// # Ok::<(), PutError>(())
/// ```
pub fn put_bucket_cors<'d>(
    provider: &'d Provider,
    body: &'d [u8],
    digests: &BodyDigests<'_>,
) -> Result<Accepted<'d>, PutError> {
    // A document that is too large is refused by `parse` before it is read.
    if body.len() <= provider.documents.max_bytes {
        check_digests(provider, body, digests)?;
    }
    let document = Document::parse(provider, body).map_err(PutError::Document)?;
    let image = document.compile().map_err(PutError::Image)?;
    Ok(Accepted { document, image })
}

fn check_digests(
    provider: &Provider,
    body: &[u8],
    digests: &BodyDigests<'_>,
) -> Result<(), PutError> {
    if let Some(sent) = digests.content_md5
        && decode_content_md5(sent)? != *Md5::digest(body)
    {
        return Err(PutError::DigestMismatch);
    }
    let sent = digests.checksums.iter();
    let mut sent = sent.filter(|(checksum, _)| provider.wire.checksums.contains(checksum));
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
