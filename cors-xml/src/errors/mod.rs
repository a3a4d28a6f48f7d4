//! Errors by cause: one table a provider, one function from cause and subject to the wire.

mod cause;
mod error_table;
mod wire_error;

pub use cause::Cause;
pub(crate) use error_table::{ErrorRow, ErrorTable, ExtraElements, Piece};
pub use wire_error::{Message, ResourceType, Subject, WireError};
