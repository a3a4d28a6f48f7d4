//! Judges whether a page can read a policy's answer. This is the only place that decides it.

use alloc::vec;
use alloc::vec::Vec;

use cors_core::{Decision, Grant, HeaderValue, Policy, Refusal, Request, ResponseHeader};
use cors_xml::{Provider, ResourceType, Subject};

use super::page::Page;
use super::verdict::{CorsFailure, Failure, check_actual, check_preflight};

/// Sends a page's requests to a policy as a browser does, and judges the answers as the browser
/// does.
///
/// Returns the index, from 0, of the rule that lets the page read the response: the preflight's if
/// there is one.
///
/// # Errors
///
/// Why the page cannot read the response.
///
/// # Complexity
///
/// One or two decisions.
///
/// # Examples
///
/// ```
/// use cors_advice::browser::{Failure, Page, judge};
/// use cors_core::{Configuration, Dialect, List, Rule};
/// use cors_xml::Provider;
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://app.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let image = Configuration::new(&Dialect::S3, &rules).checked()?.compile()?;
/// let page = Page::new("https://app.example", "GET")?;
/// assert_eq!(judge(&image.as_policy(), &Provider::S3, &page), Ok(0));
/// let page = page.with_header("x-trace")?;
/// assert_eq!(judge(&image.as_policy(), &Provider::S3, &page), Err(Failure::PreflightStatus(403)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge(policy: &Policy<'_>, provider: &Provider, page: &Page) -> Result<usize, Failure> {
    page.with_requests(|preflight, actual| {
        let mut rule = None;
        if let Some(request) = preflight {
            let decision = policy.decide(request);
            let status = preflight_status(provider, request, decision.refusal());
            check_preflight(page, status, &rendered_headers(&decision))?;
            rule = decision.grant().map(Grant::rule_index);
        }
        let decision = policy.decide(actual);
        check_actual(page, &rendered_headers(&decision))?;
        // An answer that passes the checks comes from a rule.
        rule.or(decision.grant().map(Grant::rule_index))
            .ok_or(Failure::Actual(CorsFailure::NoAllowOrigin))
    })
}

/// The status of the response to a preflight.
fn preflight_status(provider: &Provider, request: &Request<'_>, refusal: Option<Refusal>) -> u16 {
    let subject = Subject::preflight(request, ResourceType::Object);
    refusal.map_or(200, |refusal| {
        provider.error(refusal.into(), subject).status
    })
}

/// The response headers of a decision.
pub(crate) fn rendered_headers(decision: &Decision<'_, '_>) -> Vec<(ResponseHeader, Vec<u8>)> {
    let rendered = |value: HeaderValue<'_>| {
        let mut bytes = vec![0; value.encoded_len()];
        value.write_to(&mut bytes);
        bytes
    };
    decision
        .headers()
        .iter()
        .map(|(header, value)| (header, rendered(value)))
        .collect()
}
