//! Patterns, the naive way: try every text that the `*` could match.

use crate::model::DialectName;

/// Whether `pattern` matches `text`, byte for byte (`docs/semantics.md`, section 1, Pattern).
///
/// `*` matches zero or more arbitrary bytes and may occur once; a text with more than one is not a
/// pattern and matches nothing.
///
/// | pattern | matches | does not match |
/// |---|---|---|
/// | `ab*ba` | `abba`, `abcba` | `aba` (the ends may not overlap) |
/// | `a.c` | `a.c` | `abc` (every other byte is literal) |
///
/// # Complexity
///
/// Quadratic in the length of `text`.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let parts: Vec<&[u8]> = pattern.split(|byte| *byte == b'*').collect();
    match parts.as_slice() {
        [exact] => *exact == text,
        [prefix, suffix] => (0..=text.len()).any(|length| {
            let middle = prefix.len()..prefix.len() + length;
            text.get(..middle.start) == Some(prefix) && text.get(middle.end..) == Some(suffix)
        }),
        _ => false,
    }
}

/// Whether an `AllowedOrigin` matches an `Origin`: byte for byte, no URL parsing (section 1,
/// Pattern).
///
/// Choice: an origin with a byte that no browser sends (outside 0x20..=0x7E) matches nothing, not
/// even `*` (section 5.10). Neither does an empty origin, which counts as absent; so an empty
/// pattern matches nothing (section 3).
pub fn origin_matches(pattern: &str, origin: &[u8]) -> bool {
    let printable = origin.iter().all(|byte| (0x20..=0x7E).contains(byte));
    printable && !origin.is_empty() && matches(pattern.as_bytes(), origin)
}

/// Whether an `AllowedOrigin` of a dialect matches an `Origin`: on GCS default ports are left out on
/// both sides (section 1, Pattern).
pub fn origin_matches_in(dialect: DialectName, pattern: &str, origin: &[u8]) -> bool {
    let is_equal = dialect == DialectName::Gcs
        && without_default_port(pattern.as_bytes()) == without_default_port(origin)
        && origin_matches("*", origin);
    is_equal || origin_matches(pattern, origin)
}

/// The origin as GCS compares it: without its scheme's default port (section 1, Pattern).
///
/// | origin | compared as |
/// |---|---|
/// | `http://a.example:80` | `http://a.example` |
/// | `https://a.example:443` | `https://a.example` |
/// | `https://a.example:80` | itself |
pub fn without_default_port(origin: &[u8]) -> &[u8] {
    for (scheme, port) in [("http://", ":80"), ("https://", ":443")] {
        if origin.starts_with(scheme.as_bytes())
            && let Some(rest) = origin.strip_suffix(port.as_bytes())
        {
            return rest;
        }
    }
    origin
}

/// Whether an `AllowedHeader` matches a header name, ASCII-case-insensitively (section 1, Pattern).
pub fn header_matches(pattern: &str, name: &[u8]) -> bool {
    matches(
        pattern.to_ascii_lowercase().as_bytes(),
        &name.to_ascii_lowercase(),
    )
}
