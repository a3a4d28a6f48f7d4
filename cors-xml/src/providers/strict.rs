//! STRICT, which is not a service: the dialect for proxies, with documents in S3's shape.

use cors_core::Dialect;

use super::Provider;
use crate::shapes::FormShape;

impl Provider {
    /// [`Dialect::STRICT`], which has no documents of its own: S3's shape and errors, its own
    /// methods and limits (choice).
    pub const STRICT: Provider = Provider::S3
        .with_name("strict")
        .with_dialect(Dialect::STRICT)
        .with_forms(&[FormShape::XML, FormShape::S3_MEMBERS]);
}
