//! Reading the rules: their members and values.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use cors_core::{CompileErrorKind, Field};

use super::node::{Entry, Node, NodeValue};
use super::reader::MemberReader;
use crate::read::content::{FIELDS, Reading, RuleText, Value, field_index};
use crate::read::document_error::DocumentErrorKind;
use crate::read::max_age::seconds;
use crate::read::method_advice::method_advice;
use crate::read::names::meant;
use crate::shapes::{ListNotation, Member, Notation};

impl<'d> MemberReader<'d> {
    pub(super) fn rules(&mut self, rules: &Node<'d>) {
        // In Terraform's JSON, a single block may be without an array:
        // <https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping>.
        let may_be_one = self.shape.lists == ListNotation::ArrayOrItem
            || matches!(self.notation, Notation::Terraform(..));
        if may_be_one && !rules.is_expression() && rules.as_object().is_some() {
            self.next_rule(rules);
        } else if let Some(list) = self.items(rules, None) {
            for rule in list {
                self.next_rule(rule);
            }
            if self.content.rules.is_empty() && !self.provider.documents.may_be_empty {
                self.violation(DocumentErrorKind::NoRule, rules.offset, None);
            }
        }
    }

    pub(super) fn next_rule(&mut self, rule: &Node<'d>) {
        let next = self.content.values.len();
        self.content.rules.push(RuleText {
            offset: rule.offset,
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

    fn rule(&mut self, rule: &Node<'d>) {
        let Some(members) = self.members(rule, None) else {
            return;
        };
        let mut seen = Vec::new();
        for entry in members {
            let Some((known, member)) = self.member_named(&entry.name) else {
                self.unknown_in_rule(entry);
                continue;
            };
            if seen.contains(&member) {
                let name = Some(entry.name.clone());
                self.violation(DocumentErrorKind::Repeated, entry.offset, name);
                continue;
            }
            seen.push(member);
            if matches!(entry.value.value, NodeValue::Null) && self.shape.null_is_unset {
                continue;
            }
            match member {
                Member::Value(field) => self.value(field, known, &entry.value),
                Member::Object(inner) => self.inner(inner, known, &entry.value),
                Member::Target => self.target(known, &entry.value),
            }
        }
    }

    fn member_named(&self, name: &str) -> Option<(&'static str, Member)> {
        let others = self.shape.other_names.iter();
        let others = others.map(|(known, field)| (*known, Member::Value(*field)));
        let mut members = self.shape.members.iter().copied().chain(others);
        members.find(|(known, _)| *known == name)
    }

    /// Reads the members of an object inside a rule.
    fn inner(
        &mut self,
        names: &'static [(&'static str, Field)],
        name: &'static str,
        object: &Node<'d>,
    ) {
        let Some(members) = self.members(object, Some(name)) else {
            return;
        };
        let mut seen = Vec::new();
        for entry in members {
            match names.iter().find(|(known, _)| *known == entry.name) {
                None => self.unknown_in_rule(entry),
                Some((known, _)) if seen.contains(known) => {
                    let name = Some(entry.name.clone());
                    self.violation(DocumentErrorKind::Repeated, entry.offset, name);
                }
                Some((known, field)) => {
                    seen.push(*known);
                    self.value(*field, known, &entry.value);
                }
            }
        }
    }

    /// Reports a member that a rule of this form does not have.
    fn unknown_in_rule(&mut self, entry: &Entry<'d>) {
        let shape = self.shape;
        let known = FIELDS.into_iter().filter_map(|field| {
            let (_, name) = shape.path_of(field)?;
            Some((name, Some(field)))
        });
        let found = meant(&entry.name, known);
        let path = found.and_then(|(_, field)| shape.path_of(field?));
        let advice = path.map(|path| match path {
            (Some(around), name) => format!("did you mean `{name}` in `{around}`?"),
            (None, name) => format!("did you mean `{name}`?"),
        });
        let name = Some(entry.name.clone());
        self.violation(DocumentErrorKind::UnknownElement, entry.offset, name);
        self.advise(advice);
        if let Some(violation) = self.content.violations.last_mut() {
            violation.meant = found.and_then(|(_, field)| field);
        }
    }

    /// Checks that the rule applies to what the rules before it apply to.
    fn target(&mut self, name: &'static str, value: &Node<'d>) {
        match &value.value {
            NodeValue::String(text) => {
                let first = self.target.get_or_insert_with(|| text.clone());
                if first != text {
                    self.value_violation(DocumentErrorKind::SeveralConfigurations, value, name);
                }
            }
            _ => self.value_violation(DocumentErrorKind::NotAString, value, name),
        }
    }

    fn value(&mut self, field: Field, name: &'static str, value: &Node<'d>) {
        let rule = self.content.rules.last_mut();
        if let Some(seen) = rule.and_then(|rule| rule.seen.get_mut(field_index(field))) {
            *seen = true;
        }
        match (field, &value.value) {
            (Field::Id, _) => self.text_value(field, name, value),
            (Field::MaxAgeSeconds, _) => self.max_age(name, value),
            (_, NodeValue::String(_)) if self.shape.lists != ListNotation::Array => {
                self.item(field, name, value);
            }
            _ => {
                for item in self.items(value, Some(name)).into_iter().flatten() {
                    self.item(field, name, item);
                }
            }
        }
    }

    fn max_age(&mut self, name: &'static str, value: &Node<'d>) {
        let text: Cow<'d, str> = match &value.value {
            NodeValue::String(text) if self.shape.quotes_numbers => text.clone(),
            _ => Cow::Borrowed(value.text),
        };
        match seconds(&self.provider.dialect.limits, &text) {
            Ok(seconds) => {
                if let Some(rule) = self.content.rules.last_mut() {
                    rule.max_age_seconds = Some(seconds);
                }
            }
            Err(kind) => self.value_violation(kind, value, name),
        }
        self.content
            .push(Field::MaxAgeSeconds, name, value.offset, text);
    }

    /// Reads an item of a list, or several that are joined with commas.
    fn item(&mut self, field: Field, name: &'static str, item: &Node<'d>) {
        match &item.value {
            NodeValue::String(text) if self.shape.lists == ListNotation::CommaSeparated => {
                self.joined(field, name, item.offset, text.clone());
            }
            _ => self.text_value(field, name, item),
        }
    }

    /// Reads the items of a list that are joined with commas.
    fn joined(&mut self, field: Field, name: &'static str, offset: usize, text: Cow<'d, str>) {
        match text {
            // An empty text is an empty list.
            text if text.trim_ascii().is_empty() => {}
            Cow::Borrowed(text) => {
                for item in text.split(',') {
                    self.text(field, name, offset, Cow::Borrowed(item.trim_ascii()));
                }
            }
            Cow::Owned(text) => {
                for item in text.split(',') {
                    self.text(field, name, offset, Cow::Owned(item.trim_ascii().into()));
                }
            }
        }
    }

    fn text_value(&mut self, field: Field, name: &'static str, value: &Node<'d>) {
        match &value.value {
            NodeValue::String(text) => self.text(field, name, value.offset, text.clone()),
            _ => self.value_violation(DocumentErrorKind::NotAString, value, name),
        }
    }

    fn text(&mut self, field: Field, name: &'static str, offset: usize, text: Cow<'d, str>) {
        self.rule_bytes = self.rule_bytes.saturating_add(text.len());
        let meaning = match field {
            Field::AllowedMethod => self.shape.operations,
            Field::AllowedOrigin => self.shape.origins,
            _ => &[],
        };
        let meant = meaning.iter().find(|(written, _)| *written == text);
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
                    let mut operations = self.shape.operations.iter();
                    if operations.any(|(_, method)| *method == text) {
                        let kind = DocumentErrorKind::Invalid(CompileErrorKind::UnknownMethod);
                        self.violation(kind, offset, Some(Cow::Borrowed(name)));
                        self.advise(method_advice(
                            &self.provider.dialect,
                            Some(self.shape),
                            &text,
                        ));
                        if let Some(violation) = self.content.violations.last_mut() {
                            violation.value = Some(text.clone());
                        }
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
}
