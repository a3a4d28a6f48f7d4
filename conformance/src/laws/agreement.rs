//! The laws of agreement: engine and reference answer alike, and find the same faults.

use reference::model::{Configuration, Request};
use reference::{check, evaluate};

use super::{Verdict, equal};
use crate::engine;

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
