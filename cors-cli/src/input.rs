//! Reads a document from a file or standard input, compiles it, or describes its errors.

use std::fs;
use std::io::{self, Read};

use cors_advice::source::Source;
use cors_core::{Configuration, PolicyVec};
use cors_xml::{Document, DocumentErrors, Form, Provider};

use crate::exit::Fatal;

/// The input and its name in messages.
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

    /// Parses the document in the form that it is in, of those of the provider, or describes its
    /// errors.
    pub(crate) fn parse<'d>(&'d self, provider: &'d Provider) -> Result<Document<'d>, NotValid> {
        self.parse_as(provider.form_of(&self.bytes))
    }

    /// Parses the document in a form, or describes its errors.
    pub(crate) fn parse_as<'d>(&'d self, form: Form<'d>) -> Result<Document<'d>, NotValid> {
        form.parse(&self.bytes).map_err(|errors| NotValid {
            text: self.describe(form, &errors),
            errors,
        })
    }

    /// Compiles the document to a policy image.
    pub(crate) fn compile(&self, provider: &Provider) -> Result<PolicyVec, Fatal> {
        let document = self
            .parse(provider)
            .map_err(|not_valid| Fatal(not_valid.text))?;
        let image = document.compile();
        image.map_err(|error| Fatal(format!("{}: {error}", self.name)))
    }

    /// Describes every error, with its place, the line and a marker under the column. If the
    /// document is in another form, that comes first.
    pub(crate) fn describe(&self, form: Form<'_>, errors: &DocumentErrors) -> String {
        let text = self.source().describe(errors);
        let Some(other) = self.source().other_form(form, errors) else {
            return text;
        };
        let name = &self.name;
        let dialect = other.form.provider().name;
        let from = other.form.name().map(|from| format!(", or --from {from}"));
        let from = from.unwrap_or_default();
        format!("{name}: {other}; use --dialect {dialect}{from}\n      {text}")
    }

    /// The source that messages quote.
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// The errors of a document.
pub(crate) struct NotValid {
    pub(crate) errors: DocumentErrors,
    /// For people.
    pub(crate) text: String,
}

/// The policy of a bucket without rules.
pub(crate) fn not_configured(provider: &Provider) -> Result<PolicyVec, Fatal> {
    let checked = Configuration::new(&provider.dialect, &[]).checked();
    let image = checked.and_then(|checked| checked.compile());
    image.map_err(|error| Fatal(error.to_string()))
}
