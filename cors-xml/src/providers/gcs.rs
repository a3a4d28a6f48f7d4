//! Google Cloud Storage.

use cors_core::{Dialect, Field};

use super::{Provider, s3};
use crate::shapes::{Element, ElementNames, FormShape, Lists, Member, MemberShape};

impl Provider {
    /// Google Cloud Storage:
    /// [Set bucket CORS](https://cloud.google.com/storage/docs/xml-api/put-bucket-cors). No size
    /// limit is documented; S3's limit and S3's errors apply (choice). That a resumable upload keeps
    /// the Origin that started it is documented:
    /// [How CORS works](https://cloud.google.com/storage/docs/cross-origin).
    pub const GCS: Provider = Provider::S3
        .with_name("gcs")
        .with_dialect(Dialect::GCS)
        .with_empty_documents(true)
        .with_elements(CORS_CONFIG)
        .with_namespace(None)
        .with_request_id_header("x-guploader-uploadid")
        .with_resumable_upload_keeping_origin(true)
        .with_forms(&[
            FormShape::XML.named("gcs", "Google Cloud Storage, XML"),
            FormShape::json(JSON).named(
                "gcs-json",
                "Google Cloud Storage, JSON of gcloud and gsutil",
            ),
            FormShape::terraform(TERRAFORM, "")
                .named("gcs-terraform", "Google Cloud Storage, Terraform"),
        ]);
}

/// `CorsConfig`, `Cors`, `Origins`, `Origin`:
/// [XML API](https://cloud.google.com/storage/docs/xml-api/put-bucket-cors). Its only list of
/// header names is `ResponseHeader`.
const CORS_CONFIG: ElementNames = ElementNames {
    names: &[
        ("CorsConfig", Element::Configuration),
        ("Cors", Element::Rule),
        ("Origins", Element::List(Field::AllowedOrigin)),
        ("Origin", Element::Member(Field::AllowedOrigin)),
        ("Methods", Element::List(Field::AllowedMethod)),
        ("Method", Element::Member(Field::AllowedMethod)),
        ("ResponseHeaders", Element::List(Field::ExposeHeader)),
        ("ResponseHeader", Element::Member(Field::ExposeHeader)),
        ("MaxAgeSec", Element::Member(Field::MaxAgeSeconds)),
    ],
    lists: Lists::Wrapped,
};

/// The file of `gcloud storage buckets update --cors-file`, or the bucket's member `cors`:
/// [buckets](https://cloud.google.com/storage/docs/json_api/v1/buckets). `gcloud storage buckets
/// describe` calls it `cors_config`.
const JSON: MemberShape = MemberShape {
    wrapper: "cors",
    other_wrappers: &["cors_config"],
    within: &[],
    is_record: true,
    writes_bare: true,
    members: &[
        ("origin", Member::Value(Field::AllowedOrigin)),
        ("method", Member::Value(Field::AllowedMethod)),
        ("responseHeader", Member::Value(Field::ExposeHeader)),
        ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    ..s3::JSON
};

/// `cors` of
/// [google_storage_bucket](https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/storage_bucket).
const TERRAFORM: MemberShape = MemberShape {
    other_wrappers: &[],
    within: &["google_storage_bucket"],
    members: &[
        ("origin", Member::Value(Field::AllowedOrigin)),
        ("method", Member::Value(Field::AllowedMethod)),
        ("response_header", Member::Value(Field::ExposeHeader)),
        ("max_age_seconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    quotes_numbers: true,
    null_is_unset: true,
    ..JSON
};
