//! Something that is wrong: where, what, who probably set it, and what to change.

use serde::Serialize;

/// A finding. Kinds are words that are stable across versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) kind: &'static str,
    /// The numbers of the requests whose answers show it.
    pub(crate) requests: Vec<usize>,
    /// The header that is wrong, in lower case.
    pub(crate) header: Option<String>,
    pub(crate) text: String,
    pub(crate) set_by: Option<SetBy>,
    pub(crate) change: String,
}

/// Who probably set a header, or left it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SetBy {
    pub(crate) who: &'static str,
    /// What in the answers says so.
    pub(crate) evidence: Vec<String>,
}

/// Makes one of the findings that say the same of several requests: those of one kind and header,
/// and, of differences from the rules, of one text.
pub(crate) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        let is_same = |other: &&mut Finding| {
            other.kind == finding.kind
                && other.header == finding.header
                && (other.text == finding.text || finding.kind != super::rules::DIFFERS)
        };
        match merged.iter_mut().find(is_same) {
            None => merged.push(finding),
            Some(first) => {
                first.requests.extend(finding.requests);
                first.requests.sort_unstable();
                first.requests.dedup();
            }
        }
    }
    merged
}
