//! Header names: what a token is, and the names listed in Access-Control-Request-Headers.

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
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| is_token_byte(*byte))
}

const fn is_token_byte(byte: u8) -> bool {
    // A bit for each ASCII byte that a token may hold.
    const LOW: u64 = 0x03ff_6cfa_0000_0000;
    const HIGH: u64 = 0x57ff_ffff_c7ff_fffe;
    let word = if byte < 64 { LOW } else { HIGH };
    byte < 128 && (word >> (byte & 63)) & 1 == 1
}

/// The items of Access-Control-Request-Headers: split at commas over all field lines, white space
/// trimmed, empty items dropped. Items are not checked to be tokens.
///
/// # Complexity
///
/// Linear in the bytes of the lines, constant space.
#[derive(Clone, Debug)]
pub(crate) struct RequestedNames<'r> {
    /// What is left of the line being read.
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

    fn next(&mut self) -> Option<&'r [u8]> {
        loop {
            // Bytes before a name are skipped one at a time, so that a run of commas does not cost a search for each comma.
            while let [b' ' | b'\t' | b',', rest @ ..] = self.line {
                self.line = rest;
            }
            if !self.line.is_empty() {
                let end = memchr::memchr(b',', self.line).unwrap_or(self.line.len());
                let (item, rest) = self.line.split_at_checked(end)?;
                self.line = rest;
                return Some(without_white_space_after(item));
            }
            let (first, rest) = self.lines.split_first()?;
            (self.line, self.lines) = (first, rest);
        }
    }
}

/// Without the spaces and tabs at its end (RFC 9110 optional white space).
fn without_white_space_after(mut item: &[u8]) -> &[u8] {
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
    fn names_are_split_over_lines_trimmed_and_never_empty() {
        let names: Vec<&[u8]> = RequestedNames::new(&[b" a ,\t,b", b"", b",", b"c d,"]).collect();
        assert_eq!(names, [&b"a"[..], b"b", b"c d"]);
    }
}
