//! The value of `Content-MD5`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::put_error::PutError;

/// The 16 bytes that a `Content-MD5` says ([RFC 1864](https://www.rfc-editor.org/rfc/rfc1864)).
///
/// # Errors
///
/// [`PutError::UndecodableDigest`]: the value is not the base64 of 16 bytes.
pub fn decode_content_md5(value: &[u8]) -> Result<[u8; 16], PutError> {
    let md5 = BASE64.decode(value).ok();
    md5.and_then(|md5| md5.try_into().ok())
        .ok_or(PutError::UndecodableDigest)
}
