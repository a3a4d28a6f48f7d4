//! One policy for a whole service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::by_lookup::CorsByLookupLayer;
use crate::cors_headers::CorsHeaders;
use crate::plan::{Plan, plan};
use crate::prepared::Prepared;
use crate::private_network::PrivateNetwork;
use crate::shared_policy::SharedPolicy;

/// A [`Layer`] that applies one policy to a service.
///
/// # Examples
///
/// As in the [crate's documentation](crate).
#[derive(Clone, Debug)]
pub struct CorsLayer {
    policy: Arc<Prepared>,
    private_network: PrivateNetwork,
}

impl CorsLayer {
    /// Creates a layer with one policy.
    pub fn new(policy: SharedPolicy) -> Self {
        CorsLayer {
            policy: Arc::new(Prepared::new(policy)),
            private_network: PrivateNetwork::default(),
        }
    }

    /// Sets whether a granted preflight with `Access-Control-Request-Private-Network: true` is
    /// answered with `Access-Control-Allow-Private-Network: true`; off by default.
    ///
    /// Of use for Chromium before version 142. Later versions ask the user for permission instead
    /// ([Local Network Access](https://wicg.github.io/local-network-access/)) and read no header.
    ///
    /// # Security
    ///
    /// Pages of the allowed origins may then reach this service on a private network. It is never
    /// answered together with `Access-Control-Allow-Origin: *`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use cors_core::{Configuration, Dialect};
    /// use cors_http::{CorsLayer, SharedPolicy};
    ///
    /// # let policy = SharedPolicy::compile(&Configuration::new(&Dialect::STRICT, &[]))?;
    /// let layer = CorsLayer::new(policy).with_private_network(true);
    /// # let _ = layer;
    /// # Ok::<(), cors_core::CompileError>(())
    /// ```
    #[must_use]
    pub fn with_private_network(mut self, is_answered: bool) -> Self {
        self.private_network = PrivateNetwork::of(is_answered);
        self
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
            private_network: self.private_network,
        }
    }
}

/// A service under one policy; created by [`CorsLayer`].
#[derive(Clone, Debug)]
pub struct Cors<S> {
    inner: S,
    policy: Arc<Prepared>,
    private_network: PrivateNetwork,
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
        let of_rule = |rule, name, _: &[u8]| self.policy.value(rule, name);
        let state = match plan(
            self.policy.policy(),
            &request,
            self.private_network,
            of_rule,
        ) {
            Plan::Answer(answer) => State::Answer {
                answer: Some(answer),
            },
            Plan::Decorate(headers) => State::Inner {
                inner: self.inner.call(request),
                headers,
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
            headers: CorsHeaders,
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
                headers.move_to(response.headers_mut());
                Poll::Ready(Ok(response))
            }
        }
    }
}
