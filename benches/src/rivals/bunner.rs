//! bunner_cors_rs: a decision without a framework, so there is no bare call. It is built with debug
//! assertions, because version 0.1.2 does not compile without them.

use std::hint::black_box;

use bunner_cors_rs::{
    AllowedHeaders, AllowedMethods, Cors, CorsDecision, CorsOptions, Origin, RequestContext,
};

use super::question::{Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

/// A decision; it holds the headers.
pub(super) fn asked(question: Question) -> Subject {
    let options = CorsOptions::new()
        .origin(Origin::list(question.origins.iter().copied()))
        .methods(AllowedMethods::list(METHODS.iter().copied()))
        .allowed_headers(AllowedHeaders::list(headers()));
    let cors = Cors::new(options).expect("valid options");
    let access_control_request_method = question.header("access-control-request-method");
    let request = RequestContext {
        method: if access_control_request_method.is_some() {
            "OPTIONS"
        } else {
            "GET"
        },
        origin: question.header("origin"),
        access_control_request_method,
        access_control_request_headers: question.header("access-control-request-headers"),
        access_control_request_private_network: false,
    };
    Subject::new(
        question.name("bunner_cors_rs"),
        move || cors.check(black_box(&request)),
        |decision| match decision {
            Ok(
                CorsDecision::SimpleAccepted { headers }
                | CorsDecision::PreflightAccepted { headers },
            ) => question.is_answered(|name| {
                let found = headers
                    .iter()
                    .filter(|(found, _)| found.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.to_string()).collect()
            }),
            _ => false,
        },
    )
}
