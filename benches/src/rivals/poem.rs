//! poem: its middleware around an endpoint that does nothing. Its request cannot be cloned and is
//! created for each call.

use poem::endpoint::make_sync;
use poem::middleware::Cors;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};

use super::{Question, headers, now};
use crate::cases::METHODS;
use crate::measure::Subject;

/// The bare call.
pub(super) fn base() -> Subject {
    let question = Question::last_of(10);
    let endpoint = make_sync(|_| ());
    Subject::new(
        "poem/base",
        move || ask(&endpoint, question.asked),
        |response| response.headers().is_empty(),
    )
}

/// The same with the middleware around it.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
    let cors = Cors::new()
        .allow_origins(question.origins.iter().copied())
        .allow_methods(METHODS.iter().copied())
        .allow_headers(headers());
    let endpoint = make_sync(|_| ()).with(cors);
    let asked = question.asked;
    Subject::new(
        format!("poem/actual/exact-{count}"),
        move || ask(&endpoint, asked),
        |response| question.is_granted(response.headers().get_all("access-control-allow-origin")),
    )
}

fn ask(endpoint: &impl Endpoint, origin: &'static str) -> Response {
    let request = Request::builder().header("origin", origin).finish();
    now(endpoint.call(request))
        .expect("no error")
        .into_response()
}
