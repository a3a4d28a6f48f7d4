//! Forms: listing them, detecting the form of a text, reading and writing documents.

use core::fmt;

use cors_core::{Configuration, Field};

use crate::providers::Provider;
#[cfg(feature = "alloc")]
use crate::read::{self, Document, DocumentErrors, ReadableDocument, Rejected};
use crate::shapes::{FormShape, Notation};

/// A form of a provider: a textual notation of its documents, in XML or in JSON, with the
/// provider's limits.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "json")] {
/// use cors_xml::{Form, Provider};
///
/// let text = br#"[{"origin": ["https://a.example"], "method": ["GET"], "responseHeader": ["ETag"], "maxAgeSeconds": 60}]"#;
/// let form = Provider::GCS.form_of(text);
/// assert_eq!(form.name(), Some("gcs-json"));
/// assert_eq!(Form::named("gcs-json"), Some(form));
/// let document = form.parse(text)?;
/// assert_eq!(document.with_configuration(|configuration| configuration.rules[0].max_age_seconds), Some(60));
/// # }
/// # Ok::<(), cors_xml::DocumentErrors>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form<'p> {
    provider: &'p Provider,
    shape: &'p FormShape,
}

impl Form<'static> {
    /// Iterates over every form that has a name, in the order of [`Provider::ALL`].
    pub fn all() -> impl Iterator<Item = Form<'static>> {
        let forms = Provider::ALL.into_iter().flat_map(Provider::forms);
        forms.filter(|form| form.name().is_some())
    }

    /// Returns the form with this name, as used on command lines and in data files.
    pub fn named(name: &str) -> Option<Form<'static>> {
        Form::all().find(|form| form.name() == Some(name))
    }
}

impl<'p> Form<'p> {
    /// Returns the name on command lines, in lower case; `None` for a form that can be read but has
    /// no name, such as OSS rules in JSON with S3's member names.
    pub fn name(self) -> Option<&'static str> {
        self.shape.name
    }

    /// Returns the title for people, such as `Cloudflare R2, JSON`; empty if the form has no name.
    pub fn title(self) -> &'static str {
        self.shape.title
    }

    /// Returns the provider, whose limits and semantics apply.
    pub fn provider(self) -> &'p Provider {
        self.provider
    }

    /// Returns whether the form is JSON; otherwise it is XML.
    pub fn is_json(self) -> bool {
        matches!(self.shape.notation, Notation::Json(_))
    }

    /// Reads a document in this form and checks it in full. JSON is checked as [`Document::parse`]
    /// checks XML.
    ///
    /// Members may appear in any order, and their names are case-sensitive. An unknown member, a
    /// repeated member and a value of the wrong type are errors. White space inside a value is
    /// content.
    ///
    /// # Errors
    ///
    /// Every error, or only the first syntax error if the text is not well-formed. If the crate
    /// feature that reads the form is off, the error is that the form is not built in.
    ///
    /// # Complexity
    ///
    /// Time and space linear in the bytes, n log n in the errors. A text beyond the provider's size
    /// limit is not read.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "json")] {
    /// use cors_xml::Form;
    ///
    /// let text = br#"{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["get"]}]}"#;
    /// let errors = Form::named("s3-json").unwrap().parse(text).unwrap_err();
    /// assert_eq!(
    ///     errors.to_string(),
    ///     "line 1, column 61: rule 1, AllowedMethods `get`: use a method of this dialect, in upper case",
    /// );
    /// # }
    /// ```
    #[cfg(feature = "alloc")]
    pub fn parse(self, bytes: &'p [u8]) -> Result<Document<'p>, DocumentErrors> {
        self.read(bytes).map_err(Into::into)
    }

    /// Reads what can be read of a document in this form, whether it is valid or not; `None` if it
    /// is not well-formed.
    ///
    /// # Complexity
    ///
    /// That of [`Form::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "json")] {
    /// use cors_xml::Form;
    ///
    /// let text = br#"{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["get"]}]}"#;
    /// let document = Form::named("s3-json").unwrap().parse_despite_errors(text).unwrap();
    /// assert_eq!(document.with_configuration(|configuration| configuration.rules.len()), 1);
    /// # }
    /// ```
    #[cfg(feature = "alloc")]
    pub fn parse_despite_errors(self, bytes: &'p [u8]) -> Option<ReadableDocument<'p>> {
        match self.read(bytes) {
            Ok(document) => Some(document.into()),
            Err(rejected) => rejected.read.map(|read| *read),
        }
    }

    #[cfg(feature = "alloc")]
    fn read(self, bytes: &'p [u8]) -> Result<Document<'p>, Rejected<'p>> {
        match &self.shape.notation {
            Notation::Xml => read::parse_xml(self.provider, bytes),
            Notation::Json(shape) => read::parse_json(self.provider, shape, bytes),
        }
    }

    /// Writes a configuration in this form. JSON is written with two spaces a level, one line for
    /// each member, and a line break at the end.
    ///
    /// Values that the form has no member for are left out. If every rule must have a name, a
    /// missing one is written as `rule-1` and so on. If every rule must have a max age, a missing
    /// one is written as 5 seconds, the default of browsers. XML is written as by
    /// [`Provider::write_configuration`].
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    ///
    /// # Complexity
    ///
    /// Linear in the text of the rules, constant space.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Configuration, List, Rule};
    /// use cors_xml::{Form, Provider};
    ///
    /// let rules = [Rule {
    ///     allowed_origins: List::new(&["https://a.example"]),
    ///     allowed_methods: List::new(&["GET", "HEAD"]),
    ///     ..Rule::EMPTY
    /// }];
    /// let mut text = String::new();
    /// let form = Form::named("gcs-json").unwrap();
    /// form.write(&Configuration::new(&Provider::GCS.dialect, &rules), &mut text)?;
    /// assert_eq!(text, r#"[
    ///   {
    ///     "origin": ["https://a.example"],
    ///     "method": ["GET", "HEAD"]
    ///   }
    /// ]
    /// "#);
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    pub fn write(
        self,
        configuration: &Configuration<'_>,
        out: &mut impl fmt::Write,
    ) -> fmt::Result {
        let rules = configuration.rules.iter().copied();
        match &self.shape.notation {
            Notation::Xml => {
                self.provider
                    .write_configuration(rules, configuration.response_vary, out)
            }
            Notation::Json(shape) => shape.write(rules, out),
        }
    }

    /// Returns the notation, as data.
    pub(crate) fn notation(self) -> &'p Notation {
        &self.shape.notation
    }

    /// Returns the JSON member that holds the origins, if it is directly in the rule.
    fn origins_name(self) -> Option<&'static str> {
        match &self.shape.notation {
            Notation::Json(shape) => Some(shape.name_of(Field::AllowedOrigin)),
            Notation::Xml => None,
        }
    }
}

impl Provider {
    /// Iterates over the forms of the provider's documents, its own first.
    pub fn forms(&self) -> impl Iterator<Item = Form<'_>> {
        self.forms.iter().map(|shape| Form {
            provider: self,
            shape,
        })
    }

    /// Returns the form of a text: JSON if it begins like JSON, otherwise XML. Of several JSON
    /// forms, the provider's own is chosen unless the text names the origins as another form does.
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::Provider;
    ///
    /// assert_eq!(Provider::B2.form_of(b"[{\"corsRuleName\": \"a-name\"}]").name(), Some("b2"));
    /// let in_the_members_of_s3 = Provider::B2.form_of(b"[{\"AllowedOrigins\": [\"*\"]}]");
    /// assert!(in_the_members_of_s3.is_json() && in_the_members_of_s3.name().is_none());
    /// assert!(!Provider::B2.form_of(b"<CORSConfiguration/>").is_json());
    /// ```
    pub fn form_of(&self, bytes: &[u8]) -> Form<'_> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let is_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
        let mut candidates = self.forms().filter(|form| form.is_json() == is_json);
        let own = candidates.next();
        let named = candidates.find(|form| {
            let name = form.origins_name();
            name.is_some_and(|name| holds_string(text, name))
        });
        named.or(own).unwrap_or(Form {
            provider: self,
            shape: if is_json {
                &FormShape::S3_MEMBERS
            } else {
                &FormShape::XML
            },
        })
    }
}

/// Whether a JSON text contains this string. The string must not have characters that JSON escapes.
fn holds_string(text: &[u8], string: &str) -> bool {
    let length = string.len().saturating_add(2);
    text.windows(length).any(|window| {
        let inner = window.strip_prefix(b"\"");
        inner.and_then(|inner| inner.strip_suffix(b"\"")) == Some(string.as_bytes())
    })
}
