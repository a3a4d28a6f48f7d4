//! Header names with special treatment in Fetch: those a page cannot set, may always send, can
//! always read, or can never read.

/// Request headers that a page cannot set
/// ([Fetch](https://fetch.spec.whatwg.org/#forbidden-request-header), step 1).
///
/// `Access-Control-Request-Private-Network` is not among them: only an abandoned draft added it.
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

/// Prefixes of further names that a page cannot set (Fetch, step 2).
const FORBIDDEN_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// Request headers that need no preflight with the values that pages commonly use
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-safelisted-request-header)).
/// `Content-Type` and `Range` need one with most of their values.
#[cfg(feature = "alloc")]
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

/// Headers that only a response has, and that pages are seen to send: those of the
/// [CORS protocol](https://fetch.spec.whatwg.org/#http-responses), and policies that a document's
/// response states.
#[cfg(feature = "alloc")]
const RESPONSE_HEADERS: [&str; 13] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
    "content-security-policy",
    "cross-origin-resource-policy",
    "strict-transport-security",
    "timing-allow-origin",
    "x-content-type-options",
    "x-frame-options",
];

/// Whether only a response has a header with this name.
#[cfg(feature = "alloc")]
pub(crate) fn is_response_header(name: &str) -> bool {
    is_one_of(name, &RESPONSE_HEADERS)
}

/// Whether a page cannot set a request header with this name, whatever the value.
pub(crate) fn is_forbidden_request_header(name: &str) -> bool {
    is_one_of(name, &FORBIDDEN_REQUEST_HEADERS) || has_forbidden_prefix(name)
}

/// Whether this request header needs a preflight only with unusual values.
#[cfg(feature = "alloc")]
pub(crate) fn is_mostly_safelisted_request_header(name: &str) -> bool {
    is_one_of(name, &MOSTLY_SAFELISTED_REQUEST_HEADERS)
}

/// Whether a page can read this response header even if it is not exposed.
pub(crate) fn is_always_readable(name: &str) -> bool {
    is_one_of(name, &SAFELISTED_RESPONSE_HEADERS)
}

/// Whether no page can read this response header, exposed or not
/// ([Fetch](https://fetch.spec.whatwg.org/#forbidden-response-header-name)).
pub(crate) fn is_never_readable(name: &str) -> bool {
    is_one_of(name, &["set-cookie", "set-cookie2"])
}

/// Whether this header is one that browser and server exchange about CORS itself
/// ([Fetch](https://fetch.spec.whatwg.org/#http-access-control-allow-origin)). A page can read it
/// if it is exposed, and has no use for it.
pub(crate) fn is_of_the_protocol(name: &str) -> bool {
    has_prefix(name, "access-control-")
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn has_forbidden_prefix(name: &str) -> bool {
    FORBIDDEN_PREFIXES
        .iter()
        .any(|prefix| has_prefix(name, prefix))
}

fn has_prefix(name: &str, prefix: &str) -> bool {
    let start = name.as_bytes().split_at_checked(prefix.len());
    start.is_some_and(|(start, _)| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_names_are_recognised_in_any_case() {
        for name in ["Cookie", "HOST", "Sec-Fetch-Mode", "proxy-authorization"] {
            assert!(is_forbidden_request_header(name), "{name}");
        }
        for name in [
            "Content-Type",
            "range",
            "authorization",
            "*",
            "x-*",
            "se",
            "access-control-request-private-network",
            "accept",
        ] {
            assert!(!is_forbidden_request_header(name), "{name}");
        }
        #[cfg(feature = "alloc")]
        assert!(is_mostly_safelisted_request_header("Accept"));
        assert!(is_of_the_protocol("Access-Control-Allow-Origin"));
        assert!(!is_of_the_protocol("access-control"));
        // `*` is an ordinary character in header names.
        assert!(is_forbidden_request_header("sec-*"));
        assert!(is_always_readable("Content-Length"));
        assert!(!is_always_readable("ETag"));
        assert!(is_never_readable("Set-Cookie"));
    }
}
