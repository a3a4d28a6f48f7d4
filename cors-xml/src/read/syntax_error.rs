//! The first syntax error of a document.

use crate::read::document_error::DocumentErrorKind;

/// Why a document is not well-formed, and where. Parsing stops at a syntax error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyntaxError<'d> {
    pub(crate) kind: DocumentErrorKind,
    /// Byte offset into the text.
    pub(crate) offset: usize,
    /// The name that the error is about.
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
