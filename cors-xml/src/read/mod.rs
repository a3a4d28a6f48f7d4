//! Reading documents: the model and its errors, and a folder for each notation.

mod content;
mod document;
mod document_error;
#[cfg(feature = "json")]
mod json;
mod max_age;
mod position;
mod syntax_error;
#[cfg(feature = "quick-xml")]
mod xml;

pub(crate) use document::Rejected;
#[cfg(feature = "digest")]
pub(crate) use document::too_large;
pub use document::{Document, Place, ReadableDocument};
pub use document_error::{DocumentError, DocumentErrorKind, DocumentErrors};

use crate::providers::Provider;
use crate::shapes::JsonShape;

/// Reads a document in a provider's XML.
#[cfg(feature = "quick-xml")]
pub(crate) fn parse_xml<'d>(
    provider: &'d Provider,
    bytes: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    Document::read(provider, bytes)
}

#[cfg(not(feature = "quick-xml"))]
pub(crate) fn parse_xml<'d>(_: &'d Provider, _: &'d [u8]) -> Result<Document<'d>, Rejected<'d>> {
    Err(document::not_built_in().into())
}

/// Reads a document in a JSON form of a provider.
#[cfg(feature = "json")]
pub(crate) fn parse_json<'d>(
    provider: &'d Provider,
    shape: &'d JsonShape,
    bytes: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    json::parse(provider, shape, bytes)
}

#[cfg(not(feature = "json"))]
pub(crate) fn parse_json<'d>(
    _: &'d Provider,
    _: &'d JsonShape,
    _: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    Err(document::not_built_in().into())
}
