//! A request of the plan and what came of it.

use cors_advice::browser::{Failure, Received};

use super::plan::Planned;
use crate::http::Incoming;

/// A request and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) planned: Planned,
    pub(crate) outcome: Outcome,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Answered(Incoming),
    /// No HTTP response came, and why.
    Failed(String),
    /// It was not sent, as its preflight failed.
    NotSent,
}

impl Exchange {
    pub(crate) fn answer(&self) -> Option<&Incoming> {
        match &self.outcome {
            Outcome::Answered(answer) => Some(answer),
            Outcome::Failed(_) | Outcome::NotSent => None,
        }
    }

    pub(crate) fn received(&self) -> Option<Received<'_>> {
        self.answer().map(|answer| Received {
            status: answer.status,
            lines: &answer.headers,
        })
    }

    /// The browser's judgement, if it is a page's and was answered.
    pub(crate) fn judged(&self) -> Option<Result<(), Failure>> {
        let (page, received) = (self.planned.page.as_ref()?, self.received()?);
        Some(if self.planned.is_preflight {
            received.check_preflight(page)
        } else {
            received.check(page)
        })
    }

    /// The value of a header as a browser takes it, each byte a character.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let value = self.received()?.value(name)?;
        Some(cors_advice::explain::to_characters(&value))
    }

    /// The values of a header, line by line.
    pub(crate) fn lines<'x>(&'x self, name: &'x str) -> impl Iterator<Item = String> + 'x {
        let lines = self.answer().into_iter().flat_map(|answer| &answer.headers);
        lines
            .filter(move |(line, _)| line == name)
            .map(|(_, value)| cors_advice::explain::to_characters(value))
    }

    /// Whether a list header holds an item, in any case.
    pub(crate) fn lists(&self, name: &str, item: &str) -> bool {
        let value = self.value(name).unwrap_or_default();
        value
            .split(',')
            .any(|listed| listed.trim().eq_ignore_ascii_case(item))
    }
}
