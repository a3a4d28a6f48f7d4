//! Reading a JSON form, with the offset of every value.

mod native;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use cors_core::{CompileErrorKind, Field};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::content::{Content, FIELDS, Reading, RuleText, Value, Violation, field_index};
use super::document::{Document, Rejected, not_well_formed, too_large};
use super::document_error::DocumentErrorKind;
use super::max_age::seconds;
use super::syntax_error::SyntaxError;
use crate::providers::Provider;
use crate::shapes::{JsonShape, Member};

/// Reads a document in a JSON form and checks it in full.
pub(super) fn parse<'d>(
    provider: &'d Provider,
    shape: &'d JsonShape,
    bytes: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    if bytes.len() > provider.documents.max_bytes {
        return Err(too_large(provider).into());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = core::str::from_utf8(valid).unwrap_or_default();
        not_well_formed(
            valid,
            SyntaxError::at(valid.len(), DocumentErrorKind::NotUtf8),
        )
    })?;
    let root: &RawValue = serde_json::from_str(text).map_err(|error| {
        let offset = offset_of(text, error.line(), error.column());
        not_well_formed(
            text,
            SyntaxError::at(offset, DocumentErrorKind::InvalidJson),
        )
    })?;
    let mut reader = FormReader {
        provider,
        shape,
        text,
        content: Content::default(),
        rule_bytes: 0,
    };
    reader.root(root);
    Document::checked(provider, text, reader.content)
}

/// Returns the byte offset of a line and column as counted by `serde_json`: from 1, the column in
/// bytes, with 0 for before the line.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = before
        .saturating_add(column.saturating_sub(1))
        .min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}

struct FormReader<'d> {
    provider: &'d Provider,
    shape: &'d JsonShape,
    text: &'d str,
    content: Content<'d>,
    /// Bytes of the last rule's strings, as written.
    rule_bytes: usize,
}

impl<'d> FormReader<'d> {
    fn root(&mut self, root: &'d RawValue) {
        if self.shape.may_be_bare && root.get().starts_with('[') {
            return self.rules(root);
        }
        let Some(members) = self.members(root, DocumentErrorKind::WrongRoot, None) else {
            return;
        };
        let mut rules = None;
        for Entry { name, key, value } in members {
            if name != self.shape.wrapper {
                self.violation(DocumentErrorKind::UnknownElement, key, Some(name));
            } else if rules.is_some() {
                self.violation(DocumentErrorKind::Repeated, key, Some(name));
            } else {
                rules = Some(value);
            }
        }
        match rules {
            Some(rules) => self.rules(rules),
            None => self.violation(DocumentErrorKind::WrongRoot, root, None),
        }
    }

    fn rules(&mut self, list: &'d RawValue) {
        let Some(rules) = self.items(list, None) else {
            return;
        };
        for rule in rules {
            let next = self.content.values.len();
            self.content.rules.push(RuleText {
                offset: self.offset(rule),
                values: next..next,
                seen: [false; FIELDS.len()],
                counts: [0; FIELDS.len()],
                max_age_seconds: None,
            });
            self.rule_bytes = 0;
            self.rule(rule);
            let shape = self.shape;
            let name = |field| shape.name_of(field);
            self.content.note_missing(shape.required, name);
            self.content.end_rule();
            if let Some(limits) = shape.native {
                let violations = limits.violations(&self.content, self.rule_bytes);
                self.content.violations.extend(violations);
            }
        }
        if self.content.rules.is_empty() && !self.provider.documents.may_be_empty {
            self.violation(DocumentErrorKind::NoRule, list, None);
        }
    }

    fn rule(&mut self, rule: &'d RawValue) {
        let names = self.shape.members;
        let Some(members) = self.members(rule, DocumentErrorKind::NotAnObject, None) else {
            return;
        };
        let mut seen = Vec::new();
        for Entry { name, key, value } in members {
            let Some((known, member)) = names.iter().find(|(known, _)| *known == name) else {
                self.violation(DocumentErrorKind::UnknownElement, key, Some(name));
                continue;
            };
            if seen.contains(known) {
                self.violation(DocumentErrorKind::Repeated, key, Some(name));
                continue;
            }
            seen.push(*known);
            // The provider's API returns null for what is not set.
            if value.get() == "null" && self.shape.native.is_some() {
                continue;
            }
            match member {
                Member::Value(field) => self.value(*field, known, value),
                Member::Object(inner) => self.inner(inner, known, value),
            }
        }
    }

    /// Reads the members of an object inside a rule.
    fn inner(
        &mut self,
        names: &'static [(&'static str, Field)],
        name: &'static str,
        object: &'d RawValue,
    ) {
        let Some(members) = self.members(object, DocumentErrorKind::NotAnObject, Some(name)) else {
            return;
        };
        let mut seen = Vec::new();
        for Entry { name, key, value } in members {
            match names.iter().find(|(known, _)| *known == name) {
                None => self.violation(DocumentErrorKind::UnknownElement, key, Some(name)),
                Some((known, _)) if seen.contains(known) => {
                    self.violation(DocumentErrorKind::Repeated, key, Some(name));
                }
                Some((known, field)) => {
                    seen.push(*known);
                    self.value(*field, known, value);
                }
            }
        }
    }

    fn value(&mut self, field: Field, name: &'static str, value: &'d RawValue) {
        let rule = self.content.rules.last_mut();
        if let Some(seen) = rule.and_then(|rule| rule.seen.get_mut(field_index(field))) {
            *seen = true;
        }
        match field {
            Field::Id => self.text_value(field, name, value),
            Field::MaxAgeSeconds => self.max_age(name, value),
            _ => {
                for item in self.items(value, Some(name)).into_iter().flatten() {
                    self.text_value(field, name, item);
                }
            }
        }
    }

    fn max_age(&mut self, name: &'static str, value: &'d RawValue) {
        let text = value.get();
        match seconds(&self.provider.dialect.limits, text) {
            Ok(seconds) => {
                if let Some(rule) = self.content.rules.last_mut() {
                    rule.max_age_seconds = Some(seconds);
                }
            }
            Err(kind) => self.value_violation(kind, value, name),
        }
        let offset = self.offset(value);
        self.content
            .push(Field::MaxAgeSeconds, name, offset, Cow::Borrowed(text));
    }

    fn text_value(&mut self, field: Field, name: &'static str, value: &'d RawValue) {
        let Some(text) = string(value) else {
            return self.value_violation(DocumentErrorKind::NotAString, value, name);
        };
        self.rule_bytes = self.rule_bytes.saturating_add(text.len());
        let meaning = match field {
            Field::AllowedMethod => self.shape.operations,
            Field::AllowedOrigin => self.shape.origins,
            _ => &[],
        };
        let meant = meaning.iter().find(|(written, _)| *written == text);
        let offset = self.offset(value);
        if let Some((_, meant)) = meant
            && self.shape.written(field, meant) != text
        {
            self.content.readings.push(Reading {
                rule: self.content.rules.len().saturating_sub(1),
                value: Value {
                    field,
                    name,
                    offset,
                    text: text.clone(),
                },
                meant,
            });
        }
        if field == Field::AllowedMethod {
            match meant {
                // Two operations may use the same method.
                Some((_, method)) if self.has_method(method) => return,
                Some(_) => {}
                // A method name is not an operation.
                None => {
                    let kind = DocumentErrorKind::Invalid(CompileErrorKind::UnknownMethod);
                    let is_method = self
                        .shape
                        .operations
                        .iter()
                        .any(|(_, method)| *method == text);
                    if is_method {
                        self.value_violation(kind, value, name);
                    }
                }
            }
        }
        let text = meant.map_or(text, |(_, meant)| Cow::Borrowed(*meant));
        self.content.push(field, name, offset, text);
    }

    /// Whether the last rule has this method.
    fn has_method(&self, method: &str) -> bool {
        let rule = self.content.rules.last();
        let values = rule.and_then(|rule| self.content.values.get(rule.values.clone()));
        values
            .unwrap_or_default()
            .iter()
            .any(|value| value.field == Field::AllowedMethod && value.text == method)
    }

    fn items(
        &mut self,
        list: &'d RawValue,
        name: Option<&'static str>,
    ) -> Option<Vec<&'d RawValue>> {
        let items = serde_json::from_str(list.get()).ok();
        if items.is_none() {
            self.violation(DocumentErrorKind::NotAList, list, name.map(Cow::Borrowed));
        }
        items
    }

    fn members(
        &mut self,
        object: &'d RawValue,
        kind: DocumentErrorKind,
        name: Option<&'static str>,
    ) -> Option<Vec<Entry<'d>>> {
        let members = serde_json::from_str(object.get()).ok();
        if members.is_none() {
            self.violation(kind, object, name.map(Cow::Borrowed));
        }
        members.map(|Members(members)| members)
    }

    fn value_violation(
        &mut self,
        kind: DocumentErrorKind,
        value: &'d RawValue,
        name: &'static str,
    ) {
        self.violation(kind, value, Some(Cow::Borrowed(name)));
        if let Some(violation) = self.content.violations.last_mut() {
            violation.value = Some(Cow::Borrowed(value.get()));
        }
    }

    fn violation(&mut self, kind: DocumentErrorKind, at: &'d RawValue, name: Option<Cow<'d, str>>) {
        let offset = self.offset(at);
        self.content.violations.push(Violation {
            kind,
            offset,
            rule: self.content.rules.len().checked_sub(1),
            element: name,
            value: None,
        });
    }

    /// Returns the offset of a part of the text. The part borrows from the text, so its address
    /// determines the offset.
    fn offset(&self, part: &'d RawValue) -> usize {
        part.get()
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr())
    }
}

/// Returns the text of a string; `None` if the value is not a string.
fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    let inner = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        let text: String = serde_json::from_str(value.get()).ok()?;
        return Some(Cow::Owned(text));
    }
    Some(Cow::Borrowed(inner))
}

/// The members of an object in order, including repeated ones.
struct Members<'d>(Vec<Entry<'d>>);

struct Entry<'d> {
    name: Cow<'d, str>,
    key: &'d RawValue,
    value: &'d RawValue,
}

impl<'d> Deserialize<'d> for Members<'d> {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'d> Visitor<'d> for MembersVisitor {
            type Value = Members<'d>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Members<'d>, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<&'d RawValue, &'d RawValue>()? {
                    let name = string(key).unwrap_or_default();
                    members.push(Entry { name, key, value });
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}
