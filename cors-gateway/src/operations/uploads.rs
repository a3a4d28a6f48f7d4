//! Lists of unfinished uploads, for a client that resumes or removes them, and of their parts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures_util::stream::TryStreamExt;
use object_store::{Error, ObjectStoreExt};

use super::listing::{OWNER, time};
use super::multipart::{PART_NUMBER, UploadMeta, find, result};
use super::names::{self, MAX_NAMES, Names, Page, Selection};
use crate::element::{element, name_element};
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::layout;
use crate::objects;
use crate::reply::Reply;
use crate::storage::Storage;

/// Most parts of one answer; the same for both providers.
const MAX_PARTS: u16 = 1000;
/// Between key and id in the name of an upload: no key has it, and it comes before every other
/// character.
const SEPARATOR: char = '\0';

/// `GET ?uploads`. Differs: every upload of the bucket is read for each page.
pub(super) async fn uploads(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
) -> Result<Reply, Failure> {
    let value = |name| exchange.target.value(name).unwrap_or_default();
    let (prefix, delimiter) = (value("prefix"), value("delimiter"));
    let (key_marker, id_marker) = (value("key-marker"), value("upload-id-marker"));
    let most = names::most(exchange, "max-uploads", MAX_NAMES)?;
    let after = match (key_marker, id_marker) {
        ("", _) => String::new(),
        // Every upload of the key was returned before.
        (key, "") => format!("{key}{SEPARATOR}{}", char::MAX),
        (key, id) => format!("{key}{SEPARATOR}{id}"),
    };
    let mut names = Names::new(Selection {
        prefix,
        delimiter,
        after,
        most,
    });
    let failed = |error| Failure::store(&error);
    let folder = layout::uploads(bucket, None);
    let mut listed = storage.store.list(Some(&folder));
    while let Some(meta) = listed.try_next().await.map_err(failed)? {
        let id = meta.location.parts().nth(2);
        let Some(id) = id.filter(|_| meta.location.filename() == Some("about")) else {
            continue;
        };
        let about = match storage.store.get(&meta.location).await {
            Ok(about) => about.bytes().await.map_err(failed)?,
            // An upload completed in the meantime is left out.
            Err(Error::NotFound { .. }) => continue,
            Err(error) => return Err(failed(error)),
        };
        if let Ok(UploadMeta { key, .. }) = serde_json::from_slice(&about) {
            let id = id.as_ref();
            names.add(&key, format!("{key}{SEPARATOR}{id}"), meta.last_modified);
        }
    }
    let Page { names, next } = names.into_page();

    let is_encoded = exchange.is_url_encoded();
    let write_name = |name: &str, text: &str, out: &mut String| {
        name_element(name, text, is_encoded, out);
    };
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListMultipartUploadsResult>");
    element("Bucket", bucket, &mut text);
    write_name("KeyMarker", key_marker, &mut text);
    element("UploadIdMarker", id_marker, &mut text);
    // Empty on the last page: oss2 reads no list without them.
    let last = next.as_deref().unwrap_or_default();
    let (last_key, last_id) = last.split_once(SEPARATOR).unwrap_or((last, ""));
    write_name("NextKeyMarker", last_key, &mut text);
    element("NextUploadIdMarker", last_id, &mut text);
    write_name("Prefix", prefix, &mut text);
    if !delimiter.is_empty() {
        write_name("Delimiter", delimiter, &mut text);
    }
    if is_encoded {
        element("EncodingType", "url", &mut text);
    }
    element("MaxUploads", &most.to_string(), &mut text);
    element("IsTruncated", &next.is_some().to_string(), &mut text);
    let mut groups = String::new();
    for (name, began) in &names {
        match (name.split_once(SEPARATOR), began) {
            (Some((key, id)), Some(began)) => {
                text.push_str("<Upload>");
                write_name("Key", key, &mut text);
                upload(storage, id, *began, &mut text);
                text.push_str("</Upload>");
            }
            _ => {
                groups.push_str("<CommonPrefixes>");
                write_name("Prefix", name, &mut groups);
                groups.push_str("</CommonPrefixes>");
            }
        }
    }
    text.push_str(&groups);
    text.push_str("</ListMultipartUploadsResult>");
    Ok(Reply::xml(text))
}

fn upload(storage: &Storage, id: &str, began: DateTime<Utc>, text: &mut String) {
    element("UploadId", id, text);
    text.push_str(OWNER);
    element("StorageClass", storage.style.storage_class, text);
    element("Initiated", &time(began), text);
}

/// Lists the stored parts by number.
pub(super) async fn parts(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
) -> Result<Reply, Failure> {
    let id = find(storage, exchange, bucket, key).await?.id;
    let asked = |name, otherwise: u16| match exchange.target.value(name) {
        None => Ok(otherwise),
        Some(text) => text.parse::<u16>().map_err(|_| PART_NUMBER),
    };
    let after = asked("part-number-marker", 0)?;
    let most = asked("max-parts", MAX_PARTS)?.clamp(1, MAX_PARTS);
    let mut numbers = numbers(storage, bucket, id).await?;
    let numbers = numbers.split_off(&after.saturating_add(1));
    let mut last = after;
    let mut parts = String::new();
    for number in numbers.iter().take(usize::from(most)) {
        let path = layout::upload_part(bucket, id, *number);
        let stored = objects::find(storage.store.as_ref(), &path).await;
        // A part removed in the meantime is left out.
        if let Some(stored) = stored.map_err(|error| Failure::store(&error))? {
            parts.push_str("<Part>");
            element("PartNumber", &number.to_string(), &mut parts);
            element("LastModified", &time(stored.modified), &mut parts);
            let etag = storage.style.etag(&stored.attributes.md5);
            element("ETag", &etag, &mut parts);
            element("Size", &stored.size.to_string(), &mut parts);
            parts.push_str("</Part>");
        }
        last = *number;
    }
    let is_truncated = numbers.len() > usize::from(most);
    Ok(result("ListPartsResult", exchange, bucket, key, |text| {
        element("UploadId", id, text);
        element("PartNumberMarker", &after.to_string(), text);
        element("NextPartNumberMarker", &last.to_string(), text);
        element("MaxParts", &most.to_string(), text);
        element("IsTruncated", &is_truncated.to_string(), text);
        text.push_str(&parts);
    }))
}

/// The numbers of the parts that an upload has.
pub(super) async fn numbers(
    storage: &Storage,
    bucket: &str,
    id: &str,
) -> Result<BTreeSet<u16>, Failure> {
    let listed = storage.store.list(Some(&layout::uploads(bucket, Some(id))));
    listed
        .try_filter_map(|meta| async move {
            let name = meta.location.filename();
            Ok(name.and_then(|name| name.parse::<u16>().ok()))
        })
        .try_collect()
        .await
        .map_err(|error| Failure::store(&error))
}
