//! The first place where a document is not well-formed.

use crate::document_error::DocumentErrorKind;

/// What breaks a document, and where. A fault ends the reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault<'d> {
    pub(crate) kind: DocumentErrorKind,
    /// Byte offset into the text.
    pub(crate) offset: usize,
    /// The name that is concerned.
    pub(crate) name: Option<&'d str>,
}

impl Fault<'_> {
    pub(crate) fn at(offset: usize, kind: DocumentErrorKind) -> Self {
        Fault {
            kind,
            offset,
            name: None,
        }
    }
}
