//! Tencent Cloud COS.

use cors_core::Dialect;

use super::Provider;
use crate::shapes::FormShape;

impl Provider {
    /// Tencent Cloud COS:
    /// [PUT Bucket cors](https://www.tencentcloud.com/document/product/436/8279). Its errors are
    /// those of S3 (choice). The root may contain a `ResponseVary` (documented); that it is always
    /// written is a choice.
    pub const COS: Provider = Provider::S3
        .with_name("cos")
        .with_dialect(Dialect::COS)
        .with_namespace(None)
        .with_response_vary(true)
        .with_checksums(&[])
        .with_request_id_header("x-cos-request-id")
        .with_forms(&[
            FormShape::XML.named("cos", "COS, XML"),
            FormShape::S3_MEMBERS,
        ]);
}
