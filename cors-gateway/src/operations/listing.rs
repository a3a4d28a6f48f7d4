//! Lists of a bucket's objects, versions 1 and 2.

use chrono::{DateTime, Utc};
use futures_util::stream::{StreamExt, iter};
use object_store::Error;
use object_store::path::Path;

use super::names::{self, Names, Page, Selection};
use crate::element::{element, name_element};
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::layout;
use crate::objects::{self, Stored};
use crate::reply::Reply;
use crate::storage::Storage;

/// Objects of a page whose attributes are read concurrently.
const LOOKUPS: usize = 16;

pub(super) const OWNER: &str = "<Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner>";

/// Differs: a store lists by folders in its own order, so every key below the prefix's folder is
/// read for each page.
pub(super) async fn objects(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
) -> Result<Reply, Failure> {
    let value = |name| exchange.target.value(name).unwrap_or_default();
    let is_version_2 = match exchange.target.value("list-type") {
        None => false,
        Some("2") => true,
        Some(_) => return Err(names::invalid("list-type")),
    };
    let after = match (is_version_2, value("continuation-token")) {
        (false, _) => value("marker").to_owned(),
        (true, "") => value("start-after").to_owned(),
        (true, token) => names::of_token(token)?,
    };
    let (prefix, delimiter) = (value("prefix"), value("delimiter"));
    let most = names::most(exchange, "max-keys", storage.style.default_max_keys)?;
    let mut selected = Names::new(Selection {
        prefix,
        delimiter,
        after,
        most,
    });
    let mut all = storage.store.list(Some(&layout::folder(bucket, prefix)));
    while let Some(meta) = all.next().await {
        let meta = meta.map_err(|error| Failure::store(&error))?;
        if let Some(key) = layout::key(bucket, &meta.location) {
            selected.add(&key.clone(), key, meta.location);
        }
    }
    let Page { names, next } = selected.into_page();
    let entries = look_up(storage, names).await;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>");
    let is_encoded = exchange.is_url_encoded();
    let write_name = |name: &str, text: &str, out: &mut String| {
        name_element(name, text, is_encoded, out);
    };
    element("Name", bucket, &mut text);
    write_name("Prefix", prefix, &mut text);
    element("MaxKeys", &most.to_string(), &mut text);
    if !delimiter.is_empty() {
        write_name("Delimiter", delimiter, &mut text);
    }
    if is_encoded {
        element("EncodingType", "url", &mut text);
    }
    element("IsTruncated", &next.is_some().to_string(), &mut text);
    if is_version_2 {
        if !value("continuation-token").is_empty() {
            element("ContinuationToken", value("continuation-token"), &mut text);
        }
        if !value("start-after").is_empty() {
            write_name("StartAfter", value("start-after"), &mut text);
        }
        if let Some(next) = next {
            element("NextContinuationToken", &names::to_token(&next), &mut text);
        }
    } else {
        write_name("Marker", value("marker"), &mut text);
        if let Some(next) = next {
            write_name("NextMarker", &next, &mut text);
        }
    }
    let has_owner = !is_version_2 || value("fetch-owner") == "true";
    let (count, unreadable) = write_entries(storage, &entries, has_owner, is_encoded, &mut text);
    if is_version_2 {
        element("KeyCount", &count.to_string(), &mut text);
    }
    text.push_str("</ListBucketResult>");
    // One object that cannot be read does not hide the others.
    Ok(Reply {
        detail: unreadable
            .first()
            .map(|first| format!("{} left out: {first}", unreadable.len())),
        ..Reply::xml(text)
    })
}

/// Reads the attributes of the objects of a page.
async fn look_up(
    storage: &Storage,
    names: Vec<(String, Option<Path>)>,
) -> Vec<(String, Result<Entry, Error>)> {
    let store = storage.store.as_ref();
    iter(names)
        .map(|(name, path)| async move {
            match path {
                None => (name, Ok(Entry::Group)),
                Some(path) => {
                    let found = objects::find(store, &path).await;
                    (name, found.map(Entry::Object))
                }
            }
        })
        .buffered(LOOKUPS)
        .collect()
        .await
}

/// Writes the objects, then the groups. Returns how many there are, and what cannot be read.
fn write_entries(
    storage: &Storage,
    entries: &[(String, Result<Entry, Error>)],
    has_owner: bool,
    is_encoded: bool,
    text: &mut String,
) -> (usize, Vec<String>) {
    let (mut groups, mut count) = (String::new(), 0usize);
    let mut unreadable = Vec::new();
    for (name, entry) in entries {
        match entry {
            Ok(Entry::Group) => {
                groups.push_str("<CommonPrefixes>");
                name_element("Prefix", name, is_encoded, &mut groups);
                groups.push_str("</CommonPrefixes>");
            }
            Ok(Entry::Object(Some(stored))) => {
                text.push_str("<Contents>");
                name_element("Key", name, is_encoded, text);
                contents(storage, stored, text);
                if has_owner {
                    text.push_str(OWNER);
                }
                text.push_str("</Contents>");
            }
            // An object removed in the meantime is left out.
            Ok(Entry::Object(None)) => continue,
            Err(error) => {
                unreadable.push(error.to_string());
                continue;
            }
        }
        count = count.saturating_add(1);
    }
    text.push_str(&groups);
    (count, unreadable)
}

/// What a name stands for.
enum Entry {
    Group,
    Object(Option<Stored>),
}

fn contents(storage: &Storage, stored: &Stored, text: &mut String) {
    let style = storage.style;
    element("LastModified", &time(stored.modified), text);
    element("ETag", &style.etag(&stored.attributes.md5), text);
    if style.object_type_header.is_some() {
        element("Type", stored.attributes.object_type(), text);
    }
    element("Size", &stored.size.to_string(), text);
    element("StorageClass", style.storage_class, text);
}

/// Whole seconds with a fraction of zeros, as the providers write it and their clients expect it.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
