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
use crate::shapes::{Element, ElementNames, FormShape, JsonShape, Lists, Member};

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
            FormShape::S3_MEMBERS.named("s3-json", "S3, JSON of the AWS CLI and console"),
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
pub(crate) const JSON: JsonShape = JsonShape {
    wrapper: "CORSRules",
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
    required: &[],
    operations: &[],
    origins: &[],
    native: None,
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
