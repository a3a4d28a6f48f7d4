//! Methods and headers that need no preflight, and those a page cannot use, by name and value.

use cors_core::is_token;

use crate::header_names::{is_forbidden_request_header, is_mostly_safelisted_request_header};

/// The maximum length of a safelisted request header value, in bytes
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-safelisted-request-header), step 1).
const MAX_SAFELISTED_VALUE_BYTES: usize = 128;

/// [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method).
pub(super) fn is_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// [Forbidden method](https://fetch.spec.whatwg.org/#forbidden-method).
pub(super) fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"]
        .iter()
        .any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// [Forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header): a page
/// cannot set it.
pub(super) fn is_forbidden(name: &str, value: &[u8]) -> bool {
    const OVERRIDES: [&str; 3] = [
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    ];
    let overrides_method = OVERRIDES
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
    is_forbidden_request_header(name)
        || (overrides_method
            && value
                .split(|byte| *byte == b',')
                .any(|item| str::from_utf8(item.trim_ascii()).is_ok_and(is_forbidden_method)))
}

/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header),
/// of a name in lower case.
///
/// Without a value: content-type and range are assumed not to be safelisted, as most of their
/// values are not; the others as safelisted.
pub(super) fn is_safelisted(name: &str, value: Option<&[u8]>) -> bool {
    let Some(value) = value else {
        return is_mostly_safelisted_request_header(name);
    };
    value.len() <= MAX_SAFELISTED_VALUE_BYTES
        && match name {
            "accept" => !value.iter().any(|byte| is_unsafe_byte(*byte)),
            "accept-language" | "content-language" => {
                value.iter().all(|byte| is_language_byte(*byte))
            }
            "content-type" => {
                !value.iter().any(|byte| is_unsafe_byte(*byte)) && is_safelisted_mime_type(value)
            }
            "range" => is_simple_range(value),
            _ => false,
        }
}

/// Why a value needs a preflight, of a header in lower case whose values mostly need none; `None`
/// if it needs none, or any value of the header needs one.
pub(super) fn unsafe_value(name: &str, value: &[u8]) -> Option<&'static str> {
    let is_decided_by_value =
        is_mostly_safelisted_request_header(name) || matches!(name, "content-type" | "range");
    if !is_decided_by_value || is_safelisted(name, Some(value)) {
        return None;
    }
    Some(match name {
        _ if value.len() > MAX_SAFELISTED_VALUE_BYTES => "it is longer than 128 bytes",
        "accept-language" | "content-language" => {
            "it has a character other than a letter, a digit, a space or one of `*,-.;=`"
        }
        "range" => "it is not one range with a first byte, such as bytes=0-499",
        _ if value.iter().any(|byte| is_unsafe_byte(*byte)) => {
            "it has a control character or one of `\"():<>?@[\\]{}`"
        }
        _ => "it is not one of the three types that a form can send",
    })
}

/// [CORS-unsafe request-header
/// byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_unsafe_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(&byte)
}

fn is_language_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte)
}

/// Whether the [essence](https://mimesniff.spec.whatwg.org/#parse-a-mime-type) is one that an HTML
/// form can send. Parameters cannot make a MIME type invalid.
fn is_safelisted_mime_type(value: &[u8]) -> bool {
    let text = value.trim_ascii();
    let essence = text
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii_end();
    let mut parts = essence.splitn(2, |byte| *byte == b'/');
    let are_tokens = parts.next().is_some_and(is_token) && parts.next().is_some_and(is_token);
    let safelisted: [&[u8]; 3] = [
        b"application/x-www-form-urlencoded",
        b"multipart/form-data",
        b"text/plain",
    ];
    are_tokens
        && safelisted
            .iter()
            .any(|known| essence.eq_ignore_ascii_case(known))
}

/// `bytes=FIRST-` or `bytes=FIRST-LAST`
/// ([Fetch](https://fetch.spec.whatwg.org/#simple-range-header-value), without white space, FIRST
/// not left out).
fn is_simple_range(value: &[u8]) -> bool {
    let Some(range) = value.strip_prefix(b"bytes=") else {
        return false;
    };
    let mut ends = range.splitn(2, |byte| *byte == b'-');
    let (Some(first), Some(last)) = (ends.next(), ends.next()) else {
        return false;
    };
    let are_digits = first.iter().chain(last).all(u8::is_ascii_digit);
    are_digits && !first.is_empty() && (last.is_empty() || number(first) <= number(last))
}

/// Digits of any length, in a form that compares as the number does.
fn number(digits: &[u8]) -> (usize, &[u8]) {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let significant = digits.get(zeros..).unwrap_or_default();
    (significant.len(), significant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    fn safe(name: &str, value: &str) -> bool {
        is_safelisted(name, Some(value.as_bytes()))
    }

    #[test]
    fn accept_allows_any_value_without_unsafe_bytes_up_to_128() {
        assert!(safe("accept", "text/html;q=0.9, */*"));
        assert!(safe("accept", "a\tb\u{e9}"));
        for unsafe_byte in "\"():<>?@[\\]{}\u{7f}\u{1}".chars() {
            assert!(
                !safe("accept", &format!("a{unsafe_byte}")),
                "{unsafe_byte:?}"
            );
        }
        assert!(safe("accept", &"a".repeat(128)));
        assert!(!safe("accept", &"a".repeat(129)));
        assert!(safe("accept", ""));
    }

    #[test]
    fn languages_accept_letters_digits_and_seven_punctuation_characters() {
        for name in ["accept-language", "content-language"] {
            assert!(safe(name, "de-DE,de;q=0.9, *"));
            assert!(!safe(name, "de_DE"));
            assert!(!safe(name, "a/b"));
            assert!(!safe(name, "a\tb"));
        }
    }

    #[test]
    fn content_type_allows_the_three_types_of_forms() {
        for value in [
            "text/plain",
            "Text/Plain;charset=UTF-8",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded ; x",
            "text/plain;",
        ] {
            assert!(safe("content-type", value), "{value}");
        }
        for value in [
            "",
            "text",
            "text/",
            "text /plain",
            "text/ plain",
            "text/html",
            "application/json",
            "text/plain, text/plain",
            "text/plain; x=\"y\"",
            "text/plain; a@b",
            "text/plain/x",
        ] {
            assert!(!safe("content-type", value), "{value}");
        }
    }

    #[test]
    fn range_allows_one_range_with_a_first_byte() {
        for value in [
            "bytes=0-",
            "bytes=0-499",
            "bytes=5-5",
            "bytes=007-8",
            "bytes=0-99999999999999999999999999",
        ] {
            assert!(safe("range", value), "{value}");
        }
        for value in [
            "bytes=-5",
            "bytes=5-4",
            "bytes=-",
            "bytes=0-1,3-4",
            "bytes = 0-1",
            "Bytes=0-",
            "bytes=",
            "bytes=0- ",
            "bytes=0",
            "bytes=20-3",
        ] {
            assert!(!safe("range", value), "{value}");
        }
    }

    #[test]
    fn a_value_that_needs_a_preflight_is_explained() {
        for (name, value, why) in [
            ("accept", "a;profile=\"b\"", "one of `\"():<>?@[\\]{}`"),
            ("accept-language", "de_DE", "other than a letter"),
            ("content-type", "application/json", "three types"),
            ("content-type", "text/plain; x=\"y\"", "one of `"),
            ("range", "bytes=-5", "one range"),
        ] {
            assert!(
                unsafe_value(name, value.as_bytes()).unwrap().contains(why),
                "{name}"
            );
        }
        let long = "a".repeat(129);
        assert_eq!(
            unsafe_value("accept", long.as_bytes()),
            Some("it is longer than 128 bytes")
        );
        assert_eq!(unsafe_value("accept", b"text/html"), None);
        assert_eq!(unsafe_value("x-a", b"b"), None);
    }

    #[test]
    fn other_names_are_never_safelisted() {
        assert!(!safe("x-a", ""));
        assert!(!safe("authorization", "x"));
        assert!(!is_safelisted("range", None));
        assert!(!is_safelisted("content-type", None));
        assert!(is_safelisted("accept", None));
    }

    #[test]
    fn a_page_cannot_set_headers_reserved_for_the_browser() {
        for name in [
            "Host",
            "cookie",
            "Sec-Anything",
            "proxy-authorization",
            "ORIGIN",
            "set-cookie",
        ] {
            assert!(is_forbidden(name, b""), "{name}");
        }
        for name in ["authorization", "user-agent", "x-date", "sec", "proxy"] {
            assert!(!is_forbidden(name, b""), "{name}");
        }
        assert!(is_forbidden("X-Method-Override", b"get, TRACE"));
        assert!(!is_forbidden("X-HTTP-Method-Override", b"PUT"));
    }
}
