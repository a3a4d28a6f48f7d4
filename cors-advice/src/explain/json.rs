//! What `cors explain --json` prints.

use alloc::string::String;
use alloc::vec::Vec;

use cors_core::dialect::RuleSelection;
use serde::{Serialize, Serializer};

use super::note::Note;
use super::page_explanation::{Exchange, PageExplanation, RuleReport};
use super::suggestion::Suggestion;
use crate::browser::Failure;

/// The JSON object, its members in the order of output.
#[derive(Serialize)]
struct Report<'a> {
    dialect: &'a str,
    preflight_needed: bool,
    preflight_reason: Option<&'static str>,
    preflight: Option<&'a Exchange>,
    actual: &'a Exchange,
    verdict: Verdict<'a>,
    selection: &'static str,
    rules: &'a [RuleReport],
    suggestion: Option<&'a Suggestion>,
    /// Why there is no suggestion, where that is known.
    obstacle: Option<&'a str>,
    notes: Vec<&'a Note>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    page_can_read: bool,
    /// `readable`, or why not.
    reason: &'static str,
    readable_headers: &'a [String],
}

impl Serialize for PageExplanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let need = self.page.preflight_need();
        let dialect = &self.provider.dialect;
        let report = Report {
            dialect: dialect.name,
            preflight_needed: need.is_needed(),
            preflight_reason: need.reason(),
            preflight: self.preflight.as_ref(),
            actual: &self.actual,
            verdict: Verdict {
                page_can_read: self.failure.is_none(),
                reason: self.failure.as_ref().map_or("readable", Failure::reason),
                readable_headers: &self.readable_headers,
            },
            selection: match dialect.evaluation.rule_selection {
                RuleSelection::AllThree => "conjunct",
                RuleSelection::FirstForOriginAndMethod => "commit_then_fail",
            },
            rules: &self.rules,
            suggestion: self.suggestion.as_ref(),
            obstacle: self.obstacle.as_deref(),
            notes: self.page_notes.iter().chain(&self.notes).collect(),
        };
        report.serialize(serializer)
    }
}
