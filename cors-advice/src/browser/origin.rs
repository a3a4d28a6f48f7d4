//! The origin that a browser sends for an address that a person typed or pasted.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::net::{Ipv4Addr, Ipv6Addr};

use crate::near_miss::NearMiss;

/// Returns the Origin header of a page at this address, an origin or a whole URL; `None` if the
/// address has no scheme, or no host that a browser could send.
///
/// [Serialising an origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin)
/// and [host parsing](https://url.spec.whatwg.org/#host-parsing), for text of ASCII. IPv4 addresses
/// with other notations than four decimal numbers are not read. A page of a scheme that is not of
/// the web, such as an extension's, is taken to send scheme, host and port; `file` sends `null`.
///
/// # Examples
///
/// ```
/// use cors_advice::browser::sent_origin;
///
/// assert_eq!(sent_origin("https://WWW.example.com:443/a?b").unwrap(), "https://www.example.com");
/// assert_eq!(sent_origin("http://[0:0::1]:8080").unwrap(), "http://[::1]:8080");
/// assert_eq!(sent_origin("www.example.com"), None);
/// ```
pub fn sent_origin(address: &str) -> Option<String> {
    if address == "null" {
        return Some(address.to_owned());
    }
    let (scheme, rest) = address.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !is_scheme(&scheme) {
        return None;
    }
    if scheme == "file" {
        return Some("null".to_owned());
    }
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let (_, authority) = authority.rsplit_once('@').unwrap_or(("", authority));
    // The colons of an IPv6 address are before the `]`.
    let address_end = authority.rfind(']').unwrap_or(0);
    let colon = authority.rfind(':').filter(|colon| *colon >= address_end);
    let (host, port) = match colon {
        Some(colon) => (
            authority.get(..colon)?,
            authority.get(colon.checked_add(1)?..)?,
        ),
        None => (authority, ""),
    };
    let host = sent_host(&host.to_ascii_lowercase())?;
    let default_port = match scheme.as_str() {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    };
    let port = match port {
        "" => None,
        port => Some(port_number(port)?).filter(|port| Some(*port) != default_port),
    };
    Some(match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// Why no browser sends an origin, as a clause; `None` if one does.
pub(super) fn oddity(origin: &str) -> Option<String> {
    match sent_origin(origin) {
        Some(sent) if sent == origin => None,
        Some(sent) => Some(match NearMiss::of(origin, &sent) {
            Some(near) => format!("it sends {sent}, and this one has {near}"),
            None => format!("it sends {sent}"),
        }),
        None if origin.contains("://") => {
            Some("it has no host that a browser could send".to_owned())
        }
        None => {
            let with_scheme = sent_origin(&format!("https://{origin}"));
            let example = with_scheme.unwrap_or_else(|| "https://app.example".to_owned());
            Some(format!(
                "it has no scheme; a browser sends one such as {example}"
            ))
        }
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// [Host parsing](https://url.spec.whatwg.org/#host-parsing), of text in lower case.
fn sent_host(host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        // The standard library writes the end of such an address in decimal.
        return Some(match (address.to_ipv4_mapped(), address.segments()) {
            (Some(_), [.., high, low]) => format!("[::ffff:{high:x}:{low:x}]"),
            (None, _) => format!("[{address}]"),
        });
    }
    // https://url.spec.whatwg.org/#forbidden-domain-code-point; a `*` is not among them, but no
    // page has such a host.
    let is_forbidden = |byte: u8| !byte.is_ascii_graphic() || b"#%/:<>?@[\\]^|*".contains(&byte);
    if host.is_empty() || host.bytes().any(is_forbidden) {
        return None;
    }
    let labels = host.strip_suffix('.').unwrap_or(host);
    if labels.split('.').any(str::is_empty) {
        return None;
    }
    // https://url.spec.whatwg.org/#ends-in-a-number-checker
    let last = labels.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_number {
        let address: Ipv4Addr = labels.parse().ok()?;
        return Some(format!("{address}"));
    }
    Some(host.to_owned())
}

/// The number of a port.
fn port_number(port: &str) -> Option<u16> {
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    port.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_sends_is_left_as_it_is() {
        for origin in [
            "https://a.example",
            "null",
            "http://localhost:3000",
            "https://[::1]:8443",
            "https://a.example:80",
            "http://127.0.0.1:8080",
            "https://a.example.",
            "http://[::ffff:102:304]",
            "chrome-extension://abcdefgh",
            "capacitor://localhost",
        ] {
            assert_eq!(sent_origin(origin).as_deref(), Some(origin));
            assert_eq!(oddity(origin), None, "{origin}");
        }
    }

    #[test]
    fn an_address_is_reduced_to_what_a_browser_sends() {
        for (address, sent, why) in [
            (
                "https://A.example",
                "https://a.example",
                "letters of another case",
            ),
            (
                "https://a.example/",
                "https://a.example",
                "a slash at the end",
            ),
            ("https://a.example/b/c", "https://a.example", "a path"),
            ("https://a.example?b", "https://a.example", "a path"),
            (
                "https://a.example:443",
                "https://a.example",
                "the default port",
            ),
            (
                "http://a.example:80/",
                "http://a.example",
                "the default port",
            ),
            (
                "http://a.example:08080",
                "http://a.example:8080",
                "another port",
            ),
            ("https://a.example:", "https://a.example", "a port"),
            ("https://user:x@a.example", "https://a.example", "it sends"),
            ("http://[0:0:0::1]", "http://[::1]", "it sends"),
            (
                "http://[::ffff:1.2.3.4]",
                "http://[::ffff:102:304]",
                "it sends",
            ),
            ("file:///tmp/page.html", "null", "it sends null"),
        ] {
            assert_eq!(sent_origin(address).as_deref(), Some(sent), "{address}");
            let why_not = oddity(address).unwrap();
            assert!(why_not.contains(why), "{address}: {why_not}");
        }
    }

    #[test]
    fn what_has_no_scheme_or_no_host_is_not_guessed() {
        for (address, why) in [
            ("www.a.example", "such as https://www.a.example"),
            ("www.a.example/", "such as https://www.a.example"),
            ("*", "such as https://app.example"),
            ("https:/a.example", "it has no scheme"),
            ("https://", "no host"),
            ("https://*.a.example", "no host"),
            ("https://a..example", "no host"),
            ("https://a b.example", "no host"),
            ("https://a%2e.example", "no host"),
            ("https://a.example:x", "no host"),
            ("https://a.example:65536", "no host"),
            ("https://1.2.3", "no host"),
            ("https://[::1", "no host"),
            ("1a://a.example", "no host"),
        ] {
            assert_eq!(sent_origin(address), None, "{address}");
            let why_not = oddity(address).unwrap();
            assert!(why_not.contains(why), "{address}: {why_not}");
        }
    }
}
