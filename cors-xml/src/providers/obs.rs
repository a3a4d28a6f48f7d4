//! Huawei Cloud OBS.

use cors_core::Dialect;

use super::{Provider, oss, s3};
use crate::errors::{Cause, ErrorTable};
use crate::shapes::FormShape;

impl Provider {
    /// Huawei Cloud OBS: [CORS of a
    /// bucket](https://support.huaweicloud.com/intl/en-us/ae-ad-1-api-obs/obs_04_0075.html).
    ///
    /// Documented: at most 64 KB and 100 rules; an `ID` of at most 255 characters; one `*` in an
    /// origin or a header name, none in an exposed one, which has no `&` either; a max age of at least
    /// 0 ([limits](https://support.huaweicloud.com/sdk-c-devg-obs/obs_20_0117.html)); the five
    /// methods; the errors of preflights, which are S3's, but for OSS's text where no rule matches.
    /// That it decides as OSS does, and that its other limits and errors are S3's, are choices.
    pub const OBS: Provider = Provider::S3
        .with_name("obs")
        .with_dialect(
            Dialect::COS
                .with_name("obs")
                .with_max_age_range(0, i32::MAX)
                .with_expose_header_excludes(&['&']),
        )
        .with_namespace(None)
        .with_checksums(&[])
        .with_request_id_header("x-obs-request-id")
        .with_errors(ERRORS)
        .with_forms(&[
            FormShape::XML.named("obs", "OBS, XML"),
            FormShape::S3_MEMBERS,
        ]);
}

/// [OPTIONS of an object: error
/// responses](https://www.huaweicloud.com/guide/productsdesc-bms_7d8c597300635e2ef9e89a351e57e6a9support3).
/// What is answered without a configuration is a choice.
const ERRORS: ErrorTable = ErrorTable {
    fallback: Some(&s3::ERRORS),
    rows: &[
        (Cause::NotEnabled, oss::NOT_ALLOWED),
        (Cause::NotAllowed, oss::NOT_ALLOWED),
    ],
};
