//! Cloudflare R2.

use cors_core::{Dialect, Field};

use super::{Provider, s3};
use crate::shapes::{FormShape, Member, MemberShape};

impl Provider {
    /// Cloudflare R2: [CORS](https://developers.cloudflare.com/r2/buckets/cors/). A max age of at
    /// most 86,400 is documented; that its decisions and other limits are those of S3 is a choice.
    /// Its XML is that of its S3 API.
    pub const R2: Provider = Provider::S3
        .with_name("r2")
        .with_dialect(Dialect::S3.with_name("r2").with_max_age_range(0, 86_400))
        .with_empty_documents(true)
        .with_forms(&[
            FormShape::json(JSON).named("r2", "Cloudflare R2, JSON"),
            FormShape::XML,
            FormShape::S3_MEMBERS,
        ]);
}

/// `{"rules": [{"allowed": {"origins": [..], ..}, ..}]}`, as `wrangler r2 bucket cors set` reads it,
/// or in the `result` of the API.
const JSON: MemberShape = MemberShape {
    wrapper: "rules",
    within: &["result"],
    may_be_bare: false,
    members: &[
        ("id", Member::Value(Field::Id)),
        (
            "allowed",
            Member::Object(&[
                ("origins", Field::AllowedOrigin),
                ("methods", Field::AllowedMethod),
                ("headers", Field::AllowedHeader),
            ]),
        ),
        ("exposeHeaders", Member::Value(Field::ExposeHeader)),
        ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    ..s3::JSON
};
