//! Reading a form with named members from the tree of its text, with the offset of every value.

mod find;
mod native;
pub(super) mod node;

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cors_core::{CompileErrorKind, Field};

use super::content::{Content, FIELDS, Reading, RuleText, Value, Violation, field_index};
use super::document::{Document, not_built_in, not_well_formed, too_large};
use super::document_error::{DocumentErrorKind, DocumentErrors};
use super::json;
use super::max_age::seconds;
use super::method_advice::method_advice;
use super::names::meant;
use super::syntax_error::SyntaxError;
use crate::providers::Provider;
use crate::shapes::{ListNotation, Member, MemberShape, Notation};
use crate::syntax::Syntax;
use find::{Found, find};
use node::{Entry, Node, NodeValue};
#[cfg(not(feature = "terraform"))]
use node::Unreadable;

/// The largest text that is read in the notations of templates, in bytes: what CloudFormation reads
/// ([quotas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)).
/// It contains more than the rules, whose limits are the provider's.
const MAX_TEMPLATE_BYTES: usize = 1024 * 1024;

/// Reads a document and checks it in full.
pub(super) fn parse<'d>(
    provider: &'d Provider,
    notation: &'d Notation,
    bytes: &'d [u8],
) -> Result<Document<'d>, DocumentErrors> {
    let Some(shape) = notation.members() else {
        return Err(not_built_in());
    };
    let limit = match notation {
        Notation::Yaml(_) | Notation::Terraform(..) => {
            provider.documents.max_bytes.max(MAX_TEMPLATE_BYTES)
        }
        Notation::Xml | Notation::Json(_) => provider.documents.max_bytes,
    };
    if bytes.len() > limit {
        return Err(too_large(limit));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = core::str::from_utf8(valid).unwrap_or_default();
        let error = SyntaxError::at(valid.len(), DocumentErrorKind::NotUtf8);
        not_well_formed(valid, error, None)
    })?;
    let root = match (Syntax::of(bytes), notation) {
        (Syntax::Json, _) => json::tree(text),
        (_, Notation::Terraform(..)) => terraform_tree(text),
        (Syntax::Xml, _) => json::tree(text),
        (Syntax::Other, Notation::Yaml(_)) => yaml_tree(text),
        (Syntax::Other, _) if text.contains(':') => yaml_tree(text),
        (Syntax::Other, _) => json::tree(text),
    };
    let root = root.map_err(|error| {
        let at = SyntaxError::at(error.offset, error.kind);
        not_well_formed(text, at, error.why)
    })?;
    let mut reader = MemberReader {
        provider,
        notation,
        shape,
        content: Content {
            shape: Some(shape),
            ..Content::default()
        },
        rule_bytes: 0,
        target: None,
    };
    reader.root(&root);
    Document::checked(provider, text, reader.content)
}

#[cfg(feature = "yaml")]
use super::yaml::tree as yaml_tree;

/// Without YAML, what is not JSON is reported as that.
#[cfg(not(feature = "yaml"))]
use super::json::tree as yaml_tree;

#[cfg(feature = "terraform")]
use super::terraform::tree as terraform_tree;

#[cfg(not(feature = "terraform"))]
fn terraform_tree(_: &str) -> Result<Node<'_>, Unreadable> {
    Err(Unreadable {
        kind: DocumentErrorKind::FormNotBuiltIn,
        offset: 0,
        why: None,
    })
}

struct MemberReader<'d> {
    provider: &'d Provider,
    notation: &'d Notation,
    shape: &'d MemberShape,
    content: Content<'d>,
    /// Bytes of the last rule's strings, as written.
    rule_bytes: usize,
    /// What the rules before this one apply to.
    target: Option<Cow<'d, str>>,
}

impl<'d> MemberReader<'d> {
    fn root(&mut self, root: &Node<'d>) {
        match find(self.shape, root) {
            Found::Bare(list) => self.rules(list),
            Found::OneRule(rule) => self.next_rule(rule),
            Found::In(objects) => {
                let (first, others) = objects.split_first().unzip();
                if let Some(entries) = first.and_then(|first| first.as_object()) {
                    self.around(entries);
                }
                for other in others.unwrap_or_default() {
                    let kind = DocumentErrorKind::SeveralConfigurations;
                    self.document_violation(kind, other.offset, None);
                }
            }
            Found::Nowhere => {
                self.document_violation(DocumentErrorKind::WrongRoot, root.offset, None);
                self.advise(Some(self.expected_root()));
                if !self.shape.is_record {
                    for entry in root.as_object().unwrap_or_default() {
                        self.unknown_around(entry);
                    }
                }
            }
        }
    }

    /// Says where the rules have to be.
    fn expected_root(&self) -> String {
        let (provider, shape) = (self.provider.name, self.shape);
        let wrapper = shape.wrapper;
        let within = shape.within.first().copied().unwrap_or_default();
        match self.notation {
            Notation::Terraform(..) => format!("write each rule as a `{wrapper}` block in `{within}`"),
            Notation::Yaml(_) => format!("write the rules as `{wrapper}` in `{within}`"),
            Notation::Json(_) if shape.may_be_bare => format!(
                "the root of {provider} is an object with `{wrapper}`, or the array of rules alone"
            ),
            _ => format!("the root of {provider} is an object with `{wrapper}`"),
        }
    }

    /// Reads the members of the object that contains the rules.
    fn around(&mut self, entries: &[Entry<'d>]) {
        let mut rules: Option<&Node<'d>> = None;
        let mut vary = false;
        for entry in entries {
            let is_vary = self.shape.response_vary == Some(&*entry.name);
            if self.shape.is_wrapper(&entry.name) {
                if rules.replace(&entry.value).is_some() {
                    self.repeated_around(entry);
                }
            } else if is_vary && core::mem::replace(&mut vary, true) {
                self.repeated_around(entry);
            } else if is_vary {
                self.response_vary(entry);
            } else if !self.shape.is_record {
                self.unknown_around(entry);
            }
        }
        if let Some(rules) = rules {
            self.rules(rules);
        }
    }

    fn response_vary(&mut self, entry: &Entry<'d>) {
        let text = match &entry.value.value {
            NodeValue::String(text) => text,
            _ => entry.value.text,
        };
        match text {
            "true" => self.content.response_vary = true,
            "false" => {}
            "null" if self.shape.null_is_unset => {}
            _ => {
                let name = self.shape.response_vary.unwrap_or_default();
                self.value_violation(DocumentErrorKind::NotABoolean, &entry.value, name);
            }
        }
    }

    fn repeated_around(&mut self, entry: &Entry<'d>) {
        let name = Some(entry.name.clone());
        self.document_violation(DocumentErrorKind::Repeated, entry.offset, name);
    }

    /// Reports a member beside the rules that the form does not have.
    fn unknown_around(&mut self, entry: &Entry<'d>) {
        let names = [Some(self.shape.wrapper), self.shape.response_vary];
        let known = names.into_iter().flatten().map(|name| (name, None));
        let advice = meant(&entry.name, known).map(|name| format!("did you mean `{name}`?"));
        let name = Some(entry.name.clone());
        self.document_violation(DocumentErrorKind::UnknownElement, entry.offset, name);
        self.advise(advice);
    }

    fn rules(&mut self, rules: &Node<'d>) {
        let may_be_one = self.shape.lists == ListNotation::ArrayOrItem;
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

    fn next_rule(&mut self, rule: &Node<'d>) {
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
        let advice = meant(&entry.name, known).map(|meant| {
            let path = FIELDS.into_iter().filter_map(|field| shape.path_of(field));
            let around = path.filter(|(_, name)| *name == meant);
            match around.map(|(around, _)| around).next().flatten() {
                Some(around) => format!("did you mean `{meant}` in `{around}`?"),
                None => format!("did you mean `{meant}`?"),
            }
        });
        let name = Some(entry.name.clone());
        self.violation(DocumentErrorKind::UnknownElement, entry.offset, name);
        self.advise(advice);
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
            (_, NodeValue::String(text)) if self.shape.lists == ListNotation::CommaSeparated => {
                self.joined(field, name, value.offset, text);
            }
            (_, NodeValue::String(_)) if self.shape.lists == ListNotation::ArrayOrItem => {
                self.text_value(field, name, value);
            }
            _ => {
                for item in self.items(value, Some(name)).into_iter().flatten() {
                    self.text_value(field, name, item);
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

    /// Reads the items of a list that are joined with commas.
    fn joined(&mut self, field: Field, name: &'static str, offset: usize, text: &Cow<'d, str>) {
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

    fn items<'n>(
        &mut self,
        list: &'n Node<'d>,
        name: Option<&'static str>,
    ) -> Option<&'n [Node<'d>]> {
        let items = list.as_list();
        if items.is_none() {
            self.type_violation(DocumentErrorKind::NotAList, list, name);
        }
        items
    }

    fn members<'n>(
        &mut self,
        object: &'n Node<'d>,
        name: Option<&'static str>,
    ) -> Option<&'n [Entry<'d>]> {
        let members = object.as_object().filter(|_| !object.is_expression());
        if members.is_none() {
            self.type_violation(DocumentErrorKind::NotAnObject, object, name);
        }
        members
    }

    fn type_violation(
        &mut self,
        kind: DocumentErrorKind,
        at: &Node<'d>,
        name: Option<&'static str>,
    ) {
        let kind = if at.is_expression() {
            DocumentErrorKind::NotAValue
        } else {
            kind
        };
        self.violation(kind, at.offset, name.map(Cow::Borrowed));
    }

    fn value_violation(&mut self, kind: DocumentErrorKind, value: &Node<'d>, name: &'static str) {
        self.type_violation(kind, value, Some(name));
        if let Some(violation) = self.content.violations.last_mut() {
            violation.value = Some(Cow::Borrowed(value.text));
        }
    }

    /// Reports an error of the last rule.
    fn violation(&mut self, kind: DocumentErrorKind, offset: usize, name: Option<Cow<'d, str>>) {
        self.document_violation(kind, offset, name);
        if let Some(violation) = self.content.violations.last_mut() {
            violation.rule = self.content.rules.len().checked_sub(1);
        }
    }

    /// Reports an error outside of the rules.
    fn document_violation(
        &mut self,
        kind: DocumentErrorKind,
        offset: usize,
        name: Option<Cow<'d, str>>,
    ) {
        self.content.violations.push(Violation {
            kind,
            offset,
            rule: None,
            element: name,
            value: None,
            advice: None,
        });
    }

    /// Adds what to change to the last error.
    fn advise(&mut self, advice: Option<String>) {
        if let Some(violation) = self.content.violations.last_mut() {
            violation.advice = advice.map(Cow::Owned);
        }
    }
}
