//! PUT, GET and DELETE of a bucket's CORS configuration. A refused PUT leaves the old one in force.

use cors_xml::Document;
use hyper::StatusCode;
use hyper::body::Incoming;

use super::wire;
use crate::checksum::{MD5_MISMATCH_REASON, UNDECODABLE_MD5_REASON};
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
    let limit = u64::try_from(vendor.max_document_bytes).unwrap_or(u64::MAX);
    let in_vendors_words = |failure: Failure| match failure.reason {
        UNDECODABLE_MD5_REASON => wire(
            &vendor.undecodable_digest(),
            UNDECODABLE_MD5_REASON,
            exchange,
        ),
        MD5_MISMATCH_REASON => wire(&vendor.digest_mismatch(), MD5_MISMATCH_REASON, exchange),
        TOO_LARGE_REASON => too_large(gateway, exchange),
        _ => failure,
    };
    let upload = Upload::new(&exchange.headers, body, payload, limit).map_err(in_vendors_words)?;
    let (document, _) = upload.collect().await.map_err(in_vendors_words)?;
    let image = match Document::parse(vendor, &document) {
        Ok(parsed) => parsed.compile().map_err(|error| {
            Failure::new(
                400,
                "InvalidRequest",
                "The configuration is too large.",
                "compile",
            )
            .detail(error.to_string())
        })?,
        Err(errors) => {
            let error = vendor.document_error(errors.first());
            return Err(wire(&error, "document", exchange).detail(errors.first().to_string()));
        }
    };
    gateway
        .configurations
        .put(bucket, Configuration::new(image, document))
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::OK))
}

/// The vendor's answer to a document that was not read to its end.
fn too_large(gateway: &Gateway, exchange: &Exchange) -> Failure {
    let beyond = vec![b' '; gateway.vendor.max_document_bytes.saturating_add(1)];
    match Document::parse(gateway.vendor, &beyond) {
        Err(errors) => {
            let error = gateway.vendor.document_error(errors.first());
            wire(&error, TOO_LARGE_REASON, exchange)
        }
        Ok(_) => Failure::new(
            400,
            "EntityTooLarge",
            "Shorten the document.",
            TOO_LARGE_REASON,
        ),
    }
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
