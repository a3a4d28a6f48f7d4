//! The elements of a bucket CORS document.

use cors_core::Field;

/// An element that some vendor's schema has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Configuration,
    Rule,
    ResponseVary,
    /// A child of a rule.
    Member(Field),
}

impl Element {
    /// By local name; case matters.
    pub(crate) fn named(name: &str) -> Option<Element> {
        Some(match name {
            "CORSConfiguration" => Element::Configuration,
            "CORSRule" => Element::Rule,
            "ResponseVary" => Element::ResponseVary,
            "ID" => Element::Member(Field::Id),
            "AllowedOrigin" => Element::Member(Field::AllowedOrigin),
            "AllowedMethod" => Element::Member(Field::AllowedMethod),
            "AllowedHeader" => Element::Member(Field::AllowedHeader),
            "ExposeHeader" => Element::Member(Field::ExposeHeader),
            "MaxAgeSeconds" => Element::Member(Field::MaxAgeSeconds),
            _ => return None,
        })
    }

    /// By the name as written: a namespace prefix is not looked at.
    pub(crate) fn qualified(name: &str) -> Option<Element> {
        match name.split_once(':') {
            None => Element::named(name),
            Some(("", _)) => None,
            Some((_, local)) => Element::named(local),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Element::Configuration => "CORSConfiguration",
            Element::Rule => "CORSRule",
            Element::ResponseVary => "ResponseVary",
            Element::Member(field) => field.name(),
        }
    }
}
