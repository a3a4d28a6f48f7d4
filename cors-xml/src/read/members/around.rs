//! Reading what is around the rules: the object of the form, or the document as a whole.

use alloc::format;
use alloc::string::String;

use super::find::{Found, find};
use super::node::{Entry, Node, NodeValue};
use super::reader::MemberReader;
use crate::read::document_error::DocumentErrorKind;
use crate::read::names::meant;
use crate::shapes::Notation;

impl<'d> MemberReader<'d> {
    pub(super) fn root(&mut self, root: &Node<'d>) {
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
            Notation::Terraform(..) => {
                format!("write each rule as a `{wrapper}` block in `{within}`")
            }
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
        let meant = meant(&entry.name, known);
        let advice = meant.map(|(name, _)| format!("did you mean `{name}`?"));
        let name = Some(entry.name.clone());
        self.document_violation(DocumentErrorKind::UnknownElement, entry.offset, name);
        self.advise(advice);
    }
}
