//! The Public Suffix List behind one function that is not generic, as it takes half a minute to compile and its users change often.

#![no_std]
#![forbid(unsafe_code)]

use psl::{Psl as _, Type};

/// A section of the [Public Suffix List](https://github.com/publicsuffix/list/wiki/Format).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Domains of a registry, such as co.uk.
    Icann,
    /// Domains whose owner lets others have names under them, such as github.io.
    Private,
}

/// Returns the section in which a domain is a public suffix, or `None` if it is not one. A domain is in ASCII, in lower case
/// and without a dot at its end.
///
/// # Complexity
///
/// Linear in the domain; nothing is allocated.
///
/// # Examples
///
/// ```
/// use cors_public_suffix::{Section, section};
///
/// assert_eq!(section(b"co.uk"), Some(Section::Icann));
/// assert_eq!(section(b"github.io"), Some(Section::Private));
/// assert_eq!(section(b"example.com"), None);
/// ```
pub fn section(domain: &[u8]) -> Option<Section> {
    let find = |labels: &mut dyn Iterator<Item = &[u8]>| psl::List.find(labels);
    let labels = || domain.rsplit(|byte| *byte == b'.');
    let of = |info: psl::Info, bytes: usize| info.typ.filter(|_| info.len == bytes);
    // A rule such as `*.sch.uk` makes each name under the domain a suffix.
    let found = of(find(&mut labels()), domain.len()).or_else(|| {
        let below = &mut labels().chain([b"x".as_slice()]);
        of(find(below), domain.len().saturating_add(2))
    })?;
    Some(match found {
        Type::Icann => Section::Icann,
        Type::Private => Section::Private,
    })
}
