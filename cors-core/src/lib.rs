#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod checked;
mod decision;
mod diagnose;
pub mod dialect;
mod error;
mod explain;
mod header;
mod method;
mod origin;
mod policy;
#[cfg(feature = "alloc")]
mod policy_vec;
mod request;
mod response;
mod rule;
#[cfg(feature = "alloc")]
mod rule_buf;
mod wildcard;

pub use checked::{Checked, compile};
pub use decision::{BadRequest, Decision, Furthest, Grant, Limit, Outcome, Refusal};
pub use diagnose::check;
pub use dialect::Dialect;
pub use error::{CompileError, CompileErrorKind, Field, ImageError};
pub use explain::{Explanation, RuleExplanation};
pub use header::{MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES, is_token};
pub use origin::MAX_ORIGIN_BYTES;
pub use policy::{Policy, PolicyBuf};
#[cfg(feature = "alloc")]
pub use policy_vec::PolicyVec;
pub use request::Request;
pub use response::{HeaderValue, Headers, MAX_HEADERS, ResponseHeader};
pub use rule::{Configuration, List, ListIter, Rule};
#[cfg(feature = "alloc")]
pub use rule_buf::RuleBuf;
pub use wildcard::Pattern;

/// Most rules in a policy image. No document of a provider holds more than 100.
pub const MAX_RULES: u16 = 1024;
