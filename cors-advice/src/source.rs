//! Quotes lines of a document in messages.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write as _;

use cors_xml::{DocumentErrorKind, DocumentErrors, Form, is_invisible};

/// The maximum number of characters of a line that a message shows.
const SHOWN_CHARACTERS: usize = 160;

/// The maximum number of errors that a message describes: more than a person reads.
const SHOWN_ERRORS: usize = 1000;

/// The text of a document, and its name in messages.
///
/// # Examples
///
/// ```
/// use cors_advice::source::Source;
/// use cors_xml::{Document, Provider};
///
/// let source = Source { name: "bucket.xml", bytes: b"<CORSConfig/>" };
/// let errors = Document::parse(&Provider::S3, source.bytes).unwrap_err();
/// let text = source.describe(&errors);
/// assert!(text.starts_with("bucket.xml:1:1: "));
/// assert!(text.ends_with("\n      1 | <CORSConfig/>\n        | ^"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Source<'d> {
    /// The name, such as a path.
    pub name: &'d str,
    /// The text.
    pub bytes: &'d [u8],
}

impl Source<'_> {
    /// Describes the errors, at most 1000 of them, with its place, the line and a marker under the column.
    pub fn describe(&self, errors: &DocumentErrors) -> String {
        let mut text = String::new();
        for (index, error) in errors.iter().take(SHOWN_ERRORS).enumerate() {
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
        let more = errors.iter().skip(SHOWN_ERRORS).count();
        if more > 0 {
            let _ = write!(text, "\n      and {more} more");
        }
        text
    }

    /// Returns the first form in which the text is valid, if its errors suggest that it is in
    /// another form.
    ///
    /// # Complexity
    ///
    /// Parses the text once per form.
    pub fn other_form(&self, errors: &DocumentErrors) -> Option<Form<'static>> {
        let is_another_form = matches!(
            errors.first().kind,
            DocumentErrorKind::WrongRoot
                | DocumentErrorKind::OutsideRoot
                | DocumentErrorKind::InvalidJson
        );
        let mut forms = Form::all().filter(|_| is_another_form);
        forms.find(|form| form.parse(self.bytes).is_ok())
    }

    /// The line and a marker under the column, each on its own line; empty if the line is not text.
    pub fn snippet(&self, line: usize, column: usize) -> String {
        let Some(text) = self.line(line) else {
            return String::new();
        };
        let number = line.to_string();
        // For a long line, only the part around the column is shown.
        let skipped = match column {
            ..=SHOWN_CHARACTERS => 0,
            _ => column.saturating_sub(SHOWN_CHARACTERS / 2),
        };
        let cut = if skipped > 0 { "..." } else { "" };
        let mut characters = text.chars().skip(skipped).take(SHOWN_CHARACTERS);
        let until = column.saturating_sub(skipped.saturating_add(1));
        let before = shown(characters.by_ref().take(until));
        let after = shown(characters);
        let mark = " ".repeat(cut.len().saturating_add(before.chars().count())) + "^";
        let room = " ".repeat(number.len());
        format!("\n      {number} | {cut}{before}{after}\n      {room} | {mark}")
    }

    /// The line with this number, counted from 1, if it is text.
    fn line(&self, number: usize) -> Option<&str> {
        let line = self
            .bytes
            .split(|byte| *byte == b'\n')
            .nth(number.checked_sub(1)?)?;
        core::str::from_utf8(line)
            .ok()
            .map(|line| line.trim_end_matches('\r'))
    }
}

/// Characters as a terminal can show them, with escapes for those that are not seen.
fn shown(characters: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for character in characters {
        match character {
            '\t' => text.push(' '),
            _ if is_invisible(character) => text.extend(character.escape_default()),
            _ => text.push(character),
        }
    }
    text
}
