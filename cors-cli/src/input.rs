//! Reads a document from a file or standard input, compiles it, or describes its errors.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};

use cors_advice::source::Source;
use cors_core::{Configuration, PolicyVec};
use cors_xml::{Document, DocumentErrors, Provider};

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

    /// Parses the document in the provider's form, XML or JSON.
    pub(crate) fn parse<'d>(
        &'d self,
        provider: &'d Provider,
    ) -> Result<Document<'d>, DocumentErrors> {
        provider.form_of(&self.bytes).parse(&self.bytes)
    }

    /// Compiles the document to a policy image.
    pub(crate) fn compile(&self, provider: &Provider) -> Result<PolicyVec, Fatal> {
        let document = self
            .parse(provider)
            .map_err(|errors| Fatal(self.describe(&errors)))?;
        let image = document.compile();
        image.map_err(|error| Fatal(format!("{}: {error}", self.name)))
    }

    /// Describes every error, with its place, the line and a marker under the column, and names the
    /// form of the document if it is in another one.
    pub(crate) fn describe(&self, errors: &DocumentErrors) -> String {
        let mut text = self.source().describe(errors);
        let form = self.source().other_form(errors);
        if let Some((form, name)) = form.and_then(|form| Some((form, form.name()?))) {
            let dialect = form.provider().name;
            let _ = write!(
                text,
                "\n      it can be read with --dialect {dialect}, or --from {name}"
            );
        }
        text
    }

    /// The source that messages quote.
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// The policy of a bucket without rules.
pub(crate) fn not_configured(provider: &Provider) -> Result<PolicyVec, Fatal> {
    let checked = Configuration::new(&provider.dialect, &[]).checked();
    let image = checked.and_then(|checked| checked.compile());
    image.map_err(|error| Fatal(error.to_string()))
}
