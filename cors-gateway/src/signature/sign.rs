//! Signing requests, as the providers' clients do: what [`verify`](super::verify) accepts.

use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use cors_http::Target;
use cors_xml::Provider;
use hyper::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Uri};
use sha2::{Digest, Sha256};

use super::clock::BASIC;
use super::signed::Signed;
use super::{Scheme, aws_v4, oss_v4};
use crate::credentials::Credentials;
use crate::hex::hex;
use crate::style::Style;

/// Signs requests with one key, by the newest scheme of a provider: V4 of OSS, or AWS V4. `Debug`
/// does not show the secret.
///
/// # Examples
///
/// ```
/// use cors_gateway::{Credentials, RequestSigner};
/// use cors_xml::Provider;
/// use hyper::{HeaderMap, Method};
///
/// let credentials = Credentials::parse("AKIDEXAMPLE:secret")?;
/// let signer = RequestSigner::new(&Provider::S3, &credentials, "us-east-1").unwrap();
/// let mut headers = HeaderMap::new();
/// let uri = "http://127.0.0.1:8333/photos?cors".parse()?;
/// signer.sign(&Method::GET, &uri, &mut headers, b"", &[], std::time::SystemTime::now())?;
/// assert!(headers.contains_key("authorization"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RequestSigner {
    scheme: Scheme,
    key_id: String,
    secret: String,
    region: String,
}

/// Why a request cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsignable(String);

impl RequestSigner {
    /// Returns a signer with the only key; `None` if there is not exactly one.
    pub fn new(
        provider: &Provider,
        credentials: &Credentials,
        region: &str,
    ) -> Option<RequestSigner> {
        let (key_id, secret) = credentials.only()?;
        Some(RequestSigner {
            scheme: *Style::of(provider).schemes.first()?,
            key_id: key_id.to_owned(),
            secret: secret.to_owned(),
            region: region.to_owned(),
        })
    }

    /// Adds the headers of a signature to those of a request, whose `Host` is the authority of
    /// `uri`. `domains` are the hosts below which the first label is a bucket.
    ///
    /// # Errors
    ///
    /// If the URI is not that of a bucket or an object, or the region cannot be part of a
    /// credential. The headers are as they were then.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes of the request.
    pub fn sign(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &mut HeaderMap,
        body: &[u8],
        domains: &[String],
        now: SystemTime,
    ) -> Result<(), Unsignable> {
        let refused = |why: &dyn fmt::Display| Unsignable(format!("{uri}: {why}"));
        let host = uri.authority().map(hyper::http::uri::Authority::as_str);
        let host = host.ok_or_else(|| refused(&"the URI has no host"))?;
        let target = Target::parse(host, uri.path(), uri.query(), domains)
            .map_err(|_| refused(&"not a bucket or an object"))?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if self.region.is_empty() || !self.region.bytes().all(is_plain) {
            return Err(refused(&"a region is letters, digits and hyphens"));
        }
        let now: DateTime<Utc> = now.into();
        let time = now.format(BASIC).to_string();
        let (date, digest, content) = match self.scheme {
            Scheme::AwsV4 => (
                "x-amz-date",
                aws_v4::CONTENT_SHA256,
                hex(&Sha256::digest(body)),
            ),
            _ => (
                "x-oss-date",
                "x-oss-content-sha256",
                oss_v4::UNSIGNED.to_owned(),
            ),
        };
        let mut signed = headers.clone();
        let values = [
            (date, time),
            (digest, content),
            (HOST.as_str(), host.to_owned()),
        ];
        for (name, value) in values {
            let value = HeaderValue::try_from(value).map_err(|error| refused(&error))?;
            signed.insert(HeaderName::from_static(name), value);
        }
        let request = Signed {
            method: method.as_str(),
            target: &target,
            headers: &signed,
            now,
        };
        let sign = match self.scheme {
            Scheme::AwsV4 => aws_v4::sign,
            _ => oss_v4::sign,
        };
        let authorization = sign(&request, &self.key_id, &self.secret, &self.region)
            .map_err(|failure| refused(&failure.reason))?;
        let authorization =
            HeaderValue::try_from(authorization).map_err(|error| refused(&error))?;
        signed.insert(AUTHORIZATION, authorization);
        signed.remove(HOST);
        *headers = signed;
        Ok(())
    }
}

impl fmt::Debug for RequestSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestSigner").field(&self.key_id).finish()
    }
}

impl fmt::Display for Unsignable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Unsignable {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::clock::basic_time;
    use crate::signature::verify;

    fn signer(provider: &Provider, key: &str, region: &str) -> (RequestSigner, Credentials) {
        let credentials = Credentials::parse(key).unwrap();
        let signer = RequestSigner::new(provider, &credentials, region).unwrap();
        (signer, credentials)
    }

    fn signed(signer: &RequestSigner, method: &Method, uri: &str, time: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let now = basic_time(time).unwrap().into();
        let uri = uri.parse().unwrap();
        signer
            .sign(method, &uri, &mut headers, b"", &[], now)
            .unwrap();
        headers
    }

    /// The examples of
    /// [AWS](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), and a
    /// request signed by oss2 2.19.1.
    #[test]
    fn the_providers_examples_are_signed_alike() {
        let key = "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let (s3, _) = signer(&Provider::S3, key, "us-east-1");
        let (oss, _) = signer(&Provider::OSS, "AKIDEXAMPLE:secret", "cn-hangzhou");
        for (signer, uri, time, signature) in [
            (
                &s3,
                "https://examplebucket.s3.amazonaws.com/?lifecycle",
                "20130524T000000Z",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                &s3,
                "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
                "20130524T000000Z",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
            (
                &oss,
                "https://h/oss-example/?cors=",
                "20261124T063545Z",
                "9e36c1a0392b0036261d7c8c70ff00f5050fe316eb8074fa95d123b150d34046",
            ),
        ] {
            let headers = signed(signer, &Method::GET, uri, time);
            let authorization = headers["authorization"].to_str().unwrap();
            assert!(authorization.ends_with(signature), "{authorization}");
        }
    }

    #[test]
    fn what_is_signed_is_verified_and_nothing_else() {
        let now = basic_time("20261124T063545Z").unwrap();
        let domains = ["h".to_owned()];
        for (provider, scheme) in [
            (&Provider::S3, Scheme::AwsV4),
            (&Provider::OSS, Scheme::OssV4),
        ] {
            let (signer, credentials) = signer(provider, "AKIDEXAMPLE:secret", "r-1");
            for (host, path) in [
                ("h:1", "/bucket/k%20a"),
                ("bucket.h:1", "/"),
                ("h:1", "/bucket"),
            ] {
                let uri: Uri = format!("http://{host}{path}?cors&a=b%2F").parse().unwrap();
                let mut headers = HeaderMap::new();
                headers.insert("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==".parse().unwrap());
                headers.insert("origin", "https://a.example".parse().unwrap());
                signer
                    .sign(
                        &Method::PUT,
                        &uri,
                        &mut headers,
                        b"<a/>",
                        &domains,
                        now.into(),
                    )
                    .unwrap();
                headers.insert("host", host.parse().unwrap());
                let target = Target::parse(host, uri.path(), uri.query(), &domains).unwrap();
                let check = |method, headers: &HeaderMap| {
                    let request = Signed {
                        method,
                        target: &target,
                        headers,
                        now,
                    };
                    verify(&request, &credentials, &[scheme]).map(|sender| sender.key_id)
                };
                assert_eq!(
                    check("PUT", &headers).unwrap().as_deref(),
                    Some("AKIDEXAMPLE")
                );
                assert!(check("DELETE", &headers).is_err());
                headers.insert("content-md5", "AAAA2Y8AsgTpgAmY7PhCfg==".parse().unwrap());
                assert!(check("PUT", &headers).is_err());
            }
        }
    }

    #[test]
    fn a_key_among_several_and_an_odd_region_sign_nothing() {
        let two = Credentials::parse("A:one\nB:two").unwrap();
        assert!(RequestSigner::new(&Provider::S3, &two, "r").is_none());
        assert!(RequestSigner::new(&Provider::S3, &Credentials::default(), "r").is_none());
        for region in ["", "a/b", "a b", "a,b"] {
            let (signer, _) = signer(&Provider::S3, "A:one", region);
            let mut headers = HeaderMap::new();
            let uri = "http://h/bucket".parse().unwrap();
            let now = SystemTime::UNIX_EPOCH;
            assert!(
                signer
                    .sign(&Method::GET, &uri, &mut headers, b"", &[], now)
                    .is_err()
            );
            assert!(headers.is_empty());
        }
    }
}
