//! PUT, GET and DELETE of a bucket's CORS configuration. A refused PUT leaves the old one in force.

use cors_xml::{BodyDigests, Checksum, PutError, put_bucket_cors};
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::HeaderValue;

use super::wire;
use crate::configurations::Configuration;
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
    let vendor = gateway.vendor;
    let refused = |error: &PutError| Failure::put(error, vendor, &exchange.request_id);
    let limit = u64::try_from(vendor.max_document_bytes).unwrap_or(u64::MAX);
    let in_vendors_words = |failure: Failure| match failure.reason {
        TOO_LARGE_REASON => refused(&PutError::too_large(vendor)),
        _ => failure,
    };
    let upload = Upload::new(&exchange.headers, body, payload, limit).map_err(in_vendors_words)?;
    let (document, trailer) = upload.collect().await.map_err(in_vendors_words)?;
    let fields = [&exchange.headers, &trailer];
    let checksums = Checksum::ALL.into_iter().flat_map(|checksum| {
        let lines = fields.map(|fields| fields.get_all(checksum.header_name()));
        let values = lines.into_iter().flatten();
        values.map(move |value| (checksum, value.as_bytes()))
    });
    let checksums: Vec<_> = checksums.collect();
    let mut md5 = exchange.headers.get_all("content-md5").iter();
    let content_md5 = match (md5.next(), md5.next()) {
        // Two lines mean one with a comma, which is no base64.
        (Some(_), Some(_)) => Some(&b","[..]),
        (one, _) => one.map(HeaderValue::as_bytes),
    };
    let digests = BodyDigests {
        content_md5,
        checksums: &checksums,
    };
    let accepted = put_bucket_cors(vendor, &document, &digests).map_err(|error| refused(&error))?;
    let configuration = Configuration::new(accepted.image, document.clone());
    gateway
        .configurations
        .put(bucket, configuration)
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::OK))
}

pub(super) fn get(
    gateway: &Gateway,
    exchange: &Exchange,
    bucket: &str,
    configuration: Option<&Configuration>,
) -> Result<Reply, Failure> {
    let Some(policy) = configuration.and_then(Configuration::policy) else {
        let error = gateway.vendor.no_such_configuration(bucket);
        return Err(wire(&error, "no_such_configuration", exchange));
    };
    let mut document = String::new();
    // A string takes every write.
    let _ =
        gateway
            .vendor
            .write_configuration(policy.rules(), policy.response_vary(), &mut document);
    Ok(Reply::xml(document))
}

pub(super) async fn delete(gateway: &Gateway, bucket: &str) -> Result<Reply, Failure> {
    gateway
        .configurations
        .delete(bucket)
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
