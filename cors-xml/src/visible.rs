//! Text for people and logs, in which every character is seen.

use core::fmt::{self, Write as _};

use crate::displayed::displayed;

/// Writes text with an escape, such as `\\u{202e}`, for each character that could control a
/// terminal, turn the text around it, or not be seen.
///
/// # Examples
///
/// ```
/// use cors_xml::visible;
///
/// let text = "https://a.example\u{202e}\u{9b}1m";
/// assert_eq!(visible(text).to_string(), "https://a.example\\u{202e}\\u{9b}1m");
/// ```
pub fn visible(text: &str) -> impl fmt::Display {
    displayed(move |f| {
        text.chars().try_for_each(|character| {
            if is_invisible(character) {
                write!(f, "{}", character.escape_default())
            } else {
                f.write_char(character)
            }
        })
    })
}

/// Whether a character is a control, a [bidirectional
/// control](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters), or another one
/// without an appearance of its own.
///
/// # Examples
///
/// ```
/// use cors_xml::is_invisible;
///
/// assert!(is_invisible('\n') && is_invisible('\u{9b}') && is_invisible('\u{202e}'));
/// assert!(!is_invisible(' ') && !is_invisible('\u{fc}'));
/// ```
pub const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
