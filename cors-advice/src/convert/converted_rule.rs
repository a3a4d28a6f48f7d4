//! A rule during its conversion: its lists are owned and can be changed.

use alloc::vec::Vec;

use cors_core::{CompileError, CompileErrorKind, Configuration, Dialect, Field, List, Rule, check};

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

    /// The errors that another dialect reports for this rule: the first, and if it is of an item, those
    /// of the items after it in the same list.
    pub(super) fn first_errors(&self, dialect: &Dialect) -> Vec<CompileError> {
        let rules = [self.as_rule()];
        let mut first = None;
        check(&Configuration::new(dialect, &rules))
            .take_while(|error| {
                let first = first.get_or_insert(*error);
                let is_first = first == error;
                is_first || is_of_item(first) && is_of_item(error) && first.field == error.field
            })
            .collect()
    }
}

/// Whether an error concerns one item of a list, and goes away with it.
fn is_of_item(error: &CompileError) -> bool {
    error.item.is_some() && error.kind != CompileErrorKind::CredentialsForUnfixedOrigin
}
