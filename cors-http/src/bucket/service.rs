//! PUT, GET and DELETE of a bucket's CORS configuration, and its preflights, as a service of tower.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use cors_core::{Configuration, Outcome};
use cors_xml::{Provider, PutError, WireError};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::store::{Bucket, BucketCorsStore};
use super::target::Target;
use super::upload::{Unread, read};
use crate::shared_policy::SharedPolicy;

/// What errors name as the host: nothing of the machine.
const HOST_ID: &str = "cors-http";

/// A [`Service`] for the CORS configurations of buckets: `PUT`, `GET` and `DELETE` with `?cors`, and `OPTIONS` on buckets and
/// objects, sent to `/BUCKET/KEY` or to the host `BUCKET.DOMAIN`, answered as the provider answers them.
///
/// Any other request is answered 405; it is for the router to send here what belongs here. Answers to cross-origin
/// requests carry the headers that the bucket's own rules give.
///
/// # Security
///
/// Nobody is authenticated here: what lets a caller read and change configurations stands before it, and lets `OPTIONS` pass, as
/// browsers send preflights without credentials. A body is read up to the provider's limit and not further; how long it may
/// take is for a layer outside, such as a timeout.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
/// use std::convert::Infallible;
/// use std::sync::Mutex;
///
/// use cors_http::{Bucket, BucketCors, BucketCorsStore, SharedPolicy};
/// use cors_xml::Provider;
/// use http::{Request, StatusCode};
/// use tower::ServiceExt;
///
/// /// Buckets that last as long as the process.
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
    provider: &'static Provider,
    store: S,
    domains: Vec<String>,
    /// What decides where no configuration is set.
    without_rules: Option<SharedPolicy>,
    request_ids: AtomicU64,
}

impl<S> Clone for BucketCors<S> {
    fn clone(&self) -> Self {
        BucketCors(Arc::clone(&self.0))
    }
}

impl<S: BucketCorsStore> BucketCors<S> {
    /// A service that answers as `provider` does. `domains` are the hosts below which the first label is a bucket; those of the
    /// providers are known.
    pub fn new<D: Into<String>>(
        provider: &'static Provider,
        store: S,
        domains: impl IntoIterator<Item = D>,
    ) -> Self {
        // Ids go on from the time, so that they differ after a new start too.
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let first_id = now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(0));
        BucketCors(Arc::new(Shared {
            provider,
            store,
            domains: domains.into_iter().map(Into::into).collect(),
            without_rules: SharedPolicy::compile(&Configuration::new(&provider.dialect, &[])).ok(),
            request_ids: AtomicU64::new(first_id),
        }))
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.0.store
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
    // One box a request: the store waits longer than an allocation takes.
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
            if let (Ok(name), Ok(id)) = (
                HeaderName::from_bytes(shared.provider.wire.request_id_header.as_bytes()),
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
            Err(error) => return failure(&error.to_wire_error(self.provider), id),
        };
        let is_configuration = target.key.is_none() && target.has("cors");
        let name = match &target.bucket {
            Some(name) if is_configuration || parts.method == Method::OPTIONS => name,
            _ => return failure(&self.provider.method_not_allowed(), id),
        };
        let internal_error = || failure(&self.provider.internal_error(), id);
        let Ok(bucket) = self.store.find(name).await else {
            return internal_error();
        };
        let Some(policy) = bucket.policy().or(self.without_rules.as_ref()) else {
            return internal_error();
        };
        let (preflight, headers) = policy.decide(
            &parts.method,
            &parts.headers,
            |request, decision| match decision.outcome() {
                Outcome::Preflight(Ok(_)) => Some(empty(StatusCode::OK)),
                Outcome::Preflight(Err(refusal)) => {
                    let error = bucket.preflight_error(self.provider, refusal, request, &target);
                    Some(failure(&error, id))
                }
                Outcome::NotCors | Outcome::Actual(_) => None,
            },
        );
        let mut response = match preflight {
            Some(response) => response,
            None => self.perform(parts, name, &bucket, body, id).await,
        };
        headers.apply_to(response.headers_mut());
        response
    }

    async fn perform(
        &self,
        parts: &Parts,
        name: &str,
        bucket: &Bucket,
        body: impl Body,
        id: &str,
    ) -> Response<String> {
        match (&parts.method, bucket) {
            (&Method::GET, _) => match bucket.document(self.provider, name) {
                Ok(document) => xml(StatusCode::OK, document),
                Err(error) => failure(&error, id),
            },
            (&Method::PUT | &Method::DELETE, Bucket::Missing) => {
                failure(&self.provider.no_such_bucket(name), id)
            }
            (&Method::PUT, _) => self.put(parts, name, body, id).await,
            (&Method::DELETE, _) => match self.store.delete(name).await {
                Ok(()) => empty(StatusCode::NO_CONTENT),
                Err(_) => failure(&self.provider.internal_error(), id),
            },
            _ => failure(&self.provider.method_not_allowed(), id),
        }
    }

    async fn put(&self, parts: &Parts, name: &str, body: impl Body, id: &str) -> Response<String> {
        let provider = self.provider;
        let (document, trailer) = match read(body, provider.documents.max_bytes).await {
            Ok(read) => read,
            Err(Unread::TooLarge) => {
                return failure(&PutError::too_large(provider).to_wire_error(provider), id);
            }
            Err(Unread::Failed) => return failure(&provider.incomplete_body(), id),
        };
        let policy = match SharedPolicy::from_put(provider, &document, &parts.headers, &trailer) {
            Ok(policy) => policy,
            Err(error) => return failure(&error.to_wire_error(provider), id),
        };
        match self.store.put(name, policy, &document).await {
            Ok(()) => empty(StatusCode::OK),
            Err(_) => failure(&provider.internal_error(), id),
        }
    }
}

fn empty(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response
}

fn xml(status: StatusCode, text: String) -> Response<String> {
    let mut response = Response::new(text);
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

fn failure(error: &WireError<'_>, id: &str) -> Response<String> {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut text = String::new();
    // A string takes every write.
    let _ = error.write_to(id, HOST_ID, &mut text);
    xml(status, text)
}
