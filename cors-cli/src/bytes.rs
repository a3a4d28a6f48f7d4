//! Bytes in JSON: each byte is the character from U+0000 to U+00FF of the same number.

/// The characters that stand for bytes.
pub(crate) fn to_characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The bytes that characters stand for; `None` beyond U+00FF.
pub(crate) fn from_characters(text: &str) -> Option<Vec<u8>> {
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
