//! Buckets with CORS: where their configurations are kept, and the operations on them.

mod service;
mod store;
mod target;
mod upload;

pub use service::BucketCors;
pub use store::{Bucket, BucketCorsStore};
pub use target::{Target, TargetError};
