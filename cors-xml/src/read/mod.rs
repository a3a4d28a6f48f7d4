//! Reading documents: the model and its errors, XML, and the notations that have members.

mod content;
mod document;
mod document_error;
#[cfg(feature = "json")]
mod json;
mod max_age;
#[cfg(feature = "json")]
mod members;
mod method_advice;
mod names;
mod position;
mod syntax_error;
#[cfg(feature = "terraform")]
mod terraform;
mod violation;
#[cfg(feature = "quick-xml")]
mod xml;
#[cfg(feature = "yaml")]
mod yaml;

pub(crate) use document::Rejected;
pub use document::{Document, Place, ReadableDocument};
pub use document_error::{DocumentError, DocumentErrorKind, DocumentErrors};
#[cfg(feature = "digest")]
pub(crate) use violation::too_large;

use crate::providers::Provider;
use crate::shapes::Notation;

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
    Err(violation::not_built_in().into())
}

/// Reads a document in a form of a provider that has members: as JSON if it begins like JSON,
/// otherwise in the notation of the form, or as YAML.
#[cfg(feature = "json")]
pub(crate) fn parse_members<'d>(
    provider: &'d Provider,
    notation: &'d Notation,
    bytes: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    members::parse(provider, notation, bytes)
}

#[cfg(not(feature = "json"))]
pub(crate) fn parse_members<'d>(
    _: &'d Provider,
    _: &'d Notation,
    _: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    Err(violation::not_built_in().into())
}
