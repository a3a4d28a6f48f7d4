//! Counters for Prometheus: answers by status and reason, CORS decisions by outcome and reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// Counters. The labels come from fixed sets, so that requests cannot make the table grow.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    decisions: BTreeMap<(&'static str, &'static str), u64>,
    answers: BTreeMap<(u16, &'static str), u64>,
}

impl Metrics {
    pub(crate) fn decided(&self, outcome: &'static str, reason: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.decisions.entry((outcome, reason)).or_default();
        *count = count.saturating_add(1);
    }

    pub(crate) fn answered(&self, status: u16, reason: Option<&'static str>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts
            .answers
            .entry((status, reason.unwrap_or_default()))
            .or_default();
        *count = count.saturating_add(1);
    }

    /// Writes the [text format](https://prometheus.io/docs/instrumenting/exposition_formats/).
    pub(crate) fn to_text(&self, dropped_lines: u64) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::from(
            "# HELP cors_decisions_total CORS decisions by outcome and by the reason of a refusal.\n# TYPE cors_decisions_total counter\n",
        );
        // Writing to a string cannot fail.
        for ((outcome, reason), count) in &counts.decisions {
            let _ = writeln!(
                text,
                "cors_decisions_total{{outcome=\"{outcome}\",reason=\"{reason}\"}} {count}"
            );
        }
        text.push_str(
            "# HELP cors_answers_total Answers by status and by the reason of an error.\n# TYPE cors_answers_total counter\n",
        );
        for ((status, reason), count) in &counts.answers {
            let _ = writeln!(
                text,
                "cors_answers_total{{status=\"{status}\",reason=\"{reason}\"}} {count}"
            );
        }
        let _ = write!(
            text,
            "# HELP cors_log_lines_dropped_total Lines that the log did not take in time.\n# TYPE cors_log_lines_dropped_total counter\ncors_log_lines_dropped_total {dropped_lines}\n"
        );
        text
    }
}
