//! One pattern with at most one `*`, and what it matches. The text it came from is all it holds.

/// A pattern of an AllowedOrigin or AllowedHeader: `*`, an exact text, or a prefix and a suffix around one `*`.
///
/// `*` stands for zero or more arbitrary bytes; every other byte is itself (`?`, `.`, `[` too).
///
/// # Examples
///
/// ```
/// use cors_core::Pattern;
///
/// let subdomains = Pattern::parse("https://*.a.example").unwrap();
/// assert!(subdomains.matches(b"https://x.a.example"));
/// assert!(subdomains.matches(b"https://x.y.a.example"));
/// assert!(!subdomains.matches(b"https://a.example"));
/// assert!(!subdomains.matches(b"https://x.a.example.evil.example"));
/// assert!(Pattern::parse("a*b*c").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern<'c> {
    /// `*`: every value.
    Any,
    /// No `*`: this value.
    Exact(&'c str),
    /// What stands before and after the `*`; not both empty.
    Affix {
        /// Before the `*`.
        prefix: &'c str,
        /// After the `*`.
        suffix: &'c str,
    },
}

impl<'c> Pattern<'c> {
    /// Reads a pattern; `None` if it holds a second `*`.
    ///
    /// # Complexity
    ///
    /// Linear in the text, constant space.
    pub fn parse(text: &'c str) -> Option<Self> {
        match text.split_once('*') {
            None => Some(Pattern::Exact(text)),
            Some((_, suffix)) if suffix.contains('*') => None,
            Some(("", "")) => Some(Pattern::Any),
            Some((prefix, suffix)) => Some(Pattern::Affix { prefix, suffix }),
        }
    }

    /// Whether the pattern matches, byte for byte: how origins compare.
    ///
    /// The prefix and the suffix never share a byte of the value: `ab*ba` does not match `aba`.
    ///
    /// # Complexity
    ///
    /// Linear in the pattern, constant space.
    pub fn matches(&self, value: &[u8]) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Exact(text) => value == text.as_bytes(),
            Pattern::Affix { prefix, suffix } => value
                .strip_prefix(prefix.as_bytes())
                .is_some_and(|rest| rest.ends_with(suffix.as_bytes())),
        }
    }

    /// Whether the pattern matches with ASCII case ignored: how header names compare.
    ///
    /// # Complexity
    ///
    /// Linear in the pattern, constant space.
    pub fn matches_ignoring_case(&self, value: &[u8]) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Exact(text) => value.eq_ignore_ascii_case(text.as_bytes()),
            Pattern::Affix { prefix, suffix } => {
                let split = value.split_at_checked(prefix.len());
                split.is_some_and(|(start, rest)| {
                    let end = rest
                        .len()
                        .checked_sub(suffix.len())
                        .and_then(|at| rest.get(at..));
                    start.eq_ignore_ascii_case(prefix.as_bytes())
                        && end.is_some_and(|end| end.eq_ignore_ascii_case(suffix.as_bytes()))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, value: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(value.as_bytes())
    }

    #[test]
    fn prefix_and_suffix_do_not_overlap() {
        assert!(!matches("ab*ba", "aba"));
        assert!(!matches(
            "http://foo.*.example.com",
            "http://foo.example.com"
        ));
        assert!(matches("start*end", "startend"));
        assert!(matches("*", ""));
    }

    #[test]
    fn header_names_ignore_case_on_both_sides() {
        let pattern = Pattern::parse("x-AMZ-*").unwrap();
        assert!(pattern.matches_ignoring_case(b"X-Amz-Date"));
        assert!(pattern.matches_ignoring_case(b"x-amz-"));
        assert!(!pattern.matches_ignoring_case(b"x-amz"));
        assert!(
            Pattern::parse("*-Id")
                .unwrap()
                .matches_ignoring_case(b"x-iD")
        );
        assert!(
            !Pattern::parse("ab*ba")
                .unwrap()
                .matches_ignoring_case(b"ABA")
        );
        assert!(
            Pattern::parse("ETag")
                .unwrap()
                .matches_ignoring_case(b"etag")
        );
        assert!(Pattern::Any.matches_ignoring_case(b"x"));
    }
}
