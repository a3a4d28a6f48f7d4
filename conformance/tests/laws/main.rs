//! The laws, on generated cases, on recorded ones, and on ones that are made to be expensive. One program: it is linked
//! once, and its tests share the processors.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

mod advice;
mod bit_flips;
mod corpus;
mod follow;
mod generated;
mod generated_cases;
mod hostile_documents;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Seeded, so that a failure is reproducible; the environment sets the number of cases, or else
/// this default.
fn runner(cases: u32) -> TestRunner {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    };
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(cases);
    TestRunner::new_with_rng(
        Config { cases, ..config },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    )
}
