//! `PutBucketCors`: the digests of a body, the order of the checks, and why a PUT is refused.

mod checksum;
#[cfg(feature = "digest")]
mod content_md5;
#[cfg(feature = "digest")]
mod put_bucket_cors;
#[cfg(feature = "digest")]
mod put_error;
#[cfg(feature = "digest")]
mod running_checksum;

pub use checksum::Checksum;
#[cfg(feature = "digest")]
pub use content_md5::decode_content_md5;
#[cfg(feature = "digest")]
pub use put_bucket_cors::{Accepted, BodyDigests, put_bucket_cors};
#[cfg(feature = "digest")]
pub use put_error::PutError;
#[cfg(feature = "digest")]
pub use running_checksum::RunningChecksum;
