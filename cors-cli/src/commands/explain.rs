//! `cors explain`: plays the browser and says who decided what, and what would change it.

mod play;
mod suggestion;
mod text;

use std::io::{self, Write};

use cors_core::Dialect;
use cors_core::dialect::RuleSelection;
use serde::Serialize;

use super::answer::Answer;
use crate::arguments::ExplainArguments;
use crate::browser::page::Page;
use crate::configuration::Source;
use crate::{End, Stopped};
use play::Play;
use suggestion::Suggestion;

pub(crate) fn run(arguments: &ExplainArguments) -> Result<End, Stopped> {
    let page = page(
        &arguments.origin,
        &arguments.method,
        &arguments.headers,
        arguments.credentials,
    )?;
    let source = Source::read(&arguments.config)?;
    let (play, suggestion) = explained(&source, arguments.dialect.dialect(), &page)?;
    if arguments.json {
        let text = to_json(&play, &page, suggestion.as_ref())?;
        writeln!(io::stdout().lock(), "{text}")?;
    } else {
        text::print(&play, &page, suggestion.as_ref())?;
    }
    Ok(if play.failure.is_none() {
        End::Good
    } else {
        End::Bad
    })
}

/// What `--json` prints, for a document at hand.
pub(crate) fn json(
    source: &Source,
    dialect: &'static Dialect,
    page: &Page,
) -> Result<String, Stopped> {
    let (play, suggestion) = explained(source, dialect, page)?;
    to_json(&play, page, suggestion.as_ref())
}

/// A page's request, checked.
pub(crate) fn page(
    origin: &str,
    method: &str,
    headers: &[String],
    credentials: bool,
) -> Result<Page, Stopped> {
    Page::new(origin, method, headers, credentials).map_err(|error| Stopped(error.to_string()))
}

fn explained(
    source: &Source,
    dialect: &'static Dialect,
    page: &Page,
) -> Result<(Play, Option<Suggestion>), Stopped> {
    let image = source.compile(dialect)?;
    let policy = image.as_policy();
    let play = Play::new(&policy, dialect, page);
    let suggestion = match &play.failure {
        Some(failure) => suggestion::find(&policy, dialect, page, failure),
        None => None,
    };
    Ok((play, suggestion))
}

fn to_json(play: &Play, page: &Page, suggestion: Option<&Suggestion>) -> Result<String, Stopped> {
    let report = Report::new(play, page, suggestion);
    serde_json::to_string(&report).map_err(|error| Stopped(error.to_string()))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    dialect: &'static str,
    preflight_needed: bool,
    preflight_reason: Option<&'static str>,
    preflight: Option<Exchange<'a>>,
    actual: Exchange<'a>,
    verdict: Verdict<'a>,
    selection: &'static str,
    rules: &'a [play::RuleReport],
    suggestion: Option<&'a Suggestion>,
}

/// A request and its answer.
#[derive(Serialize)]
struct Exchange<'a> {
    request: &'a play::RequestReport,
    #[serde(flatten)]
    answer: &'a Answer,
}

#[derive(Serialize)]
struct Verdict<'a> {
    page_can_read: bool,
    /// `readable`, or why not.
    reason: &'static str,
    readable_headers: &'a [String],
}

impl<'a> Report<'a> {
    fn new(play: &'a Play, page: &Page, suggestion: Option<&'a Suggestion>) -> Self {
        let need = page.preflight_need();
        Report {
            dialect: play.dialect.name,
            preflight_needed: need.is_needed(),
            preflight_reason: need.reason(),
            preflight: play
                .preflight
                .as_ref()
                .map(|(request, answer)| Exchange { request, answer }),
            actual: Exchange {
                request: &play.actual.0,
                answer: &play.actual.1,
            },
            verdict: Verdict {
                page_can_read: play.failure.is_none(),
                reason: play
                    .failure
                    .as_ref()
                    .map_or("readable", crate::browser::verdict::Failure::reason),
                readable_headers: &play.readable_headers,
            },
            selection: match play.dialect.evaluation.rule_selection {
                RuleSelection::AllThree => "conjunct",
                RuleSelection::FirstForOriginAndMethod => "commit_then_fail",
                RuleSelection::HeadersIgnored => "headers_not_used",
            },
            rules: &play.rules,
            suggestion,
        }
    }
}
