//! Who sent a request: the signature schemes of OSS and S3, in headers and in presigned URLs.
//!
//! Why this is not left to a crate (from their sources, November 2026):
//! - `s3s` 0.14.1 verifies V2 and V4 of AWS, with frames and trailers, as part of a whole server:
//!   its verifiers are not public by themselves. It supports neither V1 nor V4 of OSS.
//!   `examples/s3s-server` shows what it is for; DESIGN.md says why this gateway is not built on it.
//! - `scratchstack-aws-signature` 0.11.4 reads the whole body before it answers and signs the
//!   SHA-256 of that, regardless of `x-amz-content-sha256`: `UNSIGNED-PAYLOAD`, `aws-chunked` and
//!   streamed bodies fail. It does not know `X-Amz-Expires` either.
//! - `reqsign-aliyun-oss` 3.2.0 signs and does not verify. Signing again and comparing does not
//!   work: it chooses the time and which headers V4 signs, and here the client has chosen them.

mod aws_v4;
mod canonical;
mod chunk_signer;
mod clock;
mod form;
mod oss_v1;
mod oss_v4;
mod refusal;
mod scope;
mod signed;

use hyper::HeaderMap;

use crate::credentials::Credentials;
use crate::failure::Failure;
use refusal::malformed;

pub(crate) use chunk_signer::ChunkSigner;
pub(crate) use form::verify_form;
pub(crate) use signed::{Payload, Sender, Signed};

/// Checks the signature of a request, of any scheme. A request without one has no key id.
///
/// # Security
///
/// Signatures are compared in constant time. An unknown key and a wrong signature get different
/// errors, as with both providers.
pub(crate) fn verify(request: &Signed<'_>, credentials: &Credentials) -> Result<Sender, Failure> {
    if let Some(value) = request.headers.get(hyper::header::AUTHORIZATION) {
        let Ok(value) = value.to_str() else {
            return Err(malformed("the Authorization header must be ASCII text"));
        };
        return match value.split_once(' ') {
            Some((aws_v4::ALGORITHM, rest)) => aws_v4::verify_header(request, rest, credentials),
            Some((oss_v4::ALGORITHM, rest)) => oss_v4::verify_header(request, rest, credentials),
            Some(("OSS", rest)) => oss_v1::verify_header(request, rest, credentials),
            _ => Err(malformed(
                "the scheme must be AWS4-HMAC-SHA256, OSS4-HMAC-SHA256 or OSS",
            )),
        };
    }
    if request.target.has("X-Amz-Signature") {
        aws_v4::verify_query(request, credentials)
    } else if request.target.has("x-oss-signature") {
        oss_v4::verify_query(request, credentials)
    } else if request.target.has("OSSAccessKeyId") {
        oss_v1::verify_query(request, credentials)
    } else {
        let payload = match aws_v4::payload_of(request.headers)? {
            aws_v4::DeclaredPayload::Sha256(digest) => Payload::Sha256(digest),
            // Without a signature of the request there are no chunk signatures to check either.
            aws_v4::DeclaredPayload::Chunked { .. } => Payload::Chunked(None),
            aws_v4::DeclaredPayload::Unsigned => Payload::Unsigned,
        };
        Ok(Sender {
            key_id: None,
            payload,
        })
    }
}

/// How the body is framed, for a request that is not checked because the gateway has no keys.
pub(crate) fn unchecked(headers: &HeaderMap) -> Payload {
    match aws_v4::payload_of(headers) {
        Ok(aws_v4::DeclaredPayload::Chunked { .. }) => Payload::Chunked(None),
        _ => Payload::Unsigned,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use cors_http::Target;

    use super::clock::basic_time;
    use super::*;

    const NOW: &str = "20261124T063545Z";
    const OBJECT: &str = "/oss-example/dir%2Fa%20b.txt";
    const BODY: [(&str, &str); 2] = [("content-type", "text/plain"), ("x-oss-meta-a", "b")];
    const V1_DATE: (&str, &str) = ("date", "Tue, 24 Nov 2026 06:35:45 GMT");
    const V4: [(&str, &str); 2] = [
        ("x-oss-date", NOW),
        ("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
    ];
    const V1_URL: &str = "/oss-example/k?OSSAccessKeyId=AKIDEXAMPLE&Expires=1795502205&Signature=6hyXQNRgQ5LXUtp7HYP9oZgJWgc%3D";
    const V4_URL: &str = "/oss-example/k?x-oss-date=20261124T063545Z&x-oss-expires=60&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=AKIDEXAMPLE%2F20261124%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-signature=7056fa6a353a20c6811fa9da6aa7c575d9b9fe9ecd18846494defce02150a8b6";

    fn verified(
        method: &str,
        uri: &str,
        headers: &[(&'static str, &str)],
        now: DateTime<Utc>,
    ) -> Result<Option<String>, Failure> {
        let (path, query) = uri
            .split_once('?')
            .map_or((uri, None), |(path, query)| (path, Some(query)));
        let target = Target::parse("h", path, query, &[]).unwrap();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let request = Signed {
            method,
            target: &target,
            headers: &map,
            now,
        };
        let mut credentials = Credentials::default();
        credentials.insert("AKIDEXAMPLE", "secret");
        verify(&request, &credentials).map(|sender| sender.key_id)
    }

    fn with<'h>(
        base: &[(&'static str, &'h str)],
        more: &[(&'static str, &'h str)],
    ) -> Vec<(&'static str, &'h str)> {
        [base, more].concat()
    }

    /// Signatures by oss2 2.19.1 with the secret `secret` at this time.
    #[test]
    fn requests_signed_by_the_providers_client_are_verified_and_altered_ones_refused() {
        let now = basic_time(NOW).unwrap();
        let v4 = "OSS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/cn-hangzhou/oss/aliyun_v4_request, Signature=";
        let v4_put =
            format!("{v4}39390e79b0316b90127c08ee8457cd39e203696c03a8ab2ec8498a0a56d011b9");
        let v4_get =
            format!("{v4}9e36c1a0392b0036261d7c8c70ff00f5050fe316eb8074fa95d123b150d34046");
        let v1 = [V1_DATE];
        let cases = [
            (
                "PUT",
                OBJECT,
                with(&BODY, &v1),
                "OSS AKIDEXAMPLE:5FYpZAbtRBxhnIZqr58HmGnNiSw=",
            ),
            (
                "GET",
                "/oss-example/?cors=",
                v1.to_vec(),
                "OSS AKIDEXAMPLE:MFi38UObRqZOb14lPdSSxSL3+Pc=",
            ),
            ("PUT", OBJECT, with(&BODY, &V4), v4_put.as_str()),
            ("GET", "/oss-example/?cors=", V4.to_vec(), v4_get.as_str()),
        ];
        for (method, uri, headers, authorization) in cases {
            let headers = with(&headers, &[("authorization", authorization)]);
            let minutes = |minutes| now + TimeDelta::minutes(minutes);
            assert_eq!(
                verified(method, uri, &headers, minutes(15))
                    .unwrap()
                    .as_deref(),
                Some("AKIDEXAMPLE"),
                "{authorization}"
            );
            for late in [minutes(-16), minutes(16)] {
                let failure = verified(method, uri, &headers, late).unwrap_err();
                assert_eq!(failure.code(), "RequestTimeTooSkewed", "{authorization}");
            }
            let other_uri = uri.replace("oss-example", "oss-examplf");
            let more = with(&headers, &[("x-oss-object-acl", "public-read")]);
            for (method, uri, headers) in [
                ("DELETE", uri, &headers),
                (method, other_uri.as_str(), &headers),
                (method, uri, &more),
            ] {
                let failure = verified(method, uri, headers, now).unwrap_err();
                assert_eq!(failure.code(), "SignatureDoesNotMatch", "{authorization}");
            }
        }
    }

    #[test]
    fn presigned_urls_are_valid_until_they_expire() {
        let now = basic_time(NOW).unwrap();
        for url in [V1_URL, V4_URL] {
            verified("GET", url, &[], now + TimeDelta::seconds(60)).unwrap();
            let failure = verified("GET", url, &[], now + TimeDelta::seconds(61)).unwrap_err();
            assert_eq!(failure.reason, "expired", "{url}");
            let failure = verified("PUT", url, &[], now).unwrap_err();
            assert_eq!(failure.reason, "wrong_signature", "{url}");
            let other = url.replace("/k?", "/l?");
            assert!(verified("GET", &other, &[], now).is_err(), "{url}");
        }
    }

    #[test]
    fn an_incomplete_or_invented_signature_is_refused() {
        let now = basic_time(NOW).unwrap();
        for (authorization, reason) in [
            ("OSS NOBODY:5FYpZAbtRBxhnIZqr58HmGnNiSw=", "unknown_key"),
            ("OSS AKIDEXAMPLE:", "wrong_signature"),
            ("OSS AKIDEXAMPLE", "malformed_signature"),
            ("Bearer x", "malformed_signature"),
            ("", "malformed_signature"),
            ("AWS4-HMAC-SHA256 Credential=", "malformed_signature"),
            (
                "OSS4-HMAC-SHA256 Credential=a/b/c/d/e,Signature=",
                "malformed_signature",
            ),
        ] {
            let headers = [V1_DATE, ("authorization", authorization)];
            let failure = verified("GET", "/oss-example/?cors=", &headers, now).unwrap_err();
            assert_eq!(failure.reason, reason, "{authorization}");
        }
        assert_eq!(verified("GET", "/oss-example/", &[], now).unwrap(), None);
    }
}
