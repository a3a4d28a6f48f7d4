//! PUT, GET (with ranges and conditions), HEAD and DELETE of an object.

use std::ops::Range;
use std::time::SystemTime;

use cors_xml::PutError;
use hyper::header::{
    ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_RANGE, LAST_MODIFIED, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, StatusCode};
use object_store::{Error, ObjectStoreExt};

use super::conditions::{Conditions, Outcome};
use crate::checksum::Checks;
use crate::exchange::Exchange;
use crate::failure::{Failure, NO_SUCH_KEY, NO_SUCH_VERSION};
use crate::layout;
use crate::objects::{self, Attributes, Create, Stored, Writer};
use crate::reply::Reply;
use crate::storage::Storage;
use crate::upload::{UnreadBody, Upload};

/// Most bytes of one PUT; the same for both providers.
const MAX_OBJECT_BYTES: u64 = 5 * 1024 * 1024 * 1024;

pub(super) async fn put(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    body: UnreadBody,
) -> Result<Reply, Failure> {
    let headers = objects::kept_headers(&exchange.headers, storage.style.metadata_prefix)?;
    let is_new = storage.style.create_only.is_asked(&exchange.headers);
    let writer = writer(storage, exchange, bucket, key, is_new).await?;
    receive(storage, exchange, writer, headers, body).await
}

/// Begins an object, which must not replace another if it is to be new.
pub(super) async fn writer(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
    is_new: bool,
) -> Result<Writer, Failure> {
    let create = is_new.then(|| Create {
        staged: layout::staged(bucket, &exchange.request_id),
        exists: storage.style.create_only.exists.clone(),
    });
    Writer::new(&storage.store, layout::object(bucket, key), create).await
}

/// Stores a body if its digests match, and answers with its `ETag`.
pub(super) async fn receive(
    storage: &Storage,
    exchange: &Exchange,
    writer: Writer,
    headers: Vec<(String, String)>,
    body: UnreadBody,
) -> Result<Reply, Failure> {
    let upload = Upload::new(&exchange.headers, body, MAX_OBJECT_BYTES)?;
    let refused = |error: &PutError| Failure::put(error, storage.provider, &exchange.request_id);
    let checks =
        Checks::new(storage.provider, &exchange.headers).map_err(|error| refused(&error))?;
    let attributes = objects::put(writer, headers, upload, checks, refused).await?;
    let reply = Reply::empty(StatusCode::OK).header(ETAG, storage.style.etag(&attributes.md5));
    Ok(with_crc64(storage, reply, &attributes))
}

/// Adds the CRC-64 of an object, where the provider reports it.
pub(super) fn with_crc64(storage: &Storage, reply: Reply, attributes: &Attributes) -> Reply {
    match (storage.style.crc64_header, attributes.crc64) {
        (Some(name), Some(crc)) => reply.header(HeaderName::from_static(name), crc.to_string()),
        _ => reply,
    }
}

/// Objects have one version, which is called `null`.
fn check_version(exchange: &Exchange) -> Result<(), Failure> {
    match exchange.target.value("versionId") {
        None | Some("null") => Ok(()),
        Some(_) => Err(NO_SUCH_VERSION),
    }
}

pub(super) async fn get(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
) -> Result<Reply, Failure> {
    check_version(exchange)?;
    let path = layout::object(bucket, key);
    let store = storage.store.as_ref();
    // An object replaced before its bytes are opened is read again.
    for _ in 0..8 {
        let found = objects::find(store, &path)
            .await
            .map_err(|error| Failure::store(&error))?;
        let stored = found.ok_or(NO_SUCH_KEY)?;
        let etag = storage.style.etag(&stored.attributes.md5);
        let condition = Conditions {
            headers: &exchange.headers,
            etag: &etag,
            stored: &stored,
        };
        match condition.outcome() {
            Outcome::Met => {}
            Outcome::Failed => {
                return Err(Failure::new(
                    412,
                    "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold",
                    "precondition",
                ));
            }
            Outcome::NotModified => {
                let reply = Reply::empty(StatusCode::NOT_MODIFIED);
                let mut reply = described(storage, reply, &stored, &etag);
                reply.headers.remove(hyper::header::CONTENT_LENGTH);
                return Ok(reply);
            }
        }
        let range = exchange
            .headers
            .get(RANGE)
            .filter(|_| condition.tags(IF_RANGE) != Some(false))
            .and_then(|range| range.to_str().ok());
        let range = match range.map_or(AskedRange::Whole, |range| parse_range(range, stored.size)) {
            AskedRange::Whole => None,
            AskedRange::Part(range) => Some(range),
            AskedRange::Beyond => {
                return Err(Failure::new(
                    416,
                    "InvalidRange",
                    "The requested range is not satisfiable",
                    "range",
                ));
            }
        };
        let (status, wanted) = match &range {
            None => (StatusCode::OK, 0..stored.size),
            Some(range) => (StatusCode::PARTIAL_CONTENT, range.clone()),
        };
        let length = wanted.end.saturating_sub(wanted.start);
        let bytes = if exchange.method == Method::HEAD {
            Ok(Box::pin(futures_util::stream::empty()) as _)
        } else {
            stored.bytes(store, wanted).await
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(Error::Precondition { .. } | Error::NotFound { .. }) => continue,
            Err(error) => return Err(Failure::store(&error)),
        };
        let mut reply = described(
            storage,
            Reply::stream(status, length, bytes),
            &stored,
            &etag,
        )
        .header(ACCEPT_RANGES, "bytes");
        if let Some(Range { start, end }) = range {
            let value = format!("bytes {start}-{}/{}", end.saturating_sub(1), stored.size);
            reply = reply.header(CONTENT_RANGE, value);
        }
        return Ok(with_overrides(reply, exchange));
    }
    Err(Failure::new(
        503,
        "SlowDown",
        "Please reduce your request rate.",
        "replaced_while_read",
    ))
}

fn described(storage: &Storage, mut reply: Reply, stored: &Stored, etag: &str) -> Reply {
    for (name, value) in &stored.attributes.headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            let value: Vec<u8> = value
                .chars()
                .filter_map(|character| u8::try_from(character).ok())
                .collect();
            reply = reply.header(name, value);
        }
    }
    if !reply.headers.contains_key(CONTENT_TYPE) {
        reply = reply.header(CONTENT_TYPE, "application/octet-stream");
    }
    let modified = httpdate::fmt_http_date(SystemTime::from(stored.modified));
    let mut reply = reply
        .header(ETAG, etag)
        .header(LAST_MODIFIED, modified)
        // An object is what its type says, whatever its bytes look like.
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    let (style, attributes) = (storage.style, &stored.attributes);
    for (name, value) in [
        (style.storage_class_header, style.storage_class),
        (style.object_type_header, attributes.object_type()),
    ] {
        if let Some(name) = name {
            reply = reply.header(HeaderName::from_static(name), value);
        }
    }
    with_crc64(storage, reply, attributes)
}

/// `response-content-type` and the like, which a presigned URL can set.
fn with_overrides(mut reply: Reply, exchange: &Exchange) -> Reply {
    for (name, value) in &exchange.target.query {
        let header = match name.as_str() {
            "response-content-type" => CONTENT_TYPE,
            "response-cache-control" => hyper::header::CACHE_CONTROL,
            "response-content-disposition" => hyper::header::CONTENT_DISPOSITION,
            "response-content-encoding" => hyper::header::CONTENT_ENCODING,
            "response-content-language" => hyper::header::CONTENT_LANGUAGE,
            "response-expires" => hyper::header::EXPIRES,
            _ => continue,
        };
        reply = reply.header(header, value.as_deref().unwrap_or_default());
    }
    reply
}

/// The bytes that a Range selects.
#[derive(Debug, PartialEq, Eq)]
enum AskedRange {
    Whole,
    Part(Range<u64>),
    Beyond,
}

/// Parses a single byte range. Anything else, including several ranges, selects the whole object
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-14.2) lets a server ignore Range).
fn parse_range(text: &str, size: u64) -> AskedRange {
    let Some((first, last)) = text
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return AskedRange::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return AskedRange::Whole,
    };
    if range.start >= range.end {
        AskedRange::Beyond
    } else {
        AskedRange::Part(range)
    }
}

/// Removing an object that does not exist succeeds.
pub(super) async fn delete(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    key: &str,
) -> Result<Reply, Failure> {
    check_version(exchange)?;
    match storage.store.delete(&layout::object(bucket, key)).await {
        Ok(()) | Err(Error::NotFound { .. }) => Ok(Reply::empty(StatusCode::NO_CONTENT)),
        Err(error) => Err(Failure::store(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_object() {
        for (text, size, asked) in [
            ("bytes=0-4", 10, AskedRange::Part(0..5)),
            ("bytes=5-", 10, AskedRange::Part(5..10)),
            ("bytes=5-100", 10, AskedRange::Part(5..10)),
            ("bytes=-3", 10, AskedRange::Part(7..10)),
            ("bytes=-30", 10, AskedRange::Part(0..10)),
            ("bytes=10-", 10, AskedRange::Beyond),
            ("bytes=-0", 10, AskedRange::Beyond),
            ("bytes=0-0", 0, AskedRange::Beyond),
            ("bytes=4-2", 10, AskedRange::Whole),
            ("bytes=0-1,3-4", 10, AskedRange::Whole),
            ("bytes=-", 10, AskedRange::Whole),
            ("lines=0-1", 10, AskedRange::Whole),
            ("bytes=0-18446744073709551615", 10, AskedRange::Part(0..10)),
        ] {
            assert_eq!(parse_range(text, size), asked, "{text} of {size}");
        }
    }
}
