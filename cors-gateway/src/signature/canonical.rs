//! The parts of canonical requests that the V4 schemes share, hashed as they are found.

use hyper::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// All bytes but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Encodes each byte of a path once, and keeps `/`.
pub(super) fn path(raw: &str) -> String {
    encoded_path(&percent_decode_str(raw).decode_utf8_lossy())
}

/// Encodes a decoded path.
pub(super) fn encoded_path(decoded: &str) -> String {
    utf8_percent_encode(decoded, RESERVED_IN_PATH).to_string()
}

/// Hashes pairs, sorted by their encoded names and values. `bare` leaves out the `=` of a pair
/// without a value.
pub(super) fn query<'q>(
    pairs: impl Iterator<Item = (&'q str, Option<&'q str>)>,
    bare: bool,
    out: &mut Sha256,
) {
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let mut pairs: Vec<(String, String)> = pairs
        .map(|(name, value)| (encoded(name), encoded(value.unwrap_or_default())))
        .collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        if index > 0 {
            out.update("&");
        }
        out.update(name);
        if !(bare && value.is_empty()) {
            out.update("=");
            out.update(value);
        }
    }
}

/// Hashes one line of canonical headers: trimmed, runs of spaces collapsed, several field lines joined
/// with `,`.
pub(super) fn header(headers: &HeaderMap, name: &str, out: &mut Sha256) {
    out.update(name);
    out.update(":");
    for (index, value) in headers.get_all(name).iter().enumerate() {
        if index > 0 {
            out.update(",");
        }
        let mut words = value
            .as_bytes()
            .split(|byte| *byte == b' ' || *byte == b'\t')
            .filter(|word| !word.is_empty());
        if let Some(first) = words.next() {
            out.update(first);
        }
        for word in words {
            out.update(" ");
            out.update(word);
        }
    }
    out.update("\n");
}
