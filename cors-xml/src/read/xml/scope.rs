//! The open element of a document, and what was probably meant by an element that is not allowed in it.

use alloc::format;
use alloc::string::String;

use cors_core::Field;

use crate::providers::Provider;
use crate::read::document_error::DocumentErrorKind;
use crate::read::names::meant;
use crate::shapes::{Element, Lists};

/// The open element.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    Outside,
    /// The element around the configuration.
    Settings,
    Configuration,
    Rule,
    /// The element around the items of a list.
    List(Field),
    Member(Field),
    ResponseVary,
}

/// Whether an element with this value is directly in the rule.
pub(super) fn is_child_of_rule(provider: &Provider, field: Field) -> bool {
    match field {
        Field::Id => provider.dialect.limits.max_id_characters.is_some(),
        Field::MaxAgeSeconds => true,
        _ => provider.documents.elements.lists != Lists::Wrapped,
    }
}

impl Scope {
    /// Returns what to write in place of an element that is not allowed here, and the member that was
    /// probably meant, if it is known.
    pub(super) fn advice(
        self,
        provider: &Provider,
        kind: DocumentErrorKind,
        name: &str,
    ) -> Option<(String, Option<Field>)> {
        let elements = provider.documents.elements;
        match kind {
            DocumentErrorKind::WrongRoot => {
                let root = elements.name(Element::Configuration);
                Some((format!("the root of {} is `{root}`", provider.name), None))
            }
            DocumentErrorKind::UnknownElement => {
                let allowed = elements.names.iter().filter_map(|(name, element)| {
                    let field = match element {
                        Element::List(field) | Element::Member(field) => Some(*field),
                        _ => None,
                    };
                    self.has(provider, *element).then_some((*name, field))
                });
                let (name, field) = meant(name, allowed)?;
                Some((format!("did you mean `{name}`?"), field))
            }
            _ => None,
        }
    }

    /// Whether this element may contain that one.
    fn has(self, provider: &Provider, element: Element) -> bool {
        match (self, element) {
            (Scope::Configuration, Element::Rule) | (Scope::Rule, Element::List(_)) => true,
            (Scope::Configuration, Element::ResponseVary) => provider.documents.response_vary,
            (Scope::Rule, Element::Member(field)) => is_child_of_rule(provider, field),
            (Scope::List(list), Element::Member(field)) => list == field,
            _ => false,
        }
    }
}
