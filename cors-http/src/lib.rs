#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "bucket")]
mod bucket;
mod by_lookup;
mod cors_headers;
mod decide;
mod layer;
mod plan;
mod prepared;
mod private_network;
mod shared_policy;

#[cfg(feature = "bucket")]
pub use bucket::{
    Answer, Bucket, BucketCors, BucketCorsStore, BucketOperations, BucketRequest, Decided,
    DecidedHeaders, OperationError, Target, TargetError,
};
pub use by_lookup::{CorsByLookup, CorsByLookupLayer};
pub use cors_headers::CorsHeaders;
pub use layer::{Cors, CorsLayer, ResponseFuture};
pub use shared_policy::SharedPolicy;
