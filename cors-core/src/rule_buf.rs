//! The owner of a rule's text.

use alloc::string::String;
use alloc::vec::Vec;

use crate::rule::{List, Rule};

/// A rule that owns its text, for programs that build or change rules. [`RuleBuf::as_rule`] lends it as a [`Rule`].
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, Rule, RuleBuf};
///
/// let mut rule = RuleBuf::default();
/// rule.allowed_origins.push("https://a.example".to_owned());
/// rule.allowed_methods.push("GET".to_owned());
/// let rules = [rule.as_rule()];
/// assert!(Configuration::new(&Dialect::OSS, &rules).checked().is_ok());
/// assert_eq!(RuleBuf::from(&rules[0]), rule);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleBuf {
    /// As [`Rule::id`].
    pub id: Option<String>,
    /// As [`Rule::allowed_origins`].
    pub allowed_origins: Vec<String>,
    /// As [`Rule::allowed_methods`].
    pub allowed_methods: Vec<String>,
    /// As [`Rule::allowed_headers`].
    pub allowed_headers: Vec<String>,
    /// As [`Rule::expose_headers`].
    pub expose_headers: Vec<String>,
    /// As [`Rule::max_age_seconds`].
    pub max_age_seconds: Option<i32>,
    /// As [`Rule::allow_credentials`].
    pub allow_credentials: bool,
}

impl RuleBuf {
    /// Lends the rule. Nothing is copied.
    pub fn as_rule(&self) -> Rule<'_> {
        Rule {
            id: self.id.as_deref(),
            allowed_origins: List::owned(&self.allowed_origins),
            allowed_methods: List::owned(&self.allowed_methods),
            allowed_headers: List::owned(&self.allowed_headers),
            expose_headers: List::owned(&self.expose_headers),
            max_age_seconds: self.max_age_seconds,
            allow_credentials: self.allow_credentials,
        }
    }
}

impl From<&Rule<'_>> for RuleBuf {
    fn from(rule: &Rule<'_>) -> Self {
        let texts = |list: List<'_>| list.iter().map(String::from).collect();
        RuleBuf {
            id: rule.id.map(String::from),
            allowed_origins: texts(rule.allowed_origins),
            allowed_methods: texts(rule.allowed_methods),
            allowed_headers: texts(rule.allowed_headers),
            expose_headers: texts(rule.expose_headers),
            max_age_seconds: rule.max_age_seconds,
            allow_credentials: rule.allow_credentials,
        }
    }
}
