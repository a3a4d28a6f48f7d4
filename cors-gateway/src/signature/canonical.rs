//! The parts of canonical requests that the V4 schemes share.

use hyper::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

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

/// Sorts pairs by their encoded names and values. `bare` leaves out the `=` of a pair without a
/// value.
pub(super) fn query<'q>(
    pairs: impl Iterator<Item = (&'q str, Option<&'q str>)>,
    bare: bool,
) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let mut pairs: Vec<(String, String)> = pairs
        .map(|(name, value)| (encoded(name), encoded(value.unwrap_or_default())))
        .collect();
    pairs.sort_unstable();
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&name);
        if !(bare && value.is_empty()) {
            text.push('=');
            text.push_str(&value);
        }
    }
    text
}

/// One line of canonical headers: trimmed, runs of spaces collapsed, several field lines joined
/// with `,`.
pub(super) fn header(headers: &HeaderMap, name: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
    for (index, value) in headers.get_all(name).iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut words = value
            .as_bytes()
            .split(|byte| *byte == b' ' || *byte == b'\t')
            .filter(|word| !word.is_empty());
        if let Some(first) = words.next() {
            out.extend_from_slice(first);
        }
        for word in words {
            out.push(b' ');
            out.extend_from_slice(word);
        }
    }
    out.push(b'\n');
}
