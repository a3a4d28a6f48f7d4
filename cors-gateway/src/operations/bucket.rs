//! Creating, finding and removing buckets, and the requests that clients send before they start.

use futures_util::StreamExt;
use hyper::StatusCode;
use hyper::header::LOCATION;
use object_store::ObjectStoreExt;

use super::listing::{OWNER, time};
use super::multipart;
use crate::configurations::Configurations;
use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::{Failure, NOT_IMPLEMENTED};
use crate::layout;
use crate::reply::Reply;
use crate::storage::Storage;

/// Creating an existing bucket changes nothing and succeeds, as for its owner in us-east-1 and on
/// OSS.
pub(super) async fn create(configurations: &Configurations, name: &str) -> Result<Reply, Failure> {
    configurations
        .create_bucket(name)
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::OK).header(LOCATION, format!("/{name}")))
}

pub(super) fn head() -> Reply {
    Reply::empty(StatusCode::OK)
}

pub(super) async fn delete(
    storage: &Storage,
    configurations: &Configurations,
    name: &str,
) -> Result<Reply, Failure> {
    match storage
        .store
        .list(Some(&layout::objects(name)))
        .next()
        .await
    {
        Some(Ok(_)) => {
            return Err(Failure::new(
                409,
                "BucketNotEmpty",
                "The bucket you tried to delete is not empty.",
                "bucket_not_empty",
            ));
        }
        Some(Err(error)) => return Err(Failure::store(&error)),
        None => {}
    }
    // A new bucket of the same name does not inherit unfinished uploads.
    multipart::remove(storage, &layout::uploads(name, None))
        .await
        .map_err(|error| Failure::store(&error))?;
    configurations
        .delete_bucket(name)
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `GET ?SUBRESOURCE` for settings that this gateway does not have: the providers' answers for "not
/// set".
pub(super) async fn describe(
    storage: &Storage,
    exchange: &Exchange,
    name: &str,
    setting: &str,
) -> Result<Reply, Failure> {
    let not_set = |code, message| Err(Failure::new(404, code, message, "not_set"));
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    match setting {
        "location" => element("LocationConstraint", storage.style.region, &mut text),
        "versioning" => text.push_str("<VersioningConfiguration/>"),
        "requestPayment" => {
            text.push_str("<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>");
        }
        "acl" => text.push_str(storage.style.private_acl),
        "bucketInfo" => {
            let style = storage.style;
            let made = storage.store.head(&layout::bucket(name)).await;
            let made = made.map_err(|error| Failure::store(&error))?.last_modified;
            text.push_str("<BucketInfo><Bucket>");
            element("Name", name, &mut text);
            element("CreationDate", &time(made), &mut text);
            element("Location", style.region, &mut text);
            element("ExtranetEndpoint", exchange.endpoint(), &mut text);
            element("IntranetEndpoint", exchange.endpoint(), &mut text);
            element("StorageClass", style.storage_class, &mut text);
            text.push_str(OWNER);
            text.push_str("<AccessControlList><Grant>private</Grant></AccessControlList>");
            text.push_str("</Bucket></BucketInfo>");
        }
        "lifecycle" => {
            return not_set(
                "NoSuchLifecycleConfiguration",
                "The lifecycle configuration does not exist.",
            );
        }
        "policy" => return not_set("NoSuchBucketPolicy", "The bucket policy does not exist."),
        "tagging" => return not_set("NoSuchTagSet", "The TagSet does not exist."),
        "website" => {
            return not_set(
                "NoSuchWebsiteConfiguration",
                "The specified bucket does not have a website configuration.",
            );
        }
        "ownershipControls" => {
            return not_set(
                "OwnershipControlsNotFoundError",
                "The bucket ownership controls were not found.",
            );
        }
        "publicAccessBlock" => {
            return not_set(
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found.",
            );
        }
        _ => return Err(NOT_IMPLEMENTED.detail(setting)),
    }
    Ok(Reply::xml(text))
}
