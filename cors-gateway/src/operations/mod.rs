//! The operations on service, buckets and objects, found by method and query.

mod bucket;
mod bucket_cors;
mod delete_many;
mod listing;
mod multipart;
mod object;

pub(crate) use listing::all_buckets;

use cors_http::Bucket;
use cors_xml::WireError;
use hyper::Method;
use hyper::body::Incoming;

use crate::failure::{Failure, METHOD_NOT_ALLOWED, NOT_IMPLEMENTED};
use crate::gateway::{Exchange, Gateway};
use crate::reply::Reply;
use crate::signature::Payload;

/// Query names that ask for something else than the bucket or the object itself.
const SUBRESOURCES: [&str; 30] = [
    "acl",
    "accelerate",
    "analytics",
    "append",
    "bucketInfo",
    "delete",
    "encryption",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "publicAccessBlock",
    "referer",
    "replication",
    "requestPayment",
    "restore",
    "select",
    "symlink",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versioning",
    "versions",
    "website",
];

/// Performs what an authenticated request asks for.
pub(crate) async fn perform(
    gateway: &Gateway,
    exchange: &Exchange,
    bucket: Option<&Bucket>,
    payload: Payload,
    body: Incoming,
) -> Result<Reply, Failure> {
    let target = &exchange.target;
    let Some(name) = target.bucket.as_deref() else {
        return match exchange.method {
            Method::GET => listing::buckets(gateway).await,
            _ => Err(METHOD_NOT_ALLOWED),
        };
    };
    let subresource = SUBRESOURCES.into_iter().find(|name| target.has(name));
    let is_plain = subresource.is_none() && !target.has("cors");
    if target.key.is_none() && is_plain && exchange.method == Method::PUT {
        return bucket::create(gateway, name).await;
    }
    let Some(bucket @ (Bucket::WithoutCors | Bucket::WithCors(_))) = bucket else {
        let error = gateway.provider.no_such_bucket(name);
        return Err(wire(&error, "no_such_bucket", exchange));
    };
    let cors = target.has("cors");
    match (&target.key, &exchange.method, subresource) {
        (None, &Method::GET, _) if cors => bucket_cors::get(gateway, exchange, name, bucket),
        (None, &Method::PUT, _) if cors => {
            bucket_cors::put(gateway, exchange, name, payload, body).await
        }
        (None, &Method::DELETE, _) if cors => bucket_cors::delete(gateway, name).await,
        (_, _, _) if cors => Err(METHOD_NOT_ALLOWED),
        (None, &Method::GET, Some(subresource)) => {
            bucket::describe(gateway, exchange, name, subresource)
        }
        (None, &Method::POST, Some("delete")) => {
            delete_many::perform(gateway, exchange, name, payload, body).await
        }
        (Some(key), &Method::POST, Some("uploads")) => {
            multipart::create(gateway, exchange, name, key).await
        }
        (Some(key), &Method::PUT, Some("uploadId")) => {
            multipart::put_part(gateway, exchange, name, key, payload, body).await
        }
        (Some(key), &Method::GET, Some("uploadId")) => {
            multipart::list_parts(gateway, exchange, name, key).await
        }
        (Some(key), &Method::POST, Some("uploadId")) => {
            multipart::complete(gateway, exchange, name, key, payload, body).await
        }
        (Some(key), &Method::DELETE, Some("uploadId")) => {
            multipart::abort(gateway, exchange, name, key).await
        }
        (_, _, Some(_)) => Err(NOT_IMPLEMENTED),
        (None, &Method::GET, None) => listing::objects(gateway, exchange, name).await,
        (None, &Method::HEAD, None) => Ok(bucket::head()),
        (None, &Method::DELETE, None) => bucket::delete(gateway, name).await,
        (Some(key), &Method::PUT, None) => {
            object::put(gateway, exchange, name, key, payload, body).await
        }
        (Some(key), &Method::GET | &Method::HEAD, None) => {
            object::get(gateway, exchange, name, key).await
        }
        (Some(key), &Method::DELETE, None) => object::delete(gateway, name, key).await,
        _ => Err(METHOD_NOT_ALLOWED),
    }
}

fn wire(error: &WireError<'_>, reason: &'static str, exchange: &Exchange) -> Failure {
    Failure::wire(error, reason, &exchange.request_id)
}
