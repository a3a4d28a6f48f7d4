//! The answer to one request as JSON: the exact contract of `decide`, and part of what `explain` prints.

use cors_core::{Decision, Dialect, Furthest, Limit, Outcome, Refusal, Request};
use cors_xml::{Provider, ResourceType};
use serde::Serialize;

use crate::bytes::to_characters;

/// One answer, its members in the order in which they are printed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) outcome: &'static str,
    /// The winning rule, counted from 0.
    pub(crate) rule: Option<usize>,
    /// The status of a preflight's response.
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<AnswerError>,
    pub(crate) refusal: Option<AnswerRefusal>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// The wire error of a failed preflight.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AnswerError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Why a request was refused.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AnswerRefusal {
    pub(crate) step: &'static str,
    /// The first header name that no rule in question allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Its place among the requested names, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<u16>,
    /// The cap that was exceeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<&'static str>,
}

impl Answer {
    /// What a decision says to the outside.
    pub(crate) fn new(
        dialect: &Dialect,
        request: &Request<'_>,
        decision: &Decision<'_, '_>,
    ) -> Answer {
        let provider = Provider::of(dialect);
        // The messages repeat bytes of the request; here each shows as its character.
        let method = request.access_control_request_method.map(to_characters);
        let lines: Vec<String> = request
            .access_control_request_headers
            .iter()
            .map(|line| to_characters(line))
            .collect();
        let lines: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
        let in_characters = Request {
            access_control_request_method: method.as_deref().map(str::as_bytes),
            access_control_request_headers: &lines,
            ..*request
        };
        let wire = |refusal: Refusal| {
            provider.preflight_error(refusal, &in_characters, ResourceType::Object)
        };
        let refusal = decision.refusal();
        let (outcome, status, error) = match (decision.outcome(), refusal) {
            (Outcome::NotCors, _) => ("not_cors", None, None),
            (Outcome::Preflight(_), Some(refusal)) => {
                let error = wire(refusal);
                let outcome = if error.status == 400 {
                    "bad_request"
                } else {
                    "preflight_refused"
                };
                let text = AnswerError {
                    code: error.code,
                    message: error.message.to_string(),
                };
                (outcome, Some(error.status), Some(text))
            }
            (Outcome::Preflight(_), None) => ("preflight_granted", Some(200), None),
            (Outcome::Actual(_), Some(_)) => ("actual_refused", None, None),
            (Outcome::Actual(_), None) => ("actual_granted", None, None),
        };
        Answer {
            outcome,
            rule: decision.grant().map(cors_core::Grant::rule_index),
            status,
            error,
            refusal: refusal.map(|refusal| AnswerRefusal::new(refusal, request)),
            headers: headers(decision)
                .into_iter()
                .map(|(name, value)| (name, to_characters(&value)))
                .collect(),
        }
    }
}

/// The response headers, rendered.
pub(crate) fn headers(decision: &Decision<'_, '_>) -> Vec<(&'static str, Vec<u8>)> {
    let rendered = |value: cors_core::HeaderValue<'_>| {
        let mut bytes = vec![0; value.encoded_len()];
        value.write_to(&mut bytes);
        bytes
    };
    decision
        .headers()
        .iter()
        .map(|(header, value)| (header.name(), rendered(value)))
        .collect()
}

impl AnswerRefusal {
    fn new(refusal: Refusal, request: &Request<'_>) -> AnswerRefusal {
        let plain = AnswerRefusal {
            step: refusal.word(),
            name: None,
            index: None,
            limit: None,
        };
        match refusal {
            Refusal::NoRuleMatched {
                furthest: Furthest::Header(index),
            } => AnswerRefusal {
                name: request
                    .requested_names()
                    .nth(usize::from(index))
                    .map(to_characters),
                index: Some(index),
                ..plain
            },
            Refusal::LimitExceeded(limit) => AnswerRefusal {
                limit: Some(match limit {
                    Limit::OriginBytes => "origin_bytes",
                    Limit::HeaderBytes => "header_bytes",
                    Limit::HeaderNames => "header_names",
                }),
                ..plain
            },
            _ => plain,
        }
    }
}
