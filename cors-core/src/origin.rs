//! Origins: which bytes one may hold, and what a pattern of them fixes.

use crate::wildcard::Pattern;

/// Longest Origin that is read, in bytes. Protects the server: a host name ends at 253 bytes.
pub const MAX_ORIGIN_BYTES: usize = 4 * 1024;

/// Whether every byte is one that may stand in an Origin: 0x20 to 0x7E. An Origin with any other byte matches no
/// pattern, not even `*`, so that it is never echoed.
///
/// # Complexity
///
/// Linear in the bytes, constant space.
pub(crate) fn is_printable(origin: &[u8]) -> bool {
    origin.iter().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// Whether a `*` stands only for a subdomain: `scheme://*.host`
/// ([Azure](https://learn.microsoft.com/en-us/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services)).
pub(crate) fn is_subdomain_wildcard(prefix: &str, suffix: &str) -> bool {
    let scheme = prefix.strip_suffix("://").unwrap_or_default();
    !scheme.is_empty() && !scheme.contains("://") && suffix.len() > 1 && suffix.starts_with('.')
}

/// Whether every origin that the pattern matches has one scheme and one host, or hosts under one parent.
///
/// With credentials anything less lets in a host that the tenant does not own.
///
/// Permitted: `https://a.example`, `https://*.a.example`, `https://a.example:*`.
/// Refused: `*`, `https://*`, `*.a.example`, `https://a.example*`, `https://*a.example`.
pub(crate) fn fixes_scheme_and_host_suffix(pattern: Pattern<'_>) -> bool {
    match pattern {
        Pattern::Any => false,
        Pattern::Exact(_) => true,
        Pattern::Affix { prefix, suffix } => is_subdomain_wildcard(prefix, suffix) || stars_only_the_port(prefix, suffix),
    }
}

fn stars_only_the_port(prefix: &str, suffix: &str) -> bool {
    let host = prefix.strip_suffix(':').and_then(|origin| origin.split_once("://"));
    suffix.is_empty() && host.is_some_and(|(scheme, host)| !scheme.is_empty() && !host.is_empty() && !host.contains('/'))
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
        ] {
            assert_eq!(fixes_scheme_and_host_suffix(Pattern::parse(text).unwrap()), expected, "{text}");
        }
    }
}
