//! The readable text of a document, and what is known about it before it is parsed.

use crate::read::document_error::DocumentErrorKind;
use crate::read::syntax_error::SyntaxError;
use crate::read::xml::markup::is_character;

/// A document's text.
#[derive(Clone, Copy)]
pub(crate) struct Source<'d> {
    /// UTF-8 without a byte order mark, up to the first character that XML does not allow. All
    /// ASCII white space left in it is XML white space.
    pub(crate) text: &'d str,
    /// Why the text was cut off, if it was.
    pub(crate) cut_off: Option<DocumentErrorKind>,
    /// Whether the text contains `]`. Most texts do not and need not be searched for `]]>`.
    pub(crate) has_bracket: bool,
    /// Whether the text contains CR. Most texts do not and need not be searched for it.
    pub(crate) has_carriage_return: bool,
}

impl<'d> Source<'d> {
    pub(crate) fn new(bytes: &'d [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (text, cut_off) = match core::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                (
                    core::str::from_utf8(valid).unwrap_or_default(),
                    Some(DocumentErrorKind::NotUtf8),
                )
            }
        };
        // Most texts are read once: they hold nothing that is looked for.
        let is_special = any_byte(text.as_bytes(), may_be_special);
        let has = |byte| is_special && any_byte(text.as_bytes(), |found| found == byte);
        let mut source = Source {
            text,
            cut_off,
            has_bracket: has(b']'),
            has_carriage_return: has(b'\r'),
        };
        if is_special
            && any_byte(text.as_bytes(), may_be_forbidden)
            && let Some((at, _)) = text
                .char_indices()
                .find(|(_, character)| !is_character(*character))
        {
            source.text = text.get(..at).unwrap_or_default();
            source.cut_off = Some(DocumentErrorKind::ForbiddenCharacter);
        }
        source
    }

    /// Returns the earlier of the syntax error found by parsing and the error that cut the text
    /// off.
    pub(crate) fn first_syntax_error<'f>(
        &self,
        read: Option<SyntaxError<'f>>,
    ) -> Option<SyntaxError<'f>> {
        match (read, self.cut_off) {
            (Some(error), Some(_)) if !is_at_the_end(error.kind) => Some(error),
            (_, Some(kind)) => Some(SyntaxError::at(self.text.len(), kind)),
            (error, None) => error,
        }
    }
}

/// Whether more text could have avoided the error. If so, the error that cut the text off is the
/// real one.
const fn is_at_the_end(kind: DocumentErrorKind) -> bool {
    matches!(
        kind,
        DocumentErrorKind::UnclosedMarkup
            | DocumentErrorKind::UnclosedElement
            | DocumentErrorKind::NoRoot
    )
}

/// Whether a byte is one of those that are looked for: `]`, CR, or one that may be forbidden. Also of TAB, as
/// so few comparisons are quicker.
const fn may_be_special(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n' || matches!(byte, b']' | 0xef)
}

/// Whether a byte is, or may begin, a character that XML does not allow.
const fn may_be_forbidden(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0xef)
}

/// Whether any byte matches. Works on whole blocks, which compiles to vector instructions;
/// `Iterator::any` does not.
fn any_byte(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = bytes.as_chunks::<64>();
    blocks.iter().any(|block| {
        block
            .iter()
            .fold(false, |found, byte| found | is_wanted(*byte))
    }) || rest.iter().any(|byte| is_wanted(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_special_byte_needs_no_other_search() {
        for byte in 0..=u8::MAX {
            let is_sought = may_be_forbidden(byte) || byte == b']' || byte == b'\r';
            assert!(may_be_special(byte) || !is_sought, "{byte:#x}");
        }
        let source = Source::new(b"<a>\t]\r\n</a>");
        assert!(source.has_bracket && source.has_carriage_return && source.cut_off.is_none());
        assert!(Source::new("<a>\u{ffff}".as_bytes()).cut_off.is_some());
    }
}
