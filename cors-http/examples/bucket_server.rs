//! A storage server with bucket CORS, in memory: `cargo run -p cors-engine-http --features bucket
//! --example bucket_server`.
//!
//! Three services, and one line that routes each request to one of them. Put authentication in
//! front of `objects` and of `?cors`, and exempt `OPTIONS`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use cors_http::{Bucket, BucketCors, BucketCorsStore, CorsLayer, SharedPolicy, Target};
use cors_xml::Provider;
use tokio::net::TcpListener;
use tower::{ServiceExt, service_fn};

/// Buckets and objects, kept until the process ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    buckets: HashMap<String, Bucket>,
    objects: HashMap<String, Bytes>,
}

impl Memory {
    fn with<T>(&self, change: impl FnOnce(&mut Contents) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn bucket(&self, name: &str) -> Bucket {
        self.with(|contents| contents.buckets.get(name).cloned())
            .unwrap_or(Bucket::Missing)
    }

    fn set(&self, name: &str, bucket: Bucket) {
        self.with(|contents| contents.buckets.insert(name.to_owned(), bucket));
    }
}

impl BucketCorsStore for Memory {
    type Error = Infallible;

    async fn find(&self, name: &str) -> Result<Bucket, Infallible> {
        Ok(self.bucket(name))
    }

    async fn put(&self, name: &str, policy: SharedPolicy, _: &[u8]) -> Result<(), Infallible> {
        self.set(name, Bucket::WithCors(policy));
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<(), Infallible> {
        self.set(name, Bucket::WithoutCors);
        Ok(())
    }
}

/// GET and PUT of `/BUCKET/KEY`. A bucket exists once an object has been put into it.
async fn object(State(memory): State<Memory>, method: Method, uri: Uri, body: Bytes) -> Response {
    let Ok(Target {
        bucket: Some(bucket),
        key: Some(_),
        ..
    }) = Target::parse("", uri.path(), None, &[])
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let key = uri.path().to_owned();
    match method {
        Method::PUT => memory.with(|contents| {
            contents
                .buckets
                .entry(bucket)
                .or_insert(Bucket::WithoutCors);
            contents.objects.insert(key, body);
            StatusCode::OK.into_response()
        }),
        Method::GET => match memory.with(|contents| contents.objects.get(&key).cloned()) {
            Some(bytes) => bytes.into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// The server; it answers as S3 does.
pub(crate) fn app(memory: Memory) -> Router {
    let configurations = BucketCors::new(&Provider::S3, memory.clone(), ["storage.example"]);
    let policies = memory.clone();
    // CORS for an object comes from the rules of its bucket.
    let by_bucket = CorsLayer::with_lookup(move |request: &Parts| {
        let target = Target::of(request, &[]).ok();
        let bucket = target.and_then(|target| Some(policies.bucket(&target.bucket?)));
        async move { bucket?.policy().cloned() }
    });
    let objects = Router::new()
        .fallback(any(object))
        .with_state(memory)
        .layer(by_bucket);
    Router::new().fallback_service(service_fn(move |request: Request| {
        let (configurations, objects) = (configurations.clone(), objects.clone());
        async move {
            let query = request.uri().query().unwrap_or_default();
            let is_cors = query
                .split('&')
                .any(|pair| pair == "cors" || pair == "cors=");
            if is_cors || request.method() == Method::OPTIONS {
                configurations
                    .oneshot(request)
                    .await
                    .map(IntoResponse::into_response)
            } else {
                objects.oneshot(request).await
            }
        }
    }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3002").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(Memory::default())).await
}
