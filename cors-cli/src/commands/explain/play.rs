//! The two requests of a page, their answers, and what each rule says of them.

use cors_core::dialect::RuleSelection;
use cors_core::{Dialect, Explanation, Policy, Request};
use serde::Serialize;

use crate::browser::page::Page;
use crate::browser::verdict::{Failure, check_actual, check_preflight, readable_headers};
use crate::bytes::to_characters;
use crate::commands::answer::{Answer, headers};

/// What happens when a page asks.
pub(crate) struct Play {
    pub(crate) dialect: &'static Dialect,
    /// The preflight and its answer, if one is needed.
    pub(crate) preflight: Option<(RequestReport, Answer)>,
    /// The actual request and its answer; it is not sent when the preflight fails.
    pub(crate) actual: (RequestReport, Answer),
    /// Why the page cannot read the answer.
    pub(crate) failure: Option<Failure>,
    /// The response headers that the page can read; none when it cannot read the answer.
    pub(crate) readable_headers: Vec<String>,
    /// What each rule says of the request that settles it: the preflight if there is one.
    pub(crate) rules: Vec<RuleReport>,
}

/// A request as the browser sends it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RequestReport {
    pub(crate) method: String,
    pub(crate) origin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_control_request_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_control_request_headers: Option<String>,
}

/// What one rule says.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RuleReport {
    /// Counted from 0.
    pub(crate) rule: usize,
    pub(crate) id: Option<String>,
    pub(crate) matches: bool,
    /// The first AllowedOrigin that matches.
    pub(crate) origin_matched: Option<String>,
    pub(crate) method_matched: bool,
    /// The first header name that the rule does not allow.
    pub(crate) header_refused: Option<String>,
}

impl Play {
    pub(crate) fn new(policy: &Policy<'_>, dialect: &'static Dialect, page: &Page) -> Play {
        let need = page.preflight_need();
        let line = need.header_line();
        let lines: Vec<&[u8]> = line.iter().map(String::as_bytes).collect();
        let actual = Request {
            method: page.method.as_bytes(),
            origin: Some(page.origin.as_bytes()),
            ..Request::EMPTY
        };
        let preflight = Request {
            method: b"OPTIONS",
            access_control_request_method: Some(page.method.as_bytes()),
            access_control_request_headers: &lines,
            ..actual
        };
        let rule_texts: Vec<_> = policy.rules().collect();
        let report = |explanation: &Explanation<'_, '_>| -> Vec<RuleReport> {
            let rules = explanation.rules().zip(&rule_texts);
            rules
                .map(|(said, rule)| RuleReport {
                    rule: said.rule_index,
                    id: rule.id.map(str::to_owned),
                    matches: said.is_match(),
                    origin_matched: said
                        .origin_matched
                        .and_then(|index| rule.allowed_origins.iter().nth(index))
                        .map(str::to_owned),
                    method_matched: said.method_matched,
                    header_refused: said.header_refused.map(to_characters),
                })
                .collect()
        };
        let actual_explained = policy.explain(&actual);
        let actual_headers = headers(actual_explained.decision());
        let mut failure = None;
        let mut rules = report(&actual_explained);
        let preflight = need.is_needed().then(|| {
            let explained = policy.explain(&preflight);
            let answer = Answer::new(dialect, &preflight, explained.decision());
            let status = answer.status.unwrap_or(200);
            failure = check_preflight(page, &need, status, &headers(explained.decision())).err();
            rules = report(&explained);
            (RequestReport::new(&preflight), answer)
        });
        let failure = failure.or_else(|| check_actual(page, &actual_headers).err());
        Play {
            dialect,
            preflight,
            actual: (
                RequestReport::new(&actual),
                Answer::new(dialect, &actual, actual_explained.decision()),
            ),
            readable_headers: if failure.is_none() {
                readable_headers(page, &actual_headers)
            } else {
                Vec::new()
            },
            failure,
            rules,
        }
    }

    /// The rule that is final for this origin and method where its headers take no part in choosing it, granted or not.
    pub(crate) fn final_rule(&self) -> Option<usize> {
        let candidate = |rule: &&RuleReport| rule.origin_matched.is_some() && rule.method_matched;
        let chooses = self.dialect.evaluation.rule_selection == RuleSelection::AllThree;
        let first = self.rules.iter().find(candidate);
        first.filter(|_| !chooses).map(|rule| rule.rule)
    }

    /// The rule that settles it: the preflight's if there is one.
    pub(crate) fn winner(&self) -> Option<usize> {
        match &self.preflight {
            Some((_, answer)) => answer.rule,
            None => self.actual.1.rule,
        }
    }
}

impl RequestReport {
    fn new(request: &Request<'_>) -> Self {
        let lines = request.access_control_request_headers;
        RequestReport {
            method: to_characters(request.method),
            origin: to_characters(request.origin.unwrap_or_default()),
            access_control_request_method: request.access_control_request_method.map(to_characters),
            access_control_request_headers: (!lines.is_empty())
                .then(|| to_characters(&lines.join(&b','))),
        }
    }
}
