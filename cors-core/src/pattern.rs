//! One pattern with at most one `*`, and what it matches. The text it came from is all it holds.

use crate::words;

/// A pattern of an AllowedOrigin or AllowedHeader: `*`, an exact text, or a prefix and a suffix around one `*`.
///
/// `*` matches zero or more arbitrary bytes; every other byte matches itself (`?`, `.`, `[` too).
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
    /// The parts before and after the `*`; not both empty.
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
        let Some(at) = memchr::memchr(b'*', text.as_bytes()) else {
            return Some(Pattern::Exact(text));
        };
        let (prefix, rest) = text.split_at_checked(at)?;
        match (prefix, rest.get(1..)?) {
            ("", "") => Some(Pattern::Any),
            (_, suffix) if words::has(b'*', suffix.as_bytes()) => None,
            (prefix, suffix) => Some(Pattern::Affix { prefix, suffix }),
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

    /// Whether every value that `other` matches is matched by this pattern too, byte for byte.
    ///
    /// # Complexity
    ///
    /// Linear in the patterns, constant space.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Pattern;
    ///
    /// let subdomains = Pattern::parse("https://*.a.example").unwrap();
    /// assert!(subdomains.covers(&Pattern::Exact("https://x.a.example")));
    /// assert!(subdomains.covers(&Pattern::parse("https://*.b.a.example").unwrap()));
    /// assert!(!subdomains.covers(&Pattern::Any));
    /// ```
    pub fn covers(&self, other: &Pattern<'_>) -> bool {
        self.covers_by(other, |a, b| a == b, Pattern::matches)
    }

    /// Whether every value that `other` matches is matched by this pattern too, with ASCII case ignored.
    ///
    /// # Complexity
    ///
    /// Linear in the patterns, constant space.
    pub fn covers_ignoring_case(&self, other: &Pattern<'_>) -> bool {
        self.covers_by(
            other,
            <[u8]>::eq_ignore_ascii_case,
            Pattern::matches_ignoring_case,
        )
    }

    /// Whether some value is matched by both, byte for byte.
    ///
    /// # Complexity
    ///
    /// Linear in the patterns, constant space.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Pattern;
    ///
    /// let pattern = |text| Pattern::parse(text).unwrap();
    /// assert!(pattern("https://*.a.example").overlaps(&pattern("https://x.*")));
    /// assert!(!pattern("https://*.a.example").overlaps(&pattern("http://*")));
    /// ```
    pub fn overlaps(&self, other: &Pattern<'_>) -> bool {
        match (self, other) {
            (Pattern::Any, _) | (_, Pattern::Any) => true,
            (_, Pattern::Exact(text)) => self.matches(text.as_bytes()),
            (Pattern::Exact(text), _) => other.matches(text.as_bytes()),
            (
                Pattern::Affix { prefix, suffix },
                Pattern::Affix {
                    prefix: other_prefix,
                    suffix: other_suffix,
                },
            ) => {
                // A value long enough has both prefixes at its start and both suffixes at its end.
                let starts = prefix.starts_with(other_prefix) || other_prefix.starts_with(prefix);
                let ends = suffix.ends_with(other_suffix) || other_suffix.ends_with(suffix);
                starts && ends
            }
        }
    }

    fn covers_by(
        &self,
        other: &Pattern<'_>,
        equal: impl Fn(&[u8], &[u8]) -> bool,
        matches: impl Fn(&Self, &[u8]) -> bool,
    ) -> bool {
        match (self, other) {
            (Pattern::Any, _) => true,
            (_, Pattern::Exact(text)) => matches(self, text.as_bytes()),
            (_, Pattern::Any) | (Pattern::Exact(_), _) => false,
            (
                Pattern::Affix { prefix, suffix },
                Pattern::Affix {
                    prefix: longer_prefix,
                    suffix: longer_suffix,
                },
            ) => {
                // Any bytes can replace the other's `*`, so each end must be fixed by the other's own end.
                let (prefix, suffix) = (prefix.as_bytes(), suffix.as_bytes());
                let (start, end) = (longer_prefix.as_bytes(), longer_suffix.as_bytes());
                let start = start.split_at_checked(prefix.len());
                let end = end
                    .len()
                    .checked_sub(suffix.len())
                    .and_then(|at| end.split_at_checked(at));
                start.is_some_and(|(start, _)| equal(start, prefix))
                    && end.is_some_and(|(_, end)| equal(end, suffix))
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
    fn a_pattern_covers_another_exactly_where_no_short_text_tells_otherwise() {
        let texts = |most: usize, alphabet: &[u8]| {
            let mut all = std::vec![std::string::String::new()];
            let mut from = 0;
            for _ in 0..most {
                let until = all.len();
                for at in from..until {
                    for byte in alphabet {
                        let text = std::format!("{}{}", all[at], char::from(*byte));
                        all.push(text);
                    }
                }
                from = until;
            }
            all
        };
        let (patterns, values) = (texts(4, b"ab*"), texts(7, b"ab"));
        let patterns: std::vec::Vec<_> = patterns
            .iter()
            .filter_map(|text| Pattern::parse(text))
            .collect();
        for first in &patterns {
            for second in &patterns {
                let expected = values.iter().all(|value| {
                    !second.matches(value.as_bytes()) || first.matches(value.as_bytes())
                });
                assert_eq!(first.covers(second), expected, "{first:?} {second:?}");
                let shared = values.iter().any(|value| {
                    second.matches(value.as_bytes()) && first.matches(value.as_bytes())
                });
                assert_eq!(first.overlaps(second), shared, "{first:?} {second:?}");
                assert_eq!(
                    first.covers_ignoring_case(second),
                    expected,
                    "{first:?} {second:?}"
                );
            }
        }
        let upper = Pattern::parse("X-*").unwrap();
        assert!(upper.covers_ignoring_case(&Pattern::parse("x-a*").unwrap()));
        assert!(!upper.covers(&Pattern::parse("x-a*").unwrap()));
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
