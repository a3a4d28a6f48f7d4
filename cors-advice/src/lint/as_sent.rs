//! The origin that a browser sends where a value of a rule is almost one.

use core::fmt::{self, Write as _};
use core::net::{Ipv4Addr, Ipv6Addr};

use super::code::LintCode;
use super::serialised::{
    MAX_HOST_BYTES, default_port, host_fault, is_name, port_fault, port_number, scheme_fault,
    split_port, write_ipv6,
};

/// The origin, or the pattern of origins, that a value was probably meant to be. `Display` writes
/// it.
///
/// # Examples
///
/// ```
/// use cors_advice::lint::as_sent;
///
/// let sent = |value| as_sent(value).map(|origin| origin.to_string());
/// assert_eq!(sent("https://App.Example:443/page").as_deref(), Some("https://app.example"));
/// assert_eq!(sent("localhost:3000").as_deref(), Some("http://localhost:3000"));
/// assert_eq!(sent("https://a.example, https://b.example"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsSent<'v>(Parts<'v>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Parts<'v> {
    Null,
    Origin {
        scheme: &'v str,
        host: Host<'v>,
        port: Port<'v>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host<'v> {
    /// In any case.
    Name(&'v str),
    Address(Ipv6Addr),
    /// From letters outside ASCII.
    #[cfg(feature = "names")]
    Punycode(alloc::string::String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port<'v> {
    Default,
    Number(u16),
    /// With a `*`.
    Pattern(&'v str),
}

/// Returns the origin that a value was probably meant to be; `None` if that is not clear.
///
/// Quotes, white space, a path, a default port and a user name are dropped, letters are lower case,
/// and a missing scheme is `http` for this machine and for addresses, otherwise `https`.
///
/// # Complexity
///
/// Linear in the value.
pub fn as_sent(value: &str) -> Option<AsSent<'_>> {
    let value = value.trim_matches(is_around);
    if value.contains([' ', ',', ';', '\t', '\n']) {
        return None;
    }
    if value.eq_ignore_ascii_case("null") {
        return Some(AsSent(Parts::Null));
    }
    let (scheme, rest) = split(value);
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let authority = authority.rsplit('@').next()?;
    let (host, port) = split_port(authority.as_bytes());
    let host = authority.get(..host.len())?;
    let port = port.map(|port| authority.len().saturating_sub(port.len()));
    let port = port.and_then(|at| authority.get(at..)).unwrap_or_default();
    let scheme = match scheme {
        // A wildcard in the scheme lets http in.
        Some(scheme) if !scheme.contains('*') => scheme,
        None if port == "80" || (port != "443" && is_usually_http(host)) => "http",
        Some(_) | None => "https",
    };
    let host = read_host(host)?;
    let port = read_port(scheme, port)?;
    Some(AsSent(Parts::Origin { scheme, host, port }))
}

/// What people and editors put around a value.
fn is_around(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '"' | '\'' | '`' | '<' | '>' | ',' | ';' | '\u{2018}'
                ..='\u{201f}' | '\u{ab}' | '\u{bb}'
        )
}

/// Splits a value at what was meant to be `://`.
fn split(value: &str) -> (Option<&str>, &str) {
    const BETWEEN: [char; 3] = [':', '/', '\\'];
    if let Some((scheme, rest)) = value.split_once("://")
        && matches!(
            scheme_fault(scheme.as_bytes()),
            None | Some(LintCode::OriginInUpperCase)
        )
    {
        return (Some(scheme), rest.trim_start_matches(BETWEEN));
    }
    if let Some(rest) = value.strip_prefix('*').filter(|rest| rest.starts_with('/')) {
        return (None, rest.trim_start_matches(BETWEEN));
    }
    // `https:/a.example`, `https//a.example`, `https:a.example`.
    for scheme in ["https", "http"] {
        let Some((written, rest)) = value.split_at_checked(scheme.len()) else {
            continue;
        };
        let after = rest.trim_start_matches(BETWEEN);
        if written.eq_ignore_ascii_case(scheme) && rest.starts_with(BETWEEN) {
            return (Some(scheme), after);
        }
    }
    (None, value.trim_start_matches(BETWEEN))
}

/// Whether pages of a host are usually served without TLS: this machine, and addresses.
fn is_usually_http(host: &str) -> bool {
    let lower = |suffix: &str| {
        let start = host.len().checked_sub(suffix.len());
        let end = start.and_then(|start| host.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    host.eq_ignore_ascii_case("localhost")
        || lower(".localhost")
        || host.starts_with('[')
        || host.parse::<Ipv4Addr>().is_ok()
}

fn read_host(host: &str) -> Option<Host<'_>> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']')?.parse().ok()?;
        return Some(Host::Address(address));
    }
    if !host.is_ascii() {
        return read_punycode(host);
    }
    is_host(host).then_some(Host::Name(host))
}

/// Whether a host, written in lower case, is one that an owner can have.
fn is_host(host: &str) -> bool {
    let mut lower = [0; MAX_HOST_BYTES];
    let Some(lower) = lower.get_mut(..host.len()) else {
        return false;
    };
    lower.copy_from_slice(host.as_bytes());
    lower.make_ascii_lowercase();
    !lower.is_empty() && host_fault(lower).is_none() && is_name(lower)
}

#[cfg(feature = "names")]
fn read_punycode(host: &str) -> Option<Host<'_>> {
    let ascii = idna::domain_to_ascii_cow(host.as_bytes(), idna::AsciiDenyList::URL).ok()?;
    is_host(&ascii).then(|| Host::Punycode(ascii.into_owned()))
}

#[cfg(not(feature = "names"))]
fn read_punycode(_: &str) -> Option<Host<'_>> {
    None
}

fn read_port<'v>(scheme: &str, port: &'v str) -> Option<Port<'v>> {
    if port.contains('*') {
        let is_possible = port_fault(b"", port.as_bytes()).is_none();
        return is_possible.then_some(Port::Pattern(port));
    }
    let significant = match port.trim_start_matches('0') {
        "" if !port.is_empty() => "0",
        significant => significant,
    };
    if significant.is_empty() {
        return Some(Port::Default);
    }
    let number = port_number(significant.as_bytes())?;
    let is_default = ["http", "https"].iter().any(|known| {
        scheme.eq_ignore_ascii_case(known) && default_port(known.as_bytes()) == Some(number)
    });
    Some(if is_default {
        Port::Default
    } else {
        Port::Number(number)
    })
}

impl fmt::Display for AsSent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts::Origin { scheme, host, port } = &self.0 else {
            return f.write_str("null");
        };
        write_lower(f, scheme)?;
        f.write_str("://")?;
        match host {
            Host::Name(name) => write_lower(f, name)?,
            Host::Address(address) => {
                f.write_char('[')?;
                let mut result = Ok(());
                write_ipv6(&address.segments(), &mut |piece| {
                    result = result.and_then(|()| f.write_str(piece));
                });
                result?;
                f.write_char(']')?;
            }
            #[cfg(feature = "names")]
            Host::Punycode(name) => f.write_str(name)?,
        }
        match port {
            Port::Default => Ok(()),
            Port::Number(number) => write!(f, ":{number}"),
            Port::Pattern(port) => write!(f, ":{port}"),
        }
    }
}

fn write_lower(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.chars()
        .try_for_each(|character| f.write_char(character.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Severity;
    use crate::lint::origins::of_value;
    use std::string::ToString;

    #[test]
    fn what_was_meant_is_written_as_browsers_send_it() {
        for (value, sent) in [
            ("https://a.example/", "https://a.example"),
            ("https://a.example/app?x#y", "https://a.example"),
            ("https://user:secret@a.example", "https://a.example"),
            ("HTTPS://A.example:0443", "https://a.example"),
            ("http://a.example:00080", "http://a.example"),
            ("https://a.example:08443", "https://a.example:8443"),
            ("https://a.example:", "https://a.example"),
            ("localhost:3000", "http://localhost:3000"),
            ("LOCALHOST", "http://localhost"),
            ("app.localhost:80", "http://app.localhost"),
            ("192.168.0.7:8080", "http://192.168.0.7:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("a.example", "https://a.example"),
            ("a.example:80", "http://a.example"),
            ("a.example:443", "https://a.example"),
            ("https:/app.example.com", "https://app.example.com"),
            ("https//app.example.com", "https://app.example.com"),
            ("http:app.example.com", "http://app.example.com"),
            ("https:://app.example.com", "https://app.example.com"),
            ("https:////app.example.com", "https://app.example.com"),
            ("//app.example.com", "https://app.example.com"),
            ("://app.example.com", "https://app.example.com"),
            ("Null", "null"),
            ("\"https://a.example\"", "https://a.example"),
            ("\u{201c}https://a.example\u{201d}", "https://a.example"),
            (">https://a.example", "https://a.example"),
            ("https://a.example'", "https://a.example"),
            (" https://a.example,", "https://a.example"),
            ("https://[2001:db8:0:0:0:0:0:1]", "https://[2001:db8::1]"),
            (
                "https://[::ffff:192.0.2.1]:443",
                "https://[::ffff:c000:201]",
            ),
            ("*.a.example", "https://*.a.example"),
            ("*://a.example", "https://a.example"),
            ("http*://a.example", "https://a.example"),
            ("*//a.example", "https://a.example"),
            ("https://*/", "https://*"),
            ("https://a.example:*/", "https://a.example:*"),
        ] {
            let found = as_sent(value).map(|origin| origin.to_string());
            assert_eq!(found.as_deref(), Some(sent), "{value}");
            assert_ne!(
                of_value(sent).map(LintCode::severity),
                Some(Severity::Error),
                "{sent}"
            );
        }
    }

    #[test]
    fn what_is_not_clear_is_left_to_the_owner() {
        for value in [
            "",
            "https://",
            "https://a.example,https://b.example",
            "https://(www|app).example.com",
            "https://<domain>",
            "https://%65xample.com",
            "https://c.example.com:99999",
            "http://localhost:3000-3010",
            "https://b..example.com",
            "https://.example.com",
            "https://127.1",
            "http:8080",
            "https:",
            "https://[::1",
        ] {
            assert_eq!(as_sent(value), None, "{value}");
        }
    }

    #[cfg(feature = "names")]
    #[test]
    fn letters_outside_ascii_become_punycode() {
        for (value, sent) in [
            (
                "https://b\u{fc}cher.example",
                "https://xn--bcher-kva.example",
            ),
            (
                "https://*.B\u{dc}CHER.example:8443",
                "https://*.xn--bcher-kva.example:8443",
            ),
        ] {
            let found = as_sent(value).map(|origin| origin.to_string());
            assert_eq!(found.as_deref(), Some(sent), "{value}");
        }
    }
}
