//! JSON on one line, in which every character is seen.

use std::fmt::Write as _;

use cors_xml::is_invisible;
use serde::Serialize;

use crate::exit::Fatal;

/// Writes a value as JSON. A character that could control a terminal, turn the text around it, or
/// not be seen is escaped, which reads back as the same.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Fatal> {
    let text = serde_json::to_string(value).map_err(|error| Fatal(error.to_string()))?;
    Ok(escaped(&text))
}

/// Writes a value as JSON on many lines.
pub(crate) fn to_json_lines(value: &impl Serialize) -> Result<String, Fatal> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Fatal(error.to_string()))?;
    let lines: Vec<String> = text.lines().map(escaped).collect();
    Ok(lines.join("\n"))
}

/// Such characters are only in strings: what is around these is ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}
