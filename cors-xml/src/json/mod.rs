//! The JSON forms of bucket CORS rules: the same model, the same checks, positions in errors too.

mod form;
mod native;
mod read;
mod write;

pub use form::JsonForm;
