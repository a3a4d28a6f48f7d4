//! One request, parsed.

use cors_http::{BucketRequest, Target};
use hyper::{HeaderMap, Method};

/// A request without its body.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) target: Target,
    pub(crate) request_id: String,
}

impl Exchange {
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
