//! PUT, GET and DELETE of a bucket's CORS configuration. A refused PUT leaves the old one in force.

use cors_http::{Bucket, BucketCorsStore, SharedPolicy};
use cors_xml::PutError;
use hyper::StatusCode;
use hyper::body::Incoming;

use super::wire;
use crate::failure::Failure;
use crate::gateway::{Exchange, Gateway};
use crate::reply::Reply;
use crate::signature::Payload;
use crate::upload::{TOO_LARGE_REASON, Upload};

/// Size, digest, document, image: in this order, and only then is anything stored.
pub(super) async fn put(
    gateway: &Gateway,
    exchange: &Exchange,
    bucket: &str,
    payload: Payload,
    body: Incoming,
) -> Result<Reply, Failure> {
    let provider = gateway.provider;
    let refused = |error: &PutError| Failure::put(error, provider, &exchange.request_id);
    let limit = u64::try_from(provider.documents.max_bytes).unwrap_or(u64::MAX);
    let in_providers_words = |failure: Failure| match failure.reason {
        TOO_LARGE_REASON => refused(&PutError::too_large(provider)),
        _ => failure,
    };
    let upload =
        Upload::new(&exchange.headers, body, payload, limit).map_err(in_providers_words)?;
    let (document, trailer) = upload.collect().await.map_err(in_providers_words)?;
    let policy = SharedPolicy::from_put(provider, &document, &exchange.headers, &trailer)
        .map_err(|error| refused(&error))?;
    gateway
        .configurations
        .put(bucket, policy, &document)
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::OK))
}

pub(super) fn get(
    gateway: &Gateway,
    exchange: &Exchange,
    name: &str,
    bucket: &Bucket,
) -> Result<Reply, Failure> {
    bucket
        .document(gateway.provider, name)
        .map(Reply::xml)
        .map_err(|error| wire(&error, "no_such_configuration", exchange))
}

pub(super) async fn delete(gateway: &Gateway, bucket: &str) -> Result<Reply, Failure> {
    gateway
        .configurations
        .delete(bucket)
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
