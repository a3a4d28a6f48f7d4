//! Bucket CORS: the store of configurations, and the operations on it.

mod operations;
mod service;
mod store;
mod target;
mod upload;

pub use operations::{
    Answer, BucketOperations, BucketRequest, Decided, DecidedHeaders, OperationError,
};
pub use service::BucketCors;
pub use store::{Bucket, BucketCorsStore};
pub use target::{Target, TargetError};
