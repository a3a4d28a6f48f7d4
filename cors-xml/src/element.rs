//! The elements of a bucket CORS document, and each provider's names for them.

use cors_core::Field;

/// The element names of a provider's documents, and how a rule holds a list.
///
/// # Examples
///
/// ```
/// use cors_xml::{ElementNames, Provider};
///
/// assert_eq!(Provider::S3.elements, ElementNames::CORS_CONFIGURATION);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementNames {
    names: &'static [(&'static str, Element)],
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
    /// `CORSConfiguration`, `CORSRule`, `AllowedOrigin`: OSS, S3 and COS.
    pub const CORS_CONFIGURATION: ElementNames = ElementNames {
        names: &[
            ("CORSConfiguration", Element::Configuration),
            ("CORSRule", Element::Rule),
            ("ResponseVary", Element::ResponseVary),
            ("ID", Element::Member(Field::Id)),
            ("AllowedOrigin", Element::Member(Field::AllowedOrigin)),
            ("AllowedMethod", Element::Member(Field::AllowedMethod)),
            ("AllowedHeader", Element::Member(Field::AllowedHeader)),
            ("ExposeHeader", Element::Member(Field::ExposeHeader)),
            ("MaxAgeSeconds", Element::Member(Field::MaxAgeSeconds)),
        ],
        lists: Lists::Repeated,
    };

    /// `CorsConfig`, `Cors`, `Origins`, `Origin`:
    /// [Google Cloud Storage](https://cloud.google.com/storage/docs/xml-api/put-bucket-cors). `ResponseHeader` is the one
    /// list of header names there.
    pub const CORS_CONFIG: ElementNames = ElementNames {
        names: &[
            ("CorsConfig", Element::Configuration),
            ("Cors", Element::Rule),
            ("Origins", Element::List(Field::AllowedOrigin)),
            ("Origin", Element::Member(Field::AllowedOrigin)),
            ("Methods", Element::List(Field::AllowedMethod)),
            ("Method", Element::Member(Field::AllowedMethod)),
            ("ResponseHeaders", Element::List(Field::ExposeHeader)),
            ("ResponseHeader", Element::Member(Field::ExposeHeader)),
            ("MaxAgeSec", Element::Member(Field::MaxAgeSeconds)),
        ],
        lists: Lists::Wrapped,
    };

    /// `Cors`, `CorsRule`, `AllowedOrigins`, alone or in `StorageServiceProperties`:
    /// [Azure Storage](https://learn.microsoft.com/en-us/rest/api/storageservices/set-blob-service-properties).
    pub const CORS: ElementNames = ElementNames {
        names: &[
            ("StorageServiceProperties", Element::Settings),
            ("Cors", Element::Configuration),
            ("CorsRule", Element::Rule),
            ("AllowedOrigins", Element::Member(Field::AllowedOrigin)),
            ("AllowedMethods", Element::Member(Field::AllowedMethod)),
            ("AllowedHeaders", Element::Member(Field::AllowedHeader)),
            ("ExposedHeaders", Element::Member(Field::ExposeHeader)),
            ("MaxAgeInSeconds", Element::Member(Field::MaxAgeSeconds)),
        ],
        lists: Lists::CommaSeparated,
    };

    /// What a value of a rule is called, such as `AllowedOrigin`; empty if the schema has no such element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::ElementNames;
    ///
    /// assert_eq!(ElementNames::CORS_CONFIG.of(Field::AllowedOrigin), "Origin");
    /// assert_eq!(ElementNames::CORS_CONFIG.of(Field::AllowedHeader), "");
    /// ```
    pub fn of(&self, field: Field) -> &'static str {
        self.name(Element::Member(field))
    }

    /// Whether a list is one element, its items joined with commas.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::ElementNames;
    ///
    /// assert!(ElementNames::CORS.joins_lists());
    /// ```
    pub fn joins_lists(&self) -> bool {
        self.lists == Lists::CommaSeparated
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
