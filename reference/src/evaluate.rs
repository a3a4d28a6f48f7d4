//! The answer to a request: the decision of section 1 with the headers of section 2.

use crate::decide::decide;
use crate::model::{Answer, Configuration, Decision, Phase, Request};
use crate::response;

/// Returns the answer: the decision of section 1 with the headers of section 2.
///
/// The configuration is not validated; use [`check::faults`](crate::check::faults) for that.
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
