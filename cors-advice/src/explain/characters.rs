//! Bytes in JSON: each byte is written as the character from U+0000 to U+00FF of the same number.

use alloc::string::String;
use alloc::vec::Vec;

/// Converts bytes to characters of the same numbers.
///
/// # Examples
///
/// ```
/// use cors_advice::explain::{from_characters, to_characters};
///
/// assert_eq!(to_characters(b"a\xe9"), "a\u{e9}");
/// assert_eq!(from_characters("a\u{e9}").as_deref(), Some(&b"a\xe9"[..]));
/// ```
pub fn to_characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Converts characters back to bytes; returns `None` if one is above U+00FF.
pub fn from_characters(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(character).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(from_characters(&to_characters(&bytes)), Some(bytes));
        assert_eq!(from_characters("\u{100}"), None);
    }
}
