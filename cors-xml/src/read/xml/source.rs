//! The text of a document, as far as it can be read at all, and what is known of it before it is.

use crate::read::document_error::DocumentErrorKind;
use crate::read::syntax_error::SyntaxError;
use crate::read::xml::markup::is_character;

/// A document's text.
#[derive(Clone, Copy)]
pub(crate) struct Source<'d> {
    /// UTF-8 without byte order mark, up to the first character that XML cannot hold. What is left of ASCII's white
    /// space is XML's.
    pub(crate) text: &'d str,
    /// Why it stops there, if it was cut off.
    pub(crate) cut_off: Option<DocumentErrorKind>,
    /// Whether `]` stands anywhere, so that most texts need not be searched for `]]>`.
    pub(crate) has_bracket: bool,
    /// Whether CR stands anywhere, so that most texts need not be searched for it.
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
        let mut source = Source {
            text,
            cut_off,
            has_bracket: any_byte(text.as_bytes(), |byte| byte == b']'),
            has_carriage_return: any_byte(text.as_bytes(), |byte| byte == b'\r'),
        };
        if any_byte(text.as_bytes(), may_be_forbidden)
            && let Some((at, _)) = text
                .char_indices()
                .find(|(_, character)| !is_character(*character))
        {
            source.text = text.get(..at).unwrap_or_default();
            source.cut_off = Some(DocumentErrorKind::ForbiddenCharacter);
        }
        source
    }

    /// The first of the syntax error that was read and the one that cut the text off.
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

/// Whether more text could have mended it: then what cut the text off is the error.
const fn is_at_the_end(kind: DocumentErrorKind) -> bool {
    matches!(
        kind,
        DocumentErrorKind::UnclosedMarkup
            | DocumentErrorKind::UnclosedElement
            | DocumentErrorKind::NoRoot
    )
}

/// Whether a byte is, or begins, a character that XML cannot hold.
const fn may_be_forbidden(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0xef)
}

/// Whether any byte is wanted. Looks at whole blocks, which compiles to vector instructions: `Iterator::any` does not.
fn any_byte(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = bytes.as_chunks::<64>();
    blocks.iter().any(|block| {
        block
            .iter()
            .fold(false, |found, byte| found | is_wanted(*byte))
    }) || rest.iter().any(|byte| is_wanted(*byte))
}
