//! Error responses: a table for each provider, and a function from cause and subject to response.

mod cause;
mod error_table;
mod wire_error;

pub use cause::Cause;
pub(crate) use error_table::{ErrorRow, ErrorTable, ExtraElements, Piece};
pub use wire_error::{Message, ResourceType, Subject, WireError};
