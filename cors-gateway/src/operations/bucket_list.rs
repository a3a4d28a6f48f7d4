//! The list of buckets.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures_util::stream::TryStreamExt;

use super::listing::{OWNER, time};
use super::names::{self, Names, Page, Selection};
use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::layout;
use crate::reply::Reply;
use crate::storage::Storage;

/// A page of the buckets, from `marker` for `max-keys` on OSS, or from `continuation-token` for
/// `max-buckets` on S3.
pub(super) async fn answer(storage: &Storage, exchange: &Exchange) -> Result<Reply, Failure> {
    let style = storage.style;
    let value = |name| exchange.target.value(name).unwrap_or_default();
    let (prefix, marker, token) = (
        value("prefix"),
        value("marker"),
        value("continuation-token"),
    );
    let most = names::most(exchange, "max-keys", style.default_max_buckets)?;
    let most = names::most(exchange, "max-buckets", most)?;
    let mut listed = Names::new(Selection {
        prefix,
        delimiter: "",
        after: match token {
            "" => marker.to_owned(),
            token => names::of_token(token)?,
        },
        most,
    });
    for (name, made) in all_buckets(storage).await? {
        listed.add(&name.clone(), name, made);
    }
    let Page { names, next } = listed.into_page();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListAllMyBucketsResult>{OWNER}<Buckets>"
    );
    for (name, made) in names {
        text.push_str("<Bucket>");
        element("Name", &name, &mut text);
        element("CreationDate", &time(made.unwrap_or_default()), &mut text);
        if style.buckets_have_endpoints {
            element("Location", style.region, &mut text);
            element("ExtranetEndpoint", exchange.endpoint(), &mut text);
            element("IntranetEndpoint", exchange.endpoint(), &mut text);
            element("StorageClass", style.storage_class, &mut text);
        }
        text.push_str("</Bucket>");
    }
    text.push_str("</Buckets>");
    if !prefix.is_empty() {
        element("Prefix", prefix, &mut text);
    }
    if style.buckets_have_endpoints {
        element("Marker", marker, &mut text);
        element("MaxKeys", &most.to_string(), &mut text);
        element("IsTruncated", &next.is_some().to_string(), &mut text);
        if let Some(next) = next {
            element("NextMarker", &next, &mut text);
        }
    } else if let Some(next) = next {
        element("ContinuationToken", &names::to_token(&next), &mut text);
    }
    text.push_str("</ListAllMyBucketsResult>");
    Ok(Reply::xml(text))
}

/// Every bucket and its creation time, by name.
pub(super) async fn all_buckets(
    storage: &Storage,
) -> Result<BTreeMap<String, DateTime<Utc>>, Failure> {
    storage
        .store
        .list(Some(&layout::buckets()))
        .try_filter_map(|meta| async move {
            Ok(meta
                .location
                .filename()
                .map(|name| (name.to_owned(), meta.last_modified)))
        })
        .try_collect()
        .await
        .map_err(|error| Failure::store(&error))
}
