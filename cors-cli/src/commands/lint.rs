//! `cors lint`: prints lint findings as text, as JSON, or as SARIF for code review.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::iter;

use cors_advice::edit::Edit;
use cors_advice::lint::{Finding, LintCode, Severity, lint};
use cors_advice::source::Source;
use cors_core::{Configuration, Field};
use cors_xml::{DocumentError, DocumentErrors, ReadableDocument, visible};
use serde::Serialize;
use serde_json::{Value, json};

use crate::arguments::{FailOn, LintArguments};
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::json::{to_json, to_json_lines};
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
    /// The change after which the finding is gone, if it needs no decision of the owner.
    edit: Option<Edit>,
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
    let form = arguments.dialect.provider().form_of(&input.bytes);
    let errors = form.parse(&input.bytes).err();
    if let Some(errors) = &errors {
        report(format_args!("cors: {}", input.describe(form, errors)));
    }
    let known = Known::of(errors.as_ref());
    let readable = form.parse_despite_errors(&input.bytes);
    let mut findings = readable.map_or_else(Findings::default, |document| {
        Findings::of(&document, &known)
    });
    let errors = || errors.iter().flat_map(DocumentErrors::iter);
    let refused: Vec<Refused> = errors().take(MAX_SHOWN).map(Refused::new).collect();
    findings.more = findings.more.saturating_add(more(errors().count()));
    let is_valid = refused.is_empty();
    let Findings { found, more, .. } = &findings;
    let mut out = Output::new();
    if arguments.sarif {
        let log = sarif(&input.name, &findings, &refused);
        writeln!(out, "{}", to_json_lines(&log)?)?;
    } else if arguments.json {
        let report = json!({ "findings": found, "errors": refused, "more": more });
        writeln!(out, "{}", to_json(&report)?)?;
    } else if is_valid || !found.is_empty() {
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

/// What the errors of a document already say.
#[derive(Default)]
struct Known {
    has_errors: bool,
    rules: BTreeSet<usize>,
    places: BTreeSet<(usize, usize)>,
}

impl Known {
    fn of(errors: Option<&DocumentErrors>) -> Known {
        let errors = || errors.into_iter().flat_map(DocumentErrors::iter);
        Known {
            has_errors: errors().next().is_some(),
            rules: errors().filter_map(|error| error.rule).collect(),
            places: errors().map(|error| (error.line, error.column)).collect(),
        }
    }

    /// Whether a finding is true although the document has errors, and not one of them: what is
    /// not there, or not read, is not judged.
    fn leaves(&self, document: &ReadableDocument<'_>, finding: &Finding) -> bool {
        if !self.has_errors {
            return true;
        }
        let is_of_value = finding.item.is_some();
        let is_of_member = finding.field == Some(Field::MaxAgeSeconds)
            || (finding.field.is_some() && !self.rules.contains(&finding.rule));
        let place = document.place(finding.rule, finding.field, finding.item);
        let is_known = place.is_some_and(|place| self.places.contains(&(place.line, place.column)));
        (is_of_value || is_of_member) && !is_known
    }
}

impl Findings {
    fn of(document: &ReadableDocument<'_>, known: &Known) -> Findings {
        document.with_configuration(|configuration| {
            let mut findings = Findings::default();
            let found = lint(configuration).filter(|finding| known.leaves(document, finding));
            for (number, finding) in found.enumerate() {
                let severity = finding.severity();
                let count = match severity {
                    Severity::Error => &mut findings.errors,
                    Severity::Warning => &mut findings.warnings,
                    Severity::Note => &mut findings.notes,
                };
                *count = count.saturating_add(1);
                findings.worst = findings.worst.max(Some(severity));
                if number < MAX_SHOWN {
                    findings
                        .found
                        .push(Found::new(document, configuration, &finding));
                } else {
                    findings.more = findings.more.saturating_add(1);
                }
            }
            findings
        })
    }
}

impl Found {
    fn new(
        document: &ReadableDocument<'_>,
        configuration: &Configuration<'_>,
        finding: &Finding,
    ) -> Found {
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
            edit: finding.edit(configuration),
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
            let _ = write!(message, " `{}`", visible(value));
        }
        message.push_str(": ");
        message.push_str(self.summary);
        message
    }

    /// What to change, with the values to write if they are known.
    fn advice(&self) -> String {
        match &self.edit {
            Some(Edit::Replace { with, .. }) => {
                let with = with.join(" ");
                format!("{}: {}", self.hint, visible(&with))
            }
            _ => self.hint.to_owned(),
        }
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
            "message": { "text": message(&refused.advice) },
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
            "properties": { "more": findings.more },
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
