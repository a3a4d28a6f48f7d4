//! Lint of one AllowedOrigin: origins that no browser sends, and wildcards that allow too much.
//!
//! What a browser sends is the [serialisation of an
//! origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin):
//! `null`, or scheme, `://`, host, and a port that is not the scheme's default.

use cors_core::MAX_ORIGIN_BYTES;

use super::code::LintCode;
use crate::origin_bytes::is_printable;

/// The most important finding about a value, if there is one. A lone `*` is not checked here.
pub(super) fn of_value(value: &str) -> Option<LintCode> {
    let bytes = value.as_bytes();
    if bytes == b"null" {
        return Some(LintCode::NullOrigin);
    }
    if never_matches(bytes) || bytes.contains(&b' ') {
        return Some(LintCode::OriginNeverSent);
    }
    match split_scheme(bytes) {
        Some((scheme, rest)) => after_scheme(scheme, rest),
        None => without_scheme(bytes),
    }
}

/// Whether this value can never equal an accepted Origin, so that it matches nothing.
pub(super) fn never_matches(value: &[u8]) -> bool {
    value.is_empty() || value.len() > MAX_ORIGIN_BYTES || !is_printable(value)
}

/// Whether this is a plain http origin on another machine.
pub(super) fn is_plain_http(value: &str) -> bool {
    let Some(rest) = value.as_bytes().strip_prefix(b"http://") else {
        return false;
    };
    let host = without_port(rest);
    let is_local_machine = matches!(host, b"localhost" | b"[::1]")
        || host.starts_with(b"127.")
        || host.ends_with(b".localhost");
    !is_local_machine
}

fn split_scheme(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let (scheme, rest) = value.split_at_checked(memchr::memchr(b':', value)?)?;
    Some((scheme, rest.strip_prefix(b"://")?))
}

fn without_scheme(value: &[u8]) -> Option<LintCode> {
    let Some(rest) = value.strip_prefix(b"*") else {
        let (prefix, _) = value.split_at_checked(memchr::memchr(b'*', value).unwrap_or(0))?;
        // `http*` and the like: a prefix of every web page's scheme.
        let begins_a_scheme = !prefix.is_empty() && b"https://".starts_with(prefix);
        return Some(
            if begins_a_scheme || prefix == b"http:" || prefix == b"http:/" {
                LintCode::EveryHost
            } else {
                LintCode::OriginWithoutScheme
            },
        );
    };
    if rest.is_empty() {
        return None;
    }
    shape(rest).or_else(|| wildcard_before(b"", rest))
}

fn after_scheme(scheme: &[u8], rest: &[u8]) -> Option<LintCode> {
    if let Some(code) = shape(rest) {
        return Some(code);
    }
    if scheme.is_empty() || rest.is_empty() {
        // An Android WebView sends this for pages loaded from files.
        let is_of_files = scheme == b"file" && rest.is_empty();
        return (!is_of_files).then_some(LintCode::OriginNeverSent);
    }
    if scheme.iter().any(u8::is_ascii_uppercase) {
        return Some(LintCode::OriginInUpperCase);
    }
    let default_port: &[u8] = match scheme {
        b"https" => b":443",
        b"http" => b":80",
        _ => b"\0",
    };
    if rest.ends_with(default_port) {
        return Some(LintCode::OriginWithDefaultPort);
    }
    let (before, wildcard) = rest.split_at_checked(memchr::memchr(b'*', rest)?)?;
    wildcard_before(before, wildcard.strip_prefix(b"*")?)
}

/// What is wrong with host and port, whatever the `*` matches.
fn shape(rest: &[u8]) -> Option<LintCode> {
    if rest.iter().any(|byte| b"?#@\\".contains(byte)) {
        return Some(LintCode::OriginNeverSent);
    }
    if let Some(slash) = memchr::memchr(b'/', rest) {
        let is_last = slash.saturating_add(1) == rest.len();
        return Some(if is_last {
            LintCode::OriginWithTrailingSlash
        } else {
            LintCode::OriginWithPath
        });
    }
    if rest.ends_with(b":") {
        return Some(LintCode::OriginNeverSent);
    }
    rest.iter()
        .any(u8::is_ascii_uppercase)
        .then_some(LintCode::OriginInUpperCase)
}

/// What is wrong with a `*` between these two parts of a host.
fn wildcard_before(before: &[u8], after: &[u8]) -> Option<LintCode> {
    // The `*` is in the port: a colon after the host, which for an IPv6 address ends in `]`.
    let host = without_port(before);
    if !host.is_empty() && host.len() < before.len() {
        return None;
    }
    let suffix = without_port(after);
    match suffix.first() {
        None if before.is_empty() => Some(LintCode::EveryHost),
        None => Some(LintCode::WildcardAfterHost),
        Some(b'.') => {
            let domain = suffix.strip_prefix(b".").unwrap_or_default();
            let is_top_level = !domain.contains(&b'.') && !is_private_use(domain);
            (is_top_level && before.is_empty()).then_some(LintCode::WholeTopLevelDomain)
        }
        Some(_) => {
            // `app-*-team.example.com` still ends in a domain after a dot; `*example.com` does not.
            let one_dot = memchr::memchr(b'.', suffix) == memchr::memrchr(b'.', suffix);
            (before.is_empty() || one_dot).then_some(LintCode::WildcardBeforeHost)
        }
    }
}

/// Whether a top-level domain is for private use only ([special-use
/// names](https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml)).
fn is_private_use(domain: &[u8]) -> bool {
    matches!(domain, b"localhost" | b"local" | b"internal" | b"test")
}

/// The host of `host:port`, or all of it.
fn without_port(rest: &[u8]) -> &[u8] {
    match memchr::memrchr(b':', rest).and_then(|colon| rest.split_at_checked(colon)) {
        // A colon inside an IPv6 address.
        Some((_, port)) if port.contains(&b']') => rest,
        Some((host, _)) => host,
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn these_origins_are_fine() {
        for value in [
            "https://a.example",
            "http://localhost:3000",
            "https://a.example:8443",
            "http://a.example:443",
            "https://a.example:80",
            "https://*.a.example",
            "https://*.a.example:8443",
            "https://a.example:*",
            "https://[::1]:8443",
            "https://[2001:db8::1]",
            "https://foo.*.a.example",
            "https://app-*.a.example",
            "https://app-*-team.a.example",
            "*.a.example",
            "*://a.example",
            "*",
            "moz-extension://*.x.y",
            "https://*.localhost",
            "http://*.local:8080",
            "https://*.internal",
            "file://",
            "capacitor://localhost",
            "https://xn--bcher-kva.example",
        ] {
            assert_eq!(of_value(value), None, "{value}");
        }
    }

    #[test]
    fn these_origins_are_reported() {
        for (value, code) in [
            ("https://a.example/app", LintCode::OriginWithPath),
            ("https://a.example/app/", LintCode::OriginWithPath),
            ("https://a.example/", LintCode::OriginWithTrailingSlash),
            ("https://*/", LintCode::OriginWithTrailingSlash),
            ("https://*/*", LintCode::OriginWithPath),
            ("https://A.example", LintCode::OriginInUpperCase),
            ("HTTPS://a.example", LintCode::OriginInUpperCase),
            ("https://a.example:443", LintCode::OriginWithDefaultPort),
            ("http://a.example:80", LintCode::OriginWithDefaultPort),
            ("https://*.a.example:443", LintCode::OriginWithDefaultPort),
            ("localhost", LintCode::OriginWithoutScheme),
            ("www.a.com", LintCode::OriginWithoutScheme),
            ("a.example:8080", LintCode::OriginWithoutScheme),
            ("www.*", LintCode::OriginWithoutScheme),
            ("", LintCode::OriginNeverSent),
            ("https://b\u{fc}cher.example", LintCode::OriginNeverSent),
            ("https://a.example b", LintCode::OriginNeverSent),
            ("https://", LintCode::OriginNeverSent),
            ("://a.example", LintCode::OriginNeverSent),
            ("https://u@a.example", LintCode::OriginNeverSent),
            ("https://a.example:", LintCode::OriginNeverSent),
            ("https://a.example?x", LintCode::OriginNeverSent),
            ("https://*example.com", LintCode::WildcardBeforeHost),
            ("https://*-x.example.com", LintCode::WildcardBeforeHost),
            ("*example.com", LintCode::WildcardBeforeHost),
            ("https://app*example.com", LintCode::WildcardBeforeHost),
            ("https://example.com*", LintCode::WildcardAfterHost),
            ("https://www.*", LintCode::WildcardAfterHost),
            ("https://www.*:8443", LintCode::WildcardAfterHost),
            ("null", LintCode::NullOrigin),
            ("https://*.com", LintCode::WholeTopLevelDomain),
            ("*.com", LintCode::WholeTopLevelDomain),
            ("https://*.com:8443", LintCode::WholeTopLevelDomain),
            ("https://*", LintCode::EveryHost),
            ("http://*", LintCode::EveryHost),
            ("http*", LintCode::EveryHost),
            ("http:*", LintCode::EveryHost),
            ("https:/*", LintCode::EveryHost),
            ("https://*:8443", LintCode::EveryHost),
            ("*://*", LintCode::EveryHost),
            ("*:8443", LintCode::EveryHost),
        ] {
            assert_eq!(of_value(value), Some(code), "{value}");
        }
    }

    #[test]
    fn a_value_that_no_accepted_origin_can_equal_never_matches() {
        let mut longest = [b'a'; MAX_ORIGIN_BYTES + 1];
        assert!(!never_matches(&longest[1..]));
        assert!(never_matches(&longest));
        longest[1] = 0x7F;
        assert!(never_matches(&longest[1..]));
        assert!(never_matches(b""));
    }

    #[test]
    fn plain_http_on_the_local_machine_is_for_development() {
        assert!(is_plain_http("http://a.example"));
        assert!(is_plain_http("http://*.a.example:8080"));
        for value in [
            "https://a.example",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
            "http://[::1]:80",
            "http://[::1]",
            "http://app.localhost",
        ] {
            assert!(!is_plain_http(value), "{value}");
        }
    }
}
