//! Origins: which bytes one may hold, and what a pattern of them fixes.

use crate::dialect::OriginComparison;
use crate::pattern::Pattern;
use crate::words;

/// The schemes with a default port, and that port as an origin ends with it.
const DEFAULT_PORTS: [(&str, &str); 2] = [("http://", ":80"), ("https://", ":443")];

impl OriginComparison {
    /// Whether a pattern of an AllowedOrigin matches an origin.
    ///
    /// # Complexity
    ///
    /// Linear in the pattern, constant space.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Pattern;
    /// use cors_core::dialect::OriginComparison;
    ///
    /// let pattern = Pattern::Exact("https://a.example:443");
    /// assert!(OriginComparison::DefaultPortsEqual.matches(pattern, b"https://a.example"));
    /// assert!(!OriginComparison::Bytes.matches(pattern, b"https://a.example"));
    /// ```
    pub fn matches(self, pattern: Pattern<'_>, origin: &[u8]) -> bool {
        let is_equal = match (self, pattern) {
            (OriginComparison::DefaultPortsEqual, Pattern::Exact(text)) => {
                without_default_port(text.as_bytes()) == without_default_port(origin)
            }
            _ => false,
        };
        is_equal || pattern.matches(origin)
    }

    /// The shortest spelling of an AllowedOrigin that matches the same origins.
    ///
    /// # Complexity
    ///
    /// Constant.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::dialect::OriginComparison;
    ///
    /// assert_eq!(OriginComparison::DefaultPortsEqual.shortest("https://a.example:443"), "https://a.example");
    /// assert_eq!(OriginComparison::DefaultPortsEqual.shortest("https://a.example:80"), "https://a.example:80");
    /// ```
    pub fn shortest(self, origin: &str) -> &str {
        match self {
            OriginComparison::Bytes => origin,
            OriginComparison::DefaultPortsEqual => {
                let length = without_default_port(origin.as_bytes()).len();
                origin.get(..length).unwrap_or(origin)
            }
        }
    }

    /// The one other spelling of an AllowedOrigin that matches the same origins, in two pieces.
    pub(crate) fn other_spelling(self, origin: &[u8]) -> Option<(&[u8], &'static [u8])> {
        if self == OriginComparison::Bytes || words::has(b'*', origin) {
            return None;
        }
        let mut schemes = DEFAULT_PORTS.iter();
        let (_, port) = schemes.find(|(scheme, _)| origin.starts_with(scheme.as_bytes()))?;
        let port = port.as_bytes();
        match origin.strip_suffix(port) {
            None => Some((origin, port)),
            // An end is left out once: what still ends in a port is another origin.
            Some(short) => (!short.ends_with(port)).then_some((short, b"")),
        }
    }
}

/// Whether every byte is allowed in an Origin: 0x20 to 0x7E. An Origin with any other byte matches no pattern, not
/// even `*`, so that it is never echoed.
///
/// # Complexity
///
/// Linear in the bytes, constant space.
pub(crate) fn is_printable(origin: &[u8]) -> bool {
    words::all_words(origin, words::are_printable)
}

/// An origin without its scheme's default port.
fn without_default_port(origin: &[u8]) -> &[u8] {
    for (scheme, port) in DEFAULT_PORTS {
        if origin.starts_with(scheme.as_bytes())
            && let Some(rest) = origin.strip_suffix(port.as_bytes())
        {
            return rest;
        }
    }
    origin
}

/// Whether a `*` after this text is in the port: behind the `:` after a host, or behind digits of it.
pub(crate) fn is_in_port(prefix: &str) -> bool {
    let colon = memchr::memrchr(b':', prefix.as_bytes());
    let parts = colon.and_then(|colon| prefix.as_bytes().split_at_checked(colon));
    parts.is_some_and(|(host, port)| {
        let is_in_address = words::has(b'[', host) && !words::has(b']', host);
        let mut digits = port.iter().skip(1);
        !host.is_empty() && !is_in_address && digits.all(u8::is_ascii_digit)
    })
}

/// Whether a `*` matches only a subdomain: `scheme://*.host`
/// ([Azure](https://learn.microsoft.com/en-us/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services)).
pub(crate) fn is_subdomain_wildcard(prefix: &str, suffix: &str) -> bool {
    after_scheme(prefix.as_bytes()).is_some_and(<[u8]>::is_empty)
        && suffix.len() > 1
        && suffix.starts_with('.')
}

/// The part after `scheme://`, with the scheme as in
/// [RFC 3986, section 3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
fn after_scheme(origin: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = words::split_at(b':', origin)?;
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if is_scheme {
        rest.strip_prefix(b"//")
    } else {
        None
    }
}

/// Whether every origin that the pattern matches has one scheme and one host, or hosts under one parent domain.
///
/// The pattern has at most one `*`: whoever reads it refuses a second.
///
/// With credentials anything less lets in a host that the tenant does not own. Which domains are public suffixes, under
/// which anyone can have a name (`co.uk`), is not known here.
///
/// Permitted: `https://a.example`, `https://*.a.example`, `https://a.example:*`, `https://[::1]:*`.
/// Refused: `*`, `https://*`, `*.a.example`, `https://a.example*`, `https://*a.example`, `https://*.com`, `https://*.0.0.1`,
/// `https://[2001:*`, `null` (every sandboxed page sends it).
pub(crate) fn fixes_scheme_and_host_suffix(pattern: &[u8]) -> bool {
    let Some(host) = after_scheme(pattern) else {
        return false;
    };
    match host {
        [b'*', b'.', domain @ ..] => is_parent_domain(domain),
        [host @ .., b':', b'*'] => is_host(host),
        _ => !host.is_empty() && !words::has(b'*', host),
    }
}

/// Whether this is a domain of at least two labels, which a tenant can own, and perhaps a port. A host whose last label is a
/// number is an IPv4 address ([URL](https://url.spec.whatwg.org/#ends-in-a-number-checker)).
fn is_parent_domain(domain: &[u8]) -> bool {
    let (domain, port) = words::split_at(b':', domain).unwrap_or((domain, b"0"));
    let mut last = domain;
    while let Some((label, rest)) = words::split_at(b'.', last) {
        if label.is_empty() {
            return false;
        }
        last = rest;
    }
    let is_number = match last {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => digits.iter().all(u8::is_ascii_digit),
    };
    last.len() < domain.len()
        && !is_number
        && !port.is_empty()
        && port.iter().all(u8::is_ascii_digit)
}

/// Whether this is a whole host: only an IPv6 address has colons, and it is complete where its bracket closes.
fn is_host(host: &[u8]) -> bool {
    let (name, end) = match host {
        [b'[', address @ .., b']'] => (address, b']'),
        [b'[', ..] => return false,
        _ => (host, b':'),
    };
    !name.is_empty() && !name.iter().any(|byte| *byte == end || *byte == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_in_the_port_behind_the_colon_after_the_host() {
        for (text, expected) in [
            ("http://localhost:*", true),
            ("http://localhost:3*", true),
            ("http://[::1]:*", true),
            ("localhost:*", true),
            ("https://*", false),
            ("https://*-x.example", false),
            ("https://*.a.example:8443", false),
            ("http://[::*]", false),
            ("*:8080", false),
        ] {
            let prefix = text.split_once('*').unwrap().0;
            assert_eq!(is_in_port(prefix), expected, "{text}");
        }
    }

    #[test]
    fn an_origin_has_one_other_spelling_where_default_ports_are_equal() {
        let other = |text: &'static [u8]| OriginComparison::DefaultPortsEqual.other_spelling(text);
        assert_eq!(other(b"http://a"), Some((&b"http://a"[..], &b":80"[..])));
        assert_eq!(other(b"https://a:443"), Some((&b"https://a"[..], &b""[..])));
        assert_eq!(
            other(b"https://a:80"),
            Some((&b"https://a:80"[..], &b":443"[..]))
        );
        assert_eq!(other(b"https://a:443:443"), None);
        assert_eq!(other(b"*"), None);
        assert_eq!(other(b"ftp://a:80"), None);
        assert_eq!(OriginComparison::Bytes.other_spelling(b"http://a"), None);
    }

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
            ("https://*.co.uk", true),
            ("https://*.1.a", true),
            ("https://*.com", false),
            ("https://*.com:8443", false),
            ("https://*.localhost", false),
            ("https://*.com.", false),
            ("https://*..com", false),
            ("https://*.a.example.", false),
            ("https://*.:8443", false),
            ("https://*.a.example:", false),
            ("https://*.a.example:8x", false),
            ("https://*.1", false),
            ("https://*.0.0.1", false),
            ("https://*.0.1:80", false),
            ("https://*.a.0x7F", false),
            ("https://*.a.0X", false),
            ("https://*.a.0x7g", true),
            ("https://[2001:*", false),
            ("https://[2001:db8::*", false),
            ("https://[:*", false),
            ("https://[]:*", false),
            ("https://[::1]:*", true),
            ("https://[::1]:2]:*", false),
            ("https://[::1:*", false),
            ("https://a.example:8:*", false),
            ("http://localhost:*", true),
            ("http://127.0.0.1:*", true),
        ] {
            assert_eq!(
                fixes_scheme_and_host_suffix(text.as_bytes()),
                expected,
                "{text}"
            );
        }
    }
}
