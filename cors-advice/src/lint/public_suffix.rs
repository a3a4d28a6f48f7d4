//! Domains under which anyone can register a name, by the Public Suffix List if it is built in.

/// What is under a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PublicSuffix {
    /// Domains of different owners, such as those of com or co.uk.
    Registry,
    /// Sites of different owners, such as those of github.io.
    #[cfg(feature = "names")]
    SharedHosting,
}

/// Returns what is known of a domain whose names have different owners.
pub(super) fn public_suffix(domain: &[u8]) -> Option<PublicSuffix> {
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    if !domain.contains(&b'.') {
        return (!domain.is_empty() && !is_private_use(domain)).then_some(PublicSuffix::Registry);
    }
    listed(domain)
}

/// Whether a top-level domain is for private use only ([special-use
/// names](https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml)).
fn is_private_use(domain: &[u8]) -> bool {
    matches!(domain, b"localhost" | b"local" | b"internal" | b"test")
}

#[cfg(feature = "names")]
fn listed(domain: &[u8]) -> Option<PublicSuffix> {
    use cors_public_suffix::{Section, section};
    Some(match section(domain)? {
        Section::Icann => PublicSuffix::Registry,
        Section::Private => PublicSuffix::SharedHosting,
    })
}

#[cfg(not(feature = "names"))]
fn listed(_: &[u8]) -> Option<PublicSuffix> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_top_level_domain_is_a_registry_unless_it_is_for_private_use() {
        assert_eq!(public_suffix(b"com"), Some(PublicSuffix::Registry));
        assert_eq!(public_suffix(b"com."), Some(PublicSuffix::Registry));
        assert_eq!(public_suffix(b"localhost"), None);
        assert_eq!(public_suffix(b""), None);
    }

    #[cfg(feature = "names")]
    #[test]
    fn the_list_knows_registries_and_shared_hosting() {
        for (domain, expected) in [
            ("co.uk", Some(PublicSuffix::Registry)),
            // By `*.sch.uk`.
            ("sch.uk", Some(PublicSuffix::Registry)),
            ("vercel.app", Some(PublicSuffix::SharedHosting)),
            ("netlify.app", Some(PublicSuffix::SharedHosting)),
            ("github.io", Some(PublicSuffix::SharedHosting)),
            ("pages.dev", Some(PublicSuffix::SharedHosting)),
            ("my-site.vercel.app", None),
            ("example.com", None),
            ("a.example", None),
        ] {
            assert_eq!(public_suffix(domain.as_bytes()), expected, "{domain}");
        }
    }
}
