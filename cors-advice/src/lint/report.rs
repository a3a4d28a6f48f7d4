//! The findings of a document with their places, and the errors for which the provider rejects it.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use cors_core::{Configuration, Field};
use cors_xml::{DocumentError, DocumentErrors, Form, ReadableDocument, visible};
use serde::Serialize;

use super::{Finding, LintCode, Severity, lint};
use crate::edit::Edit;

/// The most findings, and the most errors, that a report lists: more than a person reads.
pub const MAX_LISTED: usize = 1000;

/// What lint finds in a document, and what is wrong with it. It is serialised as `cors lint --json` prints it.
///
/// # Examples
///
/// ```
/// use cors_advice::lint::report::Report;
/// use cors_xml::Form;
///
/// let form = Form::named("s3-json").unwrap();
/// let text = br#"{"CORSRules": [{"AllowedOrigins": ["https://a.example", "https://a.example"], "AllowedMethods": ["GET"]}]}"#;
/// let report = Report::of(form, text);
/// assert!(report.errors.is_empty());
/// let finding = &report.findings[0];
/// assert_eq!((finding.line, finding.column), (1, 57));
/// assert_eq!(finding.message(), "rule 1, AllowedOrigins `https://a.example`: this value is already in the list");
/// ```
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The errors, in the order of the document.
    pub errors: Vec<Refused>,
    /// The findings, rule by rule. In a document with errors: of what can be read.
    pub findings: Vec<Found>,
    /// How many errors and findings are not listed, beyond [`MAX_LISTED`] of each.
    pub more: usize,
    /// How many findings are errors, warnings and notes, listed or not.
    #[serde(skip)]
    pub counts: [usize; 3],
    /// The worst of the findings.
    #[serde(skip)]
    pub worst: Option<Severity>,
}

/// A finding with its place.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// The code, such as `C004`.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Counted from 0.
    pub rule: usize,
    /// The element or member, as the form spells it.
    pub element: Option<String>,
    /// Counted from 0.
    pub item: Option<usize>,
    /// The value.
    pub value: Option<String>,
    /// The index of the item in the same list that matches everything that this one does, from 0.
    /// The member's name is stable.
    #[serde(rename = "because_of")]
    pub covered_by: Option<usize>,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub summary: &'static str,
    /// What to change.
    pub hint: &'static str,
    /// The change after which the finding is gone, if it needs no decision of the owner.
    pub edit: Option<Edit>,
    /// The page that explains it.
    pub page: String,
    /// The code, as a value.
    #[serde(skip)]
    pub lint: LintCode,
}

/// An error for which the provider rejects the document, with its place.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// Counted from 0.
    pub rule: Option<usize>,
    /// The element or member, as the form spells it.
    pub element: Option<String>,
    /// The value.
    pub value: Option<String>,
    /// What to change.
    pub advice: String,
}

impl Refused {
    /// The error of a document.
    pub fn new(error: &DocumentError) -> Refused {
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

impl Report {
    /// Parses a document and lints it.
    ///
    /// # Complexity
    ///
    /// That of parsing, and that of [`lint`].
    pub fn of(form: Form<'_>, text: &[u8]) -> Report {
        Report::with_errors(form, text, form.parse(text).err().as_ref())
    }

    /// The report of a document whose errors are known.
    pub fn with_errors(form: Form<'_>, text: &[u8], errors: Option<&DocumentErrors>) -> Report {
        let mut report = Report::default();
        for error in errors.into_iter().flat_map(DocumentErrors::iter) {
            if report.errors.len() < MAX_LISTED {
                report.errors.push(Refused::new(error));
            } else {
                report.more = report.more.saturating_add(1);
            }
        }
        if let Some(document) = form.parse_despite_errors(text) {
            report.lint(&document, &Known::of(errors));
        }
        report
    }

    fn lint(&mut self, document: &ReadableDocument<'_>, known: &Known) {
        document.with_configuration(|configuration| {
            for finding in lint(configuration).filter(|finding| known.leaves(document, finding)) {
                let severity = finding.severity();
                let [errors, warnings, notes] = &mut self.counts;
                let count = match severity {
                    Severity::Error => errors,
                    Severity::Warning => warnings,
                    Severity::Note => notes,
                };
                *count = count.saturating_add(1);
                self.worst = self.worst.max(Some(severity));
                if self.findings.len() < MAX_LISTED {
                    let found = Found::new(document, configuration, &finding);
                    self.findings.push(found);
                } else {
                    self.more = self.more.saturating_add(1);
                }
            }
        });
    }
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
    pub fn message(&self) -> String {
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
    pub fn advice(&self) -> String {
        match &self.edit {
            Some(Edit::Replace { with, .. }) => {
                let with = with.join(" ");
                format!("{}: {}", self.hint, visible(&with))
            }
            _ => self.hint.to_owned(),
        }
    }
}
