//! tower-http: its layer around a service that does nothing.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll, Waker};

use http::{HeaderName, HeaderValue, Method, Request, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_layer::Layer;
use tower_service::Service;

use super::{Question, headers, now};
use crate::cases::METHODS;
use crate::measure::Subject;

/// The inner service of every layer.
#[derive(Clone)]
pub(super) struct Nothing;

impl Service<Request<()>> for Nothing {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

/// The bare call: the request cloned, the service called.
pub(super) fn base() -> Subject {
    bare("tower-http/base")
}

/// The bare call under a name: each layer is compared with its own.
pub(super) fn bare(name: &str) -> Subject {
    let request = Question::last_of(10).request(());
    let mut service = Nothing;
    Subject::new(
        name,
        move || call(&mut service, &request),
        |response| response.headers().is_empty(),
    )
}

/// The same with the layer around it.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
    let origins = question
        .origins
        .iter()
        .map(|origin| HeaderValue::from_static(origin));
    let methods = METHODS
        .iter()
        .map(|method| Method::from_bytes(method.as_bytes()).expect("a method"));
    let headers = headers().into_iter().map(HeaderName::from_static);
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(methods.collect::<Vec<_>>())
        .allow_headers(headers.collect::<Vec<_>>());
    let mut service = layer.layer(Nothing);
    let request = question.request(());
    let name = format!("tower-http/actual/exact-{count}");
    Subject::new(
        name,
        move || call(&mut service, &request),
        |response| {
            let granted = response.headers().get_all("access-control-allow-origin");
            question.is_granted(granted)
        },
    )
}

/// Calls a service whose answer is ready at once.
pub(super) fn call<B, S>(service: &mut S, request: &Request<B>) -> S::Response
where
    B: Clone,
    S: Service<Request<B>, Error = Infallible>,
{
    let _ = service.poll_ready(&mut Context::from_waker(Waker::noop()));
    match now(service.call(black_box(request).clone())) {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
