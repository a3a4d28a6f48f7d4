//! A policy for each request, looked up asynchronously.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::request::Parts;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::plan::{Plan, plan};
use crate::private_network::PrivateNetwork;
use crate::shared_policy::{SharedPolicy, part_of};

/// A [`Layer`] that looks up a policy for each request; created by
/// [`CorsLayer::with_lookup`](crate::CorsLayer::with_lookup).
#[derive(Clone, Debug)]
pub struct CorsByLookupLayer<L> {
    lookup: L,
    private_network: PrivateNetwork,
}

impl<L> CorsByLookupLayer<L> {
    pub(crate) fn new(lookup: L) -> Self {
        CorsByLookupLayer {
            lookup,
            private_network: PrivateNetwork::default(),
        }
    }

    /// Sets whether Private Network Access is answered, as
    /// [`CorsLayer::with_private_network`](crate::CorsLayer::with_private_network) does.
    #[must_use]
    pub fn with_private_network(mut self, is_answered: bool) -> Self {
        self.private_network = PrivateNetwork::of(is_answered);
        self
    }
}

impl<S, L: Clone> Layer<S> for CorsByLookupLayer<L> {
    type Service = CorsByLookup<S, L>;

    fn layer(&self, inner: S) -> CorsByLookup<S, L> {
        CorsByLookup {
            inner,
            lookup: self.lookup.clone(),
            private_network: self.private_network,
        }
    }
}

/// A service that looks up a policy for each request; created by [`CorsByLookupLayer`].
#[derive(Clone, Debug)]
pub struct CorsByLookup<S, L> {
    inner: S,
    lookup: L,
    private_network: PrivateNetwork,
}

impl<S, L, Found, RequestBody, ResponseBody> Service<Request<RequestBody>> for CorsByLookup<S, L>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    L: Fn(&Parts) -> Found,
    Found: Future<Output = Option<SharedPolicy>> + Send + 'static,
    RequestBody: Send + 'static,
    ResponseBody: Default,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    // One box per request: the lookup takes longer than an allocation.
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let found = (self.lookup)(&parts);
        let request = Request::from_parts(parts, body);
        // The service that is ready handles this request; its clone waits for the next one.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let private_network = self.private_network;
        Box::pin(async move {
            // Without a policy (a bucket without a configuration) nothing is decided and nothing is added.
            let Some(shared) = found.await else {
                return inner.call(request).await;
            };
            let of_rule = |_, _, text: &[u8]| part_of(shared.image(), text);
            let headers = match plan(&shared.policy(), &request, private_network, of_rule) {
                Plan::Answer(answer) => return Ok(answer),
                Plan::Decorate(headers) => headers,
            };
            let mut response = inner.call(request).await?;
            headers.apply_to(response.headers_mut());
            Ok(response)
        })
    }
}
