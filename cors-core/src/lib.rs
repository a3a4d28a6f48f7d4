#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(test)]
extern crate std;

mod decision;
mod diagnose;
pub mod dialect;
mod error;
mod explain;
mod header;
mod lint;
mod method;
mod origin;
mod policy;
mod request;
mod response;
mod rule;
mod wildcard;

pub use decision::{BadRequest, Decision, Furthest, Grant, Limit, Outcome, Refusal};
pub use diagnose::check;
pub use dialect::providers::Dialect;
pub use error::{CompileError, CompileErrorKind, Field, ImageError};
pub use explain::{Explanation, RuleExplanation};
pub use header::{MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES, is_token};
pub use lint::{Finding, LintCode, Severity, lint};
pub use origin::MAX_ORIGIN_BYTES;
pub use policy::{Policy, PolicyBuf, compile};
pub use request::Request;
pub use response::{HeaderValue, Headers, MAX_HEADERS};
pub use rule::{Configuration, List, ListIter, Rule};
pub use wildcard::Pattern;

/// Most rules in a policy image. No document of a provider holds more than 100.
pub const MAX_RULES: u16 = 1024;
