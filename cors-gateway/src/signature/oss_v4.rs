//! [OSS signature version
//! 4](https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4):
//! HMAC-SHA256.

use sha2::{Digest, Sha256};

use super::canonical;
use super::clock::{basic_time, check_life, check_skew};
use super::refusal::{check, malformed, secret};
use super::scope::{Scope, hmac_sha256, parameter};
use super::signed::{Payload, Sender, Signed};
use super::signed_names::SignedNames;
use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::hex::hex;

pub(super) const ALGORITHM: &str = "OSS4-HMAC-SHA256";
const SERVICE: &str = "oss";
const REQUEST: &str = "aliyun_v4_request";
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

pub(super) fn verify_header(
    request: &Signed<'_>,
    parameters: &str,
    credentials: &Credentials,
) -> Result<Sender, Failure> {
    let get = |name| parameter(parameters, name).ok_or_else(|| malformed(name));
    let header = |name: &'static str| {
        let value = request
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.ok_or_else(|| malformed(name))
    };
    // OSS supports no other value: bodies are not signed.
    if header("x-oss-content-sha256")? != UNSIGNED {
        return Err(malformed("x-oss-content-sha256 must be UNSIGNED-PAYLOAD"));
    }
    let time_text = header("x-oss-date")?;
    let time = basic_time(time_text).ok_or_else(|| malformed("x-oss-date"))?;
    check_skew(time, request.now)?;
    let additional = parameter(parameters, "AdditionalHeaders").unwrap_or_default();
    let key_id = verify(
        request,
        get("Credential")?,
        time_text,
        additional,
        get("Signature")?,
        credentials,
    )?;
    Ok(Sender {
        key_id: Some(key_id),
        payload: Payload::Unsigned,
    })
}

pub(super) fn verify_query(
    request: &Signed<'_>,
    credentials: &Credentials,
) -> Result<Sender, Failure> {
    let get = |name| request.target.value(name).ok_or_else(|| malformed(name));
    if get("x-oss-signature-version")? != ALGORITHM {
        return Err(malformed("x-oss-signature-version"));
    }
    let time_text = get("x-oss-date")?;
    let time = basic_time(time_text).ok_or_else(|| malformed("x-oss-date"))?;
    check_life(time, get("x-oss-expires")?, request.now)?;
    let additional = request
        .target
        .value("x-oss-additional-headers")
        .unwrap_or_default();
    let key_id = verify(
        request,
        get("x-oss-credential")?,
        time_text,
        additional,
        get("x-oss-signature")?,
        credentials,
    )?;
    Ok(Sender {
        key_id: Some(key_id),
        payload: Payload::Unsigned,
    })
}

/// Signs a request that has its `x-oss-date` and `x-oss-content-sha256`: returns the value of its
/// Authorization header.
pub(super) fn sign(
    request: &Signed<'_>,
    key_id: &str,
    secret: &str,
    region: &str,
) -> Result<String, Failure> {
    let time = request.headers.get("x-oss-date");
    let time = time.and_then(|value| value.to_str().ok());
    let time = time.ok_or_else(|| malformed("x-oss-date"))?;
    let credential = Scope::credential(key_id, time, region, SERVICE, REQUEST);
    let scope = Scope::parse(&credential, SERVICE, REQUEST, time)?;
    let additional = SignedNames::parse("", "AdditionalHeaders")?;
    let signature = signature_of(request, &scope, secret, time, &additional);
    Ok(format!(
        "{ALGORITHM} Credential={credential}, Signature={signature}"
    ))
}

fn verify(
    request: &Signed<'_>,
    credential: &str,
    time: &str,
    additional: &str,
    signature: &str,
    credentials: &Credentials,
) -> Result<String, Failure> {
    let scope = Scope::parse(credential, SERVICE, REQUEST, time)?;
    let additional = SignedNames::parse(additional, "AdditionalHeaders")?;
    let secret = secret(credentials, scope.key_id)?;
    let ours = signature_of(request, &scope, secret, time, &additional);
    check(ours.as_bytes(), signature.as_bytes())?;
    Ok(scope.key_id.to_owned())
}

fn signature_of(
    request: &Signed<'_>,
    scope: &Scope<'_>,
    secret: &str,
    time: &str,
    additional: &SignedNames<'_>,
) -> String {
    let digest = hex(&canonical_request(request, additional).finalize());
    let text = format!("{ALGORITHM}\n{time}\n{}\n{digest}", scope.text);
    let key = scope.signing_key("aliyun_v4", secret, SERVICE, REQUEST);
    hex(&hmac_sha256(&key, text.as_bytes()))
}

/// Hashes the canonical request.
fn canonical_request(request: &Signed<'_>, additional: &SignedNames<'_>) -> Sha256 {
    let target = request.target;
    let mut text = Sha256::new();
    for part in [request.method, "\n/"] {
        text.update(part);
    }
    if let Some(bucket) = &target.bucket {
        text.update(bucket);
        text.update("/");
    }
    let key = target.key.as_deref().unwrap_or_default();
    text.update(canonical::encoded_path(key));
    text.update("\n");
    let pairs = target
        .query
        .iter()
        .filter(|(name, _)| name != "x-oss-signature")
        .map(|(name, value)| (name.as_str(), value.as_deref()));
    canonical::query(pairs, true, &mut text);
    text.update("\n");
    let mut names: Vec<&str> = request
        .headers
        .keys()
        .map(hyper::header::HeaderName::as_str)
        .filter(|name| {
            name.starts_with("x-oss-")
                || matches!(*name, "content-type" | "content-md5")
                || additional.has(name)
        })
        .collect();
    names.sort_unstable();
    for name in names {
        canonical::header(request.headers, name, &mut text);
    }
    for part in ["\n", additional.text, "\n", UNSIGNED] {
        text.update(part);
    }
    text
}
