//! The laws of agreement: engine and reference return the same answers and find the same faults.

use reference::model::{Configuration, Request};
use reference::{check, evaluate};

use super::{Verdict, equal};
use crate::engine;

/// The engine's answer equals the reference's, header for header.
///
/// # Errors
///
/// Both answers, if they differ.
pub fn same_answer(configuration: &Configuration, request: &Request) -> Verdict {
    let (expected, given) = (
        evaluate(configuration, request),
        engine::evaluate(configuration, request),
    );
    equal("answer", &expected, &given)
}

/// The engine refuses a configuration if and only if the reference does, and at the same rules and
/// fields.
///
/// # Errors
///
/// The errors that each found.
pub fn same_faults(configuration: &Configuration) -> Verdict {
    let expected: Vec<_> = check::faults(configuration)
        .iter()
        .map(|fault| fault.rule)
        .collect();
    let given: Vec<_> = engine::errors(configuration, false);
    // The engine reports the first rule beyond the limit with its index, the reference without.
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
