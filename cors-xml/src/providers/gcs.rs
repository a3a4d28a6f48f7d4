//! Google Cloud Storage.

use cors_core::{Dialect, Field};

use super::{Provider, s3};
use crate::shapes::{Element, ElementNames, FormShape, JsonShape, Lists, Member};

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
/// [buckets](https://cloud.google.com/storage/docs/json_api/v1/buckets).
const JSON: JsonShape = JsonShape {
    wrapper: "cors",
    writes_bare: true,
    members: &[
        ("origin", Member::Value(Field::AllowedOrigin)),
        ("method", Member::Value(Field::AllowedMethod)),
        ("responseHeader", Member::Value(Field::ExposeHeader)),
        ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    ..s3::JSON
};
