//! The shapes of forms, as data: the elements of XML, the members of JSON, YAML and Terraform.

mod element;
mod form_shape;
mod member_shape;

pub(crate) use element::{Element, ElementNames, Lists};
pub use form_shape::FormShape;
pub(crate) use form_shape::Notation;
pub(crate) use member_shape::{ListNotation, Member, MemberShape, NativeLimits};
