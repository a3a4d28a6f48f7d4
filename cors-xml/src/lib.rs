#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(feature = "quick-xml", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "quick-xml"),
    doc = "Limits, writer and error documents of bucket CORS."
)]

#[cfg(feature = "quick-xml")]
extern crate alloc;

#[cfg(feature = "digest")]
mod body_digest;
mod checksum;
#[cfg(feature = "quick-xml")]
mod content;
#[cfg(feature = "quick-xml")]
mod document;
#[cfg(feature = "quick-xml")]
mod document_error;
mod element;
mod error_table;
mod escape;
#[cfg(feature = "quick-xml")]
mod events;
#[cfg(feature = "quick-xml")]
mod fault;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "quick-xml")]
mod markup;
#[cfg(feature = "quick-xml")]
mod position;
mod provider;
#[cfg(feature = "digest")]
mod put_bucket_cors;
#[cfg(feature = "digest")]
mod put_error;
#[cfg(feature = "quick-xml")]
mod schema;
#[cfg(feature = "quick-xml")]
mod source;
#[cfg(feature = "quick-xml")]
mod value;
mod wire_error;
mod writer;

#[cfg(feature = "digest")]
pub use body_digest::{RunningChecksum, decode_content_md5};
pub use checksum::Checksum;
#[cfg(feature = "quick-xml")]
pub use document::{Document, Place};
#[cfg(feature = "quick-xml")]
pub use document_error::{DocumentError, DocumentErrorKind, DocumentErrors};
pub use element::ElementNames;
pub use error_table::{ErrorRow, ErrorTable, ExtraElements, Piece};
#[cfg(feature = "json")]
pub use json::JsonForm;
pub use provider::{DEFAULT_MAX_AGE_SECONDS, Provider};
#[cfg(feature = "digest")]
pub use put_bucket_cors::{Accepted, BodyDigests, put_bucket_cors};
#[cfg(feature = "digest")]
pub use put_error::PutError;
pub use wire_error::{Message, ResourceType, WireError};
