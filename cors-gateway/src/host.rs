//! Which hosts are this machine, or were listed.

use hyper::http::uri::Authority;

/// Whether a host, with or without a port, is a name or an address of this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    name_of(host).is_some_and(|name| {
        name.eq_ignore_ascii_case("localhost")
            || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

/// Whether a host, with or without a port, is a domain or below it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    let (Some(name), Some(domain)) = (name_of(host), name_of(domain)) else {
        return false;
    };
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    name.strip_suffix(domain.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The name without port and brackets.
fn name_of(host: &str) -> Option<String> {
    let authority = host.parse::<Authority>().ok()?;
    let name = authority.host();
    Some(name.trim_matches(['[', ']']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_only_looks_local_is_not() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:8333", true),
            ("127.0.0.1:8333", true),
            ("127.9.9.9", true),
            ("[::1]:8333", true),
            ("", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("photos.localhost", false),
            ("[::2]", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
        for (host, expected) in [
            ("localhost", true),
            ("photos.LOCALHOST:8333", true),
            ("photoslocalhost", false),
            ("localhost.evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_within(host, "localhost"), expected, "{host}");
        }
        assert!(!is_within("evil.example", ""));
    }
}
