//! The answer to a request: the decision of section 1 with the headers of section 2.

use crate::decide::decide;
use crate::model::{Answer, Configuration, Decision, Phase, Request};
use crate::response;

/// The answer of section 1 with the headers of section 2.
///
/// The configuration is taken as it is: whether it is valid is the question of [`check::faults`](crate::check::faults).
pub fn evaluate(configuration: &Configuration, request: &Request) -> Answer {
    let (phase, outcome) = decide(configuration, request);
    let headers = response::headers(configuration, request, phase, outcome.as_ref().ok());
    let rule = outcome.map(|granted| granted.rule);
    let decision = match phase {
        Phase::NotCors => Decision::NotCors,
        Phase::Preflight => Decision::Preflight(rule),
        Phase::Actual => Decision::Actual(rule),
    };
    Answer { decision, headers }
}
