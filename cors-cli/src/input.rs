//! What a command reads, from a file or standard input: a document, compiled, or everything that is wrong with it.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};

use clap::ValueEnum;
use cors_advice::source::Source;
use cors_core::{Configuration, PolicyVec};
use cors_xml::{Document, DocumentErrorKind, DocumentErrors, Provider};

use crate::Fatal;
use crate::form::{Form, FormName};

/// What was read, and the name it goes by in messages.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Input {
    /// Reads a path, or standard input for `-`.
    pub(crate) fn read(path: &str) -> Result<Input, Fatal> {
        let (name, bytes) = if path == "-" {
            let mut bytes = Vec::new();
            (
                "standard input".to_owned(),
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes),
            )
        } else {
            (path.to_owned(), fs::read(path))
        };
        match bytes {
            Ok(bytes) => Ok(Input { name, bytes }),
            Err(error) => Err(Fatal(format!(
                "{name}: {error}; give the path of a CORS document, or - for standard input"
            ))),
        }
    }

    /// Parses the document as its provider writes it, in XML or in JSON, whichever it is.
    pub(crate) fn parse<'d>(
        &'d self,
        provider: &'d Provider,
    ) -> Result<Document<'d>, DocumentErrors> {
        self.parse_as(Form::of_text(&provider.dialect, &self.bytes))
    }

    /// Parses the document in one form.
    pub(crate) fn parse_as(&self, form: Form) -> Result<Document<'_>, DocumentErrors> {
        match form {
            Form::Xml(provider) => Document::parse(provider, &self.bytes),
            Form::Json(form) => Document::parse_json(form, &self.bytes),
        }
    }

    /// The policy image of the document.
    pub(crate) fn compile(&self, provider: &Provider) -> Result<PolicyVec, Fatal> {
        let document = self
            .parse(provider)
            .map_err(|errors| Fatal(self.describe(&errors)))?;
        let image = document.compile();
        image.map_err(|error| Fatal(format!("{}: {error}", self.name)))
    }

    /// Every error with its place, the line and a mark under the column, and the form that the document is in, if it is in another.
    pub(crate) fn describe(&self, errors: &DocumentErrors) -> String {
        let mut text = self.source().describe(errors);
        let is_another_form = matches!(
            errors.first().kind,
            DocumentErrorKind::WrongRoot
                | DocumentErrorKind::OutsideRoot
                | DocumentErrorKind::InvalidJson
        );
        if let Some(form) = self.form().filter(|_| is_another_form) {
            let _ = write!(text, "\n      it can be read as {form}");
        }
        text
    }

    /// The text as messages quote it.
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            name: &self.name,
            bytes: &self.bytes,
        }
    }

    /// The first form that the text is a valid document of, as options of a command say it.
    fn form(&self) -> Option<String> {
        let names = FormName::value_variants().iter();
        let name = names
            .copied()
            .find(|name| self.parse_as(name.form()).is_ok())?;
        let value = name.to_possible_value()?;
        let (dialect, form) = (name.form().provider().dialect.name, value.get_name());
        Some(format!("--dialect {dialect}, or --from {form}"))
    }
}

/// The policy of a bucket without rules.
pub(crate) fn not_configured(provider: &Provider) -> Result<PolicyVec, Fatal> {
    let checked = Configuration::new(&provider.dialect, &[]).checked();
    let image = checked.and_then(|checked| checked.compile());
    image.map_err(|error| Fatal(error.to_string()))
}
