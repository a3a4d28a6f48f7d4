//! The contents of a document in any notation: rules, their values with offsets, and violations of
//! the schema.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

use cors_core::Field;

use crate::read::document_error::DocumentErrorKind;
use crate::shapes::MemberShape;

/// The members of a rule in the order in which they are stored.
pub(crate) const FIELDS: [Field; 6] = [
    Field::Id,
    Field::AllowedOrigin,
    Field::AllowedMethod,
    Field::AllowedHeader,
    Field::ExposeHeader,
    Field::MaxAgeSeconds,
];

/// The index of a member in [`FIELDS`].
pub(crate) const fn field_index(field: Field) -> usize {
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

/// The contents of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content<'d> {
    /// The names of the members; `None` in XML.
    pub(crate) shape: Option<&'d MemberShape>,
    pub(crate) rules: Vec<RuleText>,
    /// The values of all rules: rule by rule, and in a rule by [`FIELDS`].
    pub(crate) values: Vec<Value<'d>>,
    pub(crate) response_vary: bool,
    /// The document's name for a rule, if it has one.
    pub(crate) rule_name: Option<&'static str>,
    /// The values that were read as another value and are not written back, in document order.
    pub(crate) readings: Vec<Reading<'d>>,
    /// Violations of the schema or of a document limit, in document order.
    pub(crate) violations: Vec<Violation<'d>>,
}

/// A value that was read as another value.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'d> {
    pub(crate) rule: usize,
    /// The value as written.
    pub(crate) value: Value<'d>,
    pub(crate) meant: &'static str,
}

impl<'d> Content<'d> {
    /// Sorts the values of the last rule into the order of [`FIELDS`], which almost all documents
    /// already have.
    pub(crate) fn end_rule(&mut self) {
        let last = self.rules.last();
        let values = last.and_then(|rule| self.values.get_mut(rule.values.clone()));
        let key = |value: &Value<'_>| field_index(value.field);
        if let Some(values) = values.filter(|values| !values.is_sorted_by_key(key)) {
            // A stable sort with six distinct keys is linear.
            values.sort_by_key(key);
        }
    }

    /// Records which of these members the last rule lacks; `name` returns the document's name for a
    /// member.
    pub(crate) fn note_missing(
        &mut self,
        required: &[Field],
        name: impl Fn(Field) -> &'static str,
    ) {
        let Some(rule) = self.rules.last() else {
            return;
        };
        let offset = rule.offset;
        let is_missing = |field: &&Field| {
            !rule
                .seen
                .get(field_index(**field))
                .is_some_and(|seen| *seen)
        };
        let missing = required.iter().filter(is_missing).copied();
        let rule = self.rules.len().checked_sub(1);
        let missing: Vec<Field> = missing
            .filter(|field| !self.is_misspelt(rule, *field))
            .collect();
        for field in missing {
            self.violations.push(Violation {
                kind: DocumentErrorKind::Missing,
                offset,
                rule: self.rules.len().checked_sub(1),
                element: Some(Cow::Borrowed(name(field))),
                value: None,
                advice: None,
                meant: None,
            });
        }
    }

    /// Whether a rule has a name in place of which this member was probably meant.
    pub(crate) fn is_misspelt(&self, rule: Option<usize>, field: Field) -> bool {
        let mut violations = self.violations.iter();
        violations.any(|found| found.rule == rule && found.meant == Some(field))
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
            if let Some(count) = rule.counts.get_mut(field_index(field)) {
                *count = count.saturating_add(1);
            }
        }
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct RuleText {
    /// The offset of its element.
    pub(crate) offset: usize,
    /// The range of its values.
    pub(crate) values: Range<usize>,
    /// Which of [`FIELDS`] already have an element that may appear only once.
    pub(crate) seen: [bool; FIELDS.len()],
    /// How many values each of [`FIELDS`] has.
    pub(crate) counts: [usize; FIELDS.len()],
    pub(crate) max_age_seconds: Option<i32>,
}

/// One value of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Value<'d> {
    pub(crate) field: Field,
    /// The document's name for it.
    pub(crate) name: &'static str,
    /// The offset of its element.
    pub(crate) offset: usize,
    pub(crate) text: Cow<'d, str>,
}

/// An error at a byte offset.
#[derive(Clone, Debug)]
pub(crate) struct Violation<'d> {
    pub(crate) kind: DocumentErrorKind,
    pub(crate) offset: usize,
    pub(crate) rule: Option<usize>,
    pub(crate) element: Option<Cow<'d, str>>,
    pub(crate) value: Option<Cow<'d, str>>,
    /// What to change, if more is known than the kind says.
    pub(crate) advice: Option<Cow<'d, str>>,
    /// The member that was probably meant by a name that is not allowed.
    pub(crate) meant: Option<Field>,
}
