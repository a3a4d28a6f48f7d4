//! What must hold for every configuration and request, as functions: tests and fuzz targets call the same ones.
//!
//! A law says in an error what did not hold. To hold another implementation to them, convert [`model`](crate::model)'s
//! types as [`engine`] does.

use std::collections::BTreeSet;

use cors_advice::convert::LossKind;
use cors_advice::lint::LintCode;
use cors_core::{Field, Policy};

use crate::model::{
    Answer, Configuration, Decision, DialectName, Furthest, Refusal, Request, Rule,
};
use crate::{check, engine, evaluate};

/// What a law found, or nothing.
pub type Verdict = Result<(), String>;

/// The engine answers as the reference does, header for header.
///
/// # Errors
///
/// Both answers, where they differ.
pub fn same_answer(configuration: &Configuration, request: &Request) -> Verdict {
    let (expected, given) = (
        evaluate(configuration, request),
        engine::evaluate(configuration, request),
    );
    equal("answer", &expected, &given)
}

/// The engine refuses a configuration when, and only when, the reference does, and at the same rules and fields.
///
/// # Errors
///
/// What each found.
pub fn same_faults(configuration: &Configuration) -> Verdict {
    let expected: Vec<_> = check::faults(configuration)
        .iter()
        .map(|fault| fault.rule)
        .collect();
    let given: Vec<_> = engine::errors(configuration, false);
    // The first rule too many is a position to the engine, and none to the reference.
    let mut expected: Vec<_> = expected
        .into_iter()
        .map(|rule| rule.unwrap_or(check::rules_max(configuration.dialect)))
        .collect();
    let mut rules: Vec<_> = given.iter().filter_map(|error| error.rule).collect();
    expected.sort_unstable();
    expected.dedup();
    rules.sort_unstable();
    rules.dedup();
    equal("rules at fault", &expected, &rules)?;
    match engine::compile(configuration) {
        Ok(_) => equal("accepted", &given.is_empty(), &true),
        Err(error) => equal("first error", &given.first(), &Some(&error)),
    }
}

/// An image gives its rules back, and they compile into the same image.
///
/// # Errors
///
/// What did not come back.
pub fn image_keeps_the_rules(configuration: &Configuration) -> Verdict {
    let Ok(image) = engine::compile(configuration) else {
        return Ok(());
    };
    let policy = Policy::from_bytes(&image).map_err(|error| error.to_string())?;
    let rules: Vec<Rule> = policy.rules().map(|rule| engine::rule(&rule)).collect();
    equal("rules", &configuration.rules, &rules)?;
    equal("length", &rules.len(), &policy.len())?;
    equal(
        "response_vary",
        &configuration.response_vary,
        &policy.response_vary(),
    )?;
    let again = engine::compile(&Configuration {
        rules,
        ..configuration.clone()
    });
    equal("image", &Ok(image.clone()), &again)?;
    // Cut anywhere, it is no image any more.
    let cut = image.len() / 2;
    equal(
        "cut",
        &true,
        &Policy::from_bytes(image.get(..cut).unwrap_or_default()).is_err(),
    )
}

/// An explanation names the rule that the decision names, and what it says of each rule follows from the rule's text.
///
/// # Errors
///
/// The rule that does not fit.
pub fn explanation_agrees(configuration: &Configuration, request: &Request) -> Verdict {
    let Ok(image) = engine::compile(configuration) else {
        return Ok(());
    };
    let policy = Policy::from_bytes(&image).map_err(|error| error.to_string())?;
    engine::with_request(request, |request| {
        let explanation = policy.explain(request);
        let answer = engine::answer(explanation.decision());
        let judged = match answer.decision {
            Decision::NotCors => false,
            Decision::Preflight(result) | Decision::Actual(result) => {
                !matches!(result, Err(reason) if !matches!(reason, Refusal::NoRuleMatched(_)))
            }
        };
        let commits = configuration.dialect == DialectName::Azure;
        let mut first = None;
        for (said, rule) in explanation.rules().zip(&configuration.rules) {
            let origin = request.origin.unwrap_or_default();
            let origins = &rule.allowed_origins;
            let matched = origins
                .iter()
                .position(|text| crate::origin_matches(text, origin));
            equal("origin matched", &matched, &said.origin_matched)?;
            let candidate = said.origin_matched.is_some() && said.method_matched;
            if first.is_none() && candidate && (commits || said.is_match()) {
                first = Some((said.rule_index, said.is_match()));
            }
        }
        if judged {
            let winner = first.filter(|(_, matches)| *matches).map(|(rule, _)| rule);
            equal("winning rule", &answer.rule(), &winner)?;
        }
        Ok(())
    })
}

/// Bytes that anybody wrote: no image, or a policy that answers without a control character in any value.
///
/// # Errors
///
/// The value with a control character.
pub fn hostile_image(image: &[u8], request: &Request) -> Verdict {
    let Ok(policy) = Policy::from_bytes(image) else {
        return Ok(());
    };
    let answer = engine::decide(&policy, request);
    equal("second answer", &answer, &engine::decide(&policy, request))?;
    no_control_byte(&answer)?;
    engine::with_request(request, |request| {
        let explanation = policy.explain(request);
        equal(
            "rules",
            &policy.len(),
            &explanation.rules().take(4).count().max(policy.len()),
        )
    })?;
    for rule in policy.rules() {
        let _ = engine::rule(&rule);
    }
    Ok(())
}

/// What lint says of a configuration is true of its answers: a rule reported as unreachable never wins, and an origin
/// reported as redundant, or as one that is never sent, changes no decision when it is left out.
///
/// # Errors
///
/// The finding that is not true.
pub fn findings_are_true(configuration: &Configuration, request: &Request) -> Verdict {
    let findings = engine::findings(configuration);
    let answer = evaluate(configuration, request);
    for finding in findings {
        let unreachable = finding.code == LintCode::UnreachableRule;
        if unreachable && answer.rule() == Some(finding.rule) {
            return Err(format!("an unreachable rule wins: {finding}, {answer:?}"));
        }
        let redundant = matches!(finding.code, LintCode::Duplicate | LintCode::Redundant);
        if let (true, Some(item)) = (redundant, finding.item) {
            let mut without = configuration.clone();
            if let Some(list) = without
                .rules
                .get_mut(finding.rule)
                .and_then(|rule| list_of(rule, finding.field))
            {
                list.remove(item);
            }
            let given = evaluate(&without, request);
            equal(
                &format!("without what lint calls redundant: {finding}"),
                &answer.decision,
                &given.decision,
            )?;
        }
    }
    Ok(())
}

/// No request that a rule reported as unreachable is made for is won by it: its own origins with something for the `*`, its
/// methods, and its header names, one by one and together.
///
/// # Errors
///
/// The request that it wins.
pub fn unreachable_rules_never_win(configuration: &Configuration) -> Verdict {
    let findings = engine::findings(configuration);
    let unreachable = findings
        .iter()
        .filter(|finding| finding.code == LintCode::UnreachableRule);
    // Enough for any set of cases that a person would write; a fuzzer writes the rest.
    for finding in unreachable.take(4) {
        let Some(rule) = configuration.rules.get(finding.rule) else {
            return Err(format!("no such rule: {finding}"));
        };
        let names: Vec<String> = texts(&rule.allowed_headers).flat_map(samples).collect();
        let lists = names.iter().map(|name| vec![name.clone().into_bytes()]);
        let all: Vec<Vec<u8>> = names.iter().map(|name| name.clone().into_bytes()).collect();
        let lists: Vec<Vec<Vec<u8>>> = lists.chain([Vec::new(), all]).collect();
        for origin in texts(&rule.allowed_origins).flat_map(samples) {
            for method in &rule.allowed_methods {
                for lines in &lists {
                    let request = Request {
                        method: b"OPTIONS".to_vec(),
                        origin: Some(origin.clone().into_bytes()),
                        access_control_request_method: Some(method.clone().into_bytes()),
                        access_control_request_headers: lines.clone(),
                    };
                    if evaluate(configuration, &request).rule() == Some(finding.rule) {
                        return Err(format!("an unreachable rule wins: {finding}, {request:?}"));
                    }
                }
            }
        }
    }
    Ok(())
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

/// What a pattern matches.
fn samples(pattern: &str) -> Vec<String> {
    let stars: &[&str] = if pattern.contains('*') {
        &["", "a", "a.b", "-", "://"]
    } else {
        &[""]
    };
    stars
        .iter()
        .map(|star| pattern.replacen('*', star, 1))
        .collect()
}

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

fn list_of(rule: &mut Rule, field: Option<Field>) -> Option<&mut Vec<String>> {
    match field? {
        Field::AllowedOrigin => Some(&mut rule.allowed_origins),
        Field::AllowedMethod => Some(&mut rule.allowed_methods),
        Field::AllowedHeader => Some(&mut rule.allowed_headers),
        Field::ExposeHeader => Some(&mut rule.expose_headers),
        _ => None,
    }
}

/// No byte below 0x20 and no 0x7F in any value.
///
/// # Errors
///
/// The header.
pub fn no_control_byte(answer: &Answer) -> Verdict {
    for (name, value) in &answer.headers {
        if value.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
            return Err(format!("{name} holds {value:?}"));
        }
    }
    Ok(())
}

/// Field lines mean what they mean joined, or split into a line for each item; the order and case of names, in the request and
/// in the rules, decide nothing.
///
/// # Errors
///
/// Both answers, where they differ.
pub fn names_are_a_set(configuration: &Configuration, request: &Request) -> Verdict {
    let original = engine::evaluate(configuration, request);
    let lines = &request.access_control_request_headers;
    if lines.is_empty() {
        return Ok(());
    }
    let joined = Request {
        access_control_request_headers: vec![lines.join(&b',')],
        ..request.clone()
    };
    equal(
        "joined lines",
        &original,
        &engine::evaluate(configuration, &joined),
    )?;
    let mut names: Vec<Vec<u8>> = joined
        .access_control_request_headers
        .concat()
        .split(|byte| *byte == b',')
        .map(<[u8]>::to_vec)
        .collect();
    let of_names = |names: &[Vec<u8>]| {
        let request = Request {
            access_control_request_headers: names.to_vec(),
            ..request.clone()
        };
        engine::evaluate(configuration, &request)
    };
    equal("a line for each item", &original, &of_names(&names))?;
    let mut cased = configuration.clone();
    for name in cased
        .rules
        .iter_mut()
        .flat_map(|rule| &mut rule.allowed_headers)
    {
        *name = swapped_case(name.as_bytes()).map(char::from).collect();
    }
    let mut headers = configuration
        .rules
        .iter()
        .flat_map(|rule| &rule.allowed_headers);
    if headers.all(|name| name.is_ascii()) {
        let given = engine::evaluate(&cased, request);
        equal("AllowedHeader in other case", &original, &given)?;
    }
    if matches!(
        original.refusal(),
        Some(Refusal::LimitExceeded(_) | Refusal::InvalidHeaderName | Refusal::BadRequest(_))
    ) {
        return Ok(());
    }
    let decided = without_position(original.decision);
    names.reverse();
    for name in &mut names {
        *name = swapped_case(name).collect();
    }
    let given = without_position(of_names(&names).decision);
    equal("reversed names in other case", &decided, &given)?;
    let middle = names.len() / 2;
    names.rotate_left(middle);
    let given = without_position(of_names(&names).decision);
    equal("rotated names in other case", &decided, &given)
}

/// ASCII letters in their other case.
fn swapped_case(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().map(|byte| match byte {
        b'a'..=b'z' => byte.to_ascii_uppercase(),
        _ => byte.to_ascii_lowercase(),
    })
}

/// A rule that cannot match, put before the others, and rules repeated after them change nothing but the winner's number.
///
/// # Errors
///
/// Both answers, where they differ.
pub fn rules_that_change_nothing(configuration: &Configuration, request: &Request) -> Verdict {
    let original = engine::evaluate(configuration, request);
    let rules = configuration.rules.as_slice();
    let Some(last) = rules.last() else {
        return Ok(());
    };
    let with_rules = |rules: Vec<Rule>| {
        let other = Configuration {
            rules,
            ..configuration.clone()
        };
        // The dialect may not take as many.
        engine::compile(&other)
            .is_ok()
            .then(|| engine::evaluate(&other, request))
    };
    for repeated in [std::slice::from_ref(last), rules] {
        if let Some(given) = with_rules([rules, repeated].concat()) {
            equal("rules repeated", &original, &given)?;
        }
    }
    let never = Rule {
        allowed_origins: vec!["https://\u{1F980}".to_owned()],
        allowed_methods: vec!["GET".to_owned()],
        ..Rule::default()
    };
    let Some(given) = with_rules([std::slice::from_ref(&never), rules].concat()) else {
        return Ok(());
    };
    let headers = |answer: &Answer| -> Vec<(String, Vec<u8>)> {
        // STRICT may now have to say that answers vary by Origin.
        let is_kept = |name: &str| name != "vary" || configuration.dialect != DialectName::Strict;
        let headers = answer.headers.iter();
        headers.filter(|(name, _)| is_kept(name)).cloned().collect()
    };
    equal("headers", &headers(&original), &headers(&given))?;
    equal("rule", &original.rule().map(|rule| rule + 1), &given.rule())?;
    equal("refusal", &original.refusal(), &given.refusal())
}

/// STRICT: two requests that differ in Origin alone and get different CORS headers both name Origin in Vary.
///
/// # Errors
///
/// The answer that does not.
pub fn vary_tells_origins_apart(
    configuration: &Configuration,
    request: &Request,
    other_origin: &[u8],
) -> Verdict {
    let other = Request {
        origin: Some(other_origin.to_vec()),
        ..request.clone()
    };
    let answers = [
        engine::evaluate(configuration, request),
        engine::evaluate(configuration, &other),
    ];
    let [first, second] = answers.each_ref().map(|answer| {
        let headers = answer.headers.iter();
        headers
            .filter(|(name, _)| name != "vary")
            .collect::<Vec<_>>()
    });
    if first == second {
        return Ok(());
    }
    for answer in &answers {
        let vary = answer.header("vary").unwrap_or_default();
        if !vary
            .split(|byte| *byte == b',')
            .any(|token| token.trim_ascii() == b"Origin")
        {
            return Err(format!("no Origin in Vary of {answer:?}"));
        }
    }
    Ok(())
}

/// A decision without the position of a refused name.
fn without_position(decision: Decision) -> Decision {
    let result = |result: Result<usize, Refusal>| match result {
        Err(Refusal::NoRuleMatched(Furthest::Header(_))) => {
            Err(Refusal::NoRuleMatched(Furthest::Header(0)))
        }
        other => other,
    };
    match decision {
        Decision::NotCors => Decision::NotCors,
        Decision::Preflight(outcome) => Decision::Preflight(result(outcome)),
        Decision::Actual(outcome) => Decision::Actual(result(outcome)),
    }
}

pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: &T,
    given: &T,
) -> Verdict {
    if expected == given {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, given {given:?}"))
    }
}
