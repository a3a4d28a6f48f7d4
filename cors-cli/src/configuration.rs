//! A configuration document from a file or standard input, compiled, or everything that is wrong with it.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};

use cors_core::{Configuration, Dialect, PolicyVec};
use cors_xml::{Document, DocumentErrorKind, DocumentErrors, Form, Provider};

use crate::Stopped;

/// Most characters of a line that a message shows.
const SHOWN_CHARACTERS: usize = 160;

/// Text of a document and the name it goes by in messages.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Source {
    /// Reads a path, or standard input for `-`.
    pub(crate) fn read(path: &str) -> Result<Source, Stopped> {
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
            Ok(bytes) => Ok(Source { name, bytes }),
            Err(error) => Err(Stopped(format!(
                "{name}: {error}; give the path of a CORS document, or - for standard input"
            ))),
        }
    }

    /// Parses the document as its provider writes it, in XML or in JSON, whichever it is.
    pub(crate) fn parse<'d>(
        &'d self,
        dialect: &'d Dialect,
    ) -> Result<Document<'d>, DocumentErrors> {
        self.parse_as(Provider::of(dialect).form_of(&self.bytes))
    }

    /// Parses the document in one form.
    pub(crate) fn parse_as<'d>(&'d self, form: Form<'d>) -> Result<Document<'d>, DocumentErrors> {
        form.parse(&self.bytes)
    }

    /// The policy image of the document under a dialect.
    pub(crate) fn compile(&self, dialect: &Dialect) -> Result<PolicyVec, Stopped> {
        let document = self
            .parse(dialect)
            .map_err(|errors| Stopped(self.describe(&errors)))?;
        let image = document.compile();
        image.map_err(|error| Stopped(format!("{}: {error}", self.name)))
    }

    /// Every error with its place, the line and a mark under the column.
    pub(crate) fn describe(&self, errors: &DocumentErrors) -> String {
        let mut text = String::new();
        for (index, error) in errors.iter().enumerate() {
            if index > 0 {
                text.push_str("\n      ");
            }
            let message = error.to_string();
            let place = format!("line {}, column {}", error.line, error.column);
            let message = message.strip_prefix(&place).unwrap_or(&message);
            let message = message.trim_start_matches([',', ':', ' ']);
            let _ = write!(
                text,
                "{}:{}:{}: {message}",
                self.name, error.line, error.column
            );
            text.push_str(&self.snippet(error.line, error.column));
        }
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

    /// The first form that the text is a valid document of, as options of a command say it.
    fn form(&self) -> Option<String> {
        let form = Form::all().find(|form| self.parse_as(*form).is_ok())?;
        let (dialect, name) = (form.provider().name, form.name()?);
        Some(format!("--dialect {dialect}, or --from {name}"))
    }

    /// The line and a mark under the column, each on a line of its own; nothing if it is no text.
    pub(crate) fn snippet(&self, line: usize, column: usize) -> String {
        let Some(text) = self.line(line) else {
            return String::new();
        };
        let number = line.to_string();
        // Of a long line what is around the column.
        let skipped = match column {
            ..=SHOWN_CHARACTERS => 0,
            _ => column.saturating_sub(SHOWN_CHARACTERS / 2),
        };
        let cut = if skipped > 0 { "..." } else { "" };
        let shown: String = text
            .chars()
            .skip(skipped)
            .take(SHOWN_CHARACTERS)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let before = column.saturating_sub(skipped.saturating_add(1));
        let mark = " ".repeat(before.saturating_add(cut.len())) + "^";
        let room = " ".repeat(number.len());
        format!("\n      {number} | {cut}{shown}\n      {room} | {mark}")
    }

    /// A line, counted from 1, if it is text.
    fn line(&self, number: usize) -> Option<&str> {
        let line = self
            .bytes
            .split(|byte| *byte == b'\n')
            .nth(number.checked_sub(1)?)?;
        std::str::from_utf8(line)
            .ok()
            .map(|line| line.trim_end_matches('\r'))
    }
}

/// The policy of a bucket without rules.
pub(crate) fn not_configured(dialect: &Dialect) -> Result<PolicyVec, Stopped> {
    let checked = Configuration::new(dialect, &[]).checked();
    let image = checked.and_then(|checked| checked.compile());
    image.map_err(|error| Stopped(error.to_string()))
}
