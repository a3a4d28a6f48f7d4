//! The report as `JUnit` XML, which continuous integration shows.

use std::fmt::Write as _;

use cors_xml::escape_text;

use super::finding::{Counts, Finding, Verdict};
use super::report;

/// Writes the report as one test suite: a row is a test, its level the class.
pub(crate) fn written(suite: &str, findings: &[Finding<'_>]) -> String {
    let counts = Counts::of(findings);
    let failures = counts.differs.saturating_add(counts.refused_configuration);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\">",
        attribute(suite),
        findings.len(),
        counts.not_askable
    );
    for finding in findings {
        let case = finding.case;
        let _ = write!(
            out,
            "  <testcase classname=\"{}\" name=\"{}\"",
            case.level.name(),
            attribute(&case.name)
        );
        let source = attribute(&case.source);
        match &finding.verdict {
            Verdict::Same => out.push_str("/>\n"),
            Verdict::NotAskable { reason } => {
                let reason = attribute(reason);
                let _ = writeln!(out, "><skipped message=\"{reason}\"/></testcase>");
            }
            _ => {
                let kind = finding.kind().map_or("configuration", |kind| kind.name());
                let text = report::lines(finding).join("\n");
                let _ = writeln!(
                    out,
                    "><failure type=\"{kind}\" message=\"{source}\">{}</failure></testcase>",
                    escape_text(&text)
                );
            }
        }
    }
    out.push_str("</testsuite>\n");
    out
}

fn attribute(text: &str) -> String {
    escape_text(text).to_string().replace('"', "&quot;")
}
