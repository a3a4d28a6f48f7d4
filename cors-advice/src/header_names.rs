//! Header names that Fetch treats apart: those a page cannot set, need not ask for, always reads, or never reads.

/// Request headers that a page cannot set
/// ([Fetch](https://fetch.spec.whatwg.org/#forbidden-request-header), step 1).
///
/// `Access-Control-Request-Private-Network` is not among them: a draft that is no longer pursued added it.
const FORBIDDEN_REQUEST_HEADERS: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// What begins the names of more of them (Fetch, step 2).
const FORBIDDEN_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// Request headers that need no preflight with any value that pages commonly use
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-safelisted-request-header)).
/// `Content-Type` and `Range` need one with most of their values.
const MOSTLY_SAFELISTED_REQUEST_HEADERS: [&str; 3] =
    ["accept", "accept-language", "content-language"];

/// Response headers that a page can read without Access-Control-Expose-Headers
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name)).
pub(crate) const SAFELISTED_RESPONSE_HEADERS: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Whether a page cannot set a request header of this name, whatever the value.
pub(crate) fn is_forbidden_request_header(name: &str) -> bool {
    is_one_of(name, &FORBIDDEN_REQUEST_HEADERS) || has_forbidden_prefix(name)
}

/// Whether no preflight asks for this request header, unless with a value that is out of the ordinary.
pub(crate) fn is_mostly_safelisted_request_header(name: &str) -> bool {
    is_one_of(name, &MOSTLY_SAFELISTED_REQUEST_HEADERS)
}

/// Whether browsers never ask for what an AllowedHeader of this text allows.
pub(crate) fn is_never_requested(text: &str) -> bool {
    // `sec-*` is a pattern, and an owner who writes one wants more than names.
    let is_name = !text.as_bytes().contains(&b'*');
    is_mostly_safelisted_request_header(text) || (is_name && is_forbidden_request_header(text))
}

/// Whether a page reads this response header without it being exposed.
pub(crate) fn is_always_readable(name: &str) -> bool {
    is_one_of(name, &SAFELISTED_RESPONSE_HEADERS)
}

/// Whether no page reads this response header, exposed or not
/// ([Fetch](https://fetch.spec.whatwg.org/#forbidden-response-header-name)).
pub(crate) fn is_never_readable(name: &str) -> bool {
    is_one_of(name, &["set-cookie", "set-cookie2"])
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn has_forbidden_prefix(name: &str) -> bool {
    FORBIDDEN_PREFIXES.iter().any(|prefix| {
        let start = name.as_bytes().split_at_checked(prefix.len());
        start.is_some_and(|(start, _)| start.eq_ignore_ascii_case(prefix.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_browsers_keep_to_themselves_are_known_in_any_case() {
        for name in [
            "Cookie",
            "HOST",
            "Sec-Fetch-Mode",
            "proxy-authorization",
            "Accept",
        ] {
            assert!(is_never_requested(name), "{name}");
        }
        for name in [
            "Content-Type",
            "range",
            "authorization",
            "*",
            "x-*",
            "sec-*",
            "se",
            "access-control-request-private-network",
        ] {
            assert!(!is_never_requested(name), "{name}");
        }
        // A `*` is a character of header names as any other.
        assert!(is_forbidden_request_header("sec-*"));
        assert!(is_always_readable("Content-Length"));
        assert!(!is_always_readable("ETag"));
        assert!(is_never_readable("Set-Cookie"));
    }
}
