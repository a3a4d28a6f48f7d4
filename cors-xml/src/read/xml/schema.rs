//! The schema of a bucket CORS document: which elements are allowed where, and how values are read.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use cors_core::Field;

use crate::providers::Provider;
use crate::read::content::{Content, FIELDS, RuleText, Violation, field_index};
use crate::read::document_error::DocumentErrorKind;
use crate::read::max_age::seconds;
use crate::read::syntax_error::SyntaxError;
use crate::read::xml::events::{Event, Events};
use crate::read::xml::scope::{Scope, is_child_of_rule};
use crate::read::xml::source::Source;
use crate::read::xml::value::ValueText;
use crate::shapes::{Element, Lists};

/// Reads a document to its end. Returns a syntax error if it is not well-formed; violations of the
/// schema are collected in the content.
pub(crate) fn read<'d>(
    provider: &Provider,
    source: &Source<'d>,
) -> Result<Content<'d>, SyntaxError<'d>> {
    let length = source.text.len();
    let most_rules = usize::from(provider.dialect.limits.max_rules);
    let content = Content {
        shape: None,
        // A rule is about 100 bytes with its tags, a value about 40.
        rules: Vec::with_capacity(most_rules.min(length / 100)),
        values: Vec::with_capacity(length / 40),
        response_vary: false,
        rule_name: Some(provider.documents.elements.name(Element::Rule)),
        readings: Vec::new(),
        violations: Vec::new(),
    };
    let mut reader = SchemaReader {
        provider,
        events: Events::new(provider.documents.elements, source)?,
        content,
        scope: Scope::Outside,
        skipped_depth: 0,
        root: None,
        settings: None,
        response_vary_seen: false,
        has_carriage_return: source.has_carriage_return,
        value_name: "",
        value_offset: 0,
        value: ValueText::default(),
    };
    reader.read()?;
    Ok(reader.content)
}

struct SchemaReader<'v, 'd> {
    provider: &'v Provider,
    events: Events<'d>,
    content: Content<'d>,
    scope: Scope,
    /// How many skipped elements are open: one that is not allowed, and elements inside it.
    skipped_depth: usize,
    /// The offset of the configuration.
    root: Option<usize>,
    /// The offset of the element around it.
    settings: Option<usize>,
    response_vary_seen: bool,
    has_carriage_return: bool,
    /// The schema's name for the open value.
    value_name: &'static str,
    value_offset: usize,
    value: ValueText<'d>,
}

impl<'d> SchemaReader<'_, 'd> {
    fn read(&mut self) -> Result<(), SyntaxError<'d>> {
        loop {
            match self.events.next()? {
                Event::Start {
                    name,
                    element,
                    empty,
                } => {
                    if self.skipped_depth == 0 {
                        self.open(name, element);
                        if empty {
                            self.close();
                        }
                    } else if !empty {
                        self.skipped_depth = self.skipped_depth.saturating_add(1);
                    }
                }
                Event::End => self.close(),
                Event::Text(text) => self.text(text, false),
                Event::Cdata(text) => self.text(text, true),
                Event::Reference(character) => self.reference(character),
                Event::Eof => break,
            }
        }
        if let (Some(offset), None) = (self.settings, self.root) {
            let element = self.provider.documents.elements.name(Element::Settings);
            self.content.violations.push(Violation {
                kind: DocumentErrorKind::NoConfiguration,
                offset,
                rule: None,
                element: Some(Cow::Borrowed(element)),
                value: None,
                advice: None,
                meant: None,
            });
        }
        let needs_rule = !self.provider.documents.may_be_empty && self.content.rules.is_empty();
        if let (Some(offset), true) = (self.root, needs_rule) {
            let element = self
                .provider
                .documents
                .elements
                .name(Element::Configuration);
            self.content.violations.push(Violation {
                kind: DocumentErrorKind::NoRule,
                offset,
                rule: None,
                element: Some(Cow::Borrowed(element)),
                value: None,
                advice: None,
                meant: None,
            });
        }
        Ok(())
    }

    fn open(&mut self, name: &'d str, named: Option<(&'static str, Element)>) {
        let (known, element) = named.unzip();
        match (self.scope, element) {
            (Scope::Outside, Some(Element::Settings)) => {
                self.settings = Some(self.events.offset());
                self.scope = Scope::Settings;
            }
            (Scope::Settings, Some(Element::Configuration)) if self.root.is_some() => {
                self.skip(DocumentErrorKind::Repeated, name);
            }
            (Scope::Outside | Scope::Settings, Some(Element::Configuration)) => {
                self.root = Some(self.events.offset());
                self.scope = Scope::Configuration;
            }
            // Other settings.
            (Scope::Settings, _) => self.skipped_depth = 1,
            (Scope::Outside, _) => self.skip(DocumentErrorKind::WrongRoot, name),
            (Scope::Configuration, Some(Element::Rule)) => {
                let next = self.content.values.len();
                let offset = self.events.offset();
                self.content.rules.push(RuleText {
                    offset,
                    values: next..next,
                    seen: [false; FIELDS.len()],
                    counts: [0; FIELDS.len()],
                    max_age_seconds: None,
                });
                self.scope = Scope::Rule;
            }
            (Scope::Configuration, Some(Element::ResponseVary))
                if self.provider.documents.response_vary =>
            {
                if self.response_vary_seen {
                    return self.skip(DocumentErrorKind::Repeated, name);
                }
                self.response_vary_seen = true;
                self.begin_value(Scope::ResponseVary, known);
            }
            (Scope::Rule, Some(Element::Member(field)))
                if is_child_of_rule(self.provider, field) =>
            {
                if self.is_first(field) {
                    self.begin_value(Scope::Member(field), known);
                } else {
                    self.skip(DocumentErrorKind::Repeated, name);
                }
            }
            (Scope::Rule, Some(Element::List(field))) => {
                if self.is_first(field) {
                    self.scope = Scope::List(field);
                } else {
                    self.skip(DocumentErrorKind::Repeated, name);
                }
            }
            (Scope::List(list), Some(Element::Member(field))) if list == field => {
                self.begin_value(Scope::Member(field), known);
            }
            (Scope::Member(_) | Scope::ResponseVary, _) => {
                self.skip(DocumentErrorKind::NestedElement, name);
            }
            (Scope::Configuration | Scope::Rule | Scope::List(_), _) => {
                self.skip(DocumentErrorKind::UnknownElement, name);
            }
        }
    }

    /// Whether the rule may have another of these elements; records that it has one.
    fn is_first(&mut self, field: Field) -> bool {
        let repeats = self.provider.documents.elements.lists == Lists::Repeated
            && !matches!(field, Field::Id | Field::MaxAgeSeconds);
        let rule = self.content.rules.last_mut();
        let seen = rule.and_then(|rule| rule.seen.get_mut(field_index(field)));
        repeats || seen.is_some_and(|seen| !core::mem::replace(seen, true))
    }

    fn begin_value(&mut self, scope: Scope, name: Option<&'static str>) {
        self.scope = scope;
        self.value_name = name.unwrap_or_default();
        self.value_offset = self.events.offset();
        self.value = ValueText::default();
    }

    fn close(&mut self) {
        if self.skipped_depth > 0 {
            self.skipped_depth = self.skipped_depth.saturating_sub(1);
            return;
        }
        self.scope = match self.scope {
            Scope::Configuration if self.settings.is_some() => Scope::Settings,
            Scope::Outside | Scope::Settings | Scope::Configuration => Scope::Outside,
            Scope::Rule => {
                let elements = self.provider.documents.elements;
                let name = |field| elements.of(field);
                self.content
                    .note_missing(self.provider.documents.required, name);
                self.content.end_rule();
                Scope::Configuration
            }
            Scope::List(_) => Scope::Rule,
            Scope::Member(field) => {
                let text = core::mem::take(&mut self.value).finish();
                self.end_member(field, text);
                if is_child_of_rule(self.provider, field) {
                    Scope::Rule
                } else {
                    Scope::List(field)
                }
            }
            Scope::ResponseVary => {
                let text = core::mem::take(&mut self.value).finish();
                self.end_response_vary(text);
                Scope::Configuration
            }
        };
    }

    fn end_member(&mut self, field: Field, text: Cow<'d, str>) {
        if field == Field::MaxAgeSeconds {
            match seconds(&self.provider.dialect.limits, &text) {
                Ok(seconds) => {
                    if let Some(rule) = self.content.rules.last_mut() {
                        rule.max_age_seconds = Some(seconds);
                    }
                }
                Err(kind) => self.value_violation(kind, text.clone()),
            }
        }
        let is_list = !matches!(field, Field::Id | Field::MaxAgeSeconds);
        if !is_list || self.provider.documents.elements.lists != Lists::CommaSeparated {
            return self.push_value(field, text);
        }
        match text {
            // An empty element is an empty list.
            text if text.is_empty() => {}
            Cow::Borrowed(text) => text
                .split(',')
                .for_each(|item| self.push_value(field, Cow::Borrowed(item.trim_ascii()))),
            Cow::Owned(text) => text
                .split(',')
                .for_each(|item| self.push_value(field, Cow::Owned(item.trim_ascii().into()))),
        }
    }

    fn push_value(&mut self, field: Field, text: Cow<'d, str>) {
        self.content
            .push(field, self.value_name, self.value_offset, text);
    }

    fn end_response_vary(&mut self, text: Cow<'d, str>) {
        match &*text {
            "true" => self.content.response_vary = true,
            "false" => self.content.response_vary = false,
            _ => self.value_violation(DocumentErrorKind::NotABoolean, text),
        }
    }

    fn text(&mut self, text: &'d str, is_cdata: bool) {
        if self.skipped_depth > 0 {
            return;
        }
        match self.scope {
            Scope::Member(_) | Scope::ResponseVary => {
                self.value.push_literal(text, self.has_carriage_return);
            }
            Scope::Outside
            | Scope::Settings
            | Scope::Configuration
            | Scope::Rule
            | Scope::List(_) => {
                let stray = text.trim_ascii();
                if is_cdata || !stray.is_empty() {
                    let leading = text.len().saturating_sub(text.trim_ascii_start().len());
                    let leading = if is_cdata { 0 } else { leading };
                    self.stray(
                        self.events.offset().saturating_add(leading),
                        Cow::Borrowed(stray),
                    );
                }
            }
        }
    }

    fn reference(&mut self, character: char) {
        if self.skipped_depth > 0 {
            return;
        }
        match self.scope {
            Scope::Member(_) | Scope::ResponseVary => self.value.push_reference(character),
            Scope::Outside
            | Scope::Settings
            | Scope::Configuration
            | Scope::Rule
            | Scope::List(_) => {
                self.stray(self.events.offset(), Cow::Owned(character.into()));
            }
        }
    }

    fn stray(&mut self, offset: usize, text: Cow<'d, str>) {
        let rule = self.rule();
        let kind = DocumentErrorKind::TextBetweenElements;
        self.content.violations.push(Violation {
            kind,
            offset,
            rule,
            element: None,
            value: Some(text),
            advice: None,
            meant: None,
        });
    }

    fn value_violation(&mut self, kind: DocumentErrorKind, value: Cow<'d, str>) {
        let (offset, rule) = (self.value_offset, self.rule());
        self.content.violations.push(Violation {
            kind,
            offset,
            rule,
            element: Some(Cow::Borrowed(self.value_name)),
            value: Some(value),
            advice: None,
            meant: None,
        });
    }

    /// Records what is wrong with the element that begins, and skips it.
    fn skip(&mut self, kind: DocumentErrorKind, name: &'d str) {
        let (offset, rule) = (self.events.offset(), self.rule());
        let (advice, meant) = self.scope.advice(self.provider, kind, name).unzip();
        self.content.violations.push(Violation {
            kind,
            offset,
            rule,
            element: Some(Cow::Borrowed(name)),
            value: None,
            advice: advice.map(Cow::Owned),
            meant: meant.flatten(),
        });
        self.skipped_depth = 1;
    }

    /// The index of the open rule.
    fn rule(&self) -> Option<usize> {
        match self.scope {
            Scope::Rule | Scope::List(_) | Scope::Member(_) => {
                self.content.rules.len().checked_sub(1)
            }
            Scope::Outside | Scope::Settings | Scope::Configuration | Scope::ResponseVary => None,
        }
    }
}
