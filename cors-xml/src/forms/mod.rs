//! The forms in which a provider's owners keep their rules: which there are, which one a text is in, reading and writing it.

mod element;
mod json_shape;
mod shape;

use core::fmt;

use cors_core::{Configuration, Field};

pub(crate) use element::{Element, ElementNames, Lists};
pub(crate) use json_shape::{JsonShape, Member, NativeLimits};
pub use shape::FormShape;

use crate::providers::Provider;
#[cfg(feature = "alloc")]
use crate::read::{self, Document, DocumentErrors};
use shape::Notation;

/// A form of a provider: a textual notation of its documents, in XML or in JSON, with the provider's limits.
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
    /// Every form that has a name, in the order of [`Provider::ALL`].
    pub fn all() -> impl Iterator<Item = Form<'static>> {
        let forms = Provider::ALL.into_iter().flat_map(Provider::forms);
        forms.filter(|form| form.name().is_some())
    }

    /// The form of this name: for command lines and data files.
    pub fn named(name: &str) -> Option<Form<'static>> {
        Form::all().find(|form| form.name() == Some(name))
    }
}

impl<'p> Form<'p> {
    /// The name on command lines, lower case; `None` for a form that is read but has no name of its own, such as the rules of OSS
    /// in the members of S3.
    pub fn name(self) -> Option<&'static str> {
        self.shape.name
    }

    /// What a person calls it, such as `Cloudflare R2, JSON`; empty if it has no name.
    pub fn title(self) -> &'static str {
        self.shape.title
    }

    /// Whose rules: limits and meaning.
    pub fn provider(self) -> &'p Provider {
        self.provider
    }

    /// Whether it is JSON; XML otherwise.
    pub fn is_json(self) -> bool {
        matches!(self.shape.notation, Notation::Json(_))
    }

    /// Reads a document in this form and checks all of it. What is checked in JSON is what [`Document::parse`] checks in XML.
    ///
    /// Members may come in any order; their names are case-sensitive; one that the form does not have is an error, and so
    /// is one that comes twice, or a value of another type. White space inside a value is content.
    ///
    /// # Errors
    ///
    /// Every error, or, if the text is not well-formed, the first syntax error; that the form is not built in, if the crate's
    /// feature that reads it is off.
    ///
    /// # Complexity
    ///
    /// Time and space linear in the bytes, n log n in the errors. A text beyond the provider's size limit is not read.
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
        match &self.shape.notation {
            Notation::Xml => read::parse_xml(self.provider, bytes),
            Notation::Json(shape) => read::parse_json(self.provider, shape, bytes),
        }
    }

    /// Writes a configuration in this form; JSON with two spaces a level, a line for each member, and a line break at the end.
    ///
    /// What the form has no member for is left out. Where every rule must have a name, `rule-1` and so on stand in for none, and
    /// where every rule must have a max age, 5 seconds, which is what browsers take for none. XML is written as
    /// [`Provider::write_configuration`] does.
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

    /// The member that holds the origins, if it stands in the rule itself.
    fn origins_name(self) -> Option<&'static str> {
        match &self.shape.notation {
            Notation::Json(shape) => Some(shape.name_of(Field::AllowedOrigin)),
            Notation::Xml => None,
        }
    }
}

impl Provider {
    /// The forms in which the provider's owners keep their rules, its own first.
    pub fn forms(&self) -> impl Iterator<Item = Form<'_>> {
        self.forms.iter().map(|shape| Form {
            provider: self,
            shape,
        })
    }

    /// The form that a text is in: JSON if it begins like that, else XML. Of several JSON forms it is the provider's own, unless the
    /// text names the origins as another one does.
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

/// Whether a JSON text holds this string, which has no character that JSON escapes.
fn holds_string(text: &[u8], string: &str) -> bool {
    let length = string.len().saturating_add(2);
    text.windows(length).any(|window| {
        let inner = window.strip_prefix(b"\"");
        inner.and_then(|inner| inner.strip_suffix(b"\"")) == Some(string.as_bytes())
    })
}
