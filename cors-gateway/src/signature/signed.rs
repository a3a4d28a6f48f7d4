//! A request as signatures see it, and what a signature says of its sender.

use chrono::{DateTime, Utc};
use cors_http::Target;
use hyper::HeaderMap;

use super::chunk_signer::ChunkSigner;

/// What of a request is signed.
pub(crate) struct Signed<'r> {
    pub(crate) method: &'r str,
    pub(crate) target: &'r Target,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) now: DateTime<Utc>,
}

/// What a signature says of the body.
pub(crate) enum Payload {
    /// Nothing.
    Unsigned,
    /// Its SHA-256.
    Sha256([u8; 32]),
    /// It comes in `aws-chunked` frames, each signed where there is a signer.
    Chunked(Option<Box<ChunkSigner>>),
}

/// The sender.
pub(crate) struct Sender {
    /// `None`: nobody signed.
    pub(crate) key_id: Option<String>,
    pub(crate) payload: Payload,
}
