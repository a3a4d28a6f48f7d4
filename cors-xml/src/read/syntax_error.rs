//! The first place where a document is not well-formed.

use crate::read::document_error::DocumentErrorKind;

/// What breaks a document, and where. A syntax error ends the reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyntaxError<'d> {
    pub(crate) kind: DocumentErrorKind,
    /// Byte offset into the text.
    pub(crate) offset: usize,
    /// The name that is concerned.
    pub(crate) name: Option<&'d str>,
}

impl SyntaxError<'_> {
    pub(crate) fn at(offset: usize, kind: DocumentErrorKind) -> Self {
        SyntaxError {
            kind,
            offset,
            name: None,
        }
    }
}
