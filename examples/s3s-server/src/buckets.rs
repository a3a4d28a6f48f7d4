//! Buckets and objects, kept until the process ends: the store for bucket CORS, and a few
//! operations of S3.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use cors_http::{Bucket, BucketCorsStore, SharedPolicy};
use s3s::dto::{
    CreateBucketInput, CreateBucketOutput, GetObjectInput, GetObjectOutput, PutObjectInput,
    PutObjectOutput, StreamingBlob,
};
use s3s::{Body, S3, S3Request, S3Response, S3Result, s3_error};

/// Most bytes of an object.
const MAX_OBJECT_BYTES: usize = 16 * 1024 * 1024;

#[derive(Clone, Default)]
pub(crate) struct Buckets(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    buckets: HashMap<String, Bucket>,
    objects: HashMap<(String, String), Vec<u8>>,
}

impl Buckets {
    fn with<T>(&self, change: impl FnOnce(&mut Contents) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, name: &str, bucket: Bucket) {
        self.with(|contents| contents.buckets.insert(name.to_owned(), bucket));
    }
}

impl BucketCorsStore for Buckets {
    type Error = Infallible;

    async fn find(&self, name: &str) -> Result<Bucket, Infallible> {
        let bucket = self.with(|contents| contents.buckets.get(name).cloned());
        Ok(bucket.unwrap_or(Bucket::Missing))
    }

    async fn put(&self, name: &str, policy: SharedPolicy, _: &[u8]) -> Result<(), Infallible> {
        self.set(name, Bucket::WithCors(policy));
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<(), Infallible> {
        self.set(name, Bucket::WithoutCors);
        Ok(())
    }
}

#[async_trait::async_trait]
impl S3 for Buckets {
    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.with(|contents| {
            let bucket = contents.buckets.entry(request.input.bucket);
            bucket.or_insert(Bucket::WithoutCors);
        });
        Ok(S3Response::new(CreateBucketOutput::default()))
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let PutObjectInput {
            bucket, key, body, ..
        } = request.input;
        let mut body = body.map_or_else(Body::empty, Body::from);
        let bytes = body.store_all_limited(MAX_OBJECT_BYTES).await;
        let bytes = bytes.map_err(|_| s3_error!(IncompleteBody))?;
        self.with(|contents| {
            if !contents.buckets.contains_key(&bucket) {
                return Err(s3_error!(NoSuchBucket));
            }
            contents.objects.insert((bucket, key), bytes.to_vec());
            Ok(S3Response::new(PutObjectOutput::default()))
        })
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let name = (request.input.bucket, request.input.key);
        let bytes = self.with(|contents| contents.objects.get(&name).cloned());
        let bytes = bytes.ok_or_else(|| s3_error!(NoSuchKey))?;
        Ok(S3Response::new(GetObjectOutput {
            content_length: i64::try_from(bytes.len()).ok(),
            body: Some(StreamingBlob::from(Body::from(bytes))),
            ..GetObjectOutput::default()
        }))
    }
}
