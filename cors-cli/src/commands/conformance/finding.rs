//! What was found out about each row.

use serde::Serialize;

use super::case::Case;
use super::compare::{Answer, Difference, Kind};

/// A row and what the server answered.
pub(crate) struct Finding<'c> {
    pub(crate) case: &'c Case,
    pub(crate) answer: Option<Answer>,
    pub(crate) verdict: Verdict,
}

/// What was found out about a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// The server answers as the provider does.
    Same,
    /// It answers otherwise.
    Differs { differences: Vec<Difference> },
    /// It refuses rules that the provider accepts, so the row's request could not be sent.
    RefusedConfiguration { status: u16, code: Option<String> },
    /// The row cannot be asked.
    NotAskable { reason: String },
}

impl Finding<'_> {
    /// The most important kind of what differs.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match &self.verdict {
            Verdict::Differs { differences } => differences.first().map(|first| first.kind),
            _ => None,
        }
    }
}

/// How many rows there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) asked: usize,
    pub(crate) same: usize,
    pub(crate) differs: usize,
    pub(crate) refused_configuration: usize,
    pub(crate) not_askable: usize,
}

impl Counts {
    pub(crate) fn of(findings: &[Finding<'_>]) -> Counts {
        let count = |is: fn(&Verdict) -> bool| {
            let all = findings.iter();
            all.filter(|finding| is(&finding.verdict)).count()
        };
        let not_askable = count(|verdict| matches!(verdict, Verdict::NotAskable { .. }));
        Counts {
            asked: findings.len().saturating_sub(not_askable),
            same: count(|verdict| *verdict == Verdict::Same),
            differs: count(|verdict| matches!(verdict, Verdict::Differs { .. })),
            refused_configuration: count(|verdict| {
                matches!(verdict, Verdict::RefusedConfiguration { .. })
            }),
            not_askable,
        }
    }
}
