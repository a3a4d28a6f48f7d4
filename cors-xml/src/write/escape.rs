//! Escaping text as XML character data that reads back as the same text.

use core::fmt::{self, Write};

use crate::displayed::displayed;
use crate::visible::is_invisible;

/// Escapes text to be written between two XML tags. Characters that XML does not allow become
/// U+FFFD, so the document is well-formed whatever the text; control characters that it allows,
/// and characters that are not seen, become references.
///
/// # Examples
///
/// ```
/// use cors_xml::escape_text;
///
/// assert_eq!(escape_text("a<b & \"c\"\n\0").to_string(), "a&lt;b &amp; \"c\"&#10;\u{fffd}");
/// ```
pub fn escape_text(text: &str) -> impl fmt::Display {
    displayed(move |f| write_text(f, text))
}

/// Writes text between tags. Characters that XML does not allow become U+FFFD, so the document is
/// well-formed whatever a client sends.
pub(crate) fn write_text(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(needs_escape) {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.write_str(plain)?;
        let mut characters = tail.chars();
        if let Some(character) = characters.next() {
            write_escaped(out, character)?;
        }
        rest = characters.as_str();
    }
    out.write_str(rest)
}

/// Writes a value of a configuration like [`write_text`], but with spaces at its ends as
/// references, because literal white space there is trimmed on reading.
pub(crate) fn write_value(out: &mut impl Write, value: &str) -> fmt::Result {
    let after_leading = value.trim_start_matches(' ');
    let middle = after_leading.trim_end_matches(' ');
    for _ in after_leading.len()..value.len() {
        out.write_str("&#32;")?;
    }
    write_text(out, middle)?;
    for _ in middle.len()..after_leading.len() {
        out.write_str("&#32;")?;
    }
    Ok(())
}

fn needs_escape(character: char) -> bool {
    matches!(character, '&' | '<' | '>' | '\u{fffe}' | '\u{ffff}') || is_invisible(character)
}

fn write_escaped(out: &mut impl Write, character: char) -> fmt::Result {
    match character {
        '&' => out.write_str("&amp;"),
        '<' => out.write_str("&lt;"),
        '>' => out.write_str("&gt;"),
        // A parser may replace these if they are literal; it must replace a literal CR.
        '\t' | '\n' | '\r' | '\x7f' => write!(out, "&#{};", u32::from(character)),
        '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.write_char(char::REPLACEMENT_CHARACTER),
        // Nobody sees these, or they turn the text around.
        _ => write!(out, "&#x{:X};", u32::from(character)),
    }
}

/// A writer that escapes what is written to it.
pub(crate) struct Escaping<'o, W: Write>(pub(crate) &'o mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write_text(self.0, text)
    }
}
