//! Deriving a dialect from another: its name and limits are replaced one by one.

use super::providers::Dialect;
use super::{HeaderWildcard, OriginWildcard};

impl Dialect {
    /// Sets the name.
    #[must_use]
    pub const fn with_name(mut self, name: &'static str) -> Dialect {
        self.name = name;
        self
    }

    /// Sets the largest number of rules; an image holds at most [`MAX_RULES`](crate::MAX_RULES).
    #[must_use]
    pub const fn with_max_rules(mut self, rules: u16) -> Dialect {
        self.limits.max_rules = rules;
        self
    }

    /// Sets the longest `ID` in characters; `None` if rules have no `ID`.
    #[must_use]
    pub const fn with_max_id_characters(mut self, characters: Option<u16>) -> Dialect {
        self.limits.max_id_characters = characters;
        self
    }

    /// Sets the range of `MaxAgeSeconds`, both ends included.
    #[must_use]
    pub const fn with_max_age_range(mut self, min: i32, max: i32) -> Dialect {
        self.limits.min_max_age_seconds = min;
        self.limits.max_max_age_seconds = max;
        self
    }

    /// Sets the largest number of `AllowedOrigin` values in a rule.
    #[must_use]
    pub const fn with_max_origins(mut self, origins: u16) -> Dialect {
        self.limits.max_origins = origins;
        self
    }

    /// Sets the longest `AllowedOrigin`, `AllowedHeader` or `ExposeHeader` in characters.
    #[must_use]
    pub const fn with_max_value_characters(mut self, characters: u16) -> Dialect {
        self.limits.max_value_characters = characters;
        self
    }

    /// Sets the largest number of `AllowedHeader` values in a rule, and of `ExposeHeader` values:
    /// `literal` without a wildcard, `prefixed` with one.
    #[must_use]
    pub const fn with_max_headers(mut self, literal: u16, prefixed: u16) -> Dialect {
        self.limits.max_literal_headers = literal;
        self.limits.max_prefixed_headers = prefixed;
        self
    }

    /// Sets the token characters that are not allowed in an `ExposeHeader`.
    #[must_use]
    pub const fn with_expose_header_excludes(mut self, characters: &'static [char]) -> Dialect {
        self.limits.expose_header_excludes = characters;
        self
    }

    /// Sets whether an empty `AllowedOrigin` is accepted; it matches nothing.
    #[must_use]
    pub const fn with_empty_origin(mut self, is_accepted: bool) -> Dialect {
        self.limits.empty_origin = is_accepted;
        self
    }

    /// Sets where a wildcard is allowed in an `AllowedOrigin`.
    #[must_use]
    pub const fn with_origin_wildcard(mut self, wildcard: OriginWildcard) -> Dialect {
        self.limits.origin_wildcard = wildcard;
        self
    }

    /// Sets where a wildcard is allowed in an `AllowedHeader`.
    #[must_use]
    pub const fn with_header_wildcard(mut self, wildcard: HeaderWildcard) -> Dialect {
        self.limits.header_wildcard = wildcard;
        self
    }

    /// Sets whether a second element equal to `*` in one rule is refused.
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
