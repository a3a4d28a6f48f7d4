//! The laws of conversions: everything not reported as lost is unchanged, and what is written can be read.

use std::collections::BTreeSet;

use cors_advice::convert::{Conversion, LossKind};
use cors_xml::{DocumentErrorKind, Form, Provider};
use reference::model::{Answer, Configuration, DialectName, Request};
use reference::{check, evaluate, without_default_port};

use super::{Verdict, equal};
use crate::{engine, providers};

/// If a conversion reports no loss, both configurations let the same pages through, by the same
/// rules, with the same effect.
///
/// A page is its origin, its method, the header names it sets, and whether it sends credentials.
/// Its access is judged as a browser does: the preflight is granted and lists its header names;
/// with credentials, the origin is named and they are allowed. The page must then be able to read
/// the same headers, and the browser must cache the preflight for the same time. If credentials are
/// the only loss reported, or a loss is reported for another rule, everything else must still hold.
///
/// # Errors
///
/// The page, and its access under both.
pub fn conversion_keeps_answers(
    configuration: &Configuration,
    to: DialectName,
    request: &Request,
) -> Verdict {
    let (converted, losses) = providers::converted(configuration, to);
    equal("faults", &Vec::new(), &check::faults(&converted))?;
    // No page has an origin with its scheme's default port.
    let origin = request.origin.as_deref().unwrap_or_default();
    if without_default_port(origin) != origin {
        return Ok(());
    }
    let is_of_credentials = |kind| {
        matches!(
            kind,
            LossKind::CredentialsGained | LossKind::CredentialsLost
        )
    };
    if losses.iter().any(|(_, kind)| !is_of_credentials(*kind)) {
        return Ok(());
    }
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
        // Whether a rule is final does not depend on credentials.
        let rule = before.rule();
        let is_reported = rule.is_some() && losses.iter().any(|(reported, _)| *reported == rule);
        for credentials in [false, !is_reported] {
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

/// A conversion leaves no rule out in silence, and what is written in any form of any provider reads
/// back in that form as the converted rules, if at least one is left. Only a limit that concerns a whole document, a whole
/// rule or its name may refuse it.
///
/// # Errors
///
/// The form, and what it says of the text.
pub fn conversion_can_be_read(configuration: &Configuration) -> Verdict {
    for provider in Provider::ALL {
        engine::with_configuration(configuration, |configuration| {
            let conversion = Conversion::new(configuration, provider);
            let left_out = conversion.losses().iter();
            let left_out = left_out
                .filter(|loss| matches!(loss.kind, LossKind::RuleLeftOut(_)))
                .count();
            conversion.with_configuration(|converted| {
                equal(
                    &format!("rules kept or reported for {}", provider.name),
                    &configuration.rules.len(),
                    &converted.rules.len().saturating_add(left_out),
                )?;
                if converted.rules.is_empty() {
                    return Ok(());
                }
                provider
                    .forms()
                    .try_for_each(|form| reads_back(form, converted))
            })
        })?;
    }
    Ok(())
}

fn reads_back(form: Form<'_>, configuration: &cors_core::Configuration<'_>) -> Verdict {
    let mut text = String::new();
    form.write(configuration, &mut text)
        .map_err(|error| error.to_string())?;
    let name = form.name().unwrap_or(form.provider().name);
    match form.parse(text.as_bytes()) {
        Ok(document) => {
            let rules = document.with_configuration(|read| read.rules.len());
            equal(
                &format!("rules of {name}"),
                &configuration.rules.len(),
                &rules,
            )
        }
        Err(errors) => {
            let is_of_the_whole = |kind| {
                matches!(
                    kind,
                    DocumentErrorKind::TooLarge { .. }
                        | DocumentErrorKind::TooMuchText { .. }
                        | DocumentErrorKind::RuleTooLarge { .. }
                        | DocumentErrorKind::InvalidRuleName
                        | DocumentErrorKind::RepeatedRuleName
                        | DocumentErrorKind::WildcardNotAlone
                )
            };
            match errors.iter().find(|error| !is_of_the_whole(error.kind)) {
                Some(error) => Err(format!("{name} refuses what was written: {error}\n{text}")),
                None => Ok(()),
            }
        }
    }
}

/// What an answer means for the page that receives it.
#[derive(Debug, PartialEq)]
struct Effect {
    /// The rule that granted it.
    rule: usize,
    /// How long a preflight is cached, in seconds.
    max_age_seconds: Option<u32>,
    /// The names that the page of an actual request may read, in lower case.
    exposed: BTreeSet<Vec<u8>>,
}

impl Effect {
    /// `None` if the page is refused.
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
        // https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names, and the name that `*`
        // does not include.
        let is_wildcard = !credentials && allowed.contains(b"*".as_slice());
        let are_listed = names.all(|name| {
            let name = name.to_ascii_lowercase();
            allowed.contains(&name) || (is_wildcard && name != b"authorization")
        });
        let names_origin = request.origin.as_deref() == Some(header("access-control-allow-origin"));
        let with_credentials =
            names_origin && header("access-control-allow-credentials") == b"true";
        let is_preflight = request.method == b"OPTIONS";
        // https://fetch.spec.whatwg.org/#cors-preflight-fetch: a missing or non-numeric value means
        // 5.
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
