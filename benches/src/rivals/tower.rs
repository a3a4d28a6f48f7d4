//! tower-http: its layer around a service that does nothing, or whose response has headers.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll, Waker};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_layer::Layer;
use tower_service::Service;

use super::now;
use super::question::{Kind, Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

/// The inner service of every layer: makes the headers of its response.
#[derive(Clone)]
pub(super) struct Inner(fn() -> HeaderMap);

impl Inner {
    pub(super) const NOTHING: Inner = Inner(HeaderMap::new);
}

/// A response as a storage server's.
pub(super) const FIVE_HEADERS: Inner = Inner(|| {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (http::header::CONTENT_TYPE, "image/png"),
        (http::header::CONTENT_LENGTH, "1024"),
        (http::header::ETAG, "\"9bb58f26192e4ba00f01e2e7b136bbd8\""),
        (http::header::LAST_MODIFIED, "Wed, 12 Oct 2022 17:50:00 GMT"),
        (http::header::ACCEPT_RANGES, "bytes"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
});

impl Service<Request<()>> for Inner {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let mut response = Response::new(());
        *response.headers_mut() = (self.0)();
        ready(Ok(response))
    }
}

/// The bare call with the request of a question: the request cloned, the service called. Each layer is
/// compared with its own.
pub(super) fn base(rival: &str, question: &Question) -> Subject {
    let name = question.base_name(rival);
    bare(name, Inner::NOTHING, question)
}

fn bare(name: String, mut inner: Inner, question: &Question) -> Subject {
    let request = question.request(());
    Subject::new(
        name,
        move || call(&mut inner, &request),
        |response| {
            !response
                .headers()
                .contains_key("access-control-allow-origin")
        },
    )
}

/// The layer around a service that does nothing.
pub(super) fn asked(question: Question) -> Subject {
    let name = question.name("tower-http");
    around(Inner::NOTHING, question, name)
}

/// The bare calls and the layer around a service whose response has five headers.
pub(super) fn with_five_headers() -> [Subject; 3] {
    let question = || Question::new(Kind::Actual, 10);
    let name = question().name("tower-http") + "/five-headers";
    let bare = |rival| {
        bare(
            format!("{rival}/base/five-headers"),
            FIVE_HEADERS,
            &question(),
        )
    };
    [
        bare("cors-http"),
        bare("tower-http"),
        around(FIVE_HEADERS, question(), name),
    ]
}

fn around(inner: Inner, question: Question, name: String) -> Subject {
    let origins = question.origins.iter();
    let origins = origins.map(|origin| HeaderValue::from_static(origin));
    let methods = METHODS
        .iter()
        .map(|method| Method::from_bytes(method.as_bytes()).expect("a method"));
    let headers = headers().into_iter().map(HeaderName::from_static);
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(methods.collect::<Vec<_>>())
        .allow_headers(headers.collect::<Vec<_>>());
    let mut service = layer.layer(inner);
    let request = question.request(());
    Subject::new(
        name,
        move || call(&mut service, &request),
        |response| question.is_answered_by(response.headers()),
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
