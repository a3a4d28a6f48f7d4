//! Multipart uploads: `POST ?uploads`, `PUT ?partNumber&uploadId`, and `GET`, `POST` and `DELETE`
//! with `?uploadId`, as in S3's
//! [Multipart upload](https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html); OSS
//! has the same.
//!
//! Each part is its own object, put in any order and through any gateway on the store. Completing
//! copies them into one, so that the object becomes visible all at once, as after a single PUT. A
//! store's own multipart upload is not used: the one for folders supports neither ids nor parts in
//! another order.

use std::fmt::Write as _;

use futures_util::stream::{StreamExt, TryStreamExt};
use hyper::StatusCode;
use hyper::header::ETAG;
use md5::{Digest, Md5};
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt};
use serde::{Deserialize, Serialize};

use super::{object, uploads};
use crate::element::{element, name_element};
use crate::exchange::Exchange;
use crate::failure::Failure;
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

/// The attributes of an upload, fixed when it begins.
#[derive(Deserialize, Serialize)]
pub(super) struct UploadMeta {
    pub(super) key: String,
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
    let root = "InitiateMultipartUploadResult";
    Ok(result(root, exchange, bucket, key, |text| {
        element("UploadId", id, text);
    }))
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

pub(super) async fn complete(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    body: UnreadBody,
) -> Result<Reply, Failure> {
    let Found { id, meta } = match find(storage, exchange, bucket, key).await {
        Ok(found) => found,
        Err(failure) => {
            // A client that lost the answer asks again.
            let completed = completed(storage, exchange, bucket, key).await?;
            return completed.ok_or(failure);
        }
    };
    let upload = Upload::new(&exchange.headers, body, MAX_DOCUMENT_BYTES)?;
    let (document, _) = upload.collect().await?;
    let named = if exchange.headers.contains_key("x-oss-complete-all") && document.is_empty() {
        stored_parts(storage, bucket, id).await?
    } else {
        let document = std::str::from_utf8(&document).ok();
        document
            .and_then(read_parts)
            .ok_or_else(|| Failure::malformed(storage.provider, &exchange.request_id))?
    };
    if !named.is_sorted_by(|one, next| one.number < next.number) {
        return Err(PART_ORDER);
    }
    let mut whole = 0u64;
    for (index, named_part) in named.iter().enumerate() {
        let size = part(storage, bucket, id, named_part).await?.size;
        whole = whole.saturating_add(size);
        if size < storage.style.min_part_bytes && index.saturating_add(1) < named.len() {
            return Err(TOO_SMALL);
        }
    }
    let promised = exchange.headers.get("x-amz-mp-object-size");
    if promised.is_some_and(|size| *size != *whole.to_string()) {
        return Err(OTHER_SIZE);
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
    let attributes = Attributes {
        upload: Some(id.to_owned()),
        ..Attributes::new(md5, meta.headers)
    };
    let attributes = writer.finish(attributes).await?;
    // A part that cannot be removed now uses space but has no other effect.
    let _ = remove(storage, &layout::uploads(bucket, Some(id))).await;
    Ok(complete_result(storage, exchange, bucket, key, &attributes))
}

fn complete_result(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    attributes: &Attributes,
) -> Reply {
    let etag = storage.style.etag(&attributes.md5);
    let root = "CompleteMultipartUploadResult";
    let reply = result(root, exchange, bucket, key, |text| {
        element("Location", &exchange.url_of(bucket, key), text);
        element("ETag", &etag, text);
    });
    object::with_crc64(storage, reply.header(ETAG, etag), attributes)
}

/// The answer to completing an upload again, if the object is still the one that it became.
async fn completed(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
) -> Result<Option<Reply>, Failure> {
    let path = layout::object(bucket, key);
    let found = objects::find(storage.store.as_ref(), &path).await;
    let found = found.map_err(|error| Failure::store(&error))?;
    Ok(found
        .map(|stored| stored.attributes)
        .filter(|attributes| attributes.upload.as_deref() == exchange.target.value("uploadId"))
        .map(|attributes| complete_result(storage, exchange, bucket, key, &attributes)))
}

/// Every part of an upload.
async fn stored_parts(storage: &Storage, bucket: &str, id: &str) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for number in uploads::numbers(storage, bucket, id).await? {
        let path = layout::upload_part(bucket, id, number);
        let stored = objects::find(storage.store.as_ref(), &path).await;
        let stored = stored.map_err(|error| Failure::store(&error))?;
        let md5 = stored.ok_or(INVALID_PART)?.attributes.md5;
        parts.push(Part { number, md5 });
    }
    if parts.is_empty() {
        return Err(INVALID_PART);
    }
    Ok(parts)
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

pub(super) struct Found<'r> {
    pub(super) id: &'r str,
    meta: UploadMeta,
}

/// The upload that a request names, if it belongs to this key.
pub(super) async fn find<'r>(
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

pub(super) fn result(
    root: &str,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    rest: impl FnOnce(&mut String),
) -> Reply {
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}>");
    let is_encoded = exchange.is_url_encoded();
    if is_encoded {
        element("EncodingType", "url", &mut text);
    }
    element("Bucket", bucket, &mut text);
    name_element("Key", key, is_encoded, &mut text);
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
    read_values(document, "CompleteMultipartUpload", |path, text| {
        match path {
            ["Part", "PartNumber"] => part.number = text.trim().parse().unwrap_or(0),
            ["Part", "ETag"] => part.md5 = text.trim().trim_matches('"').to_ascii_lowercase(),
            ["Part"] if part.number == 0 || parts.len() >= usize::from(MAX_PARTS) => return None,
            ["Part"] => parts.push(std::mem::take(&mut part)),
            _ => {}
        }
        Some(())
    })?;
    (!parts.is_empty()).then_some(parts)
}

const NO_SUCH_UPLOAD: Failure = Failure::new(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    "no_such_upload",
)
.ec("0042-00000002");
pub(super) const PART_NUMBER: Failure = Failure::new(
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
const OTHER_SIZE: Failure = Failure::new(
    400,
    "InvalidRequest",
    "The provided 'x-amz-mp-object-size' header does not match what was computed.",
    "size_mismatch",
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
        let part = "<Part><PartNumber>1</PartNumber><ETag>a</ETag></Part>";
        let of = |count: usize| {
            let parts = part.repeat(count);
            read_parts(&format!(
                "<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
            ))
        };
        let most = usize::from(MAX_PARTS);
        assert_eq!(of(most).map(|parts| parts.len()), Some(most));
        assert_eq!(of(most + 1), None);
    }
}
