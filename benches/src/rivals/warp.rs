//! warp: its filter around a filter that does nothing, as a service.

use warp::Filter;

use super::tower::call;
use super::{Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

/// The bare call.
pub(super) fn base() -> Subject {
    let request = Question::last_of(10).request(String::new());
    let mut service = warp::service(warp::any().map(warp::reply));
    Subject::new(
        "warp/base",
        move || call(&mut service, &request),
        |response| response.headers().is_empty(),
    )
}

/// The same with the filter around it.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
    let cors = warp::cors()
        .allow_origins(question.origins.iter().copied())
        .allow_methods(METHODS.iter().copied())
        .allow_headers(headers());
    let mut service = warp::service(warp::any().map(warp::reply).with(cors.build()));
    let request = question.request(String::new());
    Subject::new(
        format!("warp/actual/exact-{count}"),
        move || call(&mut service, &request),
        |response| question.is_granted(response.headers().get_all("access-control-allow-origin")),
    )
}
