//! A request as signatures see it, and what a signature says about its sender.

use chrono::{DateTime, Utc};
use cors_http::Target;
use hyper::HeaderMap;

use super::chunk_signer::ChunkSigner;

/// The parts of a request that are signed.
pub(crate) struct Signed<'r> {
    pub(crate) method: &'r str,
    pub(crate) target: &'r Target,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) now: DateTime<Utc>,
}

/// What a signature says about the body.
pub(crate) enum Payload {
    /// Nothing.
    Unsigned,
    /// Its SHA-256.
    Sha256([u8; 32]),
    /// The body comes in `aws-chunked` frames, each signed if there is a signer.
    Chunked(Option<Box<ChunkSigner>>),
}

/// The sender.
pub(crate) struct Sender {
    /// `None` if the request is not signed.
    pub(crate) key_id: Option<String>,
    pub(crate) payload: Payload,
}
