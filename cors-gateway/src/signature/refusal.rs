//! Why a signature is refused: the errors that the schemes share.

use subtle::ConstantTimeEq;

use crate::credentials::Credentials;
use crate::failure::Failure;

pub(super) fn malformed(detail: &str) -> Failure {
    Failure::new(
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header you provided is malformed.",
        "malformed_signature",
    )
    .detail(detail)
}

pub(super) fn unknown_key(key_id: &str) -> Failure {
    Failure::new(
        403,
        "InvalidAccessKeyId",
        "The access key Id you provided does not exist in our records.",
        "unknown_key",
    )
    .detail(key_id)
}

pub(super) fn expired() -> Failure {
    Failure::new(403, "AccessDenied", "Request has expired.", "expired")
}

pub(super) fn not_signed(detail: &str) -> Failure {
    Failure::new(
        403,
        "AccessDenied",
        "There were headers present in the request which were not signed.",
        "header_not_signed",
    )
    .detail(detail)
}

/// A V1 signature in a URL, for something other than an object.
pub(super) fn not_for_v1_url(what: &str) -> Failure {
    Failure::new(
        403,
        "AccessDenied",
        "A signature of version 1 in a URL is accepted for objects only. Sign with version 4.",
        "v1_url",
    )
    .detail(what)
}

/// A signature of a scheme that is not accepted.
pub(super) fn unsupported(detail: &str) -> Failure {
    Failure::new(
        400,
        "InvalidArgument",
        "Unsupported Authorization Type",
        "unsupported_signature",
    )
    .detail(detail)
}

pub(super) fn secret<'c>(credentials: &'c Credentials, key_id: &str) -> Result<&'c str, Failure> {
    credentials
        .secret(key_id)
        .ok_or_else(|| unknown_key(key_id))
}

/// Compares in constant time for equal lengths; the length of a signature is not a secret.
pub(super) fn check(ours: &[u8], theirs: &[u8]) -> Result<(), Failure> {
    if bool::from(ours.ct_eq(theirs)) {
        Ok(())
    } else {
        Err(Failure::new(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
            "wrong_signature",
        ))
    }
}
