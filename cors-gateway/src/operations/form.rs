//! POST Object: an upload by an HTML form, with a signed policy instead of a signed request
//! ([S3](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html),
//! [OSS](https://www.alibabacloud.com/help/en/oss/developer-reference/postobject)).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use chrono::Utc;
use cors_xml::PutError;
use futures_util::stream::{BoxStream, StreamExt, try_unfold};
use hyper::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use hyper::{HeaderMap, Method, StatusCode};
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::object;
use super::policy;
use crate::checksum::Checks;
use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::{Failure, INCOMPLETE, NOT_IMPLEMENTED};
use crate::hex::hex;
use crate::objects::{self, Attributes, Writer};
use crate::reply::Reply;
use crate::storage::Storage;
use crate::upload::{UnreadBody, Upload};

/// Most bytes of a file; the same for both providers.
const MAX_FILE_BYTES: u64 = 5 * 1024 * 1024 * 1024;
/// Most bytes before the file and after it: S3 allows 20 KB of fields, and what arrives at once
/// with them counts too.
const MAX_OTHER_BYTES: u64 = 1024 * 1024;
/// Most bytes of a field other than the file.
const MAX_FIELD_BYTES: u64 = 20 * 1024;
/// Most fields.
const MAX_FIELDS: usize = 100;

/// Whether a request is a form for a bucket.
pub(crate) fn is_form(exchange: &Exchange) -> bool {
    let target = &exchange.target;
    let content_type = exchange.headers.get(CONTENT_TYPE);
    exchange.method == Method::POST
        && target.bucket.is_some()
        && target.key.is_none()
        && target.query.is_empty()
        && content_type
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| multer::parse_boundary(value).is_ok())
}

/// The fields before the file, their names in lower case.
#[derive(Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field; empty if there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let found = fields.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), value));
    }

    /// The fields that stand for headers of a PUT.
    fn to_headers(&self) -> Result<HeaderMap, Failure> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.0 {
            if SIGNING.contains(&name.as_str()) {
                continue;
            }
            match name.as_str() {
                "acl" if value == "private" => continue,
                "acl" | "callback" | "callback-var" | "tagging" => {
                    return Err(NOT_IMPLEMENTED.detail(name.as_str()));
                }
                _ => {}
            }
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                let value = HeaderValue::from_bytes(value.as_bytes());
                headers.append(name, value.map_err(|_| MALFORMED)?);
            }
        }
        Ok(headers)
    }
}

/// What the policy's signature needs.
const SIGNING: [&str; 8] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-signature",
    "x-oss-signature-version",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-signature",
];

/// Stores the file of a form, and returns the answer and the key that signed the policy.
pub(super) async fn post(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    authenticate: impl FnOnce(&Fields) -> Result<Option<String>, Failure>,
    body: UnreadBody,
) -> Result<(Reply, Option<String>), Failure> {
    let refused = |error: &PutError| Failure::put(error, storage.provider, &exchange.request_id);
    let (mut form, budget) = read(exchange, body)?;
    let mut fields = Fields::default();
    let mut file = loop {
        let field = form.next_field().await.map_err(failed)?.ok_or(NO_FILE)?;
        let name = field.name().ok_or(MALFORMED)?.to_ascii_lowercase();
        if name == "file" {
            break field;
        }
        if fields.0.len() >= MAX_FIELDS || fields.get(&name).is_some() {
            return Err(MALFORMED);
        }
        fields.set(&name, field.text().await.map_err(failed)?);
    };
    budget.store(u64::MAX, Ordering::Relaxed);
    let key = fields.get("key").filter(|key| !key.is_empty());
    let key = key.ok_or(NO_KEY)?;
    let key = key.replace("${filename}", file.file_name().unwrap_or_default());
    fields.set("key", key.clone());
    fields.set("bucket", bucket.to_owned());
    let key_id = authenticate(&fields)?;
    let size = match fields.get("policy") {
        None => 0..=MAX_FILE_BYTES,
        Some(text) => policy::check(text, &fields, Utc::now(), storage.style.policy_names_all)?,
    };
    let headers = fields.to_headers()?;
    if let Some(header) = storage.style.refused(&headers) {
        return Err(NOT_IMPLEMENTED.detail(header.as_str()));
    }
    storage.check_key(&key, &exchange.request_id)?;
    let kept = objects::kept_headers(&headers, storage.style.metadata_prefix)?;
    let mut checks = Checks::new(storage.provider, &headers).map_err(|error| refused(&error))?;
    let is_new = storage.style.create_only.is_asked(&headers);
    let mut writer = object::writer(storage, exchange, bucket, &key, is_new).await?;
    let most = (*size.end()).min(MAX_FILE_BYTES);
    let received = async {
        let length = receive(&mut file, &mut writer, &mut checks, most).await?;
        drop(file);
        if length < *size.start() {
            return Err(TOO_SMALL);
        }
        // What follows the file is not read, but it must be complete.
        budget.store(MAX_OTHER_BYTES, Ordering::Relaxed);
        while form.next_field().await.map_err(failed)?.is_some() {}
        let md5 = checks.finish(&HeaderMap::new());
        md5.map(|md5| hex(&md5)).map_err(|error| refused(&error))
    };
    let md5 = match received.await {
        Ok(md5) => md5,
        Err(failure) => {
            writer.abort().await;
            return Err(failure);
        }
    };
    let attributes = writer.finish(Attributes::new(md5, kept)).await?;
    let reply = answer(storage, exchange, bucket, &fields, &attributes);
    Ok((reply, key_id))
}

/// Stores the bytes of the file, at most `most`, and returns how many there are.
async fn receive(
    file: &mut Field<'_>,
    writer: &mut Writer,
    checks: &mut Checks,
    most: u64,
) -> Result<u64, Failure> {
    let mut length = 0u64;
    while let Some(bytes) = file.chunk().await.map_err(failed)? {
        length = length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if length > most {
            return Err(TOO_LARGE);
        }
        checks.update(&bytes);
        writer.write(bytes).await?;
    }
    Ok(length)
}

/// The form, and how many bytes may still arrive before its file.
fn read(
    exchange: &Exchange,
    body: UnreadBody,
) -> Result<(Multipart<'static>, Arc<AtomicU64>), Failure> {
    let content_type = exchange.headers.get(CONTENT_TYPE);
    let boundary = content_type
        .and_then(|value| multer::parse_boundary(value.to_str().ok()?).ok())
        .ok_or(MALFORMED)?;
    let most = MAX_FILE_BYTES.saturating_add(MAX_OTHER_BYTES);
    let upload = Upload::new(&exchange.headers, body, most)?;
    let budget = Arc::new(AtomicU64::new(MAX_OTHER_BYTES));
    let left = Arc::clone(&budget);
    let bytes: BoxStream<'static, Result<Bytes, Failure>> =
        try_unfold(upload, move |mut upload| {
            let left = Arc::clone(&left);
            async move {
                let Some(bytes) = upload.next().await? else {
                    return Ok(None);
                };
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                match left.load(Ordering::Relaxed) {
                    u64::MAX => {}
                    few => match few.checked_sub(length) {
                        Some(rest) => left.store(rest, Ordering::Relaxed),
                        None => return Err(MALFORMED),
                    },
                }
                Ok(Some((bytes, upload)))
            }
        })
        .boxed();
    let limits = SizeLimit::new()
        .per_field(MAX_FIELD_BYTES)
        .for_field("file", MAX_FILE_BYTES);
    let limits = Constraints::new().size_limit(limits);
    Ok((Multipart::with_constraints(bytes, boundary, limits), budget))
}

/// As the form asks for it: a redirection, the document of 201, or nothing.
fn answer(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    fields: &Fields,
    attributes: &Attributes,
) -> Reply {
    let key = fields.value("key");
    let etag = storage.style.etag(&attributes.md5);
    let location = exchange.url_of(bucket, key);
    let redirect = ["success_action_redirect", "redirect"];
    let redirect = redirect.into_iter().find_map(|name| fields.get(name));
    let redirect = redirect.and_then(|text| url::Url::parse(text).ok());
    let reply = match (redirect, fields.value("success_action_status")) {
        (Some(mut url), _) => {
            url.query_pairs_mut()
                .append_pair("bucket", bucket)
                .append_pair("key", key)
                .append_pair("etag", &etag);
            Reply::empty(StatusCode::SEE_OTHER).header(LOCATION, url.as_str())
        }
        (None, "200") => Reply::empty(StatusCode::OK).header(LOCATION, location),
        (None, "201") => {
            let mut text =
                String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse>");
            element("Location", &location, &mut text);
            element("Bucket", bucket, &mut text);
            element("Key", key, &mut text);
            element("ETag", &etag, &mut text);
            text.push_str("</PostResponse>");
            let created = Reply::xml(text).header(LOCATION, location);
            Reply {
                status: StatusCode::CREATED,
                ..created
            }
        }
        (None, _) => Reply::empty(StatusCode::NO_CONTENT).header(LOCATION, location),
    };
    object::with_crc64(storage, reply.header(ETAG, etag), attributes)
}

fn failed(error: multer::Error) -> Failure {
    match error {
        multer::Error::StreamReadFailed(source) => match source.downcast::<Failure>() {
            Ok(failure) => *failure,
            Err(source) => INCOMPLETE.detail(source.to_string()),
        },
        multer::Error::IncompleteStream
        | multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders => INCOMPLETE.detail(error.to_string()),
        error => MALFORMED.detail(error.to_string()),
    }
}

const MALFORMED: Failure = Failure::new(
    400,
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
    "malformed_form",
);
const NO_FILE: Failure = Failure::new(
    400,
    "InvalidArgument",
    "POST requires exactly one file upload per request.",
    "form_without_file",
);
const NO_KEY: Failure = Failure::new(
    400,
    "InvalidArgument",
    "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
    "form_without_key",
);
const TOO_LARGE: Failure = Failure::new(
    400,
    "EntityTooLarge",
    "Your proposed upload exceeds the maximum allowed size",
    "body_too_large",
);
const TOO_SMALL: Failure = Failure::new(
    400,
    "EntityTooSmall",
    "Your proposed upload is smaller than the minimum allowed size",
    "body_too_small",
);
