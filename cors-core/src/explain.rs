//! Why a decision is what it is, rule by rule. Reads the same sets that the decision was made from.

use core::fmt;

use crate::decision::Decision;
use crate::dialect::OriginComparison;
use crate::grant::Phase;
use crate::image::{Image, OTHER_SPELLINGS};
use crate::pattern::Pattern;
use crate::request::Request;

/// A decision with, for each rule, what matched and what did not.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, PolicyBuf, Request, Rule};
///
/// let get = Rule { allowed_methods: List::new(&["GET"]), allowed_origins: List::new(&["*"]), ..Rule::EMPTY };
/// let put = Rule { allowed_methods: List::new(&["PUT"]), ..get };
/// let rules = [get, put];
/// let owner = PolicyBuf::<512>::compile(&Configuration::new(&Dialect::OSS, &rules))?;
/// let request = Request { method: b"PUT", origin: Some(b"https://a.example"), ..Request::EMPTY };
/// let policy = owner.as_policy();
/// let explanation = policy.explain(&request);
/// let methods: Vec<bool> = explanation.rules().map(|rule| rule.method_matched).collect();
/// assert_eq!(methods, [false, true]);
/// assert_eq!(explanation.decision().grant().unwrap().rule_index(), 1);
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Explanation<'p, 'r> {
    image: Image<'p>,
    request: Request<'r>,
    decision: Decision<'p, 'r>,
}

impl fmt::Debug for Explanation<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.rules()).finish()
    }
}

/// What one rule says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleExplanation<'r> {
    /// The rule, counted from 0.
    pub rule_index: usize,
    /// The first AllowedOrigin that matches, counted from 0.
    pub origin_matched: Option<usize>,
    /// Whether the rule allows the method asked for.
    pub method_matched: bool,
    /// The first requested header name that the rule does not allow; `None` also where names are not asked for.
    pub header_refused: Option<&'r [u8]>,
}

impl RuleExplanation<'_> {
    /// Whether the rule matches the request in all three.
    pub fn is_match(&self) -> bool {
        self.origin_matched.is_some() && self.method_matched && self.header_refused.is_none()
    }
}

impl<'p, 'r> Explanation<'p, 'r> {
    pub(crate) fn new(image: Image<'p>, request: &Request<'r>) -> Self {
        Explanation {
            image,
            request: *request,
            decision: image.decide(request),
        }
    }

    /// The decision.
    pub fn decision(&self) -> &Decision<'p, 'r> {
        &self.decision
    }

    /// The method that the rules were asked for; `None` where the request did not say.
    pub fn effective_method(&self) -> Option<&'r [u8]> {
        self.image
            .effective_method(&self.request, self.phase())
            .ok()
    }

    /// What each rule says, in order.
    pub fn rules(&self) -> impl Iterator<Item = RuleExplanation<'r>> + use<'p, 'r> {
        let explanation = *self;
        (0_u16..)
            .take(usize::from(self.image.rule_count))
            .map(move |rule| explanation.rule(rule))
    }

    fn phase(&self) -> Phase {
        self.image.phase(&self.request)
    }

    fn rule(&self, rule: u16) -> RuleExplanation<'r> {
        let image = &self.image;
        let origin = self.request.origin.unwrap_or_default();
        let origin_matched = if !origin.is_empty() && image.rule_allows_origin(rule, origin) {
            let record = image.record(rule);
            let comparison = if record.has(OTHER_SPELLINGS) {
                OriginComparison::DefaultPortsEqual
            } else {
                OriginComparison::Bytes
            };
            let mut origins = record.rule().allowed_origins.iter();
            origins.position(|text| {
                Pattern::parse(text).is_some_and(|pattern| comparison.matches(pattern, origin))
            })
        } else {
            None
        };
        let lines = image.names_to_check(&self.request, self.phase());
        let names = Request {
            access_control_request_headers: lines,
            ..self.request
        };
        let header_refused = names
            .requested_names()
            .find(|name| !image.rule_allows_header(rule, name));
        RuleExplanation {
            rule_index: usize::from(rule),
            origin_matched,
            method_matched: self
                .effective_method()
                .is_some_and(|method| image.rule_allows_method(rule, method)),
            header_refused,
        }
    }
}
