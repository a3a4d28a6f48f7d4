//! `cors lint`: prints lint findings as text, as JSON, or as SARIF for code review.

use std::fmt::Write as _;
use std::io::Write;
use std::iter;

use cors_advice::lint::report::{Found, Report};
use cors_advice::lint::{LintCode, Severity};
use cors_advice::source::Source;
use serde_json::{Value, json};

use crate::arguments::{FailOn, LintArguments};
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::json::{to_json, to_json_lines};
use crate::output::{Output, report};

/// The SARIF rule for the errors of an invalid document.
const INVALID: &str = "invalid";

pub(crate) fn run(arguments: &LintArguments) -> Result<Verdict, Fatal> {
    let input = Input::read(&arguments.config)?;
    let form = arguments.dialect.provider().form_of(&input.bytes);
    let errors = form.parse(&input.bytes).err();
    if let Some(errors) = &errors {
        report(format_args!("cors: {}", input.describe(form, errors)));
    }
    let found = Report::with_errors(form, &input.bytes, errors.as_ref());
    let is_valid = found.errors.is_empty();
    let mut out = Output::new();
    if arguments.sarif {
        let log = sarif(&input.name, &found);
        writeln!(out, "{}", to_json_lines(&log)?)?;
    } else if arguments.json {
        // Members in the order of the alphabet.
        writeln!(out, "{}", to_json(&json!(found))?)?;
    } else if is_valid || !found.findings.is_empty() {
        write!(out, "{}", text(input.source(), &found))?;
    }
    if !is_valid {
        return Ok(Verdict::No);
    }
    let fails_from = match arguments.fail_on {
        FailOn::Note => Some(Severity::Note),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Error => Some(Severity::Error),
        FailOn::Never => None,
    };
    let fails = fails_from.is_some_and(|least| found.worst >= Some(least));
    Ok(if fails { Verdict::No } else { Verdict::Yes })
}

fn text(source: Source<'_>, report: &Report) -> String {
    let mut text = String::new();
    for found in &report.findings {
        let Found {
            code,
            severity,
            line,
            column,
            ..
        } = found;
        let (message, advice) = (found.message(), found.advice());
        let snippet = source.snippet(*line, *column);
        let name = source.name;
        let _ = write!(
            text,
            "{name}:{line}:{column}: {severity} {code}: {message}{snippet}\n      {advice}\n\n"
        );
    }
    let Report { more, counts, .. } = report;
    let [errors, warnings, notes] = counts;
    if *more > 0 {
        let _ = writeln!(text, "and {more} more\n");
    }
    let _ = writeln!(
        text,
        "errors: {errors}, warnings: {warnings}, notes: {notes}"
    );
    text
}

/// [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
fn sarif(name: &str, report: &Report) -> Value {
    let mut rules: Vec<Value> = LintCode::ALL
        .iter()
        .map(|code| {
            let page = format!("docs/lint.md#{}", code.id().to_ascii_lowercase());
            json!({
                "id": code.id(),
                "shortDescription": { "text": code.summary() },
                "help": { "text": format!("{}; see {page}", code.hint()) },
                "defaultConfiguration": { "level": code.severity().name() },
            })
        })
        .collect();
    rules.push(json!({
        "id": INVALID,
        "shortDescription": { "text": "the provider rejects the document" },
        "help": { "text": "see docs/parse.md" },
        "defaultConfiguration": { "level": "error" },
    }));
    let place = |line: usize, column: usize| {
        json!([{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(name) },
                "region": { "startLine": line, "startColumn": column },
            },
        }])
    };
    let refused = report.errors.iter().map(|refused| {
        json!({
            "ruleId": INVALID,
            "ruleIndex": LintCode::ALL.len(),
            "level": "error",
            "message": { "text": message(&refused.advice) },
            "locations": place(refused.line, refused.column),
        })
    });
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|found| {
            let index = LintCode::ALL.iter().position(|code| *code == found.lint);
            json!({
                "ruleId": found.code,
                "ruleIndex": index,
                "level": found.severity,
                "message": { "text": message(&format!("{}; {}", found.message(), found.advice())) },
                "locations": place(found.line, found.column),
            })
        })
        .chain(refused)
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": { "name": "cors", "version": env!("CARGO_PKG_VERSION"), "rules": rules },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": { "more": report.more },
        }],
    })
}

/// A message as plain text: braces are placeholders if they are not doubled (3.11.5), and brackets
/// can be read as a link (3.11.6).
fn message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '{' | '}' => message.push(character),
            '[' | ']' => message.push('\\'),
            _ => {}
        }
        message.push(character);
    }
    message
}

/// A relative path as a relative reference, an absolute path as a URI, percent-encoded as needed.
fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let path = path.bytes().map(|byte| match byte {
        b'/' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    iter::once(scheme.to_owned()).chain(path).collect()
}
