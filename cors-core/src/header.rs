//! Header names: what a token is, and the names listed in Access-Control-Request-Headers.

use crate::words;

/// Whether the bytes are an RFC 9110 token: at least one of the letters, digits and
/// ``!#$%&'*+-.^_`|~``. [Section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
///
/// # Complexity
///
/// Linear in the bytes, constant space.
///
/// # Examples
///
/// ```
/// use cors_core::is_token;
///
/// assert!(is_token(b"x-oss-date"));
/// assert!(!is_token(b""));
/// assert!(!is_token(b"two words"));
/// ```
#[inline]
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && (words::WIDE && words::all_words(bytes, words::are_letters_digits_or_dashes)
            || are_token_bytes(bytes))
}

#[inline(never)]
fn are_token_bytes(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_token_byte(*byte))
}

const fn is_token_byte(byte: u8) -> bool {
    // One bit for each ASCII byte allowed in a token.
    const LOW: u64 = 0x03ff_6cfa_0000_0000;
    const HIGH: u64 = 0x57ff_ffff_c7ff_fffe;
    let word = if byte < 64 { LOW } else { HIGH };
    byte < 128 && (word >> (byte & 63)) & 1 == 1
}

/// The items of Access-Control-Request-Headers: split at commas over all field lines, white space
/// trimmed, empty items dropped. It is not checked that items are tokens.
///
/// # Complexity
///
/// Linear in the bytes of the lines, constant space.
#[derive(Clone, Debug)]
pub(crate) struct RequestedNames<'r> {
    /// The rest of the line being read.
    line: &'r [u8],
    lines: &'r [&'r [u8]],
}

impl<'r> RequestedNames<'r> {
    pub(crate) fn new(lines: &'r [&'r [u8]]) -> Self {
        RequestedNames { line: &[], lines }
    }
}

impl<'r> Iterator for RequestedNames<'r> {
    type Item = &'r [u8];

    #[expect(
        clippy::inline_always,
        reason = "the body of the loop over names, whose state stays in registers"
    )]
    #[inline(always)]
    fn next(&mut self) -> Option<&'r [u8]> {
        loop {
            // Bytes before a name are skipped one at a time, so that a run of commas does not cost
            // a search for each comma.
            while let [b' ' | b'\t' | b',', rest @ ..] = self.line {
                self.line = rest;
            }
            if !self.line.is_empty() {
                let end = words::find(b',', self.line).unwrap_or(self.line.len());
                let (item, rest) = self.line.split_at_checked(end)?;
                self.line = rest;
                return Some(trim_white_space_end(item));
            }
            let (first, rest) = self.lines.split_first()?;
            (self.line, self.lines) = (first, rest);
        }
    }
}

/// Removes the spaces and tabs at the end (RFC 9110 optional white space).
fn trim_white_space_end(mut item: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = item {
        item = rest;
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn the_token_bytes_are_those_of_rfc_9110() {
        for byte in 0..=u8::MAX {
            let expected = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            assert_eq!(is_token_byte(byte), expected, "{byte:#x}");
        }
    }

    #[test]
    fn a_token_is_one_whatever_its_length_and_place_in_a_word() {
        for length in [1, 2, 3, 4, 7, 8, 9, 15, 16, 17] {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut name = std::vec![b'x'; length];
                    name[at] = byte;
                    assert_eq!(is_token(&name), is_token_byte(byte), "{name:?}");
                }
            }
        }
        assert!(!is_token(b""));
    }

    #[test]
    fn names_are_split_over_lines_trimmed_and_never_empty() {
        let names: Vec<&[u8]> = RequestedNames::new(&[b" a ,\t,b", b"", b",", b"c d,"]).collect();
        assert_eq!(names, [&b"a"[..], b"b", b"c d"]);
    }
}
