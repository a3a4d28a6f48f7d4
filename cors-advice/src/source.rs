//! Quotes lines of a document in messages.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::{self, Write as _};

use cors_xml::{DocumentErrorKind, DocumentErrors, Form, Provider, is_invisible};

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

/// The form of a text that was read in another one.
#[derive(Clone, Copy, Debug)]
pub struct OtherForm {
    /// The form.
    pub form: Form<'static>,
    /// Whether the text is valid in that form.
    pub is_valid: bool,
}

impl fmt::Display for OtherForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = match self.form.title() {
            "" => self.form.provider().name,
            title => title,
        };
        let is = if self.is_valid { "is" } else { "looks like" };
        write!(f, "this {is} {title}")
    }
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

    /// Says which other form the text is in, if it could not be read in this one for that reason:
    /// a form in which it is valid, otherwise one whose root or names it has.
    ///
    /// # Complexity
    ///
    /// Parses the text once per provider.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_advice::source::Source;
    /// use cors_xml::Form;
    ///
    /// let source = Source { name: "main.tf", bytes: b"<CorsConfig><Cors/></CorsConfig>" };
    /// let form = Form::named("s3").unwrap();
    /// let errors = form.parse(source.bytes).unwrap_err();
    /// let other = source.other_form(form, &errors).unwrap();
    /// assert_eq!(other.to_string(), "this looks like Google Cloud Storage, XML");
    /// assert_eq!(other.form.name(), Some("gcs"));
    /// ```
    pub fn other_form(&self, read_as: Form<'_>, errors: &DocumentErrors) -> Option<OtherForm> {
        let is_unreadable = matches!(
            errors.first().kind,
            DocumentErrorKind::WrongRoot
                | DocumentErrorKind::OutsideRoot
                | DocumentErrorKind::InvalidJson
                | DocumentErrorKind::InvalidYaml
                | DocumentErrorKind::InvalidTerraform
                | DocumentErrorKind::FormNotBuiltIn
        );
        if read_as.recognizes(self.bytes) && !is_unreadable {
            return None;
        }
        // A form without a title is one of another provider, under this one's semantics.
        let forms = || {
            let named = Provider::named(read_as.provider().name);
            let providers = named.into_iter().chain(Provider::ALL);
            let forms = providers.map(|provider| provider.form_of(self.bytes));
            forms.filter(|form| *form != read_as && !form.title().is_empty())
        };
        let recognized = || forms().filter(|form| form.recognizes(self.bytes));
        let is_valid = |form: &Form<'_>| form.parse(self.bytes).is_ok();
        let (form, is_valid) = match recognized().find(is_valid) {
            Some(form) => (form, true),
            None => match recognized().next() {
                Some(form) => (form, false),
                None => (forms().find(|form| is_unreadable && is_valid(form))?, true),
            },
        };
        Some(OtherForm { form, is_valid })
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
