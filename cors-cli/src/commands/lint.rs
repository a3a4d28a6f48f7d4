//! `cors lint`: prints lint findings as text, as JSON, or as SARIF for code review.

use std::fmt::Write as _;
use std::io::Write;
use std::iter;

use cors_advice::lint::{Finding, LintCode, Severity, lint};
use cors_advice::source::Source;
use cors_xml::{Document, DocumentError};
use serde::Serialize;
use serde_json::{Value, json};

use crate::arguments::{FailOn, LintArguments};
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::output::{Output, report};
use crate::shown::{MAX_SHOWN, more};

/// A finding with its place.
#[derive(Serialize)]
struct Found {
    code: &'static str,
    severity: &'static str,
    /// Counted from 0.
    rule: usize,
    element: Option<String>,
    /// Counted from 0.
    item: Option<usize>,
    value: Option<String>,
    /// The index of the item in the same list that matches everything that this one does, from 0.
    /// The member's name is stable.
    #[serde(rename = "because_of")]
    covered_by: Option<usize>,
    line: usize,
    column: usize,
    summary: &'static str,
    hint: &'static str,
    page: String,
    #[serde(skip)]
    lint: LintCode,
}

/// An error for which the provider rejects the document, with its place.
#[derive(Serialize)]
struct Refused {
    line: usize,
    column: usize,
    /// Counted from 0.
    rule: Option<usize>,
    element: Option<String>,
    value: Option<String>,
    /// What to change.
    advice: String,
}

impl Refused {
    fn new(error: &DocumentError) -> Refused {
        Refused {
            line: error.line,
            column: error.column,
            rule: error.rule,
            element: error.element.as_deref().map(str::to_owned),
            value: error.value.as_deref().map(str::to_owned),
            advice: error.to_string(),
        }
    }
}

/// The SARIF rule for the errors of an invalid document.
const INVALID: &str = "invalid";

pub(crate) fn run(arguments: &LintArguments) -> Result<Verdict, Fatal> {
    let input = Input::read(&arguments.config)?;
    let (findings, refused) = match input.parse(arguments.dialect.provider()) {
        Ok(document) => (Findings::of(&document), Vec::new()),
        Err(not_valid) => {
            report(format_args!("cors: {}", not_valid.text));
            let errors = not_valid.errors;
            let refused = errors.iter().take(MAX_SHOWN).map(Refused::new).collect();
            let more = more(errors.iter().count());
            (
                Findings {
                    more,
                    ..Findings::default()
                },
                refused,
            )
        }
    };
    let is_valid = refused.is_empty();
    let Findings { found, more, .. } = &findings;
    let mut out = Output::new();
    if arguments.sarif {
        let log = sarif(&input.name, &findings, &refused);
        writeln!(out, "{log:#}")?;
    } else if arguments.json {
        let report = json!({ "findings": found, "errors": refused, "more": more });
        writeln!(out, "{report}")?;
    } else if is_valid {
        write!(out, "{}", text(input.source(), &findings))?;
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
    let fails = fails_from.is_some_and(|least| findings.worst >= Some(least));
    Ok(if fails { Verdict::No } else { Verdict::Yes })
}

/// The findings of a document, the first ones with their places.
#[derive(Default)]
struct Findings {
    found: Vec<Found>,
    /// How many are not in `found`.
    more: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    worst: Option<Severity>,
}

impl Findings {
    fn of(document: &Document<'_>) -> Findings {
        document.with_configuration(|configuration| {
            let mut findings = Findings::default();
            for (number, finding) in lint(configuration).enumerate() {
                let severity = finding.severity();
                let count = match severity {
                    Severity::Error => &mut findings.errors,
                    Severity::Warning => &mut findings.warnings,
                    Severity::Note => &mut findings.notes,
                };
                *count = count.saturating_add(1);
                findings.worst = findings.worst.max(Some(severity));
                if number < MAX_SHOWN {
                    findings.found.push(Found::new(document, &finding));
                } else {
                    findings.more = findings.more.saturating_add(1);
                }
            }
            findings
        })
    }
}

impl Found {
    fn new(document: &Document<'_>, finding: &Finding) -> Found {
        let place = document.place(finding.rule, finding.field, finding.item);
        let item = finding.item.and(place).and_then(|place| place.value);
        let id = finding.code.id();
        Found {
            code: id,
            severity: finding.severity().name(),
            rule: finding.rule,
            element: place
                .filter(|place| place.value.is_some())
                .and_then(|place| place.name.map(str::to_owned))
                .or(finding.field.map(|field| field.name().to_owned())),
            item: finding.item,
            value: item.map(str::to_owned),
            covered_by: finding.covered_by,
            line: place.map_or(1, |place| place.line),
            column: place.map_or(1, |place| place.column),
            summary: finding.code.summary(),
            hint: finding.code.hint(),
            page: format!("docs/lint.md#{}", id.to_ascii_lowercase()),
            lint: finding.code,
        }
    }

    /// The place in the rule, and what is wrong.
    fn message(&self) -> String {
        let mut message = format!("rule {}", self.rule.saturating_add(1));
        if let Some(element) = &self.element {
            message.push_str(", ");
            message.push_str(element);
        }
        if let Some(value) = &self.value {
            let _ = write!(message, " `{}`", value.escape_debug());
        }
        message.push_str(": ");
        message.push_str(self.summary);
        message
    }
}

fn text(source: Source<'_>, findings: &Findings) -> String {
    let mut text = String::new();
    for found in &findings.found {
        let Found {
            code,
            severity,
            line,
            column,
            hint,
            ..
        } = found;
        let message = found.message();
        let snippet = source.snippet(*line, *column);
        let name = source.name;
        let _ = write!(
            text,
            "{name}:{line}:{column}: {severity} {code}: {message}{snippet}\n      {hint}\n\n"
        );
    }
    let Findings {
        more,
        errors,
        warnings,
        notes,
        ..
    } = findings;
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
fn sarif(name: &str, findings: &Findings, refused: &[Refused]) -> Value {
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
    let refused = refused.iter().map(|refused| {
        json!({
            "ruleId": INVALID,
            "ruleIndex": LintCode::ALL.len(),
            "level": "error",
            "message": { "text": refused.advice },
            "locations": place(refused.line, refused.column),
        })
    });
    let results: Vec<Value> = findings
        .found
        .iter()
        .map(|found| {
            let index = LintCode::ALL.iter().position(|code| *code == found.lint);
            json!({
                "ruleId": found.code,
                "ruleIndex": index,
                "level": found.severity,
                "message": { "text": format!("{}; {}", found.message(), found.hint) },
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
            "properties": { "more": findings.more },
        }],
    })
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
