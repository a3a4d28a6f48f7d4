//! `PUT`, `GET` and `DELETE` of `?cors` as an s3s route, which runs after its signature check.

use std::sync::Arc;

use cors_http::{Bucket, BucketOperations, BucketRequest, OperationError, Target};
use http_body_util::BodyExt;
use hyper::http::Extensions;
use hyper::{HeaderMap, Method, Uri};
use s3s::route::S3Route;
use s3s::{Body, S3Request, S3Response, S3Result, s3_error};

use crate::buckets::Buckets;

/// What is known about a request before it reaches s3s.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) bucket: Option<Bucket>,
    pub(crate) target: Target,
    pub(crate) request_id: String,
}

/// The route. Anyone who can sign may call it: that is the default `check_access` of s3s.
pub(crate) struct CorsRoute(pub(crate) Arc<BucketOperations<Buckets>>);

#[async_trait::async_trait]
impl S3Route for CorsRoute {
    fn is_match(&self, method: &Method, _: &Uri, _: &HeaderMap, found: &mut Extensions) -> bool {
        let target = found.get::<Received>().map(|received| &received.target);
        matches!(*method, Method::PUT | Method::GET | Method::DELETE)
            && target.is_some_and(|target| target.key.is_none() && target.has("cors"))
    }

    async fn call(&self, request: S3Request<Body>) -> S3Result<S3Response<Body>> {
        let Some(received) = request.extensions.get::<Received>() else {
            return Err(s3_error!(InternalError));
        };
        let asked = BucketRequest {
            method: &request.method,
            headers: &request.headers,
            target: &received.target,
            request_id: &received.request_id,
        };
        let bucket = received.bucket.as_ref().unwrap_or(&Bucket::Missing);
        // The trailer that s3s verified is available once the body has been read.
        let trailer = request.trailing_headers;
        let trailer = async move { trailer.and_then(|trailer| trailer.take()).map(Ok) };
        let body = request.input.with_trailers(trailer).boxed_unsync();
        let answer = match self.0.perform(&asked, bucket, body).await {
            Ok(answer) => answer,
            Err(OperationError::Body(_)) => return Err(s3_error!(IncompleteBody)),
            Err(OperationError::Store(never)) => match never {},
        };
        let (parts, document) = answer.into_response().into_parts();
        let mut response = S3Response::with_status(Body::from(document), parts.status);
        response.headers = parts.headers;
        Ok(response)
    }
}
