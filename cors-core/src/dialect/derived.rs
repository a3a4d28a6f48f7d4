//! A dialect derived from another: its name and limits replaced one by one.

use super::HeaderWildcard;
use super::providers::Dialect;

impl Dialect {
    /// The same under another name.
    #[must_use]
    pub const fn with_name(mut self, name: &'static str) -> Dialect {
        self.name = name;
        self
    }

    /// With at most this many rules; an image holds at most [`MAX_RULES`](crate::MAX_RULES).
    #[must_use]
    pub const fn with_max_rules(mut self, rules: u16) -> Dialect {
        self.limits.max_rules = rules;
        self
    }

    /// With an `ID` of at most this many characters; `None` if a rule has none.
    #[must_use]
    pub const fn with_max_id_characters(mut self, characters: Option<u16>) -> Dialect {
        self.limits.max_id_characters = characters;
        self
    }

    /// With a `MaxAgeSeconds` in this range, both ends included.
    #[must_use]
    pub const fn with_max_age_range(mut self, min: i32, max: i32) -> Dialect {
        self.limits.min_max_age_seconds = min;
        self.limits.max_max_age_seconds = max;
        self
    }

    /// With at most this many `AllowedOrigin` in a rule.
    #[must_use]
    pub const fn with_max_origins(mut self, origins: u16) -> Dialect {
        self.limits.max_origins = origins;
        self
    }

    /// With at most this many characters in an `AllowedOrigin`, `AllowedHeader` or `ExposeHeader`.
    #[must_use]
    pub const fn with_max_value_characters(mut self, characters: u16) -> Dialect {
        self.limits.max_value_characters = characters;
        self
    }

    /// With at most this many `AllowedHeader`, and as many `ExposeHeader`, in a rule: those without a wildcard, and those with one.
    #[must_use]
    pub const fn with_max_headers(mut self, literal: u16, prefixed: u16) -> Dialect {
        self.limits.max_literal_headers = literal;
        self.limits.max_prefixed_headers = prefixed;
        self
    }

    /// Whether an empty `AllowedOrigin` is accepted; it matches nothing.
    #[must_use]
    pub const fn with_empty_origin(mut self, is_accepted: bool) -> Dialect {
        self.limits.empty_origin = is_accepted;
        self
    }

    /// Where a wildcard may stand in an `AllowedHeader`.
    #[must_use]
    pub const fn with_header_wildcard(mut self, wildcard: HeaderWildcard) -> Dialect {
        self.limits.header_wildcard = wildcard;
        self
    }

    /// Whether a second element equal to `*` in one rule is refused.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{CompileErrorKind, Configuration, Dialect, List, Rule, check};
    ///
    /// const CAREFUL: Dialect = Dialect::OSS.with_one_bare_wildcard_per_rule(true);
    /// let rules = [Rule {
    ///     allowed_origins: List::new(&["*", "*"]),
    ///     allowed_methods: List::new(&["GET"]),
    ///     ..Rule::EMPTY
    /// }];
    /// let error = check(&Configuration::new(&CAREFUL, &rules)).next().map(|error| error.kind);
    /// assert_eq!(error, Some(CompileErrorKind::SecondBareWildcard));
    /// assert!(check(&Configuration::new(&Dialect::OSS, &rules)).next().is_none());
    /// ```
    #[must_use]
    pub const fn with_one_bare_wildcard_per_rule(mut self, is_required: bool) -> Dialect {
        self.limits.one_bare_wildcard_per_rule = is_required;
        self
    }
}
