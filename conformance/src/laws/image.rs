//! The laws of the policy image: it preserves the rules, and hostile bytes do no harm.

use cors_core::Policy;
use reference::evaluate;
use reference::model::{Configuration, DialectName, Request, Rule};

use super::output::no_control_byte;
use super::{Verdict, equal};
use crate::engine;

/// An image returns its rules, and they compile into the same image.
///
/// # Errors
///
/// The rule that was not preserved.
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
    // A truncated image is not an image.
    let cut = image.len() / 2;
    equal(
        "cut",
        &true,
        &Policy::from_bytes(image.get(..cut).unwrap_or_default()).is_err(),
    )
}

/// Arbitrary bytes are either not an image, or a policy that answers as the reference does with the
/// rules that it shows.
///
/// # Errors
///
/// The answer that differs.
pub fn image_answers_as_its_rules(image: &[u8], request: &Request) -> Verdict {
    let Ok(policy) = Policy::from_bytes(image) else {
        return Ok(());
    };
    let configuration = shown(&policy)?;
    equal(
        &format!("answer to {request:?} with the rules shown, {configuration:?}"),
        &evaluate(&configuration, request),
        &engine::decide(&policy, request),
    )
}

/// The configuration that a policy shows.
///
/// # Errors
///
/// If no dialect is stored as the policy's is.
pub fn shown(policy: &Policy<'_>) -> Result<Configuration, String> {
    /// Where the dialect is stored.
    const DIALECT: std::ops::Range<usize> = 12..24;
    let stored = |image: &[u8]| image.get(DIALECT).map(<[u8]>::to_vec);
    let own = stored(policy.as_bytes());
    let configuration = |dialect| Configuration {
        dialect,
        rules: Vec::new(),
        response_vary: policy.response_vary(),
    };
    let empty = DialectName::ALL.into_iter().map(configuration);
    let mut known =
        empty.filter(|empty| engine::compile(empty).is_ok_and(|image| stored(&image) == own));
    let empty = known.next().ok_or("a dialect that is not known")?;
    Ok(Configuration {
        rules: policy.rules().map(|rule| engine::rule(&rule)).collect(),
        ..empty
    })
}

/// Arbitrary bytes are either not an image, or a policy that answers without a control character in
/// any value.
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
