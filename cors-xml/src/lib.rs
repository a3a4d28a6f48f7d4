#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(feature = "quick-xml", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "quick-xml"),
    doc = "Limits, writers and error documents of bucket CORS."
)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod checksum;
mod displayed;
mod errors;
mod form;
mod fragments;
mod providers;
#[cfg(feature = "digest")]
mod put;
#[cfg(feature = "alloc")]
mod read;
mod shapes;
mod syntax;
mod visible;
mod write;

pub use checksum::Checksum;
pub use errors::{Cause, Message, ResourceType, Subject, WireError};
pub use form::Form;
pub use providers::{Documents, Provider, Wire};
#[cfg(feature = "digest")]
pub use put::{
    Accepted, BodyDigests, PutError, RunningChecksum, decode_content_md5, put_bucket_cors,
};
#[cfg(feature = "alloc")]
pub use read::{
    Document, DocumentError, DocumentErrorKind, DocumentErrors, Place, ReadableDocument,
};
pub use shapes::FormShape;
pub use visible::{is_invisible, visible};
pub use write::{DEFAULT_MAX_AGE_SECONDS, escape_text};
