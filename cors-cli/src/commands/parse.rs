//! `cors parse`: prints the rules of a document, or all its errors, as one JSON object.

use std::io::Write;

use cors_core::{List, Rule};
use cors_xml::{DocumentError, DocumentErrors, Provider, Subject};
use serde::Serialize;

use crate::arguments::DocumentArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::json::to_json;
use crate::output::{Output, report};

#[derive(Serialize)]
struct Valid<'p> {
    ok: bool,
    rules: Vec<RuleText<'p>>,
    response_vary: bool,
    image_bytes: usize,
}

#[derive(Serialize)]
struct RuleText<'p> {
    id: Option<&'p str>,
    allowed_origins: Vec<&'p str>,
    allowed_methods: Vec<&'p str>,
    allowed_headers: Vec<&'p str>,
    expose_headers: Vec<&'p str>,
    max_age_seconds: Option<i32>,
}

#[derive(Serialize)]
struct Invalid<'e> {
    ok: bool,
    error: ErrorText<'e>,
    errors: Vec<ErrorText<'e>>,
}

#[derive(Serialize)]
struct ErrorText<'e> {
    status: u16,
    code: &'static str,
    message: String,
    line: usize,
    column: usize,
    /// Counted from 0.
    rule: Option<usize>,
    element: Option<&'e str>,
    value: Option<&'e str>,
    /// What to change.
    advice: String,
}

pub(crate) fn run(arguments: &DocumentArguments) -> Result<Verdict, Fatal> {
    let provider = arguments.dialect.provider();
    let input = Input::read(&arguments.config)?;
    match input.parse(provider) {
        Ok(document) => {
            let image = document
                .compile()
                .map_err(|error| Fatal(format!("{}: {error}", input.name)))?;
            let policy = image.as_policy();
            print(&Valid {
                ok: true,
                rules: policy.rules().map(|rule| RuleText::new(&rule)).collect(),
                response_vary: policy.response_vary(),
                image_bytes: policy.as_bytes().len(),
            })?;
            Ok(Verdict::Yes)
        }
        Err(not_valid) => {
            report(format_args!("cors: {}", not_valid.text));
            print(&Invalid::new(provider, &not_valid.errors))?;
            Ok(Verdict::No)
        }
    }
}

fn print(value: &impl Serialize) -> Result<(), Fatal> {
    Ok(writeln!(Output::new(), "{}", to_json(value)?)?)
}

impl<'p> RuleText<'p> {
    fn new(rule: &Rule<'p>) -> Self {
        let texts = |list: List<'p>| list.iter().collect();
        RuleText {
            id: rule.id,
            allowed_origins: texts(rule.allowed_origins),
            allowed_methods: texts(rule.allowed_methods),
            allowed_headers: texts(rule.allowed_headers),
            expose_headers: texts(rule.expose_headers),
            max_age_seconds: rule.max_age_seconds,
        }
    }
}

impl<'e> Invalid<'e> {
    fn new(provider: &Provider, errors: &'e DocumentErrors) -> Self {
        Invalid {
            ok: false,
            error: ErrorText::new(provider, errors.answered()),
            errors: errors
                .iter()
                .map(|error| ErrorText::new(provider, error))
                .collect(),
        }
    }
}

impl<'e> ErrorText<'e> {
    fn new(provider: &Provider, error: &'e DocumentError) -> Self {
        let wire = provider.error(error.cause(), Subject::Document(error));
        ErrorText {
            status: wire.status,
            code: wire.code,
            message: wire.message.to_string(),
            line: error.line,
            column: error.column,
            rule: error.rule,
            element: error.element.as_deref(),
            value: error.value.as_deref(),
            advice: error.to_string(),
        }
    }
}
