//! Runs every vector about rules and requests against the engine.

use conformance::engine;
use reference::check;
use reference::model::Configuration;
use reference::suite::{self, Subject};

#[test]
fn the_engine_answers_every_vector_as_recorded_apart_from_known_differences() {
    let report = suite::run(Subject {
        evaluate: engine::evaluate,
        accepts,
    });
    println!("{report}");
    assert!(report.problems.is_empty(), "{}", report.problems.join("\n"));
}

fn accepts(configuration: &Configuration, one_bare_wildcard_per_rule: bool) -> bool {
    engine::errors(configuration, one_bare_wildcard_per_rule).is_empty()
        && check::missing_rule(configuration).is_none()
}
