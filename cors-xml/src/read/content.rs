//! What a document holds, whatever its notation: rules, their values with their places, and what is not of the schema.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

use cors_core::Field;

use crate::read::document_error::DocumentErrorKind;

/// The members of a rule in the order in which they are kept.
pub(crate) const FIELDS: [Field; 6] = [
    Field::Id,
    Field::AllowedOrigin,
    Field::AllowedMethod,
    Field::AllowedHeader,
    Field::ExposeHeader,
    Field::MaxAgeSeconds,
];

/// Where a member stands in [`FIELDS`].
pub(crate) const fn position(field: Field) -> usize {
    match field {
        Field::Id => 0,
        Field::AllowedOrigin => 1,
        Field::AllowedMethod => 2,
        Field::AllowedHeader => 3,
        Field::ExposeHeader => 4,
        Field::MaxAgeSeconds => 5,
        // No document has this switch.
        Field::AllowCredentials => FIELDS.len(),
    }
}

/// What a document holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content<'d> {
    pub(crate) rules: Vec<RuleText>,
    /// The values of all rules: rule by rule, and in a rule by [`FIELDS`].
    pub(crate) values: Vec<Value<'d>>,
    pub(crate) response_vary: bool,
    /// How the document calls a rule; nothing if it does not.
    pub(crate) rule_name: Option<&'static str>,
    /// What was read as something else and is not written back, in the document's order.
    pub(crate) readings: Vec<Reading<'d>>,
    /// What is not of the schema, in the document's order.
    pub(crate) violations: Vec<Violation<'d>>,
}

/// A value that was read as something else.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'d> {
    pub(crate) rule: usize,
    /// The value as written.
    pub(crate) value: Value<'d>,
    pub(crate) meant: &'static str,
}

impl<'d> Content<'d> {
    /// Brings the values of the last rule in the order of [`FIELDS`], in which almost all documents have them.
    pub(crate) fn end_rule(&mut self) {
        let last = self.rules.last();
        let values = last.and_then(|rule| self.values.get_mut(rule.values.clone()));
        if let Some(values) = values {
            // Six keys and a stable sort: linear.
            values.sort_by_key(|value| position(value.field));
        }
    }

    /// Notes which of these members the last rule does not have; `name` says how the document calls one.
    pub(crate) fn note_missing(
        &mut self,
        required: &[Field],
        name: impl Fn(Field) -> &'static str,
    ) {
        let Some(rule) = self.rules.last() else {
            return;
        };
        let offset = rule.offset;
        let is_missing =
            |field: &&Field| !rule.seen.get(position(**field)).is_some_and(|seen| *seen);
        let missing: Vec<Field> = required.iter().filter(is_missing).copied().collect();
        for field in missing {
            self.violations.push(Violation {
                kind: DocumentErrorKind::Missing,
                offset,
                rule: self.rules.len().checked_sub(1),
                element: Some(Cow::Borrowed(name(field))),
                value: None,
            });
        }
    }

    /// Adds a value to the last rule.
    pub(crate) fn push(
        &mut self,
        field: Field,
        name: &'static str,
        offset: usize,
        text: Cow<'d, str>,
    ) {
        self.values.push(Value {
            field,
            name,
            offset,
            text,
        });
        let next = self.values.len();
        if let Some(rule) = self.rules.last_mut() {
            rule.values.end = next;
            if let Some(count) = rule.counts.get_mut(position(field)) {
                *count = count.saturating_add(1);
            }
        }
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct RuleText {
    /// Where its element starts.
    pub(crate) offset: usize,
    /// Its values.
    pub(crate) values: Range<usize>,
    /// Which of [`FIELDS`] have an element that may stand only once.
    pub(crate) seen: [bool; FIELDS.len()],
    /// How many values each of [`FIELDS`] has.
    pub(crate) counts: [usize; FIELDS.len()],
    pub(crate) max_age_seconds: Option<i32>,
}

/// One value of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Value<'d> {
    pub(crate) field: Field,
    /// How the document calls it.
    pub(crate) name: &'static str,
    /// Where its element starts.
    pub(crate) offset: usize,
    pub(crate) text: Cow<'d, str>,
}

/// Something wrong at a byte offset.
#[derive(Clone, Debug)]
pub(crate) struct Violation<'d> {
    pub(crate) kind: DocumentErrorKind,
    pub(crate) offset: usize,
    pub(crate) rule: Option<usize>,
    pub(crate) element: Option<Cow<'d, str>>,
    pub(crate) value: Option<Cow<'d, str>>,
}
