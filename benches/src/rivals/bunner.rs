//! bunner_cors_rs: a decision without a framework, so there is no bare call. It is built with debug
//! assertions, because version 0.1.2 does not compile without them.

use std::hint::black_box;

use bunner_cors_rs::{
    AllowedHeaders, AllowedMethods, Cors, CorsDecision, CorsOptions, Origin, RequestContext,
};

use super::{Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

/// An actual request.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
    let options = CorsOptions::new()
        .origin(Origin::list(question.origins.iter().copied()))
        .methods(AllowedMethods::list(METHODS.iter().copied()))
        .allowed_headers(AllowedHeaders::list(headers()));
    let cors = Cors::new(options).expect("valid options");
    let request = RequestContext {
        method: "GET",
        origin: Some(question.asked),
        access_control_request_method: None,
        access_control_request_headers: None,
        access_control_request_private_network: false,
    };
    Subject::new(
        format!("bunner_cors_rs/actual/exact-{count}"),
        move || cors.check(black_box(&request)),
        |decision| match decision {
            Ok(CorsDecision::SimpleAccepted { headers }) => {
                let granted = headers
                    .iter()
                    .filter(|(name, _)| name.eq_ignore_ascii_case("access-control-allow-origin"));
                question.is_granted(granted.map(|(_, value)| value))
            }
            _ => false,
        },
    )
}
