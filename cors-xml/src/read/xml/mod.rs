//! Reading XML: a document as text, as events, and by its schema.

mod events;
mod markup;
mod schema;
mod source;
mod value;

use self::source::Source;
use super::content::Content;
use super::document::{Document, not_well_formed, too_large};
use super::document_error::DocumentErrors;
use crate::providers::Provider;

impl<'d> Document<'d> {
    /// Reads a document and checks all of it: size, well-formedness, schema, values.
    ///
    /// Child order is free, names are case-sensitive, namespaces and attributes are not looked at as long as they
    /// are well-formed. Literal white space around a value does not count; white space written as a character
    /// reference does. `MaxAgeSeconds` is an integer as XML Schema writes one (`+5` and `007` are), and
    /// `ResponseVary` exactly `true` or `false`; anything else there is not of the schema (choice).
    ///
    /// # Errors
    ///
    /// Every error of the document, or, if it is not well-formed, the first syntax error. Nothing else
    /// comes of a document with an error; [`DocumentErrors::answered`] is the one to answer with.
    ///
    /// # Complexity
    ///
    /// Time and space linear in the bytes of the document, n log n in the attributes of one tag and in the errors. A
    /// document beyond the provider's size limit is not read at all.
    pub fn parse(provider: &'d Provider, bytes: &'d [u8]) -> Result<Document<'d>, DocumentErrors> {
        if bytes.len() > provider.documents.max_bytes {
            return Err(too_large(provider));
        }
        let source = Source::new(bytes);
        let (content, error) = match schema::read(provider, &source) {
            Ok(content) => (content, None),
            Err(error) => (Content::default(), Some(error)),
        };
        if let Some(error) = source.first_syntax_error(error) {
            return Err(not_well_formed(source.text, error));
        }
        Document::checked(provider, source.text, content)
    }
}
