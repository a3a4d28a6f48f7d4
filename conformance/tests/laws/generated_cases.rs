//! Checks that the generated cases serve their purpose: valid, colliding, and reaching every kind
//! of answer.

use std::collections::BTreeSet;

use conformance::generate;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reference::model::{Decision, DialectName, Furthest, Refusal};
use reference::{check, evaluate};

/// The number of cases checked in each dialect.
const CASES: usize = 1000;

#[test]
fn generated_cases_are_valid_and_often_granted_in_every_dialect() {
    let mut runner = TestRunner::deterministic();
    for dialect in DialectName::ALL {
        let cases = generate::case_in(dialect);
        let (mut granted, mut latest, mut kinds) = (0, 0, BTreeSet::new());
        for _ in 0..CASES {
            let (configuration, request) = cases.new_tree(&mut runner).unwrap().current();
            assert_eq!(check::faults(&configuration), []);
            let answer = evaluate(&configuration, &request);
            granted += usize::from(answer.rule().is_some());
            latest = latest.max(answer.rule().unwrap_or(0));
            kinds.insert(kind(&answer.decision));
        }
        println!("{dialect:?}: {granted} of {CASES} granted, latest rule {latest}, {kinds:?}");
        assert!(granted * 10 > CASES, "{dialect:?}: only {granted} granted");
        let kinds_due = if dialect == DialectName::Gcs { 9 } else { 10 };
        assert!(kinds.len() >= kinds_due, "{dialect:?}: only {kinds:?}");
        assert!(
            latest > 64 || check::rules_max(dialect) < 100,
            "{dialect:?}: no rule beyond the first word wins"
        );
    }
}

#[test]
fn unchecked_cases_are_valid_and_invalid() {
    let mut runner = TestRunner::deterministic();
    let cases = generate::unchecked_case();
    let count = (0..CASES)
        .filter(|_| check::faults(&cases.new_tree(&mut runner).unwrap().current().0).is_empty())
        .count();
    println!("{count} of {CASES} are valid");
    assert!(count > CASES / 20 && count < CASES / 2);
}

/// Preflight or not, and the outcome, without the position of a name.
fn kind(decision: &Decision) -> String {
    match decision {
        Decision::Preflight(Err(Refusal::NoRuleMatched(Furthest::Header(_)))) => {
            "preflight: header".to_owned()
        }
        Decision::Actual(Err(Refusal::NoRuleMatched(Furthest::Header(_)))) => {
            "actual: header".to_owned()
        }
        Decision::Preflight(Ok(_)) => "preflight: granted".to_owned(),
        Decision::Actual(Ok(_)) => "actual: granted".to_owned(),
        other => format!("{other:?}"),
    }
}
