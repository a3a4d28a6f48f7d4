//! Amazon S3.

use cors_core::{Dialect, Field};

use super::{Documents, Provider, Wire};
use crate::checksum::Checksum;
use crate::errors::ExtraElements::{BucketName, MethodOnBucket, MethodOnResource};
use crate::errors::Piece::{
    ChecksumHeader, ChecksumName, Element as Name, Explanation, RequestHeaders, RequestMethod,
    Text, Value,
};
use crate::errors::{Cause, ErrorRow, ErrorTable};
use crate::shapes::{Element, ElementNames, FormShape, ListNotation, Lists, Member, MemberShape};

impl Provider {
    /// Amazon S3:
    /// [PutBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html).
    pub const S3: Provider = Provider {
        name: "s3",
        dialect: Dialect::S3,
        documents: Documents {
            max_bytes: 64 * 1024,
            max_text_bytes: None,
            may_be_empty: false,
            required: &[],
            response_vary: false,
            namespace: Some("http://s3.amazonaws.com/doc/2006-03-01/"),
            elements: CORS_CONFIGURATION,
        },
        wire: Wire {
            request_id_header: "x-amz-request-id",
            checksums: &Checksum::ALL,
            resumable_upload_keeps_origin: false,
            errors: ERRORS,
        },
        forms: &[
            FormShape::XML.named("s3", "S3, XML"),
            FormShape::S3_MEMBERS.named("s3-json", "S3, JSON of the AWS CLI and SDKs"),
            FormShape::json(CONSOLE).named("s3-console", "S3, JSON of the console"),
            FormShape::yaml(CLOUDFORMATION).named("cloudformation", "S3, CloudFormation"),
            FormShape::terraform(TERRAFORM, TERRAFORM_OPENING).named("terraform", "S3, Terraform"),
            FormShape::json(BOS).titled("Baidu BOS, JSON, as S3 would read it"),
            FormShape::json(QINGSTOR).titled("QingStor, JSON, as S3 would read it"),
        ],
    };
}

/// `CORSConfiguration`, `CORSRule`, `AllowedOrigin`: OSS, S3 and COS. Only OSS has `ResponseVary`.
pub(super) const CORS_CONFIGURATION: ElementNames = ElementNames {
    names: &[
        ("CORSConfiguration", Element::Configuration),
        ("CORSRule", Element::Rule),
        ("ResponseVary", Element::ResponseVary),
        ("ID", Element::Member(Field::Id)),
        ("AllowedOrigin", Element::Member(Field::AllowedOrigin)),
        ("AllowedMethod", Element::Member(Field::AllowedMethod)),
        ("AllowedHeader", Element::Member(Field::AllowedHeader)),
        ("ExposeHeader", Element::Member(Field::ExposeHeader)),
        ("MaxAgeSeconds", Element::Member(Field::MaxAgeSeconds)),
    ],
    lists: Lists::Repeated,
};

impl FormShape {
    /// JSON with S3's member names: `AllowedOrigins`, `AllowedMethods`.
    pub const S3_MEMBERS: FormShape = FormShape::json(JSON);
}

/// As the AWS CLI reads and writes it: `{"CORSRules": [{"AllowedOrigins": [..], ..}]}`, and as the
/// console shows it: the bare array.
/// [put-bucket-cors](https://docs.aws.amazon.com/cli/latest/reference/s3api/put-bucket-cors.html).
/// The parameters of SDKs and of `--cli-input-json` hold it in `CORSConfiguration`.
pub(crate) const JSON: MemberShape = MemberShape {
    wrapper: "CORSRules",
    other_wrappers: &[],
    within: &["CORSConfiguration"],
    is_record: false,
    response_vary: None,
    may_be_bare: true,
    writes_bare: false,
    members: &[
        ("ID", Member::Value(Field::Id)),
        ("AllowedOrigins", Member::Value(Field::AllowedOrigin)),
        ("AllowedMethods", Member::Value(Field::AllowedMethod)),
        ("AllowedHeaders", Member::Value(Field::AllowedHeader)),
        ("ExposeHeaders", Member::Value(Field::ExposeHeader)),
        ("MaxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    other_names: &[],
    lists: ListNotation::Array,
    quotes_numbers: false,
    null_is_unset: false,
    required: &[],
    operations: &[],
    origins: &[],
    native: None,
};

/// The console reads the array alone:
/// [elements of a CORS configuration](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html).
const CONSOLE: MemberShape = MemberShape {
    writes_bare: true,
    ..JSON
};

/// [AWS::S3::Bucket CorsRule](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-corsrule.html).
const CLOUDFORMATION: MemberShape = MemberShape {
    wrapper: "CorsRules",
    within: &["CorsConfiguration"],
    members: &[
        ("Id", Member::Value(Field::Id)),
        ("AllowedOrigins", Member::Value(Field::AllowedOrigin)),
        ("AllowedMethods", Member::Value(Field::AllowedMethod)),
        ("AllowedHeaders", Member::Value(Field::AllowedHeader)),
        ("ExposedHeaders", Member::Value(Field::ExposeHeader)),
        ("MaxAge", Member::Value(Field::MaxAgeSeconds)),
    ],
    quotes_numbers: true,
    ..JSON
};

/// [aws_s3_bucket_cors_configuration](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_cors_configuration),
/// and the blocks of the same name that older configurations have in `aws_s3_bucket`.
pub(super) const TERRAFORM: MemberShape = MemberShape {
    wrapper: "cors_rule",
    within: &["aws_s3_bucket_cors_configuration", "aws_s3_bucket"],
    is_record: true,
    members: &[
        ("id", Member::Value(Field::Id)),
        ("allowed_origins", Member::Value(Field::AllowedOrigin)),
        ("allowed_methods", Member::Value(Field::AllowedMethod)),
        ("allowed_headers", Member::Value(Field::AllowedHeader)),
        ("expose_headers", Member::Value(Field::ExposeHeader)),
        ("max_age_seconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    quotes_numbers: true,
    null_is_unset: true,
    ..JSON
};

const TERRAFORM_OPENING: &str = "resource \"aws_s3_bucket_cors_configuration\" \"bucket\" {
  bucket = aws_s3_bucket.bucket.id
";

/// Baidu BOS, [PutBucketCors](https://intl.cloud.baidu.com/en/doc/BOS/s/ikc4git1o-intl-en). That
/// the rules mean what they mean on S3 is a choice.
const BOS: MemberShape = MemberShape {
    wrapper: "corsConfiguration",
    within: &[],
    members: &[
        ("allowedOrigins", Member::Value(Field::AllowedOrigin)),
        ("allowedMethods", Member::Value(Field::AllowedMethod)),
        ("allowedHeaders", Member::Value(Field::AllowedHeader)),
        ("allowedExposeHeaders", Member::Value(Field::ExposeHeader)),
        ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    ..JSON
};

/// `QingStor`, [PUT Bucket CORS](https://docsv3.qingcloud.com/storage/object-storage/api/bucket/cors/put_cors/).
/// That the rules mean what they mean on S3, which has no `resp_vary`, is a choice.
const QINGSTOR: MemberShape = MemberShape {
    wrapper: "cors_rules",
    within: &[],
    is_record: true,
    members: &[
        ("allowed_origin", Member::Value(Field::AllowedOrigin)),
        ("allowed_methods", Member::Value(Field::AllowedMethod)),
        ("allowed_headers", Member::Value(Field::AllowedHeader)),
        ("expose_headers", Member::Value(Field::ExposeHeader)),
        ("max_age_seconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    lists: ListNotation::ArrayOrItem,
    ..JSON
};

const MALFORMED: ErrorRow = ErrorRow::new(
    400,
    "MalformedXML",
    &[Text(
        "The XML you provided was not well-formed or did not validate against our published schema",
    )],
);

/// Choice: the text, where S3's is not known.
const INVALID: ErrorRow = ErrorRow::new(400, "InvalidRequest", &[Explanation]);

/// [Error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), the
/// texts as recorded. Rows that are not established say *choice*.
pub(super) const ERRORS: ErrorTable = ErrorTable {
    fallback: None,
    rows: &[
        // Choice.
        (Cause::TooLarge, MALFORMED),
        (Cause::Malformed, MALFORMED),
        (Cause::NoRule, MALFORMED),
        (Cause::TooManyRules, ErrorRow::new(
                400,
                "InvalidRequest",
                &[Text("The number of CORS rules should not exceed allowed limit of 100 rules.")],
            )),
        (Cause::UnknownMethod, ErrorRow::new(
                400,
                "InvalidRequest",
                &[Text("Found unsupported HTTP method in CORS config. Unsupported method is "), Value],
            )),
        (Cause::SecondWildcard, ErrorRow::new(
                400,
                "InvalidRequest",
                &[Name, Text(" \""), Value, Text("\" can not have more than one wildcard.")],
            )),
        (Cause::WildcardInExposeHeader, ErrorRow::new(
                400,
                "InvalidRequest",
                &[
                    Text("ExposeHeader \""),
                    Value,
                    Text("\" contains wildcard. We currently do not support wildcard for ExposeHeader."),
                ],
            )),
        // Sic: the message names AllowedHeader.
        (Cause::InvalidExposeHeader, ErrorRow::new(
                400,
                "InvalidRequest",
                &[Text("AllowedHeader \""), Value, Text("\" contains invalid character.")],
            )),
        // Choice: treated as a number that is not an `int` of the schema.
        (Cause::MaxAgeOutOfRange, MALFORMED),
        (Cause::InvalidValue, INVALID),
        (Cause::UndecodableDigest, ErrorRow::new(400, "InvalidDigest", &[Text("The Content-MD5 you specified is not valid.")])),
        (Cause::DigestMismatch, ErrorRow::new(
                400,
                "BadDigest",
                &[Text("The Content-MD5 you specified did not match what we received.")],
            )),
        // The three checksum errors are known from PutObject and UploadPart; that PutBucketCors
        // returns them too is a choice.
        (Cause::SeveralChecksums, ErrorRow::new(
                400,
                "InvalidRequest",
                &[Text("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")],
            )),
        (Cause::UndecodableChecksum, ErrorRow::new(400, "InvalidRequest", &[Text("Value for "), ChecksumHeader, Text(" header is invalid.")])),
        (Cause::ChecksumMismatch, ErrorRow::new(
                400,
                "BadDigest",
                &[Text("The "), ChecksumName, Text(" you specified did not match the calculated checksum.")],
            )),
        (Cause::NoSuchConfiguration, ErrorRow::new(
                404,
                "NoSuchCORSConfiguration",
                &[Text("The CORS configuration does not exist")],
            )
            .with(BucketName)),
        (Cause::NoSuchBucket, ErrorRow::new(404, "NoSuchBucket", &[Text("The specified bucket does not exist")]).with(BucketName)),
        (Cause::AccessDenied, ErrorRow::new(403, "AccessDenied", &[Text("Access Denied")])),
        (Cause::MissingOrigin, ErrorRow::new(400, "BadRequest", &[Text("Insufficient information. Origin request header needed.")])),
        (Cause::PreflightNoSuchBucket, ErrorRow::new(403, "AccessForbidden", &[Text("CORSResponse: Bucket not found")])
                .with(MethodOnBucket)),
        (Cause::NotEnabled, ErrorRow::new(403, "AccessForbidden", &[Text("CORSResponse: CORS is not enabled for this bucket.")])
                .with(MethodOnBucket)),
        (Cause::InvalidRequestMethod, ErrorRow::new(400, "BadRequest", &[Text("Invalid Access-Control-Request-Method: "), RequestMethod])),
        (Cause::InvalidRequestHeaders, ErrorRow::new(
                400,
                "BadRequest",
                &[Text("Access-Control-Request-Headers \""), RequestHeaders, Text("\" contains invalid character.")],
            )),
        (Cause::NotAllowed, ErrorRow::new(
                403,
                "AccessForbidden",
                &[Text(
                    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
                     request method / Access-Control-Request-Method or Access-Control-Request-Headers are not \
                     whitelisted by the resource's CORS spec.",
                )],
            )
            .with(MethodOnResource)),
        (Cause::MethodNotAllowed, ErrorRow::new(
                405,
                "MethodNotAllowed",
                &[Text("The specified method is not allowed against this resource.")],
            )),
        (Cause::InvalidBucketName, ErrorRow::new(400, "InvalidBucketName", &[Text("The specified bucket is not valid.")])),
        // Choice: as OSS.
        (Cause::InvalidObjectName, ErrorRow::new(400, "InvalidObjectName", &[Text("The specified object is not valid.")])),
        (Cause::InvalidUri, ErrorRow::new(400, "InvalidURI", &[Text("Couldn't parse the specified URI.")])),
        // Choice: the text.
        (Cause::IncompleteBody, ErrorRow::new(
                400,
                "IncompleteBody",
                &[Text("The request body terminated unexpectedly or is not framed as announced.")],
            )),
        (Cause::InternalError, ErrorRow::new(
                500,
                "InternalError",
                &[Text("We encountered an internal error. Please try again.")],
            )),
    ],
};
