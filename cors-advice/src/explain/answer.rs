//! The answer to one request in words and numbers, as `cors decide` and `cors explain --json`
//! print it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cors_core::{Decision, Furthest, Grant, Outcome, Refusal, Request};
use cors_xml::{Provider, ResourceType, Subject};

use super::characters::to_characters;
use crate::browser::rendered_headers;

/// The answer to one request. Its words are stable across versions; in JSON its members have this
/// order.
///
/// # Examples
///
/// ```
/// use cors_advice::explain::Answer;
/// use cors_core::{Configuration, Dialect, List, Request, Rule};
/// use cors_xml::Provider;
///
/// let image = Configuration::new(&Dialect::OSS, &[]).checked()?.compile()?;
/// let request = Request { method: b"GET", origin: Some(b"https://a.example"), ..Request::EMPTY };
/// let decision = image.as_policy().decide(&request);
/// let answer = Answer::new(&Provider::OSS, &request, &decision);
/// assert_eq!(answer.outcome, "actual_refused");
/// assert_eq!(answer.refusal.unwrap().step, "not_enabled");
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Answer {
    /// `not_cors`, `preflight_granted`, `preflight_refused`, `actual_granted`, `actual_refused` or
    /// `bad_request`.
    pub outcome: &'static str,
    /// The index of the winning rule, from 0.
    pub rule: Option<usize>,
    /// The status of a preflight's response.
    pub status: Option<u16>,
    /// The error of a failed preflight, in the provider's words.
    pub error: Option<AnswerError>,
    /// Why the request was refused.
    pub refusal: Option<AnswerRefusal>,
    /// The response headers, with names in lower case.
    pub headers: Vec<(&'static str, String)>,
}

/// The provider's error for a failed preflight.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AnswerError {
    /// The provider's code.
    pub code: &'static str,
    /// The provider's message.
    pub message: String,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AnswerRefusal {
    /// The step that refused it: [`Refusal::word`].
    pub step: &'static str,
    /// The first header name that no candidate rule allows.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub name: Option<String>,
    /// The index of that name among the requested names, from 0.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub index: Option<u16>,
    /// The limit that was exceeded.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub limit: Option<&'static str>,
}

impl Answer {
    /// Describes a decision.
    pub fn new(provider: &Provider, request: &Request<'_>, decision: &Decision<'_, '_>) -> Answer {
        // The messages repeat bytes of the request; here each byte is shown as a character.
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
            let subject = Subject::preflight(&in_characters, ResourceType::Object);
            provider.error(refusal.into(), subject)
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
                let text = Some(text).filter(|text| !text.code.is_empty());
                (outcome, Some(error.status), text)
            }
            (Outcome::Preflight(_), None) => ("preflight_granted", Some(200), None),
            (Outcome::Actual(_), Some(_)) => ("actual_refused", None, None),
            (Outcome::Actual(_), None) => ("actual_granted", None, None),
        };
        Answer {
            outcome,
            rule: decision.grant().map(Grant::rule_index),
            status,
            error,
            refusal: refusal.map(|refusal| AnswerRefusal::new(refusal, request)),
            headers: rendered_headers(decision)
                .into_iter()
                .map(|(header, value)| (header.name(), to_characters(&value)))
                .collect(),
        }
    }
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
                limit: Some(limit.word()),
                ..plain
            },
            _ => plain,
        }
    }
}
