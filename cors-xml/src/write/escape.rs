//! Text as XML character data that reads back as the same text.

use core::fmt::{self, Write};

/// Text as it is written between two tags of XML. What XML cannot hold at all becomes U+FFFD, so that no text makes a document
/// that is not well-formed; a control character that it can hold becomes a reference.
///
/// # Examples
///
/// ```
/// use cors_xml::escape_text;
///
/// assert_eq!(escape_text("a<b & \"c\"\n\0").to_string(), "a&lt;b &amp; \"c\"&#10;\u{fffd}");
/// ```
pub fn escape_text(text: &str) -> impl fmt::Display {
    fmt::from_fn(move |f| write_text(f, text))
}

/// Writes text between tags. What XML cannot hold at all becomes U+FFFD, so that no text
/// that a client sends makes a document that is not well-formed.
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

/// Writes a value of a configuration: as [`write_text`], and white space at its ends as references, because
/// literal white space there is trimmed when it is read.
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
    matches!(
        character,
        '&' | '<' | '>' | '\0'..='\x1f' | '\x7f' | '\u{fffe}' | '\u{ffff}'
    )
}

fn write_escaped(out: &mut impl Write, character: char) -> fmt::Result {
    match character {
        '&' => out.write_str("&amp;"),
        '<' => out.write_str("&lt;"),
        '>' => out.write_str("&gt;"),
        // A reader may turn literal ones into others; a literal CR it must.
        '\t' | '\n' | '\r' | '\x7f' => write!(out, "&#{};", u32::from(character)),
        _ => out.write_char(char::REPLACEMENT_CHARACTER),
    }
}

/// A sink that escapes what is written to it.
pub(crate) struct Escaping<'o, W: Write>(pub(crate) &'o mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write_text(self.0, text)
    }
}
