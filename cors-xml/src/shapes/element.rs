//! The elements of a bucket CORS document in XML, and the providers' names for them.

use cors_core::Field;

/// The element names of a provider's documents, and how a rule represents a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ElementNames {
    pub(crate) names: &'static [(&'static str, Element)],
    pub(crate) lists: Lists,
}

/// How a rule represents a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lists {
    /// One element for each item.
    Repeated,
    /// One element that contains an element for each item.
    Wrapped,
    /// One element whose text is the items joined with commas.
    CommaSeparated,
}

/// An element of at least one provider's schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// The element that may contain the configuration among other settings.
    Settings,
    Configuration,
    Rule,
    ResponseVary,
    /// The element that contains the items of a list.
    List(Field),
    /// A value of a rule, or several joined with commas.
    Member(Field),
}

impl ElementNames {
    /// Returns the element name of a rule's value, such as `AllowedOrigin`; empty if the schema has
    /// no such element.
    pub(crate) fn of(&self, field: Field) -> &'static str {
        self.name(Element::Member(field))
    }

    /// Returns the name of an element; empty if the schema does not have it.
    pub(crate) fn name(&self, element: Element) -> &'static str {
        let found = self.names.iter().find(|(_, known)| *known == element);
        found.map_or("", |(name, _)| name)
    }
}

#[cfg(feature = "quick-xml")]
impl ElementNames {
    /// Finds an element by its local name; case matters.
    pub(crate) fn named(&self, name: &str) -> Option<(&'static str, Element)> {
        // Names of equal length mostly differ in the last letter. Comparing that first is faster
        // than comparing whole names.
        let ends = |name: &str| (name.len(), name.as_bytes().last().copied());
        let sought = ends(name);
        let mut names = self.names.iter();
        let found = names.find(|(known, _)| ends(known) == sought && *known == name);
        found.copied()
    }

    /// Finds an element by its name as written; a namespace prefix is ignored.
    pub(crate) fn qualified(&self, name: &str) -> Option<(&'static str, Element)> {
        let local = match name.split_once(':') {
            None => name,
            Some(("", _)) => return None,
            Some((_, local)) => local,
        };
        self.named(local)
    }
}
