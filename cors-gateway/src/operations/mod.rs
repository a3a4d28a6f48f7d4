//! The operations on service, buckets and objects, chosen by method and query.

mod bucket;
mod bucket_list;
mod conditions;
mod delete_many;
pub(crate) mod form;
mod listing;
mod multipart;
mod names;
mod object;
mod policy;
mod route;
mod uploads;

use std::sync::Arc;

use cors_core::Decision;
use cors_http::{Bucket, BucketCorsStore, BucketOperations, Decided, OperationError, TargetError};
use cors_xml::{Cause, Provider, Subject};
use object_store::ObjectStore;

use crate::configurations::Configurations;
use crate::exchange::Exchange;
use crate::failure::{Failure, HOST_ID};
use crate::log::LogQueue;
use crate::reply::Reply;
use crate::storage::Storage;
use crate::style::Style;
use crate::upload::{UnreadBody, Upload};
use route::Operation;

/// The operations and their storage.
pub(crate) struct Operations {
    storage: Storage,
    cors: BucketOperations<Configurations>,
}

/// Buckets, each with its CORS document, and how many more there are.
pub(crate) struct Documents {
    pub(crate) documents: Vec<(String, Option<String>)>,
    pub(crate) more: usize,
}

impl Operations {
    pub(crate) fn new(
        store: Arc<dyn ObjectStore>,
        provider: &'static Provider,
        log: LogQueue,
    ) -> Operations {
        let configurations = Configurations::new(Arc::clone(&store), provider, log);
        Operations {
            storage: Storage::new(store, provider),
            cors: BucketOperations::new(provider, configurations, HOST_ID),
        }
    }

    pub(crate) fn provider(&self) -> &'static Provider {
        self.storage.provider
    }

    pub(crate) fn style(&self) -> &'static Style {
        self.storage.style
    }

    /// Applies the bucket's CORS to a request. A preflight is never authenticated: browsers send it
    /// without credentials.
    pub(crate) async fn decide(
        &self,
        exchange: &Exchange,
        read: impl FnOnce(&Decision<'_, '_>),
    ) -> Result<Decided, Failure> {
        let decided = self.cors.decide(&exchange.as_bucket_request(), read).await;
        decided.map_err(|error| Failure::store(&error))
    }

    /// The error for a target that is not valid for any operation.
    pub(crate) fn no_target(&self, error: TargetError, request_id: &str) -> Failure {
        let reason = match error {
            TargetError::BucketName => "invalid_bucket_name",
            TargetError::Key => "invalid_key",
            TargetError::Host => "invalid_host",
            _ => "invalid_query",
        };
        Failure::wire(&error.to_wire_error(self.provider()), reason, request_id)
    }

    /// The first buckets by name, with their documents as `GET ?cors` returns them.
    pub(crate) async fn documents(&self, most: usize) -> Result<Documents, Failure> {
        let all = bucket_list::all_buckets(&self.storage).await?;
        let more = all.len().saturating_sub(most);
        let mut documents = Vec::new();
        for name in all.into_keys().take(most) {
            let bucket = self.cors.store().find(&name).await.ok();
            let document = bucket.and_then(|bucket| bucket.document(self.provider(), &name).ok());
            documents.push((name, document));
        }
        Ok(Documents { documents, more })
    }

    /// Performs an authenticated request. `bucket` is the one that it names.
    pub(crate) async fn perform(
        &self,
        exchange: &Exchange,
        bucket: Option<&Bucket>,
        body: UnreadBody,
    ) -> Result<Reply, Failure> {
        let (storage, target) = (&self.storage, &exchange.target);
        let operation = route::route(exchange, storage)?;
        let name = target.bucket.as_deref().unwrap_or_default();
        let key = target.key.as_deref().unwrap_or_default();
        let (style, id) = (storage.style, &exchange.request_id);
        if operation == Operation::CreateBucket && !style.has_dotted_buckets && name.contains('.') {
            return Err(self.no_target(TargetError::BucketName, id));
        }
        storage.check_key(key, id)?;
        if operation != Operation::CreateBucket {
            self.check_bucket(bucket, name, id)?;
        }
        let bucket = bucket.unwrap_or(&Bucket::Missing);
        match operation {
            Operation::ListBuckets => bucket_list::answer(storage, exchange).await,
            Operation::CreateBucket => bucket::create(self.cors.store(), name).await,
            Operation::HeadBucket => Ok(bucket::head()),
            Operation::DeleteBucket => bucket::delete(storage, self.cors.store(), name).await,
            Operation::Cors => self.perform_cors(exchange, bucket, body).await,
            Operation::DescribeBucket(setting) => {
                bucket::describe(storage, exchange, name, setting).await
            }
            Operation::ListObjects => listing::objects(storage, exchange, name).await,
            Operation::DeleteObjects => delete_many::perform(storage, exchange, name, body).await,
            Operation::PutObject => object::put(storage, exchange, name, key, body).await,
            Operation::GetObject => object::get(storage, exchange, name, key).await,
            Operation::DeleteObject => object::delete(storage, exchange, name, key).await,
            Operation::CreateUpload => multipart::create(storage, exchange, name, key).await,
            Operation::PutPart => multipart::put_part(storage, exchange, name, key, body).await,
            Operation::ListUploads => uploads::uploads(storage, exchange, name).await,
            Operation::ListParts => uploads::parts(storage, exchange, name, key).await,
            Operation::CompleteUpload => {
                multipart::complete(storage, exchange, name, key, body).await
            }
            Operation::AbortUpload => multipart::abort(storage, exchange, name, key).await,
        }
    }

    /// Stores the file of a form, and returns the answer and the key that signed its policy.
    pub(crate) async fn post_form(
        &self,
        exchange: &Exchange,
        bucket: Option<&Bucket>,
        authenticate: impl FnOnce(&form::Fields) -> Result<Option<String>, Failure>,
        body: UnreadBody,
    ) -> Result<(Reply, Option<String>), Failure> {
        let name = exchange.target.bucket.as_deref().unwrap_or_default();
        self.check_bucket(bucket, name, &exchange.request_id)?;
        form::post(&self.storage, exchange, name, authenticate, body).await
    }

    fn check_bucket(&self, bucket: Option<&Bucket>, name: &str, id: &str) -> Result<(), Failure> {
        if matches!(bucket, Some(Bucket::Missing)) {
            let error = self
                .provider()
                .error(Cause::NoSuchBucket, Subject::Bucket(name));
            return Err(Failure::wire(&error, "no_such_bucket", id));
        }
        Ok(())
    }

    /// PUT, GET and DELETE of a bucket's CORS configuration.
    async fn perform_cors(
        &self,
        exchange: &Exchange,
        bucket: &Bucket,
        body: UnreadBody,
    ) -> Result<Reply, Failure> {
        // The provider's data limits the size of the document.
        let upload = Upload::new(&exchange.headers, body, u64::MAX)?;
        let request = exchange.as_bucket_request();
        match self
            .cors
            .perform(&request, bucket, upload.into_body())
            .await
        {
            Ok(answer) => Ok(Reply::from(answer)),
            Err(OperationError::Store(error)) => Err(Failure::store(&error)),
            Err(OperationError::Body(failure)) => Err(failure),
        }
    }
}
