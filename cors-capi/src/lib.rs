#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(feature = "documents", test))]
extern crate std;

mod decision;
#[cfg(feature = "documents")]
mod documents;
mod error;
mod layout;
mod policy;
mod request;
mod text;
mod words;

pub use decision::{ACTUAL, Decision, Header, NO_RULE, NOT_CORS, PREFLIGHT, cors_engine_decide};
#[cfg(feature = "documents")]
pub use documents::{
    Answer, Configuration, Context, NO_MAX_AGE, Output, Page, Rule, cors_engine_compile_document,
    cors_engine_compile_rules, cors_engine_convert_document, cors_engine_explain,
    cors_engine_explain_document, cors_engine_get_bucket_cors, cors_engine_lint_document,
    cors_engine_preflight_error, cors_engine_put_bucket_cors, cors_engine_write_document,
};
pub use error::Error;
pub use policy::{
    POLICY_WORDS, Policy, cors_engine_policy_open, cors_engine_policy_rules,
    cors_engine_policy_view,
};
pub use request::Request;
pub use text::{Lent, Name, Text};
pub use words::{
    ABI_VERSION, cors_engine_abi_version, cors_engine_error_text, cors_engine_reason_name,
    cors_engine_version,
};
