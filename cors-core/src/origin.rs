//! Origins: which bytes one may hold, and what a pattern of them fixes.

use crate::pattern::Pattern;

/// Whether every byte is allowed in an Origin: 0x20 to 0x7E. An Origin with any other byte matches no pattern, not
/// even `*`, so that it is never echoed.
///
/// # Complexity
///
/// Linear in the bytes, constant space.
pub(crate) fn is_printable(origin: &[u8]) -> bool {
    origin.iter().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// Whether a `*` matches only a subdomain: `scheme://*.host`
/// ([Azure](https://learn.microsoft.com/en-us/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services)).
pub(crate) fn is_subdomain_wildcard(prefix: &str, suffix: &str) -> bool {
    after_scheme(prefix).is_some_and(<[u8]>::is_empty)
        && suffix.len() > 1
        && suffix.starts_with('.')
}

/// The part after `scheme://`, with the scheme as in
/// [RFC 3986, section 3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
fn after_scheme(origin: &str) -> Option<&[u8]> {
    let origin = origin.as_bytes();
    let (scheme, rest) = origin.split_at_checked(memchr::memchr(b':', origin)?)?;
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if is_scheme {
        rest.strip_prefix(b"://")
    } else {
        None
    }
}

/// Whether every origin that the pattern matches has one scheme and one host, or hosts under one parent.
///
/// With credentials anything less lets in a host that the tenant does not own.
///
/// Permitted: `https://a.example`, `https://*.a.example`, `https://a.example:*`.
/// Refused: `*`, `https://*`, `*.a.example`, `https://a.example*`, `https://*a.example`, `null` (every sandboxed page sends it).
pub(crate) fn fixes_scheme_and_host_suffix(pattern: Pattern<'_>) -> bool {
    match pattern {
        Pattern::Any => false,
        Pattern::Exact(origin) => after_scheme(origin).is_some_and(|host| !host.is_empty()),
        Pattern::Affix { prefix, suffix } => {
            is_subdomain_wildcard(prefix, suffix) || is_wildcard_of_the_port_only(prefix, suffix)
        }
    }
}

fn is_wildcard_of_the_port_only(prefix: &str, suffix: &str) -> bool {
    let host = after_scheme(prefix).and_then(|host| host.strip_suffix(b":"));
    suffix.is_empty() && host.is_some_and(|host| !host.is_empty() && !host.contains(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_want_a_fixed_scheme_and_host_suffix() {
        for (text, expected) in [
            ("https://a.example", true),
            ("https://*.a.example", true),
            ("https://*.a.example:8443", true),
            ("https://a.example:*", true),
            ("*", false),
            ("https://*", false),
            ("https://*.", false),
            ("https://a.example*", false),
            ("https://*a.example", false),
            ("://*.a.example", false),
            ("*://x.a.example", false),
            ("https://x*.a.example", false),
            ("https://:*", false),
            ("null", false),
            ("localhost", false),
            ("https://", false),
            ("1https://*.a.example", false),
        ] {
            assert_eq!(
                fixes_scheme_and_host_suffix(Pattern::parse(text).unwrap()),
                expected,
                "{text}"
            );
        }
    }
}
