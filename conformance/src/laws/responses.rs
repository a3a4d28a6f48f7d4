//! What the laws of HTTP read from requests and responses: the question asked, and the headers of
//! the answer.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use cors_core::Dialect;
use http::header::HeaderMap;
use http::{Method, Request, Response};
use reference::model::{self, Answer};

/// The response of a future that is ready at once.
pub(super) fn answered<F, B>(future: F) -> Result<Response<B>, String>
where
    F: Future<Output = Result<Response<B>, Infallible>>,
{
    let future: Pin<&mut F> = pin!(future);
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => Ok(response),
        Poll::Pending => Err("the layer is not ready at once".to_owned()),
    }
}

/// The four things that are read from a request. Several lines of Origin, or of
/// Access-Control-Request-Method where it is read, are an Origin that matches nothing.
pub(super) fn asked(request: &Request<Vec<u8>>, dialect: &Dialect) -> model::Request {
    let is_method_read =
        request.method() == Method::OPTIONS || dialect.evaluation.request_headers_on_actual;
    let lines = |name: &str| request.headers().get_all(name).iter().count();
    let is_ambiguous =
        lines("origin") > 1 || (is_method_read && lines("access-control-request-method") > 1);
    let first = |name: &str| {
        request
            .headers()
            .get(name)
            .map(|value| value.as_bytes().to_vec())
    };
    model::Request {
        method: request.method().as_str().as_bytes().to_vec(),
        origin: first("origin").map(|origin| if is_ambiguous { vec![0] } else { origin }),
        access_control_request_method: first("access-control-request-method"),
        access_control_request_headers: request
            .headers()
            .get_all("access-control-request-headers")
            .iter()
            .map(|line| line.as_bytes().to_vec())
            .collect(),
    }
}

/// An answer's headers without Vary, sorted.
pub(super) fn headers_due(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    let headers = answer.headers.iter();
    sorted(
        headers
            .filter(|(name, _)| name != "vary")
            .cloned()
            .collect(),
    )
}

/// The items of a list header's lines, in lower case.
pub(super) fn tokens(lines: &[&[u8]]) -> Vec<Vec<u8>> {
    lines
        .iter()
        .flat_map(|line| line.split(|byte| *byte == b','))
        .map(|token| token.trim_ascii().to_ascii_lowercase())
        .filter(|token| !token.is_empty())
        .collect()
}

/// Every `Access-Control-*` header.
pub(super) fn cors_headers(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("access-control-"))
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect()
}

pub(super) fn sorted(mut headers: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    headers.sort();
    headers
}
