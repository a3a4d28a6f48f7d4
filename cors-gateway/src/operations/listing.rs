//! Lists of buckets and of a bucket's objects, versions 1 and 2.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::layout;
use crate::objects;
use crate::reply::Reply;
use crate::storage::Storage;

/// Most keys of one answer; the same for both providers.
const MAX_KEYS: usize = 1000;
/// Objects of a page whose attributes are read concurrently.
const LOOKUPS: usize = 16;
/// Bytes of a key that are percent-encoded if the client asks for it.
pub(super) const URL_RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

const OWNER: &str = "<Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner>";

pub(super) async fn buckets(storage: &Storage) -> Result<Reply, Failure> {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListAllMyBucketsResult>{OWNER}<Buckets>"
    );
    for (name, made) in all_buckets(storage).await? {
        text.push_str("<Bucket>");
        element("Name", &name, &mut text);
        element("CreationDate", &time(made), &mut text);
        element("Location", storage.style.region, &mut text);
        text.push_str(
            "<ExtranetEndpoint/><IntranetEndpoint/><StorageClass>Standard</StorageClass></Bucket>",
        );
    }
    text.push_str("</Buckets><IsTruncated>false</IsTruncated></ListAllMyBucketsResult>");
    Ok(Reply::xml(text))
}

/// Lists every bucket and its creation time, by name.
pub(crate) async fn all_buckets(
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

/// The parameters of a list request.
struct ListQuery<'r> {
    prefix: &'r str,
    delimiter: &'r str,
    /// Names up to this one were returned before.
    after: String,
    max_keys: usize,
    url_encoded: bool,
    is_version_2: bool,
}

impl<'r> ListQuery<'r> {
    fn new(exchange: &'r Exchange) -> Result<ListQuery<'r>, Failure> {
        let target = &exchange.target;
        let value = |name| target.value(name).unwrap_or_default();
        let invalid = |detail: &str| {
            Failure::new(
                400,
                "InvalidArgument",
                "Invalid argument.",
                "invalid_argument",
            )
            .detail(detail)
        };
        let is_version_2 = value("list-type") == "2";
        let after = match (is_version_2, value("continuation-token")) {
            (false, _) => value("marker").to_owned(),
            (true, "") => value("start-after").to_owned(),
            (true, token) => BASE64
                .decode(token)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| invalid("continuation-token"))?,
        };
        let max_keys = match value("max-keys") {
            "" => MAX_KEYS,
            text => text
                .parse::<usize>()
                .map_err(|_| invalid("max-keys"))?
                .min(MAX_KEYS),
        };
        Ok(ListQuery {
            prefix: value("prefix"),
            delimiter: value("delimiter"),
            after,
            max_keys,
            url_encoded: value("encoding-type") == "url",
            is_version_2,
        })
    }

    /// The group of a key: everything up to the first delimiter after the prefix.
    fn group<'k>(&self, key: &'k str) -> Option<&'k str> {
        if self.delimiter.is_empty() {
            return None;
        }
        let rest = key.strip_prefix(self.prefix)?;
        let end = rest.find(self.delimiter)?.checked_add(self.prefix.len())?;
        key.get(..end.checked_add(self.delimiter.len())?)
    }

    fn element(&self, name: &str, text: &str, out: &mut String) {
        if self.url_encoded {
            element(
                name,
                &utf8_percent_encode(text, URL_RESERVED).to_string(),
                out,
            );
        } else {
            element(name, text, out);
        }
    }
}

/// Differs: a store lists by folders in its own order, so every key below the prefix's folder is
/// read for each page.
pub(super) async fn objects(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
) -> Result<Reply, Failure> {
    let query = ListQuery::new(exchange)?;
    let folder = layout::folder(bucket, query.prefix);
    let mut listed = storage.store.list(Some(&folder));
    // Names in order; a group is one name without an object.
    let mut names = BTreeMap::new();
    while let Some(meta) = listed.next().await {
        let meta = meta.map_err(|error| Failure::store(&error))?;
        let Some(key) = layout::key(bucket, &meta.location) else {
            continue;
        };
        if !key.starts_with(query.prefix) {
            continue;
        }
        match query.group(&key) {
            Some(group) if *group > *query.after && !query.after.starts_with(group) => {
                names.insert(group.to_owned(), None);
            }
            None if key > query.after => {
                names.insert(key, Some(meta.location));
            }
            Some(_) | None => {}
        }
        // One name more than a page shows whether there is a next page.
        if names.len() > query.max_keys.saturating_add(1) {
            names.pop_last();
        }
    }
    let is_truncated = query.max_keys > 0 && names.len() > query.max_keys;
    let page: Vec<_> = names.into_iter().take(query.max_keys).collect();
    let last = page
        .last()
        .map(|(name, _)| name.clone())
        .filter(|_| is_truncated);
    let store = storage.store.as_ref();
    let page: Vec<_> = iter(page)
        .map(|(name, path)| async move {
            let stored = match path {
                None => None,
                // An object removed in the meantime is left out.
                Some(path) => match objects::find(store, &path).await? {
                    None => return Ok(None),
                    stored => stored,
                },
            };
            Ok::<_, object_store::Error>(Some((name, stored)))
        })
        .buffered(LOOKUPS)
        .try_filter_map(|entry| async move { Ok(entry) })
        .try_collect()
        .await
        .map_err(|error| Failure::store(&error))?;

    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>");
    element("Name", bucket, &mut text);
    query.element("Prefix", query.prefix, &mut text);
    element("MaxKeys", &query.max_keys.to_string(), &mut text);
    query.element("Delimiter", query.delimiter, &mut text);
    if query.url_encoded {
        element("EncodingType", "url", &mut text);
    }
    element(
        "IsTruncated",
        if is_truncated { "true" } else { "false" },
        &mut text,
    );
    if query.is_version_2 {
        element("KeyCount", &page.len().to_string(), &mut text);
        if let Some(last) = last {
            element("NextContinuationToken", &BASE64.encode(last), &mut text);
        }
    } else {
        query.element("Marker", &query.after, &mut text);
        if let Some(last) = last {
            query.element("NextMarker", &last, &mut text);
        }
    }
    for (name, stored) in &page {
        if let Some(stored) = stored {
            text.push_str("<Contents>");
            query.element("Key", name, &mut text);
            element("LastModified", &time(stored.modified), &mut text);
            element(
                "ETag",
                &storage.style.etag(&stored.attributes.md5),
                &mut text,
            );
            text.push_str("<Type>Normal</Type>");
            element("Size", &stored.size.to_string(), &mut text);
            element("StorageClass", storage.style.storage_class, &mut text);
            text.push_str(OWNER);
            text.push_str("</Contents>");
        }
    }
    for (name, _) in page.iter().filter(|(_, stored)| stored.is_none()) {
        text.push_str("<CommonPrefixes>");
        query.element("Prefix", name, &mut text);
        text.push_str("</CommonPrefixes>");
    }
    text.push_str("</ListBucketResult>");
    Ok(Reply::xml(text))
}

/// Whole seconds with a fraction of zeros, as the providers write it and their clients expect it.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
