//! The signing key of AWS Version 4, and the signatures of `aws-chunked` frames, each of which
//! covers the one before.

use super::refusal::check;
use super::scope::{Scope, hmac_sha256};
use crate::failure::Failure;
use crate::hex::hex;

const SERVICE: &str = "s3";
const REQUEST: &str = "aws4_request";
pub(super) const EMPTY_SHA256: &str =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Checks the signatures of `aws-chunked` frames.
pub(crate) struct ChunkSigner {
    signer: Signer,
    previous: String,
}

impl ChunkSigner {
    /// Creates a checker for chunks whose first signs `seed`, the signature of the request.
    pub(super) fn new(signer: Signer, seed: &str) -> ChunkSigner {
        ChunkSigner {
            signer,
            previous: seed.to_owned(),
        }
    }

    /// Checks one chunk by the SHA-256 of its data.
    pub(crate) fn check_chunk(&mut self, digest: &[u8], signature: &str) -> Result<(), Failure> {
        let rest = format!("{}\n{EMPTY_SHA256}\n{}", self.previous, hex(digest));
        self.check("AWS4-HMAC-SHA256-PAYLOAD", &rest, signature)
    }

    /// Checks the trailer by the SHA-256 of its lines.
    pub(crate) fn check_trailer(&mut self, digest: &[u8], signature: &str) -> Result<(), Failure> {
        let rest = format!("{}\n{}", self.previous, hex(digest));
        self.check("AWS4-HMAC-SHA256-TRAILER", &rest, signature)
    }

    fn check(&mut self, algorithm: &str, rest: &str, signature: &str) -> Result<(), Failure> {
        let signed = self.signer.sign(algorithm, rest);
        check(signed.as_bytes(), signature.as_bytes())?;
        self.previous = signed;
        Ok(())
    }
}

/// Key, time and scope: the inputs of a signature besides the request.
pub(super) struct Signer {
    key: [u8; 32],
    time: String,
    scope: String,
}

impl Signer {
    /// Reads a credential of this scheme, for a request of this time.
    pub(super) fn scope<'t>(credential: &'t str, time: &str) -> Result<Scope<'t>, Failure> {
        Scope::parse(credential, SERVICE, REQUEST, time)
    }

    /// Returns the credential of a key for a request of this time.
    pub(super) fn credential(key_id: &str, time: &str, region: &str) -> String {
        Scope::credential(key_id, time, region, SERVICE, REQUEST)
    }

    pub(super) fn new(scope: &Scope<'_>, secret: &str, time: &str) -> Signer {
        Signer {
            key: scope.signing_key("AWS4", secret, SERVICE, REQUEST),
            time: time.to_owned(),
            scope: scope.text.to_owned(),
        }
    }

    pub(super) fn sign(&self, algorithm: &str, rest: &str) -> String {
        let text = format!("{algorithm}\n{}\n{}\n{rest}", self.time, self.scope);
        hex(&hmac_sha256(&self.key, text.as_bytes()))
    }
}
