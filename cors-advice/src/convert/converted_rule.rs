//! A rule during its conversion: its lists are owned and can be changed.

use alloc::vec::Vec;

use cors_core::{CompileError, Configuration, Dialect, Field, List, Rule, check};

/// A rule with owned lists.
#[derive(Clone, Debug)]
pub(super) struct ConvertedRule<'c> {
    pub(super) rule: Rule<'c>,
    pub(super) origins: Vec<&'c str>,
    pub(super) methods: Vec<&'c str>,
    pub(super) headers: Vec<&'c str>,
    pub(super) exposed: Vec<&'c str>,
}

impl<'c> ConvertedRule<'c> {
    pub(super) fn new(rule: &Rule<'c>) -> Self {
        ConvertedRule {
            rule: *rule,
            origins: rule.allowed_origins.iter().collect(),
            methods: rule.allowed_methods.iter().collect(),
            headers: rule.allowed_headers.iter().collect(),
            exposed: rule.expose_headers.iter().collect(),
        }
    }

    pub(super) fn as_rule(&self) -> Rule<'_> {
        Rule {
            allowed_origins: List::new(&self.origins),
            allowed_methods: List::new(&self.methods),
            allowed_headers: List::new(&self.headers),
            expose_headers: List::new(&self.exposed),
            ..self.rule
        }
    }

    pub(super) fn list_mut(&mut self, field: Field) -> Option<&mut Vec<&'c str>> {
        match field {
            Field::AllowedOrigin => Some(&mut self.origins),
            Field::AllowedMethod => Some(&mut self.methods),
            Field::AllowedHeader => Some(&mut self.headers),
            Field::ExposeHeader => Some(&mut self.exposed),
            Field::Id | Field::MaxAgeSeconds | Field::AllowCredentials => None,
        }
    }

    /// The first error that another dialect reports for this rule.
    pub(super) fn first_error(&self, dialect: &Dialect) -> Option<CompileError> {
        let rules = [self.as_rule()];
        check(&Configuration::new(dialect, &rules)).next()
    }
}
