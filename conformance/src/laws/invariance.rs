//! The laws of what must not affect a decision: lines, order and case of names, and rules that
//! cannot match.

use reference::model::{
    Answer, Configuration, Decision, DialectName, Furthest, Refusal, Request, Rule,
};

use super::{Verdict, equal};
use crate::engine;

/// Field lines are equivalent to joined lines, and to one line per item; the order and case of
/// names, in the request and in the rules, decide nothing.
///
/// # Errors
///
/// Both answers, if they differ.
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

/// ASCII letters with their case swapped.
fn swapped_case(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().map(|byte| match byte {
        b'a'..=b'z' => byte.to_ascii_uppercase(),
        _ => byte.to_ascii_lowercase(),
    })
}

/// A rule that cannot match, put before the others, and rules repeated after them change only the
/// index of the winner.
///
/// # Errors
///
/// Both answers, if they differ.
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
        // The dialect may not accept this many.
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
