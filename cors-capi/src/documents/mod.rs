//! The functions of `cors_engine_documents.h`.

mod answer;
mod compile;
mod context;
mod convert;
mod explain;
mod get;
mod lint;
mod output;
mod preflight;
mod put;
mod rules;
mod write;

pub use answer::Answer;
pub use compile::cors_engine_compile_document;
pub use context::Context;
pub use convert::cors_engine_convert_document;
pub use explain::{Page, cors_engine_explain, cors_engine_explain_document};
pub use get::cors_engine_get_bucket_cors;
pub use lint::cors_engine_lint_document;
pub use output::Output;
pub use preflight::cors_engine_preflight_error;
pub use put::cors_engine_put_bucket_cors;
pub use rules::{Configuration, NO_MAX_AGE, Rule, cors_engine_compile_rules};
pub use write::cors_engine_write_document;

use core::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cors_xml::{Form, Provider};

use crate::error::Error;
use crate::text::{Name, Text};

/// Runs a function's body. A panic, which would be a defect of a parser, is an error of this call.
fn guarded(body: impl FnOnce() -> Result<(), Error>) -> c_int {
    // What a panic leaves half written are the caller's outputs, and the error says not to use them.
    Error::status(catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(Error::Internal)))
}

fn provider_named(name: Name<'_>) -> Result<&'static Provider, Error> {
    let name = name.get().ok_or(Error::Null)?;
    let name = name.to_str().map_err(|_| Error::Name)?;
    Provider::named(name).ok_or(Error::Name)
}

/// The form of this name, or the one that `choose` takes of a provider of this name.
fn form_named(
    name: Name<'_>,
    choose: impl FnOnce(&'static Provider) -> Option<Form<'static>>,
) -> Result<Form<'static>, Error> {
    let form = match provider_named(name) {
        Ok(provider) => choose(provider),
        Err(Error::Name) => name.get().and_then(|name| Form::named(name.to_str().ok()?)),
        Err(error) => return Err(error),
    };
    form.ok_or(Error::Name)
}

/// The form of this name, or the one of a provider's forms that a text looks like.
fn form_of(name: Name<'_>, text: &[u8]) -> Result<Form<'static>, Error> {
    form_named(name, |provider| Some(provider.form_of(text)))
}

/// The form of this name, or a provider's own.
fn own_form(name: Name<'_>) -> Result<Form<'static>, Error> {
    form_named(name, |provider| provider.forms().next())
}

/// A report as JSON, its members in the order of the alphabet.
fn to_json(report: serde_json::Result<serde_json::Value>) -> Result<std::string::String, Error> {
    let text = report.and_then(|report| serde_json::to_string(&report));
    text.map_err(|_| Error::Internal)
}

/// A text that must be UTF-8; empty if there is none.
fn utf8<'a>(text: &Text<'a>) -> Result<&'a str, Error> {
    str::from_utf8(text.values()?).map_err(|_| Error::Utf8)
}
