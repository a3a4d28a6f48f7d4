//! The elements of a bucket CORS document in XML, and how a provider's names for them are written down.

use cors_core::Field;

/// The element names of a provider's documents, and how a rule holds a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ElementNames {
    pub(crate) names: &'static [(&'static str, Element)],
    pub(crate) lists: Lists,
}

/// How a rule holds the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lists {
    /// An element for each item.
    Repeated,
    /// One element that holds an element for each item.
    Wrapped,
    /// One element whose text is the items joined with commas.
    CommaSeparated,
}

/// An element that some provider's schema has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// What may stand around the configuration, with other settings beside it.
    Settings,
    Configuration,
    Rule,
    ResponseVary,
    /// What wraps the items of a list.
    List(Field),
    /// A value of a rule, or several with commas between them.
    Member(Field),
}

impl ElementNames {
    /// What a value of a rule is called, such as `AllowedOrigin`; empty if the schema has no such element.
    pub(crate) fn of(&self, field: Field) -> &'static str {
        self.name(Element::Member(field))
    }

    /// The name of an element; empty if the schema has none.
    pub(crate) fn name(&self, element: Element) -> &'static str {
        let found = self.names.iter().find(|(_, known)| *known == element);
        found.map_or("", |(name, _)| name)
    }
}

#[cfg(feature = "quick-xml")]
impl ElementNames {
    /// By local name; case matters.
    pub(crate) fn named(&self, name: &str) -> Option<(&'static str, Element)> {
        // Names of one length mostly end in different letters, which is found out faster than by comparing them.
        let ends = |name: &str| (name.len(), name.as_bytes().last().copied());
        let sought = ends(name);
        let mut names = self.names.iter();
        let found = names.find(|(known, _)| ends(known) == sought && *known == name);
        found.copied()
    }

    /// By the name as written: a namespace prefix is not looked at.
    pub(crate) fn qualified(&self, name: &str) -> Option<(&'static str, Element)> {
        let local = match name.split_once(':') {
            None => name,
            Some(("", _)) => return None,
            Some((_, local)) => local,
        };
        self.named(local)
    }
}
