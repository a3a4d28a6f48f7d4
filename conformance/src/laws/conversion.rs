//! The law of conversions: what is not reported as lost has not changed.

use std::collections::BTreeSet;

use cors_advice::convert::LossKind;
use reference::model::{Answer, Configuration, DialectName, Request};
use reference::{check, evaluate};

use super::{Verdict, equal};
use crate::engine;

/// Where a conversion reports no loss, both configurations let the same pages through, by the same rules, to the same
/// effect.
///
/// A page is its origin, its method, the header names it sets, and whether it sends credentials. What it gets is judged as a
/// browser does: the preflight is granted and lists its header names; with credentials the origin is named and they are
/// allowed. Then the page reads the same headers, and the browser keeps the preflight as long. Where credentials are all that
/// is reported, and of other rules, the rest holds all the same.
///
/// # Errors
///
/// The page, and what it gets under both.
pub fn conversion_keeps_answers(
    configuration: &Configuration,
    to: DialectName,
    request: &Request,
) -> Verdict {
    let (converted, losses) = engine::converted(configuration, to);
    let is_of_credentials = |kind| {
        matches!(
            kind,
            LossKind::CredentialsGained | LossKind::CredentialsLost
        )
    };
    if losses.iter().any(|(_, kind)| !is_of_credentials(*kind)) {
        return Ok(());
    }
    equal("faults", &Vec::new(), &check::faults(&converted))?;
    let method = request
        .access_control_request_method
        .clone()
        .unwrap_or_else(|| request.method.clone());
    let preflight = Request {
        method: b"OPTIONS".to_vec(),
        access_control_request_method: Some(method.clone()),
        ..request.clone()
    };
    let actual = Request {
        method,
        access_control_request_method: None,
        access_control_request_headers: Vec::new(),
        ..request.clone()
    };
    for (what, request) in [("preflight", preflight), ("actual request", actual)] {
        let [before, after] =
            [configuration, &converted].map(|configuration| evaluate(configuration, &request));
        // A rule is final, or none is, whatever becomes of credentials.
        let rule = before.rule();
        let is_told = rule.is_some() && losses.iter().any(|(told, _)| *told == rule);
        for credentials in [false, !is_told] {
            equal(
                &format!(
                    "{what} after conversion to {to:?}, credentials {credentials}: {request:?}"
                ),
                &Effect::of(&before, &request, credentials),
                &Effect::of(&after, &request, credentials),
            )?;
        }
    }
    Ok(())
}

/// What an answer means to the page that gets it.
#[derive(Debug, PartialEq)]
struct Effect {
    /// The rule that let it through.
    rule: usize,
    /// How long a preflight is kept, in seconds.
    max_age_seconds: Option<u32>,
    /// The names that an actual request's page may read, in lower case.
    exposed: BTreeSet<Vec<u8>>,
}

impl Effect {
    /// `None` if the page does not get through.
    fn of(answer: &Answer, request: &Request, credentials: bool) -> Option<Effect> {
        let header = |name| answer.header(name).unwrap_or_default();
        let listed = |name| -> BTreeSet<Vec<u8>> {
            let names = header(name).split(|byte| *byte == b',');
            let names = names.map(|name| name.trim_ascii().to_ascii_lowercase());
            names.filter(|name| !name.is_empty()).collect()
        };
        let allowed = listed("access-control-allow-headers");
        let lines = request.access_control_request_headers.iter();
        let mut names = lines
            .flat_map(|line| line.split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|name| !name.is_empty());
        // https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names, and what `*` does not stand for.
        let star = !credentials && allowed.contains(b"*".as_slice());
        let are_listed = names.all(|name| {
            let name = name.to_ascii_lowercase();
            allowed.contains(&name) || (star && name != b"authorization")
        });
        let names_origin = request.origin.as_deref() == Some(header("access-control-allow-origin"));
        let with_credentials =
            names_origin && header("access-control-allow-credentials") == b"true";
        let is_preflight = request.method == b"OPTIONS";
        // https://fetch.spec.whatwg.org/#cors-preflight-fetch: none, or one that is no number, is 5.
        let age = std::str::from_utf8(header("access-control-max-age")).ok();
        let age = age.and_then(|text| text.parse().ok()).unwrap_or(5);
        let rule = answer
            .rule()
            .filter(|_| are_listed && (with_credentials || !credentials))?;
        Some(Effect {
            rule,
            max_age_seconds: is_preflight.then_some(age),
            exposed: if is_preflight {
                BTreeSet::new()
            } else {
                listed("access-control-expose-headers")
            },
        })
    }
}
