//! The signature of an HTML form: of its policy, as the text that the form sends.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::clock::basic_time;
use super::refusal::{check, malformed, secret, unsupported};
use super::scope::{Scope, hmac_sha256};
use super::{Scheme, aws_v4, oss_v1, oss_v4};
use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::hex::hex;

/// The names that a version 4 of signatures uses.
struct Version4 {
    algorithm: (&'static str, &'static str),
    credential: &'static str,
    date: &'static str,
    signature: &'static str,
    /// What the key is derived from.
    prefix: &'static str,
    service: &'static str,
    request: &'static str,
}

const AWS: Version4 = Version4 {
    algorithm: ("x-amz-algorithm", aws_v4::ALGORITHM),
    credential: "x-amz-credential",
    date: "x-amz-date",
    signature: "x-amz-signature",
    prefix: "AWS4",
    service: "s3",
    request: "aws4_request",
};

const OSS: Version4 = Version4 {
    algorithm: ("x-oss-signature-version", oss_v4::ALGORITHM),
    credential: "x-oss-credential",
    date: "x-oss-date",
    signature: "x-oss-signature",
    prefix: "aliyun_v4",
    service: "oss",
    request: "aliyun_v4_request",
};

/// Checks the signature of a policy, and returns the key that signed it. `field` returns a field of
/// the form.
pub(crate) fn verify_form<'f>(
    policy: &str,
    field: impl Fn(&str) -> Option<&'f str>,
    credentials: &Credentials,
    accepted: &[Scheme],
) -> Result<String, Failure> {
    let get = |name| field(name).ok_or_else(|| malformed(name));
    for (scheme, version) in [(Scheme::AwsV4, &AWS), (Scheme::OssV4, &OSS)] {
        if !accepted.contains(&scheme) {
            continue;
        }
        let (name, algorithm) = version.algorithm;
        match field(name) {
            None => continue,
            Some(value) if value != algorithm => return Err(malformed(name)),
            Some(_) => {}
        }
        let time = get(version.date)?;
        basic_time(time).ok_or_else(|| malformed(version.date))?;
        let credential = get(version.credential)?;
        let scope = Scope::parse(credential, version.service, version.request, time)?;
        let secret = secret(credentials, scope.key_id)?;
        let key = scope.signing_key(version.prefix, secret, version.service, version.request);
        let ours = hex(&hmac_sha256(&key, policy.as_bytes()));
        check(ours.as_bytes(), get(version.signature)?.as_bytes())?;
        return Ok(scope.key_id.to_owned());
    }
    if !accepted.contains(&Scheme::OssV1) {
        return Err(unsupported("sign the policy with V4"));
    }
    let key_id = get("OSSAccessKeyId")?;
    let secret = secret(credentials, key_id)?;
    let ours = BASE64.encode(oss_v1::hmac_sha1(secret.as_bytes(), policy.as_bytes()));
    check(ours.as_bytes(), get("Signature")?.as_bytes())?;
    Ok(key_id.to_owned())
}
