//! A rule on its way into another dialect: its lists are its own and can be changed.

use alloc::vec::Vec;

use cors_core::{CompileError, Configuration, Dialect, Field, List, Rule, check};

/// A rule whose lists are its own.
#[derive(Clone, Debug)]
pub(crate) struct ConvertedRule<'c> {
    pub(crate) rule: Rule<'c>,
    pub(crate) origins: Vec<&'c str>,
    pub(crate) methods: Vec<&'c str>,
    pub(crate) headers: Vec<&'c str>,
    pub(crate) exposed: Vec<&'c str>,
}

impl<'c> ConvertedRule<'c> {
    pub(crate) fn new(rule: &Rule<'c>) -> Self {
        ConvertedRule {
            rule: *rule,
            origins: rule.allowed_origins.iter().collect(),
            methods: rule.allowed_methods.iter().collect(),
            headers: rule.allowed_headers.iter().collect(),
            exposed: rule.expose_headers.iter().collect(),
        }
    }

    pub(crate) fn as_rule(&self) -> Rule<'_> {
        Rule {
            allowed_origins: List::new(&self.origins),
            allowed_methods: List::new(&self.methods),
            allowed_headers: List::new(&self.headers),
            expose_headers: List::new(&self.exposed),
            ..self.rule
        }
    }

    pub(crate) fn list_mut(&mut self, field: Field) -> Option<&mut Vec<&'c str>> {
        match field {
            Field::AllowedOrigin => Some(&mut self.origins),
            Field::AllowedMethod => Some(&mut self.methods),
            Field::AllowedHeader => Some(&mut self.headers),
            Field::ExposeHeader => Some(&mut self.exposed),
            Field::Id | Field::MaxAgeSeconds | Field::AllowCredentials => None,
        }
    }

    /// What another dialect finds first.
    pub(crate) fn first_error(&self, dialect: &Dialect) -> Option<CompileError> {
        let rules = [self.as_rule()];
        check(&Configuration::new(dialect, &rules)).next()
    }
}
