//! A parsed bucket CORS document: checked in full, borrowed from its bytes.

use alloc::boxed::Box;
use alloc::vec::Vec;

use cors_core::{CompileError, Configuration, Field, List, PolicyVec, Rule};

use crate::providers::Provider;
use crate::read::content::{Content, RuleText, Value, Violation, field_index};
use crate::read::document_error::{DocumentErrorKind, DocumentErrors};
use crate::read::position::Positions;

/// A valid document: the rules of a bucket.
///
/// # Examples
///
/// ```
/// use cors_xml::{Document, Provider};
///
/// let body = b"<CORSConfiguration><CORSRule>
///   <AllowedOrigin>https://*.example.com</AllowedOrigin>
///   <AllowedMethod>PUT</AllowedMethod>
///   <AllowedHeader>x-oss-*</AllowedHeader>
/// </CORSRule></CORSConfiguration>";
/// let document = Document::parse(&Provider::OSS, body)?;
/// let methods = document.with_configuration(|configuration| configuration.rules[0].allowed_methods.iter().count());
/// assert_eq!(methods, 1);
/// # Ok::<(), cors_xml::DocumentErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document<'d> {
    provider: &'d Provider,
    text: &'d str,
    content: Content<'d>,
}

impl<'d> Document<'d> {
    /// Returns a document with this content, or everything that is wrong with it and what was read.
    pub(crate) fn checked(
        provider: &'d Provider,
        text: &'d str,
        content: Content<'d>,
    ) -> Result<Document<'d>, Rejected<'d>> {
        let mut document = Document {
            provider,
            text,
            content,
        };
        document.check_text_bytes();
        match document.errors(text) {
            Some(errors) => Err(Rejected {
                errors,
                read: Some(Box::new(ReadableDocument(document))),
            }),
            None => Ok(document),
        }
    }

    /// Returns `ResponseVary`; false if the document does not set it or the provider has no such
    /// element.
    pub fn response_vary(&self) -> bool {
        self.content.response_vary
    }

    /// Calls `read` with the configuration: the rules in their order and spelling, under the
    /// provider's dialect.
    ///
    /// # Complexity
    ///
    /// Linear in the number of values, for each call.
    pub fn with_configuration<T>(&self, read: impl FnOnce(&Configuration<'_>) -> T) -> T {
        let values = self.content.values.iter();
        let items: Vec<&str> = values.map(|value| &*value.text).collect();
        let mut rest = items.as_slice();
        let mut rules = Vec::with_capacity(self.content.rules.len());
        for rule in &self.content.rules {
            let [ids, origins, methods, headers, exposed, _] = rule.counts.map(|count| {
                let (list, after) = rest.split_at_checked(count).unwrap_or_default();
                rest = after;
                list
            });
            rules.push(Rule {
                id: ids.first().copied(),
                allowed_origins: List::new(origins),
                allowed_methods: List::new(methods),
                allowed_headers: List::new(headers),
                expose_headers: List::new(exposed),
                max_age_seconds: rule.max_age_seconds,
                allow_credentials: false,
            });
        }
        let dialect = &self.provider.dialect;
        read(&Configuration {
            response_vary: self.content.response_vary,
            ..Configuration::new(dialect, &rules)
        })
    }

    /// Compiles the rules into a policy image of exactly the size it needs.
    ///
    /// # Errors
    ///
    /// Only the image's own limit on the number of distinct patterns. No document within a
    /// provider's size limit exceeds it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::{Document, Provider};
    ///
    /// let body = include_bytes!("../../documents/example.xml");
    /// let image = Document::parse(&Provider::OSS, body)?.compile()?;
    /// assert_eq!(image.as_policy().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile(&self) -> Result<PolicyVec, CompileError> {
        // The configuration was checked when the document was read, and has not changed since.
        self.with_configuration(|configuration| configuration.assume_checked().compile())
    }

    /// Returns where a value is in the document: line and column from 1, the name of the element or
    /// member, and the value. Without a field, returns where the rule is. `None` if the document
    /// has no such rule or value.
    ///
    /// # Complexity
    ///
    /// Linear in the document.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::{Document, Provider};
    ///
    /// let document = Document::parse(&Provider::OSS, include_bytes!("../../documents/example.xml"))?;
    /// let place = document.place(0, Some(Field::AllowedOrigin), Some(0)).unwrap();
    /// assert_eq!((place.line, place.name, place.value), (6, Some("AllowedOrigin"), Some("*")));
    /// # Ok::<(), cors_xml::DocumentErrors>(())
    /// ```
    pub fn place(
        &self,
        rule: usize,
        field: Option<Field>,
        item: Option<usize>,
    ) -> Option<Place<'_>> {
        let text = self.content.rules.get(rule)?;
        let values = self.content.values.get(text.values.clone())?;
        let value = field.and_then(|field| {
            let mut values = values.iter().filter(|value| value.field == field);
            values.nth(item.unwrap_or(0))
        });
        if value.is_none() && item.is_some() {
            return None;
        }
        let (line, column) =
            Positions::new(self.text).of(value.map_or(text.offset, |value| value.offset));
        Some(Place {
            line,
            column,
            name: value.map_or(self.content.rule_name, |value| Some(value.name)),
            value: value.map(|value| &*value.text),
        })
    }

    /// Returns where every value is, in the order of the document: its rule, its member, its place.
    ///
    /// # Complexity
    ///
    /// Linear in the document, and sorts the values.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::{Document, Provider};
    ///
    /// let document = Document::parse(&Provider::OSS, include_bytes!("../../documents/example.xml"))?;
    /// let values: Vec<_> = document.places().iter().map(|(rule, _, place)| (*rule, place.value)).collect();
    /// assert_eq!(values[..2], [(0, Some("*")), (0, Some("PUT"))]);
    /// # Ok::<(), cors_xml::DocumentErrors>(())
    /// ```
    pub fn places(&self) -> Vec<(usize, Field, Place<'_>)> {
        let rules = self.content.rules.iter().enumerate();
        let mut values: Vec<(usize, &Value<'_>)> = rules
            .flat_map(|(number, rule)| {
                let values = self.content.values.get(rule.values.clone());
                values
                    .unwrap_or_default()
                    .iter()
                    .map(move |value| (number, value))
            })
            .collect();
        values.sort_by_key(|(_, value)| value.offset);
        let mut positions = Positions::new(self.text);
        values
            .into_iter()
            .map(|(rule, value)| (rule, value.field, value.place(&mut positions)))
            .collect()
    }

    /// Iterates over the values that were read as another value and are not written back the same:
    /// the rule, counted from 0, where the value is, and what it was read as.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "json")] {
    /// use cors_xml::Provider;
    ///
    /// let text = br#"[{"corsRuleName": "uploads", "allowedOrigins": ["https://a.example"],
    ///     "allowedOperations": ["s3_get", "b2_upload_file"], "maxAgeSeconds": 60}]"#;
    /// let document = Provider::B2.form_of(text).parse(text)?;
    /// let readings: Vec<_> = document.readings().map(|(_, place, meant)| (place.value, meant)).collect();
    /// assert_eq!(readings, [(Some("b2_upload_file"), "POST")]);
    /// # }
    /// # Ok::<(), cors_xml::DocumentErrors>(())
    /// ```
    pub fn readings(&self) -> impl Iterator<Item = (usize, Place<'_>, &'static str)> {
        // They are in the order of the document.
        let mut positions = Positions::new(self.text);
        self.content.readings.iter().map(move |reading| {
            let place = reading.value.place(&mut positions);
            (reading.rule, place, reading.meant)
        })
    }

    /// Records a violation if the values are larger than the provider accepts.
    fn check_text_bytes(&mut self) {
        let values = self.content.values.iter();
        let bytes: usize = values.map(|value| value.text.len()).sum();
        if let Some(limit) = self
            .provider
            .documents
            .max_text_bytes
            .filter(|limit| bytes > *limit)
        {
            self.content.violations.push(Violation {
                kind: DocumentErrorKind::TooMuchText { limit },
                offset: 0,
                rule: None,
                element: None,
                value: None,
                advice: None,
                meant: None,
            });
        }
    }

    /// Everything that is wrong, in document order.
    fn errors(&self, text: &'d str) -> Option<DocumentErrors> {
        let mut invalid = Vec::new();
        self.with_configuration(|configuration| {
            cors_core::check(configuration).for_each(|error| invalid.push(error));
        });
        if invalid.is_empty() && self.content.violations.is_empty() {
            return None;
        }
        let invalid = invalid
            .iter()
            .filter(|error| !self.content.is_explained(error))
            .map(|error| self.content.violation(self.provider, error));
        let mut violations: Vec<Violation<'_>> = invalid
            .chain(self.content.violations.iter().map(Violation::reborrow))
            .collect();
        violations.sort_by_key(|violation| violation.offset);
        let mut positions = Positions::new(text);
        let mut errors = violations
            .iter()
            .map(|violation| violation.to_error(&mut positions));
        let first = errors.next()?;
        Some(DocumentErrors::new(first, errors.collect()))
    }
}

/// The rules of a document as far as they could be read, valid or not: for advice, not for serving
/// requests.
#[derive(Clone, Debug)]
pub struct ReadableDocument<'d>(Document<'d>);

impl ReadableDocument<'_> {
    /// As [`Document::with_configuration`]. The configuration is not checked.
    pub fn with_configuration<T>(&self, read: impl FnOnce(&Configuration<'_>) -> T) -> T {
        self.0.with_configuration(read)
    }

    /// As [`Document::place`].
    pub fn place(
        &self,
        rule: usize,
        field: Option<Field>,
        item: Option<usize>,
    ) -> Option<Place<'_>> {
        self.0.place(rule, field, item)
    }
}

impl<'d> From<Document<'d>> for ReadableDocument<'d> {
    fn from(document: Document<'d>) -> Self {
        ReadableDocument(document)
    }
}

/// The errors of a document, and what was read of it if it is well-formed.
pub(crate) struct Rejected<'d> {
    pub(crate) errors: DocumentErrors,
    pub(crate) read: Option<Box<ReadableDocument<'d>>>,
}

impl From<DocumentErrors> for Rejected<'_> {
    fn from(errors: DocumentErrors) -> Self {
        Rejected { errors, read: None }
    }
}

impl From<Rejected<'_>> for DocumentErrors {
    fn from(rejected: Rejected<'_>) -> Self {
        rejected.errors
    }
}

/// Where a value or a rule is in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'d> {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1: where the element, or in JSON the value, starts.
    pub column: usize,
    /// The name of the element or member, if it has one.
    pub name: Option<&'d str>,
    /// The value, as the rule has it.
    pub value: Option<&'d str>,
}

impl Value<'_> {
    /// Where the value is; `positions` is not beyond it.
    fn place(&self, positions: &mut Positions<'_>) -> Place<'_> {
        let (line, column) = positions.of(self.offset);
        Place {
            line,
            column,
            name: Some(self.name),
            value: Some(&self.text),
        }
    }
}

impl RuleText {
    pub(super) fn value<'s, 'd>(
        &self,
        values: &'s [Value<'d>],
        field: Field,
        item: usize,
    ) -> Option<&'s Value<'d>> {
        let (before, rest) = self.counts.split_at_checked(field_index(field))?;
        let is_there = rest.first().is_some_and(|count| item < *count);
        let offset = before
            .iter()
            .sum::<usize>()
            .checked_add(item)
            .filter(|_| is_there)?;
        values.get(self.values.start.checked_add(offset)?)
    }
}
