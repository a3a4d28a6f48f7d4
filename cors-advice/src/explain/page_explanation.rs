//! A page's requests and their answers, how each rule matches, and whether the page can read the
//! response.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use cors_core::dialect::RuleSelection;
use cors_core::{Explanation, Policy, Request, Rule};
use cors_xml::{Form, Provider};

use super::answer::Answer;
use super::characters::to_characters;
use super::note::{self, Note};
use super::suggestion::{self, Suggestion};
use crate::browser::{Failure, Page, judge, readable_headers, rendered_headers};
use crate::near_miss::NearMiss;

/// An explanation of a page's request.
///
/// `Display` writes two lines: whether the page can read the response, and which headers it can
/// read or what would help.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PageExplanation<'a> {
    /// The page that makes the request.
    pub page: &'a Page,
    /// The provider whose semantics apply.
    pub provider: &'a Provider,
    /// What is unusual about the page's request.
    pub page_notes: Vec<Note>,
    /// The preflight, if one is needed.
    pub preflight: Option<Exchange>,
    /// The actual request. It is not sent when the preflight fails.
    pub actual: Exchange,
    /// Why the page cannot read the response.
    pub failure: Option<Failure>,
    /// The response headers that the page can read, in lower case; empty if it cannot read the
    /// response.
    pub readable_headers: Vec<String>,
    /// How each rule matches the deciding request: the preflight if there is one.
    pub rules: Vec<RuleReport>,
    /// A change after which the page can read the response, if it cannot now and such a change
    /// exists.
    pub suggestion: Option<Suggestion>,
    /// Why no change to the rules helps, as a clause, where that is known.
    pub obstacle: Option<String>,
    /// What else decides whether the page works: caches, resumable uploads.
    pub notes: Vec<Note>,
}

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Exchange {
    /// The request.
    pub request: RequestReport,
    /// The policy's answer.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub answer: Answer,
}

/// A request as the browser sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RequestReport {
    /// The method.
    pub method: String,
    /// The Origin header.
    pub origin: String,
    /// The Access-Control-Request-Method header of a preflight.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub access_control_request_method: Option<String>,
    /// The Access-Control-Request-Headers header, if a preflight has it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub access_control_request_headers: Option<String>,
}

/// How one rule matches a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RuleReport {
    /// The index of the rule, from 0.
    pub rule: usize,
    /// The rule's ID.
    pub id: Option<String>,
    /// Whether origin, method and headers match.
    pub matches: bool,
    /// The first AllowedOrigin that matches.
    pub origin_matched: Option<String>,
    /// Whether the rule allows the method.
    pub method_matched: bool,
    /// The first header name that the rule does not allow.
    pub header_refused: Option<String>,
    /// The AllowedOrigin that almost matches, if none does.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub near_miss: Option<NearMissReport>,
}

/// An AllowedOrigin that almost matches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NearMissReport {
    /// The AllowedOrigin.
    pub allowed_origin: String,
    /// What it has that the page's origin has not, in words.
    pub difference: String,
}

/// Evaluates a page's requests under a policy and explains the result, in the words of the form of
/// the bucket's document.
///
/// # Complexity
///
/// One decision for each request, with every rule examined. If the page cannot read the response,
/// up to 256 header names are compared with each pattern, up to 64 rules with all later ones, and at
/// most 100 changes are tried, each with a compilation, two decisions and, where it helps, lint. For
/// people and tools, not for serving requests.
///
/// # Examples
///
/// ```
/// use cors_advice::browser::Page;
/// use cors_advice::explain::explain;
/// use cors_core::{Configuration, Dialect, List, Rule};
/// use cors_xml::Provider;
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://app.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let image = Configuration::new(&Dialect::S3, &rules).checked()?.compile()?;
/// let page = Page::new("https://app.example", "PUT")?;
/// let explanation = explain(&image.as_policy(), Provider::S3.form_of(b"<"), &page);
/// assert_eq!(
///     explanation.to_string(),
///     "The page cannot read the response: the preflight is answered with 403; the actual request is not sent.\n\
///      To allow it: add <AllowedMethod>PUT</AllowedMethod> to rule 1.",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain<'a>(policy: &Policy<'_>, form: Form<'a>, page: &'a Page) -> PageExplanation<'a> {
    let provider = form.provider();
    let failure = judge(policy, provider, page).err();
    let found = failure
        .as_ref()
        .map(|_| suggestion::find(policy, form, page));
    let (suggestion, obstacle) = match found {
        None => (None, None),
        Some(Ok(suggestion)) => (Some(suggestion), None),
        Some(Err(obstacle)) => (None, obstacle),
    };
    page.with_requests(|preflight, actual| {
        let exchange = |request: &Request<'_>, explained: &Explanation<'_, '_>| Exchange {
            request: RequestReport::new(request),
            answer: Answer::new(provider, request, explained.decision()),
        };
        let actual_explained = policy.explain(actual);
        let preflight = preflight.map(|request| (request, policy.explain(request)));
        let decides = preflight
            .as_ref()
            .map_or(&actual_explained, |(_, explained)| explained);
        PageExplanation {
            page,
            provider,
            page_notes: note::of_page(page),
            rules: rule_reports(policy, page, decides),
            preflight: preflight
                .as_ref()
                .map(|(request, explained)| exchange(request, explained)),
            actual: exchange(actual, &actual_explained),
            readable_headers: if failure.is_none() {
                readable_headers(page, &rendered_headers(actual_explained.decision()))
            } else {
                Vec::new()
            },
            notes: note::of_surroundings(policy, form, page, failure.is_none()),
            failure,
            suggestion,
            obstacle,
        }
    })
}

impl PageExplanation<'_> {
    /// The index of the rule that answers, from 0: the preflight's if there is one.
    pub fn winner(&self) -> Option<usize> {
        self.preflight.as_ref().unwrap_or(&self.actual).answer.rule
    }

    /// The index of the rule that is final for this origin and method, granted or not, in a dialect
    /// where headers do not help choose the rule.
    pub fn final_rule(&self) -> Option<usize> {
        let candidate = |rule: &&RuleReport| rule.origin_matched.is_some() && rule.method_matched;
        let chooses = self.provider.dialect.evaluation.rule_selection == RuleSelection::AllThree;
        let first = self.rules.iter().find(candidate);
        first.filter(|_| !chooses).map(|rule| rule.rule)
    }
}

impl fmt::Display for PageExplanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(failure) = &self.failure else {
            f.write_str("The page can read the response.\nHeaders it can read: ")?;
            return f.write_str(&self.readable_headers.join(", "));
        };
        let sent = if failure.is_of_preflight() {
            "the actual request is not sent"
        } else {
            "the server performs the request, but the page cannot see the result"
        };
        writeln!(f, "The page cannot read the response: {failure}; {sent}.")?;
        match (&self.suggestion, &self.obstacle) {
            (Some(suggestion), _) => write!(f, "To allow it: {}.", suggestion.text),
            (None, Some(obstacle)) => write!(f, "No rule can allow it: {obstacle}."),
            (None, None) => f.write_str("No single change to these rules would allow it."),
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

fn rule_reports(
    policy: &Policy<'_>,
    page: &Page,
    explanation: &Explanation<'_, '_>,
) -> Vec<RuleReport> {
    let rules = explanation.rules().zip(policy.rules());
    rules
        .map(|(report, rule)| RuleReport {
            rule: report.rule_index,
            id: rule.id.map(str::to_owned),
            matches: report.is_match(),
            origin_matched: report
                .origin_matched
                .and_then(|index| rule.allowed_origins.iter().nth(index))
                .map(str::to_owned),
            method_matched: report.method_matched,
            header_refused: report.header_refused.map(to_characters),
            near_miss: match report.origin_matched {
                Some(_) => None,
                None => nearest(&rule, page.origin()),
            },
        })
        .collect()
}

/// The AllowedOrigin with the fewest differences, if any almost matches.
fn nearest(rule: &Rule<'_>, origin: &str) -> Option<NearMissReport> {
    let near = rule
        .allowed_origins
        .iter()
        .filter_map(|allowed| Some((allowed, NearMiss::of(allowed, origin)?)))
        .min_by_key(|(_, near)| near.count());
    near.map(|(allowed, near)| NearMissReport {
        allowed_origin: allowed.to_owned(),
        difference: near.to_string(),
    })
}
