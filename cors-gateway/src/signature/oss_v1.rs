//! [OSS signature version
//! 1](https://www.alibabacloud.com/help/en/oss/developer-reference/include-signatures-in-the-authorization-header):
//! HMAC-SHA1.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cors_http::Target;
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::clock::{check_skew, http_time};
use super::refusal::{check, expired, malformed, not_for_v1_url, secret};
use super::signed::{Payload, Sender, Signed};
use crate::credentials::Credentials;
use crate::failure::Failure;

/// Query names that are part of the resource. Clients sign them all, including those that this
/// gateway does not serve.
const SUBRESOURCES: &[&str] = &[
    "accessPoint",
    "accessPointPolicy",
    "acl",
    "append",
    "archiveDirectRead",
    "asyncFetch",
    "bucketArchiveDirectRead",
    "bucketInfo",
    "bucketResourceGroup",
    "callback",
    "callback-var",
    "cname",
    "comp",
    "continuation-token",
    "cors",
    "delete",
    "encryption",
    "endTime",
    "httpsConfig",
    "img",
    "inventory",
    "inventoryId",
    "lifecycle",
    "live",
    "location",
    "logging",
    "metaQuery",
    "objectInfo",
    "objectMeta",
    "partNumber",
    "policy",
    "policyStatus",
    "position",
    "publicAccessBlock",
    "qos",
    "qosInfo",
    "qosRequester",
    "redundancyTransition",
    "referer",
    "regionList",
    "rename",
    "replication",
    "replicationLocation",
    "replicationProgress",
    "requestPayment",
    "requesterQosInfo",
    "resourceGroup",
    "resourcePool",
    "resourcePoolBuckets",
    "resourcePoolInfo",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "security-token",
    "sequential",
    "startTime",
    "stat",
    "status",
    "style",
    "styleName",
    "symlink",
    "tagging",
    "transferAcceleration",
    "uploadId",
    "uploads",
    "userDefinedLogFieldsConfig",
    "versionId",
    "versioning",
    "versions",
    "vip",
    "vod",
    "website",
    "withHashContext",
    "worm",
    "wormExtend",
    "wormId",
    "x-oss-ac-forward-allow",
    "x-oss-ac-source-ip",
    "x-oss-ac-subnet-mask",
    "x-oss-ac-vpc-id",
    "x-oss-async-process",
    "x-oss-process",
    "x-oss-request-payer",
    "x-oss-traffic-limit",
    "x-oss-write-get-object-response",
];

/// The sub-resources that a URL may have: those of downloads, and of parts.
const IN_URLS: &[&str] = &[
    "partNumber",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "uploadId",
];

pub(super) fn verify_header(
    request: &Signed<'_>,
    value: &str,
    credentials: &Credentials,
) -> Result<Sender, Failure> {
    let (key_id, signature) = value
        .rsplit_once(':')
        .ok_or_else(|| malformed("OSS KEY:SIGNATURE"))?;
    let date = |name: &str| request.headers.get(name)?.to_str().ok();
    let date = date("x-oss-date")
        .or_else(|| date("date"))
        .unwrap_or_default();
    let time = http_time(date).ok_or_else(|| malformed("Date"))?;
    check_skew(time, request.now)?;
    let secret = secret(credentials, key_id)?;
    verify(request, date, secret, signature)?;
    Ok(sender(key_id))
}

/// Verifies a URL, for an object only: V1 signs key and query as one decoded text, so a URL for the
/// object `?cors` is also one for the rules of its bucket, and whoever chooses names could choose
/// that. No client signs operations on buckets in a URL.
pub(super) fn verify_query(
    request: &Signed<'_>,
    credentials: &Credentials,
) -> Result<Sender, Failure> {
    let get = |name| request.target.value(name).ok_or_else(|| malformed(name));
    let (key_id, expires) = (get("OSSAccessKeyId")?, get("Expires")?);
    let until: i64 = expires.parse().map_err(|_| malformed("Expires"))?;
    if request.now.timestamp() > until {
        return Err(expired());
    }
    if request.target.key.is_none() {
        return Err(not_for_v1_url("a bucket"));
    }
    let mut names = request.target.query.iter().map(|(name, _)| name.as_str());
    let is_other = |name: &&str| SUBRESOURCES.contains(name) && !IN_URLS.contains(name);
    if let Some(name) = names.find(is_other) {
        return Err(not_for_v1_url(name));
    }
    let secret = secret(credentials, key_id)?;
    verify(request, expires, secret, get("Signature")?)?;
    Ok(sender(key_id))
}

fn sender(key_id: &str) -> Sender {
    Sender {
        key_id: Some(key_id.to_owned()),
        payload: Payload::Unsigned,
    }
}

fn verify(request: &Signed<'_>, date: &str, secret: &str, signature: &str) -> Result<(), Failure> {
    let text = string_to_sign(request, date);
    let ours = BASE64.encode(hmac_sha1(secret.as_bytes(), &text));
    check(ours.as_bytes(), signature.as_bytes())
}

fn string_to_sign(request: &Signed<'_>, date: &str) -> Vec<u8> {
    let mut text = Vec::from(request.method);
    for name in ["content-md5", "content-type"] {
        text.push(b'\n');
        if let Some(value) = request.headers.get(name) {
            text.extend_from_slice(value.as_bytes());
        }
    }
    text.extend_from_slice(format!("\n{date}\n").as_bytes());
    let mut names: Vec<&str> = request
        .headers
        .keys()
        .map(hyper::header::HeaderName::as_str)
        .filter(|name| name.starts_with("x-oss-"))
        .collect();
    names.sort_unstable();
    for name in names {
        let values: Vec<&[u8]> = request
            .headers
            .get_all(name)
            .iter()
            .map(hyper::header::HeaderValue::as_bytes)
            .collect();
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(values.join(&b',').trim_ascii());
        text.push(b'\n');
    }
    text.extend_from_slice(resource(request.target).as_bytes());
    text
}

/// `/BUCKET/KEY?SUBRESOURCES`, decoded, for both path-style and virtual-host-style requests.
fn resource(target: &Target) -> String {
    let mut text = "/".to_owned();
    if let Some(bucket) = &target.bucket {
        text.push_str(bucket);
        text.push('/');
    }
    text.push_str(target.key.as_deref().unwrap_or_default());
    let mut pairs: Vec<_> = target
        .query
        .iter()
        .filter(|(name, _)| SUBRESOURCES.contains(&name.as_str()))
        .collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(name);
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            text.push('=');
            text.push_str(value);
        }
    }
    text
}

pub(super) fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    Hmac::<Sha1>::new_from_slice(key).map_or([0; 20], |mac| {
        mac.chain_update(message).finalize().into_bytes().into()
    })
}
