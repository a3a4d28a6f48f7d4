//! Lint of one AllowedOrigin: origins that no browser sends, and wildcards that allow too much.
//!
//! What a browser sends is the [serialisation of an
//! origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin):
//! `null`, or scheme, `://`, host, and a port that is not the scheme's default.

use cors_core::MAX_ORIGIN_BYTES;

use super::code::LintCode;
use super::public_suffix::{PublicSuffix, public_suffix};
use super::serialised::{is_name, rest_fault, scheme_fault, split_at, split_port, split_scheme};
use crate::origin_bytes::is_printable;

/// The most important finding about a value, if there is one. A lone `*` is not checked here.
pub(super) fn of_value(value: &str) -> Option<LintCode> {
    let bytes = value.as_bytes();
    if bytes == b"null" {
        return Some(LintCode::NullOrigin);
    }
    if bytes.eq_ignore_ascii_case(b"null") {
        return Some(LintCode::OriginInUpperCase);
    }
    if is_list(bytes) {
        return Some(LintCode::SeveralValues);
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

/// Whether the `*` of a pattern for a host also matches the scheme.
pub(super) fn matches_any_scheme(value: &str) -> bool {
    let Some((before, after)) = split_at(value.as_bytes(), b"*") else {
        return false;
    };
    let host = match split_at(after, b"://") {
        Some((_, host)) => host,
        None if before.is_empty() => {
            let after_slash = after.strip_prefix(b"/").unwrap_or(after);
            after_slash.strip_prefix(b"/").unwrap_or(after_slash)
        }
        None => return false,
    };
    let (host, _) = split_port(host);
    !host.is_empty() && host != b"*"
}

/// Whether this is a plain http origin on another machine.
pub(super) fn is_plain_http(value: &str) -> bool {
    let Some(rest) = value.as_bytes().strip_prefix(b"http://") else {
        return false;
    };
    let (host, _) = split_port(rest);
    let is_local_machine = matches!(host, b"localhost" | b"[::1]")
        || host.starts_with(b"127.")
        || host.ends_with(b".localhost");
    !is_local_machine
}

/// Whether this is a list of values in one, such as `https://a.example,https://b.example`.
pub(super) fn is_list(value: &[u8]) -> bool {
    let is_separator = |byte: &u8| b",;".contains(byte) || byte.is_ascii_whitespace();
    let mut items = value.split(is_separator).filter(|item| !item.is_empty());
    let first = items.next().unwrap_or_default();
    let (_, first) = split_at(first, b"://").unwrap_or((b"", first));
    // A separator after a slash may be of a path.
    items.any(|item| {
        let is_origin = item.iter().any(|byte| b".:*".contains(byte));
        split_at(item, b"://").is_some() || (!first.contains(&b'/') && is_origin)
    })
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
    // The `*` can end inside of `://`.
    let slashes = [b"//".as_slice(), b"/"].into_iter();
    let mut hosts = slashes.filter_map(|slashes| rest.strip_prefix(slashes));
    let host = hosts.next().filter(|host| !host.is_empty());
    let fault = rest_fault(b"", host.unwrap_or(value))
        .or_else(|| (!is_end_of_name(host.unwrap_or(rest))).then_some(LintCode::NotAHostName));
    match host {
        Some(_) => fault,
        None => fault.or_else(|| wildcard_before(b"", rest)),
    }
}

fn after_scheme(scheme: &[u8], rest: &[u8]) -> Option<LintCode> {
    // An Android WebView sends this for pages loaded from files.
    if scheme == b"file" && rest.is_empty() {
        return None;
    }
    if let Some(code) = scheme_fault(scheme).or_else(|| rest_fault(scheme, rest)) {
        return Some(code);
    }
    let (host, _) = split_port(rest);
    let is_web = matches!(scheme, b"http" | b"https");
    if is_web && !is_name(host) {
        return Some(LintCode::NotAHostName);
    }
    let (before, wildcard) = rest.split_at_checked(memchr::memchr(b'*', rest)?)?;
    let code = wildcard_before(before, wildcard.strip_prefix(b"*")?)?;
    Some(match code {
        LintCode::EveryHost if scheme.ends_with(b"-extension") => LintCode::EveryExtension,
        code => code,
    })
}

/// Whether a host name can end like this, after a `*`.
fn is_end_of_name(rest: &[u8]) -> bool {
    let (host, _) = split_port(rest);
    let host = host.strip_prefix(b".").unwrap_or(host);
    host.is_empty() || is_name(host)
}

/// What is wrong with a `*` between these two parts of a host.
fn wildcard_before(before: &[u8], after: &[u8]) -> Option<LintCode> {
    // The `*` is in the port: after a colon.
    let (host, port) = split_port(before);
    if port.is_some() && !host.is_empty() {
        return None;
    }
    let (suffix, _) = split_port(after);
    let Some(dot) = memchr::memchr(b'.', suffix) else {
        return Some(match suffix {
            [] if before.is_empty() => LintCode::EveryHost,
            [] => LintCode::WildcardAfterHost,
            _ => LintCode::WildcardBeforeHost,
        });
    };
    let domain = suffix.get(dot.saturating_add(1)..).unwrap_or_default();
    // `app-*-team.example.com` still ends in a domain after a dot; `*example.com` does not.
    if dot > 0 && (before.is_empty() || !domain.contains(&b'.')) {
        return Some(LintCode::WildcardBeforeHost);
    }
    // A number is the end of an address.
    if !before.is_empty()
        && domain
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.')
    {
        return None;
    }
    Some(match public_suffix(domain)? {
        PublicSuffix::Registry => LintCode::WholeTopLevelDomain,
        #[cfg(feature = "names")]
        PublicSuffix::SharedHosting => LintCode::SharedHosting,
    })
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
            "*",
            "moz-extension://*.x.y",
            "https://*.localhost",
            "http://*.local:8080",
            "https://*.internal",
            "file://",
            "capacitor://localhost",
            "https://xn--bcher-kva.example",
            "https://a_b.example",
            "https://a.example.",
            "https://a.example:0",
            "https://a.example:65535",
            "https://a.example:80*",
            "https://127.0.0.1",
            "http://192.168.*.1",
            "*//a.example",
            "*/a.example",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            "app://-",
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
            ("://a.example", LintCode::OriginWithoutScheme),
            ("https://u@a.example", LintCode::OriginNeverSent),
            ("https://a.example:", LintCode::OriginPort),
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
            ("Null", LintCode::OriginInUpperCase),
            ("https:/a.example", LintCode::OriginWithoutScheme),
            ("//a.example", LintCode::OriginWithoutScheme),
            (
                "https://a.example,https://b.example",
                LintCode::SeveralValues,
            ),
            (
                "https://a.example, https://b.example",
                LintCode::SeveralValues,
            ),
            (
                "https://a.example/ https://b.example/",
                LintCode::SeveralValues,
            ),
            ("a.example,b.example", LintCode::SeveralValues),
            ("*.a.example;*.b.example", LintCode::SeveralValues),
            ("\"https://a.example\"", LintCode::OriginScheme),
            (">https://a.example", LintCode::OriginScheme),
            ("1https://a.example", LintCode::OriginScheme),
            ("https://(www|app).a.example", LintCode::OriginHost),
            ("https://<domain>", LintCode::OriginHost),
            ("https://%65xample.com", LintCode::OriginHost),
            ("https://a.example\"", LintCode::NotAHostName),
            ("https://a.example]", LintCode::OriginHost),
            ("https://*.a^b.example", LintCode::OriginHost),
            ("https://a.example:99999", LintCode::OriginPort),
            ("https://a.example:0443", LintCode::OriginPort),
            ("https://a.example:00", LintCode::OriginPort),
            ("http://localhost:3000-3010", LintCode::OriginPort),
            ("http://localhost:3000*1234", LintCode::OriginPort),
            ("http://localhost:7*0000", LintCode::OriginPort),
            ("http://localhost:0*1", LintCode::OriginPort),
            ("https://*:port", LintCode::OriginPort),
            ("https://[2001:db8:0:0:0:0:0:1]", LintCode::OriginAddress),
            ("https://[2001:db8::0:1]", LintCode::OriginAddress),
            ("https://[::ffff:192.0.2.1]", LintCode::OriginAddress),
            ("https://[::1", LintCode::OriginAddress),
            ("https://[a.example]", LintCode::OriginAddress),
            ("http://127.1", LintCode::OriginAddress),
            ("http://127.0.0.01", LintCode::OriginAddress),
            ("http://0x7f.0.0.1", LintCode::OriginAddress),
            ("http://127.0.0.1.", LintCode::OriginAddress),
            ("http://256.0.0.1", LintCode::OriginAddress),
            ("http://a.example.1", LintCode::OriginAddress),
            ("http://*.a.1", LintCode::OriginAddress),
            ("http://*.300", LintCode::OriginAddress),
            ("https://a.example'", LintCode::NotAHostName),
            ("https://.a.example", LintCode::NotAHostName),
            ("https://b..a.example", LintCode::NotAHostName),
            ("https://*..a.example", LintCode::NotAHostName),
            ("*.a..example", LintCode::NotAHostName),
            ("*/", LintCode::OriginWithTrailingSlash),
            ("*///a.example", LintCode::OriginWithPath),
            ("https://app-*.com", LintCode::WholeTopLevelDomain),
            ("https://foo.*.com", LintCode::WholeTopLevelDomain),
            ("moz-extension://*", LintCode::EveryExtension),
            ("chrome-extension://*", LintCode::EveryExtension),
        ] {
            assert_eq!(of_value(value), Some(code), "{value}");
        }
    }

    #[cfg(feature = "names")]
    #[test]
    fn a_wildcard_below_a_listed_suffix_is_reported() {
        for (value, code) in [
            ("https://*.co.uk", Some(LintCode::WholeTopLevelDomain)),
            ("https://app-*.co.uk", Some(LintCode::WholeTopLevelDomain)),
            ("https://*.vercel.app", Some(LintCode::SharedHosting)),
            ("https://*.github.io:8443", Some(LintCode::SharedHosting)),
            (
                "https://app-*-team.vercel.app",
                Some(LintCode::SharedHosting),
            ),
            ("*.pages.dev", Some(LintCode::SharedHosting)),
            ("https://*.team.vercel.app", None),
            ("https://app.vercel.app", None),
            ("https://xn--a.example", Some(LintCode::OriginHost)),
        ] {
            assert_eq!(of_value(value), code, "{value}");
        }
    }

    #[test]
    fn a_wildcard_that_includes_the_scheme_is_found() {
        for value in [
            "*.a.example",
            "*a.example",
            "*://a.example",
            "*//a.example",
            "http*://a.example:8443",
        ] {
            assert!(matches_any_scheme(value), "{value}");
        }
        for value in [
            "*",
            "*:8443",
            "*://*",
            "http*",
            "https://*.a.example",
            "www.*",
            "a.example",
        ] {
            assert!(!matches_any_scheme(value), "{value}");
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
