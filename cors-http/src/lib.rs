#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "bucket")]
mod bucket;
mod cors_headers;
mod exchange;
mod layer;
mod lookup;
mod policy;

#[cfg(feature = "bucket")]
pub use bucket::{
    Answer, Bucket, BucketCors, BucketCorsStore, BucketOperations, BucketRequest, Decided,
    DecidedHeaders, OperationError, Target, TargetError,
};
pub use cors_headers::CorsHeaders;
pub use exchange::MAX_FIELD_LINES;
pub use layer::{Cors, CorsLayer, ResponseFuture};
pub use lookup::{CorsByLookup, CorsByLookupLayer};
pub use policy::SharedPolicy;
