//! Reading members: what is known of the document so far, and its errors.

use alloc::borrow::Cow;
use alloc::string::String;

use super::node::{Entry, Node};
use crate::providers::Provider;
use crate::read::content::{Content, Violation};
use crate::read::document_error::DocumentErrorKind;
use crate::shapes::{MemberShape, Notation};

pub(super) struct MemberReader<'d> {
    pub(super) provider: &'d Provider,
    pub(super) notation: &'d Notation,
    pub(super) shape: &'d MemberShape,
    pub(super) content: Content<'d>,
    /// Bytes of the last rule's strings, as written.
    pub(super) rule_bytes: usize,
    /// What the rules before this one apply to.
    pub(super) target: Option<Cow<'d, str>>,
}

impl<'d> MemberReader<'d> {
    pub(super) fn items<'n>(
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

    pub(super) fn members<'n>(
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

    pub(super) fn type_violation(
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

    pub(super) fn value_violation(
        &mut self,
        kind: DocumentErrorKind,
        value: &Node<'d>,
        name: &'static str,
    ) {
        self.type_violation(kind, value, Some(name));
        if let Some(violation) = self.content.violations.last_mut() {
            violation.value = Some(Cow::Borrowed(value.text));
        }
    }

    /// Reports an error of the last rule.
    pub(super) fn violation(
        &mut self,
        kind: DocumentErrorKind,
        offset: usize,
        name: Option<Cow<'d, str>>,
    ) {
        self.document_violation(kind, offset, name);
        if let Some(violation) = self.content.violations.last_mut() {
            violation.rule = self.content.rules.len().checked_sub(1);
        }
    }

    /// Reports an error outside of the rules.
    pub(super) fn document_violation(
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
            meant: None,
        });
    }

    /// Adds what to change to the last error.
    pub(super) fn advise(&mut self, advice: Option<String>) {
        if let Some(violation) = self.content.violations.last_mut() {
            violation.advice = advice.map(Cow::Owned);
        }
    }
}
