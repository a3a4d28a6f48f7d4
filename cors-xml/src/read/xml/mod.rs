//! Reading XML: a document as text, as events, and by its schema.

mod events;
mod markup;
mod schema;
mod scope;
mod source;
mod value;

use self::source::Source;
use super::content::Content;
use super::document::{Document, Rejected};
use super::document_error::DocumentErrors;
use super::violation::{not_well_formed, too_large};
use crate::providers::Provider;

impl<'d> Document<'d> {
    /// Reads a document and checks it in full: size, well-formedness, schema, values.
    ///
    /// Child elements may appear in any order, and names are case-sensitive. Namespaces and
    /// attributes are ignored if they are well-formed. Literal white space around a value is
    /// ignored; white space written as a character reference is kept. `MaxAgeSeconds` is an integer
    /// as written in XML Schema (such as `+5` and `007`), and `ResponseVary` is exactly `true` or
    /// `false`; anything else violates the schema (choice).
    ///
    /// # Errors
    ///
    /// Every error of the document, or only the first syntax error if it is not well-formed. A
    /// document with an error is refused as a whole; [`DocumentErrors::answered`] is the error to
    /// respond with.
    ///
    /// # Complexity
    ///
    /// Time and space linear in the bytes of the document, n log n in the attributes of one tag and
    /// in the errors. A document beyond the provider's size limit is not read at all.
    pub fn parse(provider: &'d Provider, bytes: &'d [u8]) -> Result<Document<'d>, DocumentErrors> {
        Document::read(provider, bytes).map_err(Into::into)
    }

    pub(super) fn read(
        provider: &'d Provider,
        bytes: &'d [u8],
    ) -> Result<Document<'d>, Rejected<'d>> {
        if bytes.len() > provider.documents.max_bytes {
            return Err(too_large(provider.documents.max_bytes).into());
        }
        let source = Source::new(bytes);
        let (content, error) = match schema::read(provider, &source) {
            Ok(content) => (content, None),
            Err(error) => (Content::default(), Some(error)),
        };
        if let Some(error) = source.first_syntax_error(error) {
            return Err(not_well_formed(source.text, error, None).into());
        }
        Document::checked(provider, source.text, content)
    }
}
