//! XML elements of the documents that the gateway writes.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Bytes of a key that are percent-encoded if the client asks for it, and in URLs.
pub(crate) const URL_RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Writes `<NAME>TEXT</NAME>`.
pub(crate) fn element(name: &str, text: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    escape(text, out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// As [`element`], for the name of an object or a part of one, percent-encoded if the client asks
/// for it.
pub(crate) fn name_element(name: &str, text: &str, is_encoded: bool, out: &mut String) {
    if is_encoded {
        let text = utf8_percent_encode(text, URL_RESERVED);
        element(name, &text.to_string(), out);
    } else {
        element(name, text, out);
    }
}

/// Writes text as XML content. A character that XML 1.0 does not allow becomes a reference, as the
/// providers write it: names keep their characters, and a client that cannot read them asks for
/// names in URL encoding.
fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "&#x{:x};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}
