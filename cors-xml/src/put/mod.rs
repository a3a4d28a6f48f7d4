//! `PutBucketCors`: the digests of a body, the order of the checks, and why a PUT is refused.

mod content_md5;
mod put_bucket_cors;
mod put_error;
mod running_checksum;

pub use content_md5::decode_content_md5;
pub use put_bucket_cors::{Accepted, BodyDigests, put_bucket_cors};
pub use put_error::PutError;
pub use running_checksum::RunningChecksum;
