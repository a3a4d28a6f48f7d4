//! The CORS operations of buckets as a tower service: routing and request ids, without
//! authentication.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use cors_xml::{Cause, Provider, Subject};
use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response};
use http_body::Body;
use tower_service::Service;

use super::operations::{Answer, BucketOperations, BucketRequest, OperationError};
use super::store::BucketCorsStore;
use super::target::{Target, TargetError};

/// The host that errors name; it says nothing about the machine.
const HOST_ID: &str = "cors-http";

/// A [`Service`] for the CORS configurations of buckets: `PUT`, `GET` and `DELETE` with `?cors`,
/// and `OPTIONS` on buckets and objects, sent to `/BUCKET/KEY` or to the host `BUCKET.DOMAIN`,
/// answered as the provider answers them.
///
/// Any other request is answered 405; the router in front decides which requests come here. Answers
/// to cross-origin requests carry the headers of the bucket's own rules. A server that has its own
/// operations uses [`BucketOperations`] instead.
///
/// # Security
///
/// Nothing is authenticated here: put authentication in front of this service, and exempt
/// `OPTIONS`, because browsers send preflights without credentials. A body is read only up to the
/// provider's limit; limit the time with an outer layer, such as a timeout.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
/// use std::convert::Infallible;
/// use std::sync::Mutex;
///
/// use cors_http::{Bucket, BucketCors, BucketCorsStore, SharedPolicy};
/// use cors_xml::{Cause, Provider, Subject};
/// use http::{Request, StatusCode};
/// use tower::ServiceExt;
///
/// /// Buckets, kept until the process ends.
/// struct Memory(Mutex<HashMap<String, Bucket>>);
///
/// impl Memory {
///     fn set(&self, name: &str, bucket: Bucket) {
///         self.0.lock().unwrap().insert(name.to_owned(), bucket);
///     }
/// }
///
/// impl BucketCorsStore for Memory {
///     type Error = Infallible;
///
///     async fn find(&self, name: &str) -> Result<Bucket, Infallible> {
///         Ok(self.0.lock().unwrap().get(name).cloned().unwrap_or(Bucket::Missing))
///     }
///
///     async fn put(&self, name: &str, policy: SharedPolicy, _: &[u8]) -> Result<(), Infallible> {
///         Ok(self.set(name, Bucket::WithCors(policy)))
///     }
///
///     async fn delete(&self, name: &str) -> Result<(), Infallible> {
///         Ok(self.set(name, Bucket::WithoutCors))
///     }
/// }
///
/// let store = Memory(Mutex::new(HashMap::from([("photos".to_owned(), Bucket::WithoutCors)])));
/// let service = BucketCors::new(&Provider::OSS, store, ["storage.example"]);
///
/// let document = "<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin>\
///     <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
/// let put = Request::put("/photos?cors").body(document.to_owned())?;
/// let preflight = Request::options("/cat.jpg")
///     .header("host", "photos.storage.example")
///     .header("origin", "https://a.example")
///     .header("access-control-request-method", "GET")
///     .body(String::new())?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let answer = service.clone().oneshot(put).await?;
/// assert_eq!(answer.status(), StatusCode::OK);
/// let answer = service.oneshot(preflight).await?;
/// assert_eq!(answer.headers()["access-control-allow-origin"], "https://a.example");
/// # Ok::<(), Infallible>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BucketCors<S>(Arc<Shared<S>>);

#[derive(Debug)]
struct Shared<S> {
    operations: BucketOperations<S>,
    domains: Vec<String>,
    request_ids: AtomicU64,
}

impl<S> Clone for BucketCors<S> {
    fn clone(&self) -> Self {
        BucketCors(Arc::clone(&self.0))
    }
}

impl<S: BucketCorsStore> BucketCors<S> {
    /// Creates a service that answers as `provider` does. `domains` are the hosts below which the
    /// first label is a bucket; the providers' own are built in.
    pub fn new<D: Into<String>>(
        provider: &'static Provider,
        store: S,
        domains: impl IntoIterator<Item = D>,
    ) -> Self {
        // Ids start from the current time, so that they also differ after a restart.
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let first_id = now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(0));
        BucketCors(Arc::new(Shared {
            operations: BucketOperations::new(provider, store, HOST_ID),
            domains: domains.into_iter().map(Into::into).collect(),
            request_ids: AtomicU64::new(first_id),
        }))
    }

    /// The store.
    pub fn store(&self) -> &S {
        self.0.operations.store()
    }
}

impl<S, B> Service<Request<B>> for BucketCors<S>
where
    S: BucketCorsStore + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Send,
{
    type Response = Response<String>;
    type Error = Infallible;
    // One box per request: the store takes longer than an allocation.
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let id = shared.request_ids.fetch_add(1, Ordering::Relaxed);
            let id = format!("{id:016X}");
            let mut response = shared.answer(&parts, body, &id).await;
            let name = shared.operations.provider().wire.request_id_header;
            if let (Ok(name), Ok(id)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::try_from(id),
            ) {
                response.headers_mut().insert(name, id);
            }
            Ok(response)
        })
    }
}

impl<S: BucketCorsStore> Shared<S> {
    async fn answer(&self, parts: &Parts, body: impl Body, id: &str) -> Response<String> {
        let target = match Target::of(parts, &self.domains) {
            Ok(target) => target,
            Err(error) => return self.no_target(error, id).into_response(),
        };
        let is_configuration = target.key.is_none() && target.has("cors");
        if target.bucket.is_none() || !(is_configuration || parts.method == Method::OPTIONS) {
            return self.operations.method_not_allowed(id).into_response();
        }
        let request = BucketRequest {
            method: &parts.method,
            headers: &parts.headers,
            target: &target,
            request_id: id,
        };
        let Ok(mut decided) = self.operations.decide(&request, |_| {}).await else {
            return self.store_failed(id).into_response();
        };
        let answer = match (decided.preflight.take(), &decided.bucket) {
            (Some(answer), _) => answer,
            (None, Some(bucket)) => match self.operations.perform(&request, bucket, body).await {
                Ok(answer) => answer,
                Err(OperationError::Store(_)) => self.store_failed(id),
                Err(OperationError::Body(_)) => {
                    let error = self
                        .operations
                        .provider()
                        .error(Cause::IncompleteBody, Subject::None);
                    self.operations.refused(&error, "incomplete_body", id)
                }
            },
            (None, None) => self.operations.method_not_allowed(id),
        };
        let mut response = answer.into_response();
        decided.headers.apply_to(response.headers_mut());
        response
    }

    fn no_target(&self, error: TargetError, id: &str) -> Answer {
        let error = error.to_wire_error(self.operations.provider());
        self.operations.refused(&error, "target", id)
    }

    fn store_failed(&self, id: &str) -> Answer {
        let error = self
            .operations
            .provider()
            .error(Cause::InternalError, Subject::None);
        self.operations.refused(&error, "store", id)
    }
}
