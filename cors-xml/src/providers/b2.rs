//! Backblaze B2.

use cors_core::dialect::HeaderWildcard;
use cors_core::{Dialect, Field};

use super::{Provider, s3};
use crate::forms::{FormShape, JsonShape, Member, NativeLimits};

impl Provider {
    /// Backblaze B2: [CORS rules](https://www.backblaze.com/docs/cloud-storage-cross-origin-resource-sharing-rules).
    ///
    /// Documented: at most 100 rules; a name of 6 to 50 letters, digits and hyphens, its own for each rule and not beginning with
    /// `b2-`; a max age from 0 to 86,400 that must be given; less than 1000 bytes of strings a rule; a `*` last in a header
    /// name; a lone `*` with nothing beside it. An operation counts as the method that it uses, and is written as that of the S3
    /// API; the origin `https` is read as every origin of the scheme. That it decides as S3 does, and that the `*` of an origin
    /// also stands for a port, are choices. In XML and in the members of S3, which are those of its S3 API, names and max ages
    /// may be missing.
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

const JSON: JsonShape = JsonShape {
    wrapper: "corsRules",
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
