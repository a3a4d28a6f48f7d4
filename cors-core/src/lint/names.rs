//! Header names that Fetch treats apart: those a page cannot send, need not ask for, always reads, or never reads.

/// Whether browsers never ask for this request header: it is
/// [forbidden](https://fetch.spec.whatwg.org/#forbidden-request-header), or
/// [safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) for every value that pages use.
///
/// `Content-Type` and `Range` are asked for with most of their values.
pub(super) fn is_never_requested(name: &str) -> bool {
    const NAMES: [&str; 25] = [
        "accept",
        "accept-language",
        "content-language",
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "access-control-request-private-network",
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
    is_one_of(name, &NAMES) || begins_with(name, "proxy-") || begins_with(name, "sec-")
}

/// Whether a page reads this response header without it being exposed
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name)).
pub(super) fn is_always_readable(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    is_one_of(name, &NAMES)
}

/// Whether no page reads this response header
/// ([Fetch](https://fetch.spec.whatwg.org/#forbidden-response-header-name)).
pub(super) fn is_never_readable(name: &str) -> bool {
    is_one_of(name, &["set-cookie", "set-cookie2"])
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn begins_with(name: &str, prefix: &str) -> bool {
    let start = name.as_bytes().split_at_checked(prefix.len());
    // A lone `*` after it is a pattern for other names too.
    start.is_some_and(|(start, _)| start.eq_ignore_ascii_case(prefix.as_bytes()))
        && !name.as_bytes().contains(&b'*')
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
        ] {
            assert!(!is_never_requested(name), "{name}");
        }
        assert!(is_always_readable("Content-Length"));
        assert!(!is_always_readable("ETag"));
        assert!(is_never_readable("Set-Cookie"));
    }
}
