//! Alibaba Cloud OSS, the default.

use cors_core::{Dialect, Field};

use super::{Documents, Provider, Wire, s3};
use crate::errors::Piece::{Explanation, Text};
use crate::errors::{Cause, ErrorRow, ErrorTable, ExtraElements};
use crate::shapes::{FormShape, ListNotation, Member, MemberShape};

impl Provider {
    /// Alibaba Cloud OSS, the default:
    /// [PutBucketCors](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
    pub const OSS: Provider = Provider {
        name: "oss",
        dialect: Dialect::OSS,
        documents: Documents {
            max_bytes: 16 * 1024,
            max_text_bytes: None,
            may_be_empty: false,
            required: &[],
            response_vary: true,
            namespace: None,
            elements: s3::CORS_CONFIGURATION,
        },
        wire: Wire {
            request_id_header: "x-oss-request-id",
            checksums: &[],
            resumable_upload_keeps_origin: false,
            errors: ERRORS,
        },
        forms: &[
            FormShape::XML.named("oss", "OSS, XML"),
            FormShape::json(JSON).named("oss-json", "OSS, JSON of ossutil"),
            FormShape::S3_MEMBERS,
            FormShape::terraform(TERRAFORM, TERRAFORM_OPENING)
                .named("oss-terraform", "OSS, Terraform"),
        ],
    };
}

/// The XML as members, which the root is left out of: `{"CORSRule": [..], "ResponseVary": true}`.
/// [put-bucket-cors](https://www.alibabacloud.com/help/en/oss/developer-reference/put-bucket-cors).
/// That the root may be there is a choice.
const JSON: MemberShape = MemberShape {
    wrapper: "CORSRule",
    response_vary: Some("ResponseVary"),
    members: &[
        ("AllowedOrigin", Member::Value(Field::AllowedOrigin)),
        ("AllowedMethod", Member::Value(Field::AllowedMethod)),
        ("AllowedHeader", Member::Value(Field::AllowedHeader)),
        ("ExposeHeader", Member::Value(Field::ExposeHeader)),
        ("MaxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    lists: ListNotation::ArrayOrItem,
    ..s3::JSON
};

/// [alicloud_oss_bucket_cors](https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/oss_bucket_cors),
/// whose readable headers are `expose_header`, and `cors_rule` of `alicloud_oss_bucket`.
const TERRAFORM: MemberShape = MemberShape {
    within: &["alicloud_oss_bucket_cors", "alicloud_oss_bucket"],
    response_vary: Some("response_vary"),
    members: &[
        ("allowed_origins", Member::Value(Field::AllowedOrigin)),
        ("allowed_methods", Member::Value(Field::AllowedMethod)),
        ("allowed_headers", Member::Value(Field::AllowedHeader)),
        ("expose_header", Member::Value(Field::ExposeHeader)),
        ("max_age_seconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    other_names: &[("expose_headers", Field::ExposeHeader)],
    ..s3::TERRAFORM
};

const TERRAFORM_OPENING: &str = "resource \"alicloud_oss_bucket_cors\" \"bucket\" {
  bucket = alicloud_oss_bucket.bucket.bucket
";

const MALFORMED: ErrorRow = ErrorRow::new(
    400,
    "MalformedXML",
    &[Text(
        "The XML you provided was not well-formed or did not validate against our published schema.",
    )],
);

/// Recorded for `MaxAgeSeconds`, otherwise a choice; the EC of two of its causes is known.
const INVALID: ErrorRow =
    ErrorRow::new(400, "InvalidArgument", &[Explanation]).with(ExtraElements::Argument);

const DIGEST: ErrorRow = ErrorRow::new(
    400,
    "InvalidDigest",
    &[Text("The Content-MD5 you specified was invalid.")],
);

const NOT_ALLOWED: ErrorRow = ErrorRow::new(
    403,
    "AccessForbidden",
    &[Text(
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
         request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted \
         by the resource's CORS spec.",
    )],
);

const NO_SUCH_BUCKET: ErrorRow = ErrorRow::new(
    404,
    "NoSuchBucket",
    &[Text("The specified bucket does not exist.")],
)
.ec("0015-00000101");

/// [Error codes](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
/// Causes without a row are answered as on S3 (choice).
const ERRORS: ErrorTable = ErrorTable {
    fallback: Some(&s3::ERRORS),
    rows: &[
        // Choice: code and text.
        (
            Cause::TooLarge,
            ErrorRow::new(400, "EntityTooLarge", &[Explanation]),
        ),
        (Cause::Malformed, MALFORMED),
        (Cause::NoRule, MALFORMED.ec("0034-00000002")),
        (
            Cause::TooManyRules,
            ErrorRow::new(
                400,
                "CORSRuleBeyondLimit",
                &[Text("The CORS Rules num is beyond limit.")],
            ),
        ),
        (Cause::UnknownMethod, INVALID.ec("0034-00000011")),
        (Cause::SecondWildcard, INVALID),
        (Cause::WildcardInExposeHeader, INVALID.ec("0034-00000013")),
        (Cause::InvalidExposeHeader, INVALID.ec("0034-00000013")),
        (Cause::MaxAgeOutOfRange, INVALID),
        (Cause::InvalidValue, INVALID),
        (Cause::UndecodableDigest, DIGEST),
        (Cause::DigestMismatch, DIGEST),
        // OSS has no such headers.
        (Cause::SeveralChecksums, DIGEST),
        (Cause::UndecodableChecksum, DIGEST),
        (Cause::ChecksumMismatch, DIGEST),
        (
            Cause::NoSuchConfiguration,
            ErrorRow::new(
                404,
                "NoSuchCORSConfiguration",
                &[Text("The CORS Configuration does not exist.")],
            )
            .ec("0034-00000001"),
        ),
        (Cause::NoSuchBucket, NO_SUCH_BUCKET),
        // Choice: the text.
        (
            Cause::AccessDenied,
            ErrorRow::new(
                403,
                "AccessDenied",
                &[Text("The bucket you access does not belong to you.")],
            ),
        ),
        // Choice: as any other request to a bucket that does not exist.
        (Cause::PreflightNoSuchBucket, NO_SUCH_BUCKET),
        (Cause::NotEnabled, NOT_ALLOWED),
        (Cause::InvalidRequestHeaders, NOT_ALLOWED),
        (Cause::NotAllowed, NOT_ALLOWED),
    ],
};
