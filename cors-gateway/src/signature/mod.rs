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
mod sign;
mod signed;
mod signed_names;

use hyper::HeaderMap;

use crate::credentials::Credentials;
use crate::failure::Failure;
use refusal::{malformed, unsupported};

pub(crate) use chunk_signer::ChunkSigner;
pub(crate) use form::verify_form;
pub use sign::{RequestSigner, Unsignable};
pub(crate) use signed::{Payload, Sender, Signed};

/// A way to sign requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    AwsV4,
    OssV4,
    /// The old scheme of OSS: HMAC-SHA1. OSS accepts it from no new user [since March
    /// 2025](https://www.alibabacloud.com/en/notice/notice_on_the_discontinuation_of_the_oss_v1_signature_algorithm_40f).
    OssV1,
}

/// Where a signature is.
enum Place<'r> {
    /// In the Authorization header, whose parameters these are.
    Header(&'r str),
    /// In the query.
    Query,
}

/// Checks the signature of a request, of one of the accepted schemes. A request without a signature
/// has no key id.
///
/// # Complexity
///
/// Linear in the bytes of the head. A date out of range is refused before anything is hashed.
///
/// # Security
///
/// Signatures are compared in constant time. An unknown key and a wrong signature get different
/// errors, as with both providers.
pub(crate) fn verify(
    request: &Signed<'_>,
    credentials: &Credentials,
    accepted: &[Scheme],
) -> Result<Sender, Failure> {
    let Some((scheme, place)) = scheme_of(request)? else {
        return unsigned(request);
    };
    if !accepted.contains(&scheme) {
        return Err(unsupported(match scheme {
            Scheme::AwsV4 => "AWS V4 is for S3: sign with V4 of OSS",
            Scheme::OssV4 => "V4 of OSS is for OSS: sign with AWS V4",
            Scheme::OssV1 if accepted.contains(&Scheme::OssV4) => {
                "sign with V4, or start the server with --v1-signatures"
            }
            Scheme::OssV1 => "V1 is for OSS: sign with AWS V4",
        }));
    }
    match (scheme, place) {
        (Scheme::AwsV4, Place::Header(rest)) => aws_v4::verify_header(request, rest, credentials),
        (Scheme::AwsV4, Place::Query) => aws_v4::verify_query(request, credentials),
        (Scheme::OssV4, Place::Header(rest)) => oss_v4::verify_header(request, rest, credentials),
        (Scheme::OssV4, Place::Query) => oss_v4::verify_query(request, credentials),
        (Scheme::OssV1, Place::Header(rest)) => oss_v1::verify_header(request, rest, credentials),
        (Scheme::OssV1, Place::Query) => oss_v1::verify_query(request, credentials),
    }
}

/// The scheme of a request's signature, and where it is; `None` without one.
fn scheme_of<'r>(request: &Signed<'r>) -> Result<Option<(Scheme, Place<'r>)>, Failure> {
    if let Some(value) = request.headers.get(hyper::header::AUTHORIZATION) {
        let Ok(value) = value.to_str() else {
            return Err(malformed("the Authorization header must be ASCII text"));
        };
        let (scheme, rest) = match value.split_once(' ') {
            Some((aws_v4::ALGORITHM, rest)) => (Scheme::AwsV4, rest),
            Some((oss_v4::ALGORITHM, rest)) => (Scheme::OssV4, rest),
            Some(("OSS", rest)) => (Scheme::OssV1, rest),
            _ => {
                return Err(malformed(
                    "the scheme must be AWS4-HMAC-SHA256, OSS4-HMAC-SHA256 or OSS",
                ));
            }
        };
        return Ok(Some((scheme, Place::Header(rest))));
    }
    let found = [
        ("X-Amz-Signature", Scheme::AwsV4),
        ("x-oss-signature", Scheme::OssV4),
        ("OSSAccessKeyId", Scheme::OssV1),
    ]
    .into_iter()
    .find(|(name, _)| request.target.has(name));
    Ok(found.map(|(_, scheme)| (scheme, Place::Query)))
}

/// A request without a signature: how its body is framed.
fn unsigned(request: &Signed<'_>) -> Result<Sender, Failure> {
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

    const ALL: [Scheme; 3] = [Scheme::AwsV4, Scheme::OssV4, Scheme::OssV1];

    fn verified(
        method: &str,
        uri: &str,
        headers: &[(&'static str, &str)],
        now: DateTime<Utc>,
    ) -> Result<Option<String>, Failure> {
        verified_by(&ALL, method, uri, headers, now)
    }

    fn verified_by(
        accepted: &[Scheme],
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
        credentials.insert("AKIDEXAMPLE", "secret").unwrap();
        verify(&request, &credentials, accepted).map(|sender| sender.key_id)
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
    fn a_signature_counts_only_where_its_scheme_is_accepted() {
        let now = basic_time(NOW).unwrap();
        let aws_url = "/oss-example/k?X-Amz-Signature=x";
        for (url, scheme) in [
            (V1_URL, Scheme::OssV1),
            (V4_URL, Scheme::OssV4),
            (aws_url, Scheme::AwsV4),
        ] {
            let others: Vec<Scheme> = ALL.into_iter().filter(|other| *other != scheme).collect();
            let failure = verified_by(&others, "GET", url, &[], now).unwrap_err();
            assert_eq!(failure.reason, "unsupported_signature", "{url}");
            let accepted = verified_by(&[scheme], "GET", url, &[], now);
            assert!(accepted.map_or_else(
                |failure| failure.reason != "unsupported_signature",
                |_| true
            ));
        }
        for (authorization, accepted) in [
            ("OSS AKIDEXAMPLE:x", &ALL[..2]),
            ("OSS4-HMAC-SHA256 Credential=", &[Scheme::AwsV4]),
            ("AWS4-HMAC-SHA256 Credential=", &[Scheme::OssV4]),
        ] {
            let headers = [V1_DATE, ("authorization", authorization)];
            let failure =
                verified_by(accepted, "GET", "/oss-example/k", &headers, now).unwrap_err();
            assert_eq!(failure.reason, "unsupported_signature", "{authorization}");
        }
    }

    /// Signatures with Python's hmac, of `PUT` and the text in the comment, with the secret
    /// `secret`.
    #[test]
    fn a_url_of_version_1_for_an_odd_name_is_not_one_for_a_sub_resource() {
        let now = basic_time(NOW).unwrap();
        let v1 = |signature: &str| {
            format!("OSSAccessKeyId=AKIDEXAMPLE&Expires=1795502205&Signature={signature}")
        };
        // /oss-example/?cors, /oss-example/?delete, /oss-example/k?acl
        let (cors, delete, acl) = (
            "eLQ%2F%2FZjjGUGmGRnG0nAGD%2Bwxk8M%3D",
            "irsKxBKl0lTCp8d2a97xbkg9fE4%3D",
            "9rGWUh0Eu91XFkrBFFfTNbIEDJ4%3D",
        );
        for (object, other, signature) in [
            ("/oss-example/%3Fcors?", "/oss-example/?cors&", cors),
            ("/oss-example/%3Fdelete?", "/oss-example/?delete&", delete),
            ("/oss-example/k%3Facl?", "/oss-example/k?acl&", acl),
        ] {
            let query = v1(signature);
            verified("PUT", &format!("{object}{query}"), &[], now).unwrap();
            let failure = verified("PUT", &format!("{other}{query}"), &[], now).unwrap_err();
            assert_eq!(failure.reason, "v1_url", "{other}");
        }
        // /oss-example/
        let bucket = format!("/oss-example/?{}", v1("UD8tf6R2%2B6%2B7ZfHxLT3Xc9yQWv4%3D"));
        assert_eq!(
            verified("PUT", &bucket, &[], now).unwrap_err().reason,
            "v1_url"
        );
    }

    #[test]
    fn an_odd_date_in_a_scope_is_refused() {
        let now = basic_time(NOW).unwrap();
        for date in ["", "2", "2026112", "20261123", "20261124T"] {
            let scope = format!("%2F{date}%2Fcn-hangzhou");
            let url = V4_URL.replace("%2F20261124%2Fcn-hangzhou", &scope);
            let failure = verified("GET", &url, &[], now).unwrap_err();
            assert_eq!(failure.reason, "malformed_signature", "{date}");
        }
        for time in ["20261124T63545Z", "+20261124T063545Z", "20261124T063545"] {
            assert_eq!(basic_time(time), None, "{time}");
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
