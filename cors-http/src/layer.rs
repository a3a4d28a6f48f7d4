//! One policy for a whole service.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::by_lookup::CorsByLookupLayer;
use crate::cors_headers::CorsHeaders;
use crate::plan::{Plan, plan};
use crate::shared_policy::SharedPolicy;

/// A [`Layer`] that applies one policy to a service.
///
/// # Examples
///
/// As in the [crate's documentation](crate).
#[derive(Clone, Debug)]
pub struct CorsLayer {
    policy: SharedPolicy,
}

impl CorsLayer {
    /// Creates a layer with one policy.
    pub fn new(policy: SharedPolicy) -> Self {
        CorsLayer { policy }
    }

    /// Creates a layer that looks up a policy for each request: by host, path or bucket. Without a
    /// policy the request and its response pass through unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_http::{CorsLayer, SharedPolicy};
    ///
    /// # fn policy_of(_: &str) -> Option<SharedPolicy> { None }
    /// let layer = CorsLayer::with_lookup(|request: &http::request::Parts| {
    ///     let bucket = request.uri.path().split('/').nth(1).unwrap_or_default().to_owned();
    ///     async move { policy_of(&bucket) }
    /// });
    /// # let _ = layer;
    /// ```
    pub fn with_lookup<L>(lookup: L) -> CorsByLookupLayer<L> {
        CorsByLookupLayer::new(lookup)
    }
}

impl<S> Layer<S> for CorsLayer {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        Cors {
            inner,
            policy: self.policy.clone(),
        }
    }
}

/// A service under one policy; created by [`CorsLayer`].
#[derive(Clone, Debug)]
pub struct Cors<S> {
    inner: S,
    policy: SharedPolicy,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for Cors<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Default,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, ResponseBody>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let state = match plan(Some(&self.policy), &request) {
            Plan::Answer(answer) => State::Answer {
                answer: Some(answer),
            },
            Plan::Decorate(headers) => State::Inner {
                inner: self.inner.call(request),
                headers: Some(headers),
            },
            Plan::Untouched => State::Inner {
                inner: self.inner.call(request),
                headers: None,
            },
        };
        ResponseFuture { state }
    }
}

pin_project! {
    /// The response of [`Cors`]: the layer's own answer to a preflight, or the inner service's
    /// response with the policy's headers.
    #[derive(Debug)]
    pub struct ResponseFuture<F, B> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    #[derive(Debug)]
    enum State<F, B> {
        Answer {
            answer: Option<Response<B>>,
        },
        Inner {
            #[pin]
            inner: F,
            headers: Option<CorsHeaders>,
        },
    }
}

impl<F, ResponseBody, E> Future for ResponseFuture<F, ResponseBody>
where
    F: Future<Output = Result<Response<ResponseBody>, E>>,
    ResponseBody: Default,
{
    type Output = Result<Response<ResponseBody>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Answer { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(answer)),
                // Polled again after it was ready: the answer is gone.
                None => Poll::Pending,
            },
            StateProjection::Inner { inner, headers } => {
                let mut response = ready!(inner.poll(context))?;
                if let Some(headers) = headers.take() {
                    headers.apply_to(response.headers_mut());
                }
                Poll::Ready(Ok(response))
            }
        }
    }
}
