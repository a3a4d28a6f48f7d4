//! Forms: listing them, detecting the form of a text, reading and writing documents.

use core::fmt;

use cors_core::{Configuration, Field};

use crate::providers::Provider;
#[cfg(feature = "alloc")]
use crate::read::{self, Document, DocumentErrors, ReadableDocument, Rejected};
use crate::shapes::{Element, FormShape, MemberShape, Notation};
use crate::syntax::{Syntax, first_tag, has_member};

/// A form of a provider: a textual notation of its documents, in XML, JSON, YAML or Terraform's
/// language, with the provider's limits.
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
    /// no name, such as OSS rules in JSON with S3's member names, or what a provider's tool prints.
    pub fn name(self) -> Option<&'static str> {
        self.shape.name
    }

    /// Returns the title for people, such as `Cloudflare R2, JSON`; empty if the form has none.
    pub fn title(self) -> &'static str {
        self.shape.title
    }

    /// Returns the provider, whose limits and semantics apply.
    pub fn provider(self) -> &'p Provider {
        self.provider
    }

    /// Returns whether the form is written in JSON.
    pub fn is_json(self) -> bool {
        matches!(self.shape.notation, Notation::Json(_))
    }

    /// Returns whether the form is XML; otherwise it has named members, in JSON, YAML or Terraform's
    /// language.
    pub fn is_xml(self) -> bool {
        self.shape.notation == Notation::Xml
    }

    /// Returns whether a text looks like a document of this form: it has the root element and no
    /// other provider's namespace, or a member that contains the rules or the origins. It may still
    /// have errors.
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::Form;
    ///
    /// let text = b"<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    /// let is_recognized = |name| Form::named(name).unwrap().recognizes(text);
    /// assert_eq!(["s3", "oss", "gcs", "s3-json"].map(is_recognized), [true, false, false, false]);
    /// ```
    pub fn recognizes(self, bytes: &[u8]) -> bool {
        match self.shape.notation.members() {
            Some(shape) => {
                // A resource of Terraform is that of one provider.
                let is_resource = matches!(self.shape.notation, Notation::Terraform(..))
                    && has_member(bytes, "resource");
                let mut within = shape.within.iter();
                Syntax::of(bytes) != Syntax::Xml
                    && (marks_in(shape, bytes) > 0 || names_origins(shape, bytes))
                    && (!is_resource || within.any(|name| has_member(bytes, name)))
            }
            None => Syntax::of(bytes) == Syntax::Xml && self.has_root(bytes),
        }
    }

    /// Reads a document in this form and checks it in full. The notations with members are checked
    /// as [`Document::parse`] checks XML.
    ///
    /// A text that begins like JSON is read as JSON; another one in the notation of the form, or as
    /// YAML. The rules may be in the object of the form, alone, or inside the record, the request or
    /// the template that the provider's tools keep them in, whose other settings are skipped. One
    /// rule may be without an array.
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
    ///     "line 1, column 61: rule 1, AllowedMethods `get`: write it as `GET`",
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
            notation => read::parse_members(self.provider, notation, bytes),
        }
    }

    /// Writes a configuration in this form. JSON, YAML and Terraform are written with two spaces a
    /// level, one line for each member, and a line break at the end.
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
        match &self.shape.notation {
            Notation::Xml => {
                let rules = configuration.rules.iter().copied();
                self.provider
                    .write_configuration(rules, configuration.response_vary, out)
            }
            Notation::Json(shape) => shape.write_json(configuration, out),
            Notation::Yaml(shape) => shape.write_yaml(configuration, out),
            Notation::Terraform(shape, opening) => {
                shape.write_terraform(configuration, opening, out)
            }
        }
    }

    /// Whether the first tag of a text is the root, without the namespace of another provider.
    fn has_root(self, bytes: &[u8]) -> bool {
        let documents = &self.provider.documents;
        let tag = first_tag(bytes).unwrap_or_default();
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
        let name = tag.split(is_end).next().unwrap_or_default();
        let name = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        let roots = [Element::Configuration, Element::Settings];
        let mut roots = roots.into_iter().map(|root| documents.elements.name(root));
        let holds = |text: &str| {
            tag.windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        let mut namespaces = Provider::ALL
            .into_iter()
            .filter_map(|known| known.documents.namespace);
        let is_other = |namespace: &str| documents.namespace != Some(namespace) && holds(namespace);
        !name.is_empty() && roots.any(|root| root.as_bytes() == name) && !namespaces.any(is_other)
    }

    /// Returns the notation, as data.
    pub(crate) fn notation(self) -> &'p Notation {
        &self.shape.notation
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

    /// Returns the form of a text: XML if it begins like XML, JSON if it begins like JSON, otherwise
    /// the YAML or Terraform that its names are found in, or else XML. Of several forms, the first
    /// with the most names of the members around the rules is chosen, then the first that names the
    /// origins as the text does, then the provider's own.
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
        let syntax = Syntax::of(bytes);
        let mut marked = None;
        let mut named = None;
        let mut own = None;
        for form in self.forms() {
            let Some(shape) = form.shape.notation.members() else {
                if syntax != Syntax::Json && own.is_none() {
                    own = Some(form);
                }
                continue;
            };
            if syntax == Syntax::Xml {
                continue;
            }
            let marks = marks_in(shape, bytes);
            if marks > marked.map_or(0, |(most, _)| most) {
                marked = Some((marks, form));
            }
            if named.is_none() && names_origins(shape, bytes) {
                named = Some(form);
            }
            if syntax == Syntax::Json && own.is_none() {
                own = Some(form);
            }
        }
        let marked = marked.map(|(_, form)| form);
        marked.or(named).or(own).unwrap_or(Form {
            provider: self,
            shape: if syntax == Syntax::Json {
                &FormShape::S3_MEMBERS
            } else {
                &FormShape::XML
            },
        })
    }
}

/// How many of the names around the rules a text has.
fn marks_in(shape: &MemberShape, text: &[u8]) -> usize {
    shape.marks().filter(|name| has_member(text, name)).count()
}

/// Whether a text names the origins of a rule as this form does.
fn names_origins(shape: &MemberShape, text: &[u8]) -> bool {
    let path = shape.path_of(Field::AllowedOrigin);
    path.is_some_and(|(around, name)| has_member(text, around.unwrap_or(name)))
}
