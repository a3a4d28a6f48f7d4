//! Why an AllowedOrigin almost matches an origin: which parts of the two differ.

use core::fmt;

use cors_core::Pattern;

/// How an AllowedOrigin that does not match an origin differs from it, if the host is the same or
/// nearly so.
///
/// `Display` writes a clause, such as `another scheme, and a slash at the end`: what the
/// AllowedOrigin has and the origin has not.
///
/// # Examples
///
/// ```
/// use cors_advice::near_miss::NearMiss;
///
/// let words = |allowed: &str| {
///     NearMiss::of(allowed, "https://www.example.com").map(|near| near.to_string())
/// };
/// assert_eq!(words("http://www.example.com/").unwrap(), "another scheme, and a slash at the end");
/// assert_eq!(words("https://example.com").unwrap(), "no `www.`");
/// assert_eq!(words("https://www.example.org"), None);
/// assert_eq!(words("https://www.example.com"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct NearMiss {
    /// How the schemes differ.
    pub scheme: Option<SchemeDifference>,
    /// How the hosts differ.
    pub host: Option<HostDifference>,
    /// How the ports differ.
    pub port: Option<PortDifference>,
    /// What follows host and port.
    pub end: Option<EndDifference>,
    /// Whether letters differ in case.
    pub case: bool,
}

/// How the schemes of an AllowedOrigin and an origin differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemeDifference {
    /// It has another scheme.
    Other,
    /// It has none.
    Missing,
}

/// How the hosts of an AllowedOrigin and an origin differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostDifference {
    /// It has a `www.` that the origin has not.
    Www,
    /// The origin has a `www.` that it has not.
    NoWww,
    /// It begins with `*.`, and the origin is the domain after that.
    BareDomain,
}

/// How the ports of an AllowedOrigin and an origin differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortDifference {
    /// Both have a port, and they are not the same.
    Other,
    /// Only the AllowedOrigin has one.
    Extra,
    /// Only the AllowedOrigin has one: the scheme's default, which browsers leave out.
    Default,
    /// Only the origin has one.
    Missing,
}

/// What follows host and port in an AllowedOrigin or an origin, where one of them has more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndDifference {
    /// It ends with a slash.
    Slash,
    /// It has a path.
    Path,
    /// The origin has a slash or a path that it has not.
    Missing,
}

impl NearMiss {
    /// Compares an AllowedOrigin with an origin. `None` if it matches, or if the hosts are others.
    ///
    /// # Complexity
    ///
    /// Linear in both texts, constant space.
    pub fn of(allowed: &str, origin: &str) -> Option<NearMiss> {
        let pattern = Pattern::parse(allowed)?;
        if pattern == Pattern::Any || pattern.matches(origin.as_bytes()) {
            return None;
        }
        let (allowed, origin) = (Parts::of(allowed), Parts::of(origin));
        let mut near = NearMiss {
            scheme: scheme_difference(allowed.scheme, origin.scheme),
            port: port_difference(allowed, origin),
            end: end_difference(allowed.end, origin.end),
            ..NearMiss::default()
        };
        near.host = host_difference(allowed.host, origin.host).ok()?;
        let differs_in_case =
            |allowed: &str, origin: &str| allowed != origin && allowed.eq_ignore_ascii_case(origin);
        near.case = differs_in_case(allowed.scheme.unwrap_or(""), origin.scheme.unwrap_or(""))
            || (near.host.is_none() && !matches(allowed.host, origin.host));
        (near != NearMiss::default()).then_some(near)
    }

    /// The number of differences.
    pub fn count(&self) -> usize {
        self.words().flatten().count()
    }

    fn words(&self) -> impl Iterator<Item = Option<&'static str>> {
        let scheme = self.scheme.map(|difference| match difference {
            SchemeDifference::Other => "another scheme",
            SchemeDifference::Missing => "no scheme",
        });
        let host = self.host.map(|difference| match difference {
            HostDifference::Www => "a `www.`",
            HostDifference::NoWww => "no `www.`",
            HostDifference::BareDomain => "a `*.`, which does not include the domain itself",
        });
        let port = self.port.map(|difference| match difference {
            PortDifference::Other => "another port",
            PortDifference::Extra => "a port",
            PortDifference::Default => "the default port, which browsers leave out",
            PortDifference::Missing => "no port",
        });
        let end = self.end.map(|difference| match difference {
            EndDifference::Slash => "a slash at the end",
            EndDifference::Path => "a path",
            EndDifference::Missing => "no slash or path",
        });
        let case = self.case.then_some("letters of another case");
        [scheme, host, port, end, case].into_iter()
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self.words().flatten();
        f.write_str(words.next().unwrap_or_default())?;
        words.try_for_each(|words| write!(f, ", and {words}"))
    }
}

/// The parts of an origin as it is written, or of an AllowedOrigin.
#[derive(Clone, Copy)]
struct Parts<'t> {
    scheme: Option<&'t str>,
    host: &'t str,
    port: Option<&'t str>,
    /// From the first `/`, `?` or `#` after the host on.
    end: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Parts<'t> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, end) = rest.split_at_checked(at).unwrap_or((rest, ""));
        // The colons of an IPv6 address are before the `]`.
        let address = authority.rfind(']').unwrap_or(0);
        let colon = authority.rfind(':').filter(|colon| *colon >= address);
        let port = colon.and_then(|colon| authority.get(colon.saturating_add(1)..));
        Parts {
            scheme,
            host: colon
                .and_then(|colon| authority.get(..colon))
                .unwrap_or(authority),
            port,
            end,
        }
    }
}

fn scheme_difference(allowed: Option<&str>, origin: Option<&str>) -> Option<SchemeDifference> {
    match (allowed, origin) {
        (Some(allowed), Some(origin)) => (!matches(allowed, origin)
            && !allowed.eq_ignore_ascii_case(origin))
        .then_some(SchemeDifference::Other),
        (None, Some(_)) => Some(SchemeDifference::Missing),
        (_, None) => None,
    }
}

/// The hosts are not nearly the same.
struct OtherHost;

fn host_difference(allowed: &str, origin: &str) -> Result<Option<HostDifference>, OtherHost> {
    let pattern = Pattern::parse(allowed).ok_or(OtherHost)?;
    if pattern.matches_ignoring_case(origin.as_bytes()) {
        return Ok(None);
    }
    let is_rest = |rest: Option<&str>, host: &str| {
        rest.is_some_and(|rest| !rest.is_empty() && rest.eq_ignore_ascii_case(host))
    };
    if is_rest(after("*.", allowed), origin) {
        Ok(Some(HostDifference::BareDomain))
    } else if is_rest(after("www.", allowed), origin) {
        Ok(Some(HostDifference::Www))
    } else if is_rest(after("www.", origin), allowed) {
        Ok(Some(HostDifference::NoWww))
    } else {
        Err(OtherHost)
    }
}

fn port_difference(allowed: Parts<'_>, origin: Parts<'_>) -> Option<PortDifference> {
    match (allowed.port, origin.port) {
        (None, None) => None,
        (Some(allowed), Some(origin)) => {
            (!matches(allowed, origin)).then_some(PortDifference::Other)
        }
        (Some(port), None) => {
            let scheme = allowed.scheme.or(origin.scheme).unwrap_or_default();
            let is_default = matches!((scheme, port), ("http", "80") | ("https", "443"));
            Some(if is_default {
                PortDifference::Default
            } else {
                PortDifference::Extra
            })
        }
        (None, Some(_)) => Some(PortDifference::Missing),
    }
}

fn end_difference(allowed: &str, origin: &str) -> Option<EndDifference> {
    match (allowed, origin) {
        _ if allowed == origin => None,
        ("/", _) => Some(EndDifference::Slash),
        ("", _) => Some(EndDifference::Missing),
        _ => Some(EndDifference::Path),
    }
}

/// Whether a part of an AllowedOrigin, which may have a `*`, matches a part of an origin.
fn matches(allowed: &str, origin: &str) -> bool {
    Pattern::parse(allowed).is_some_and(|pattern| pattern.matches(origin.as_bytes()))
}

/// What follows a beginning, whose case does not matter.
fn after<'t>(beginning: &str, text: &'t str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn each_part_that_differs_is_named() {
        for (allowed, origin, words) in [
            (
                "http://a.example/",
                "https://a.example",
                "another scheme, and a slash at the end",
            ),
            ("http://a.example", "https://a.example", "another scheme"),
            ("a.example", "https://a.example", "no scheme"),
            ("https://a.example/app", "https://a.example", "a path"),
            ("https://www.a.example", "https://a.example", "a `www.`"),
            ("https://a.example", "https://www.a.example", "no `www.`"),
            (
                "https://*.a.example",
                "https://a.example",
                "a `*.`, which does not include the domain itself",
            ),
            (
                "http://*.a.example",
                "https://b.a.example",
                "another scheme",
            ),
            ("https://a.example", "https://a.example:8443", "no port"),
            ("https://a.example:8443", "https://a.example", "a port"),
            (
                "http://localhost:3000",
                "http://localhost:5173",
                "another port",
            ),
            ("http://[::1]:3000", "http://[::1]:5173", "another port"),
            (
                "https://a.example:443",
                "https://a.example",
                "the default port, which browsers leave out",
            ),
            (
                "https://A.example",
                "https://a.example",
                "letters of another case",
            ),
            (
                "https://*.A.example",
                "https://b.a.example",
                "letters of another case",
            ),
            (
                "HTTPS://a.example",
                "https://a.example",
                "letters of another case",
            ),
            (
                "https://a.example",
                "https://a.example/",
                "no slash or path",
            ),
            (
                "http://www.a.example:80/x",
                "https://a.example",
                "another scheme, and a `www.`, and the default port, which browsers leave out, and a path",
            ),
        ] {
            let near = NearMiss::of(allowed, origin);
            let text = near.map(|near| near.to_string());
            assert_eq!(text.as_deref(), Some(words), "{allowed} {origin}");
        }
    }

    #[test]
    fn other_hosts_and_matches_are_not_near_misses() {
        for (allowed, origin) in [
            ("https://a.example", "https://a.example"),
            ("*", "https://a.example"),
            ("https://*.a.example", "https://b.a.example"),
            ("https://b.example", "https://a.example"),
            ("https://aa.example", "https://a.example"),
            ("https://*.*.example", "https://a.example"),
            ("null", "https://a.example"),
            ("https://a.example", "null"),
            ("", "https://a.example"),
            ("https://*.", "https://"),
        ] {
            assert_eq!(NearMiss::of(allowed, origin), None, "{allowed} {origin}");
        }
    }
}
