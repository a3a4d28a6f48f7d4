//! Backblaze B2.

use cors_core::dialect::HeaderWildcard;
use cors_core::{Dialect, Field};

use super::{Provider, s3};
use crate::shapes::{FormShape, Member, MemberShape, NativeLimits};

impl Provider {
    /// Backblaze B2:
    /// [CORS rules](https://www.backblaze.com/docs/cloud-storage-cross-origin-resource-sharing-rules).
    ///
    /// Documented: at most 100 rules; a name of 6 to 50 letters, digits and hyphens, unique among
    /// the rules and not beginning with `b2-`; a required max age from 0 to 86,400; less than 1000
    /// bytes of strings in a rule; a `*` only at the end of a header name; nothing beside a lone
    /// `*`. An operation is read as the method that it uses, and a method is written as the
    /// operation of the S3 API. The origin `https` is read as every origin with that scheme.
    ///
    /// Choices: it decides as S3 does, and the `*` of an origin also matches a port. In XML and in
    /// JSON with S3's member names, the forms of its S3 API, names and max ages may be missing.
    pub const B2: Provider = Provider::S3
        .with_name("b2")
        .with_dialect(
            Dialect::S3
                .with_name("b2")
                .with_max_id_characters(Some(50))
                .with_max_age_range(0, 86_400)
                .with_empty_origin(false)
                .with_header_wildcard(HeaderWildcard::Last),
        )
        .with_empty_documents(true)
        .with_forms(&[
            FormShape::json(JSON).named("b2", "Backblaze B2, JSON"),
            FormShape::XML,
            FormShape::S3_MEMBERS,
        ]);
}

/// The array alone, or `corsRules` of the records that
/// [b2_list_buckets](https://www.backblaze.com/apidocs/b2-list-buckets) returns, with null for what
/// is not set.
const JSON: MemberShape = MemberShape {
    wrapper: "corsRules",
    within: &["buckets"],
    is_record: true,
    null_is_unset: true,
    writes_bare: true,
    required: &[Field::Id, Field::MaxAgeSeconds],
    members: &[
        ("corsRuleName", Member::Value(Field::Id)),
        ("allowedOrigins", Member::Value(Field::AllowedOrigin)),
        ("allowedOperations", Member::Value(Field::AllowedMethod)),
        ("allowedHeaders", Member::Value(Field::AllowedHeader)),
        ("exposeHeaders", Member::Value(Field::ExposeHeader)),
        ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    operations: &[
        ("s3_get", "GET"),
        ("s3_head", "HEAD"),
        ("s3_put", "PUT"),
        ("s3_post", "POST"),
        ("s3_delete", "DELETE"),
        ("b2_download_file_by_id", "GET"),
        ("b2_download_file_by_name", "GET"),
        ("b2_upload_file", "POST"),
        ("b2_upload_part", "POST"),
    ],
    origins: &[("https", "https://*")],
    native: Some(NativeLimits {
        max_rule_bytes: 999,
        min_name_characters: 6,
        reserved_prefix: "b2-",
    }),
    ..s3::JSON
};
