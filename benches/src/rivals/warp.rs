//! warp: its filter around a filter that does nothing, as a service.

use warp::Filter;

use super::question::{Question, headers};
use super::tower::call;
use crate::cases::METHODS;
use crate::measure::Subject;

/// The bare call.
pub(super) fn base(question: &Question) -> Subject {
    let request = question.request(String::new());
    let mut service = warp::service(warp::any().map(warp::reply));
    Subject::new(
        question.base_name("warp"),
        move || call(&mut service, &request),
        |response| response.headers().is_empty(),
    )
}

/// The same with the filter around it.
pub(super) fn asked(question: Question) -> Subject {
    let cors = warp::cors()
        .allow_origins(question.origins.iter().copied())
        .allow_methods(METHODS.iter().copied())
        .allow_headers(headers());
    let mut service = warp::service(warp::any().map(warp::reply).with(cors.build()));
    let request = question.request(String::new());
    Subject::new(
        question.name("warp"),
        move || call(&mut service, &request),
        |response| question.is_answered_by(response.headers()),
    )
}
