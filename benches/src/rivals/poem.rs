//! poem: its middleware around an endpoint that does nothing. Its request cannot be cloned and is
//! created for each call.

use poem::endpoint::make_sync;
use poem::middleware::Cors;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};

use super::now;
use super::question::{Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

/// The bare call.
pub(super) fn base(question: &Question) -> Subject {
    let endpoint = make_sync(|_| ());
    let ask = ask(endpoint, question);
    Subject::new(question.base_name("poem"), ask, |response| {
        response.headers().is_empty()
    })
}

/// The same with the middleware around it.
pub(super) fn asked(question: Question) -> Subject {
    let cors = Cors::new()
        .allow_origins(question.origins.iter().copied())
        .allow_methods(METHODS.iter().copied())
        .allow_headers(headers());
    let endpoint = make_sync(|_| ()).with(cors);
    let ask = ask(endpoint, &question);
    Subject::new(question.name("poem"), ask, |response| {
        question.is_answered_by(response.headers())
    })
}

fn ask<E: Endpoint>(endpoint: E, question: &Question) -> impl FnMut() -> Response + use<E> {
    let (method, headers) = (question.method(), question.headers.clone());
    move || {
        let mut request = Request::builder().method(method.clone());
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        now(endpoint.call(request.finish()))
            .expect("no error")
            .into_response()
    }
}
