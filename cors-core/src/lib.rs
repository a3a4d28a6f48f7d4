#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod check;
mod checked;
mod compile;
mod decide;
mod decision;
pub mod dialect;
mod error;
mod explain;
mod grant;
mod header;
mod image;
mod limits;
mod method;
mod origin;
mod pattern;
mod policy;
mod policy_buf;
#[cfg(feature = "alloc")]
mod policy_vec;
mod refusal;
mod request;
mod response;
mod rule;
#[cfg(feature = "alloc")]
mod rule_buf;
mod vary;
mod words;

pub use check::check;
pub use checked::{Checked, compile};
pub use decision::{Decision, Outcome};
pub use dialect::providers::Dialect;
pub use error::{CompileError, CompileErrorKind, Field, ImageError};
pub use explain::{Explanation, RuleExplanation};
pub use grant::Grant;
pub use header::is_token;
pub use limits::{
    MAX_FIELD_LINES, MAX_ORIGIN_BYTES, MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES,
    MAX_RULES,
};
pub use pattern::Pattern;
pub use policy::{Policy, RuleValues};
pub use policy_buf::PolicyBuf;
#[cfg(feature = "alloc")]
pub use policy_vec::PolicyVec;
pub use refusal::{BadRequest, Furthest, Limit, Refusal};
pub use request::Request;
pub use response::{
    Header, HeaderValue, Headers, MAX_HEADERS, MAX_VALUE_BYTES, ResponseHeader, ValueSource,
};
pub use rule::{Configuration, List, ListIter, Rule};
#[cfg(feature = "alloc")]
pub use rule_buf::RuleBuf;
