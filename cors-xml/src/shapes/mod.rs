//! The shapes of forms, as data: the elements of XML, the members of JSON.

mod element;
mod form_shape;
mod json_shape;

pub(crate) use element::{Element, ElementNames, Lists};
pub use form_shape::FormShape;
pub(crate) use form_shape::Notation;
pub(crate) use json_shape::{JsonShape, Member, NativeLimits};
