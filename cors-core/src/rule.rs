//! Configurations: rules and the lists inside them, as text that is not checked yet.

use core::fmt;

use crate::dialect::AllowHeaders;
use crate::dialect::providers::Dialect;
use crate::words;

/// One `CORSRule`, in the order and spelling of the configuration.
///
/// A rule is plain data: [`check`](crate::check) reports what is wrong with it and
/// [`compile`](crate::compile) turns an ordered list of them into a policy image.
///
/// # Examples
///
/// ```
/// use cors_core::{List, Rule};
///
/// const UPLOADS: Rule<'static> = Rule {
///     allowed_origins: List::new(&["https://app.example", "https://*.app.example"]),
///     allowed_methods: List::new(&["PUT", "GET"]),
///     allowed_headers: List::new(&["content-type", "x-oss-*"]),
///     expose_headers: List::new(&["ETag"]),
///     max_age_seconds: Some(600),
///     ..Rule::EMPTY
/// };
/// assert_eq!(UPLOADS.allowed_methods.iter().count(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<'c> {
    /// `ID`: the owner's name for the rule. S3 and COS only.
    pub id: Option<&'c str>,
    /// `AllowedOrigin`: at least one; `*` matches any bytes, at most one in each.
    ///
    /// Permitted: `https://a.example`, `https://*.a.example`, `*`, `null`. Refused:
    /// `https://*.*.example`.
    pub allowed_origins: List<'c>,
    /// `AllowedMethod`: at least one, case-sensitive.
    ///
    /// Permitted: `GET`. Refused on OSS and S3: `get`, `PATCH`.
    pub allowed_methods: List<'c>,
    /// `AllowedHeader`: request header names, ASCII case ignored, at most one `*` in each. An empty
    /// list allows none.
    ///
    /// Permitted: `Content-Type`, `x-amz-*`, `*`. Refused: `x-*-*`.
    pub allowed_headers: List<'c>,
    /// `ExposeHeader`: response header names a page may read.
    ///
    /// Permitted: `ETag`. Refused on OSS and S3: `x-amz-*`, `two words`.
    pub expose_headers: List<'c>,
    /// `MaxAgeSeconds`: how long a browser may cache the preflight response, in seconds. `Some(0)`
    /// is sent, `None` is not.
    pub max_age_seconds: Option<i32>,
    /// Whether credentials are allowed. Only [`Dialect::STRICT`](crate::Dialect::STRICT) has this
    /// switch.
    pub allow_credentials: bool,
}

impl Rule<'_> {
    /// An empty rule: the base for struct update syntax.
    pub const EMPTY: Rule<'static> = Rule {
        id: None,
        allowed_origins: List::EMPTY,
        allowed_methods: List::EMPTY,
        allowed_headers: List::EMPTY,
        expose_headers: List::EMPTY,
        max_age_seconds: None,
        allow_credentials: false,
    };
}

/// One list of a rule: its items in order, as spelled, including duplicates.
///
/// A list borrows either the caller's slice or a policy image, so that a rule read back from an
/// image is the same type as the rule that went in.
#[derive(Clone, Copy)]
pub struct List<'c>(Items<'c>);

#[derive(Clone, Copy)]
enum Items<'c> {
    Slice(&'c [&'c str]),
    /// In a [`RuleBuf`](crate::RuleBuf).
    #[cfg(feature = "alloc")]
    Owned(&'c [alloc::string::String]),
    /// In an image: each item preceded by its length as a `u16`.
    Prefixed(&'c [u8]),
    /// In an image: items stored as a header value, joined with `, `.
    Joined(&'c [u8]),
}

impl<'c> List<'c> {
    /// A list without items.
    pub const EMPTY: List<'static> = List(Items::Slice(&[]));

    /// Creates a list over a slice of items.
    pub const fn new(items: &'c [&'c str]) -> Self {
        List(Items::Slice(items))
    }

    #[cfg(feature = "alloc")]
    pub(crate) const fn owned(items: &'c [alloc::string::String]) -> Self {
        List(Items::Owned(items))
    }

    pub(crate) const fn prefixed(bytes: &'c [u8]) -> Self {
        List(Items::Prefixed(bytes))
    }

    pub(crate) const fn joined(bytes: &'c [u8]) -> Self {
        List(Items::Joined(bytes))
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Iterates over the items in order.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes of the list, constant space.
    pub fn iter(&self) -> ListIter<'c> {
        ListIter(self.0)
    }
}

impl<'c> From<&'c [&'c str]> for List<'c> {
    fn from(items: &'c [&'c str]) -> Self {
        List::new(items)
    }
}

impl<'c, const N: usize> From<&'c [&'c str; N]> for List<'c> {
    fn from(items: &'c [&'c str; N]) -> Self {
        List::new(items)
    }
}

impl<'c> IntoIterator for &List<'c> {
    type Item = &'c str;
    type IntoIter = ListIter<'c>;

    fn into_iter(self) -> ListIter<'c> {
        self.iter()
    }
}

impl PartialEq for List<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for List<'_> {}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Iterates over the items of a [`List`].
#[derive(Clone)]
pub struct ListIter<'c>(Items<'c>);

impl fmt::Debug for ListIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ListIter").field(&List(self.0)).finish()
    }
}

impl<'c> Iterator for ListIter<'c> {
    type Item = &'c str;

    fn next(&mut self) -> Option<&'c str> {
        match &mut self.0 {
            Items::Slice(items) => {
                let (first, rest) = items.split_first()?;
                *items = rest;
                Some(first)
            }
            #[cfg(feature = "alloc")]
            Items::Owned(items) => {
                let (first, rest) = items.split_first()?;
                *items = rest;
                Some(first)
            }
            Items::Prefixed(bytes) => core::str::from_utf8(next_prefixed(bytes)?).ok(),
            Items::Joined(bytes) => core::str::from_utf8(next_joined(bytes)?).ok(),
        }
    }
}

/// The next of texts that follow each other, each after its length as a `u16`; takes it off.
pub(crate) fn next_prefixed<'c>(texts: &mut &'c [u8]) -> Option<&'c [u8]> {
    let (length, rest) = texts.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    *texts = rest;
    Some(text)
}

/// The next of tokens joined with `, `; takes it off.
pub(crate) fn next_joined<'c>(tokens: &mut &'c [u8]) -> Option<&'c [u8]> {
    if tokens.is_empty() {
        return None;
    }
    // A token has no comma.
    let (token, rest) = words::split_at(b',', tokens).unwrap_or((tokens, b""));
    *tokens = rest.strip_prefix(b" ").unwrap_or_default();
    Some(token)
}

impl<'c> Rule<'c> {
    /// The names that requested header names are compared with: AllowedHeader, or where a dialect
    /// has one list for both directions, that list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Dialect, List, Rule};
    ///
    /// let rule = Rule { expose_headers: List::new(&["x-a"]), ..Rule::EMPTY };
    /// assert_eq!(rule.requestable_headers(&Dialect::GCS).iter().next(), Some("x-a"));
    /// assert!(rule.requestable_headers(&Dialect::S3).is_empty());
    /// ```
    pub fn requestable_headers(&self, dialect: &Dialect) -> List<'c> {
        match dialect.response.allow_headers {
            AllowHeaders::ExposeHeaders => self.expose_headers,
            AllowHeaders::Requested | AllowHeaders::RequestedLowerCase => self.allowed_headers,
        }
    }
}

/// An ordered list of rules under one dialect: the input of [`compile`](crate::compile).
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, PolicyBuf, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["*"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let policy = PolicyBuf::<512>::compile(&Configuration::new(&Dialect::OSS, &rules))?;
/// assert_eq!(policy.as_policy().len(), 1);
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Configuration<'c> {
    /// The dialect whose semantics and limits apply.
    pub dialect: &'c Dialect,
    /// The rules in the order in which they are tried. If there are none, CORS is not enabled.
    pub rules: &'c [Rule<'c>],
    /// OSS `ResponseVary`: whether every response carries `Vary: Origin`. Read by dialects whose
    /// [`VaryRule`](crate::dialect::VaryRule) is `ResponseVary`, ignored by the others.
    pub response_vary: bool,
}

impl<'c> Configuration<'c> {
    /// Creates a configuration whose `response_vary` is false, the provider's default.
    pub const fn new(dialect: &'c Dialect, rules: &'c [Rule<'c>]) -> Self {
        Configuration {
            dialect,
            rules,
            response_vary: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_representations_of_a_list_hold_the_same_items() {
        let slice = List::new(&["GET", "PUT"]);
        let joined = List::joined(b"GET, PUT");
        let prefixed = List::prefixed(b"\x03\x00GET\x03\x00PUT");
        assert_eq!(slice, joined);
        assert_eq!(slice, prefixed);
        assert!(!joined.is_empty());
        assert!(List::joined(b"").is_empty());
    }

    #[test]
    fn a_truncated_list_ends_instead_of_reading_on() {
        assert_eq!(List::prefixed(b"\x05\x00GET").iter().next(), None);
        assert_eq!(List::prefixed(b"\x05").iter().next(), None);
    }
}
