//! One request, parsed.

use cors_http::{BucketRequest, Target};
use hyper::header::HOST;
use hyper::{HeaderMap, Method};
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::element::URL_RESERVED;

/// A request without its body.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) target: Target,
    pub(crate) request_id: String,
}

impl Exchange {
    /// Whether names in the answer are percent-encoded.
    pub(crate) fn is_url_encoded(&self) -> bool {
        self.target.value("encoding-type") == Some("url")
    }

    /// The host below which buckets are, with its port, as the client named it.
    pub(crate) fn endpoint(&self) -> &str {
        let host = self.host();
        let below = match &self.target.bucket {
            Some(bucket) if self.is_bucket_in_host() => host.strip_prefix(bucket.as_str()),
            _ => None,
        };
        below
            .and_then(|below| below.strip_prefix('.'))
            .unwrap_or(host)
    }

    /// The URL of an object, with the bucket in the host or in the path, as in the request.
    pub(crate) fn url_of(&self, bucket: &str, key: &str) -> String {
        let (host, key) = (self.host(), utf8_percent_encode(key, URL_RESERVED));
        if self.is_bucket_in_host() {
            format!("http://{host}/{key}")
        } else {
            format!("http://{host}/{bucket}/{key}")
        }
    }

    fn host(&self) -> &str {
        let host = self.headers.get(HOST);
        host.and_then(|host| host.to_str().ok()).unwrap_or_default()
    }

    /// Then the path is the key alone.
    fn is_bucket_in_host(&self) -> bool {
        let path = self.target.raw_path.strip_prefix('/').unwrap_or_default();
        let key = self.target.key.as_deref().unwrap_or_default();
        percent_decode_str(path).eq(key.bytes())
    }

    /// The request as bucket CORS sees it.
    pub(crate) fn as_bucket_request(&self) -> BucketRequest<'_> {
        BucketRequest {
            method: &self.method,
            headers: &self.headers,
            target: &self.target,
            request_id: &self.request_id,
        }
    }
}
