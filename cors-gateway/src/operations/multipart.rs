//! Multipart uploads: `POST ?uploads`, `PUT ?partNumber&uploadId`, and `GET`, `POST` and `DELETE`
//! with `?uploadId`, as in S3's
//! [Multipart upload](https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html); OSS
//! has the same.
//!
//! Each part is its own object, put in any order and through any gateway on the store. Completing
//! copies them into one, so that the object becomes visible all at once, as after a single PUT. A
//! store's own multipart upload is not used: the one for folders supports neither ids nor parts in
//! another order.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use futures_util::stream::{StreamExt, TryStreamExt};
use hyper::StatusCode;
use md5::{Digest, Md5};
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt};
use serde::{Deserialize, Serialize};

use super::listing::time;
use super::object;
use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::{Failure, MALFORMED_XML};
use crate::hex::from_hex;
use crate::layout;
use crate::objects::{self, Attributes, Stored, Writer};
use crate::read_values::read_values;
use crate::reply::Reply;
use crate::storage::Storage;
use crate::upload::{UnreadBody, Upload};

/// Largest part number; the same for both providers.
const MAX_PARTS: u16 = 10_000;
/// Most bytes of the list of parts: the largest number of parts, with every kind of digest.
const MAX_DOCUMENT_BYTES: u64 = 8 * 1024 * 1024;
/// Most parts of one answer; the same for both providers.
const MAX_LISTED: u16 = 1000;

/// The attributes of an upload, fixed when it begins.
#[derive(Deserialize, Serialize)]
struct UploadMeta {
    key: String,
    headers: Vec<(String, String)>,
    /// Whether the object must not replace another.
    #[serde(default)]
    is_new: bool,
}

pub(super) async fn create(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
) -> Result<Reply, Failure> {
    let meta = UploadMeta {
        key: key.to_owned(),
        headers: objects::kept_headers(&exchange.headers, storage.style.metadata_prefix)?,
        is_new: storage.style.create_only.is_asked(&exchange.headers),
    };
    // An upload that could not be completed does not begin.
    object::writer(storage, exchange, bucket, key, meta.is_new).await?;
    let meta = serde_json::to_vec(&meta).unwrap_or_default();
    // No other request has this id.
    let id = &exchange.request_id;
    storage
        .store
        .put(&layout::upload_about(bucket, id), meta.into())
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(result(
        "InitiateMultipartUploadResult",
        bucket,
        key,
        |text| {
            element("UploadId", id, text);
        },
    ))
}

pub(super) async fn put_part(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    body: UnreadBody,
) -> Result<Reply, Failure> {
    let id = find(storage, exchange, bucket, key).await?.id;
    let number = exchange.target.value("partNumber").unwrap_or_default();
    let number = number.parse::<u16>().ok();
    let number = number
        .filter(|number| (1..=MAX_PARTS).contains(number))
        .ok_or(PART_NUMBER)?;
    let path = layout::upload_part(bucket, id, number);
    let writer = Writer::new(&storage.store, path, None).await?;
    object::receive(storage, exchange, writer, Vec::new(), body).await
}

/// Lists the stored parts by number, for a client that resumes an upload.
pub(super) async fn list_parts(
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
    let most = asked("max-parts", MAX_LISTED)?.clamp(1, MAX_LISTED);
    let listed = storage.store.list(Some(&layout::uploads(bucket, Some(id))));
    let numbers = listed.try_filter_map(|meta| async move {
        let number = meta
            .location
            .filename()
            .and_then(|name| name.parse::<u16>().ok());
        Ok(number.filter(|number| *number > after))
    });
    let numbers: BTreeSet<u16> = numbers
        .try_collect()
        .await
        .map_err(|error| Failure::store(&error))?;
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
    Ok(result("ListPartsResult", bucket, key, |text| {
        element("UploadId", id, text);
        element("PartNumberMarker", &after.to_string(), text);
        element("NextPartNumberMarker", &last.to_string(), text);
        element("MaxParts", &most.to_string(), text);
        element("IsTruncated", &is_truncated.to_string(), text);
        text.push_str(&parts);
    }))
}

pub(super) async fn complete(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    body: UnreadBody,
) -> Result<Reply, Failure> {
    let Found { id, meta } = find(storage, exchange, bucket, key).await?;
    let upload = Upload::new(&exchange.headers, body, MAX_DOCUMENT_BYTES)?;
    let (document, _) = upload.collect().await?;
    let document = std::str::from_utf8(&document).ok();
    let named = document.and_then(read_parts).ok_or(MALFORMED_XML)?;
    if !named.is_sorted_by(|one, next| one.number < next.number) {
        return Err(PART_ORDER);
    }
    for (index, named_part) in named.iter().enumerate() {
        let size = part(storage, bucket, id, named_part).await?.size;
        if size < storage.style.min_part_bytes && index.saturating_add(1) < named.len() {
            return Err(TOO_SMALL);
        }
    }
    let mut digest = Md5::new();
    for part in &named {
        digest.update(from_hex::<16>(&part.md5).unwrap_or_default());
    }
    let md5 = format!("{:x}-{}", digest.finalize(), named.len());
    let is_new = meta.is_new || storage.style.create_only.is_asked(&exchange.headers);
    let mut writer = object::writer(storage, exchange, bucket, key, is_new).await?;
    if let Err(failure) = copy(storage, bucket, id, &named, &mut writer).await {
        writer.abort().await;
        return Err(failure);
    }
    let headers = meta.headers;
    let attributes = writer.finish(Attributes { md5, headers }).await?;
    // A part that cannot be removed now uses space but has no other effect.
    let _ = remove(storage, &layout::uploads(bucket, Some(id))).await;
    Ok(result(
        "CompleteMultipartUploadResult",
        bucket,
        key,
        |text| {
            element("Location", &format!("/{bucket}/{key}"), text);
            element("ETag", &storage.style.etag(&attributes.md5), text);
        },
    ))
}

async fn copy(
    storage: &Storage,
    bucket: &str,
    id: &str,
    named: &[Part],
    writer: &mut Writer,
) -> Result<(), Failure> {
    for named in named {
        let part = part(storage, bucket, id, named).await?;
        let bytes = part.bytes(storage.store.as_ref(), 0..part.size).await;
        let mut bytes = bytes.map_err(|error| Failure::store(&error))?;
        while let Some(bytes) = bytes.next().await {
            let bytes = bytes.map_err(|error| Failure::store(&error))?;
            writer.write(bytes).await?;
        }
    }
    Ok(())
}

/// A stored part whose digest is the one that the list names.
async fn part(storage: &Storage, bucket: &str, id: &str, named: &Part) -> Result<Stored, Failure> {
    let path = layout::upload_part(bucket, id, named.number);
    objects::find(storage.store.as_ref(), &path)
        .await
        .map_err(|error| Failure::store(&error))?
        .filter(|stored| stored.attributes.md5 == named.md5)
        .ok_or(INVALID_PART)
}

pub(super) async fn abort(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
) -> Result<Reply, Failure> {
    let id = find(storage, exchange, bucket, key).await?.id;
    remove(storage, &layout::uploads(bucket, Some(id)))
        .await
        .map_err(|error| Failure::store(&error))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Removes everything below a path.
pub(super) async fn remove(storage: &Storage, path: &Path) -> Result<(), Error> {
    let paths = storage.store.list(Some(path)).map_ok(|meta| meta.location);
    let mut removed = storage.store.delete_stream(paths.boxed());
    while let Some(removed) = removed.next().await {
        match removed {
            Ok(_) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

struct Found<'r> {
    id: &'r str,
    meta: UploadMeta,
}

/// The upload that a request names, if it belongs to this key.
async fn find<'r>(
    storage: &Storage,
    exchange: &'r Exchange,
    bucket: &str,
    key: &str,
) -> Result<Found<'r>, Failure> {
    let id = exchange.target.value("uploadId").unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(NO_SUCH_UPLOAD);
    }
    let about = match storage.store.get(&layout::upload_about(bucket, id)).await {
        Ok(about) => about.bytes().await,
        Err(error) => Err(error),
    };
    match about {
        Ok(about) => serde_json::from_slice::<UploadMeta>(&about)
            .ok()
            .filter(|meta| meta.key == key)
            .map(|meta| Found { id, meta })
            .ok_or(NO_SUCH_UPLOAD),
        Err(Error::NotFound { .. }) => Err(NO_SUCH_UPLOAD),
        Err(error) => Err(Failure::store(&error)),
    }
}

fn result(root: &str, bucket: &str, key: &str, rest: impl FnOnce(&mut String)) -> Reply {
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}>");
    element("Bucket", bucket, &mut text);
    element("Key", key, &mut text);
    rest(&mut text);
    // Writing to a string cannot fail.
    let _ = write!(text, "</{root}>");
    Reply::xml(text)
}

/// A part as the list of a `CompleteMultipartUpload` names it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    number: u16,
    md5: String,
}

/// Reads `CompleteMultipartUpload > Part > PartNumber` and `ETag`, in either order.
fn read_parts(document: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut part = Part::default();
    read_values(
        document,
        "CompleteMultipartUpload",
        |path, text| match path {
            ["Part", "PartNumber"] => part.number = text.trim().parse().unwrap_or(0),
            ["Part", "ETag"] => part.md5 = text.trim().trim_matches('"').to_ascii_lowercase(),
            ["Part"] => parts.push(std::mem::take(&mut part)),
            _ => {}
        },
    )?;
    let is_valid = !parts.is_empty() && parts.iter().all(|part| part.number > 0);
    is_valid.then_some(parts)
}

const NO_SUCH_UPLOAD: Failure = Failure::new(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    "no_such_upload",
);
const PART_NUMBER: Failure = Failure::new(
    400,
    "InvalidArgument",
    "Part number must be an integer between 1 and 10000, inclusive",
    "part_number",
);
const INVALID_PART: Failure = Failure::new(
    400,
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    "invalid_part",
);
const PART_ORDER: Failure = Failure::new(
    400,
    "InvalidPartOrder",
    "The list of parts was not in ascending order. Parts must be ordered by part number.",
    "part_order",
);
const TOO_SMALL: Failure = Failure::new(
    400,
    "EntityTooSmall",
    "Your proposed upload is smaller than the minimum allowed size",
    "part_too_small",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_parts_is_read_and_other_elements_are_ignored() {
        let document = "<CompleteMultipartUpload xmlns=\"x\"><Part><ETag>&quot;AB&quot;</ETag><ChecksumCRC32>x</ChecksumCRC32><PartNumber>1</PartNumber></Part><Part><PartNumber> 2 </PartNumber><ETag>cd</ETag></Part></CompleteMultipartUpload>";
        let part = |number, md5: &str| Part {
            number,
            md5: md5.to_owned(),
        };
        assert_eq!(
            read_parts(document).unwrap(),
            [part(1, "ab"), part(2, "cd")]
        );
        for bad in [
            "",
            "<CompleteMultipartUpload></CompleteMultipartUpload>",
            "<CompleteMultipartUpload><Part><ETag>a</ETag></Part></CompleteMultipartUpload>",
            "<CompleteMultipartUpload><Part><PartNumber>-1</PartNumber></Part></CompleteMultipartUpload>",
            "<Other><Part><PartNumber>1</PartNumber></Part></Other>",
        ] {
            assert_eq!(read_parts(bad), None, "{bad}");
        }
    }
}
