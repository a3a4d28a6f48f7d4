//! The report: text for people, an object for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cors_xml::is_invisible;
use serde::Serialize;

use super::case::{Before, Case};
use super::compare::{Answer, Kind};
use super::expected::Expected;
use super::finding::{Counts, Finding, Verdict};
use super::server::Address;

/// What a program reads.
#[derive(Serialize)]
pub(crate) struct Report<'f> {
    server: String,
    dialect: &'static str,
    counts: Counts,
    /// How many rows differ, by the most important kind of what differs.
    kinds: BTreeMap<&'static str, usize>,
    rows: Vec<Row<'f>>,
}

#[derive(Serialize)]
struct Row<'f> {
    name: &'f str,
    source: &'f str,
    known: &'static str,
    provider: &'f Expected,
    server: Option<&'f Answer>,
    #[serde(flatten)]
    verdict: &'f Verdict,
}

impl<'f> Report<'f> {
    pub(crate) fn new(
        server: String,
        dialect: &'static str,
        findings: &'f [Finding<'f>],
    ) -> Report<'f> {
        let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
        for kind in findings.iter().filter_map(Finding::kind) {
            let count = kinds.entry(kind.name()).or_default();
            *count = count.saturating_add(1);
        }
        let row = |finding: &'f Finding<'f>| Row {
            name: &finding.case.name,
            source: &finding.case.source,
            known: finding.case.level.name(),
            provider: &finding.case.expected,
            server: finding.answer.as_ref(),
            verdict: &finding.verdict,
        };
        Report {
            server,
            dialect,
            counts: Counts::of(findings),
            kinds,
            rows: findings.iter().map(row).collect(),
        }
    }

    /// The counts, for people.
    pub(crate) fn summary(&self) -> String {
        let counts = self.counts;
        let mut text = format!(
            "{} on {}: {} rows asked, {} same, {} differ",
            self.dialect, self.server, counts.asked, counts.same, counts.differs
        );
        let named = Kind::ALL.iter().map(|kind| kind.name());
        let by_kind: Vec<String> = named
            .filter_map(|name| self.kinds.get(name).map(|count| format!("{name} {count}")))
            .collect();
        if !by_kind.is_empty() {
            let _ = write!(text, " ({})", by_kind.join(", "));
        }
        if counts.refused_configuration > 0 {
            let _ = write!(
                text,
                ", {} whose rules are refused",
                counts.refused_configuration
            );
        }
        let _ = write!(text, "; {} cannot be asked", counts.not_askable);
        text
    }
}

/// What was found out about a row, for people; nothing about one that is the same.
pub(crate) fn lines(finding: &Finding<'_>) -> Vec<String> {
    match &finding.verdict {
        Verdict::Same => Vec::new(),
        Verdict::NotAskable { reason } => vec![format!("cannot be asked: {reason}")],
        Verdict::RefusedConfiguration { status, code } => {
            let code = code.as_deref().unwrap_or("no code");
            vec![format!(
                "the server does not accept the rules of the row: {status} {code}"
            )]
        }
        Verdict::Differs { differences } => differences
            .iter()
            .map(|difference| {
                format!(
                    "{}: the provider {}, this server {}",
                    difference.aspect,
                    visible(&difference.provider),
                    visible(&difference.server)
                )
            })
            .collect(),
    }
}

/// A row with its place in the sources, for people.
pub(crate) fn text(finding: &Finding<'_>) -> String {
    let case = finding.case;
    let verdict = match finding.verdict {
        Verdict::Same => "same",
        Verdict::Differs { .. } => "differs",
        Verdict::RefusedConfiguration { .. } => "refused",
        Verdict::NotAskable { .. } => "not asked",
    };
    let mut text = format!(
        "{verdict:9} {}\n          {}: {}\n",
        visible(&case.name),
        case.level.name(),
        visible(&case.source)
    );
    for line in lines(finding) {
        let _ = writeln!(text, "          {line}");
    }
    text
}

/// What would be sent for a row, without a server.
pub(crate) fn plan(address: &Address, bucket: &str, case: &Case) -> String {
    let mut text = format!("{} ({})\n", visible(&case.name), case.level.name());
    let question = match &case.question {
        Ok(question) => question,
        Err(reason) => {
            let _ = writeln!(text, "  cannot be asked: {reason}");
            return text;
        }
    };
    match &question.before {
        Before::Any => {}
        Before::None => text.push_str("  without rules\n"),
        Before::Removed => text.push_str("  after the bucket was removed\n"),
        Before::Rules(document) => {
            let _ = writeln!(text, "  rules: {document}");
        }
    }
    let exchange = &question.exchange;
    let signed = if exchange.is_signed {
        "signed"
    } else {
        "not signed"
    };
    let _ = writeln!(
        text,
        "  {} {} ({signed})",
        exchange.method,
        address.url(bucket, exchange)
    );
    for (name, value) in &exchange.headers {
        let _ = writeln!(text, "    {name}: {}", value.escape_ascii());
    }
    if let Some(body) = &exchange.body {
        let _ = writeln!(text, "    {} bytes", body.len());
    }
    text
}

/// A text in which every character is seen: a server may have sent it.
fn visible(text: &str) -> String {
    let one = |character: char| {
        if is_invisible(character) {
            character.escape_unicode().to_string()
        } else {
            character.to_string()
        }
    };
    text.chars().map(one).collect()
}
