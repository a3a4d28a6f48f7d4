//! The providers' errors: one row for each cause. Texts are the providers' own, their typos included.
//!
//! Where a provider's answer is not established the row says *choice*.

/// Everything a provider answers about bucket CORS when it does not answer 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorTable {
    /// The document has more bytes than the provider takes.
    pub too_large: ErrorRow,
    /// The document is not well-formed, or not of the schema; a rule without origin or method is that too.
    pub malformed: ErrorRow,
    /// The document holds no rule.
    pub no_rule: ErrorRow,
    /// The document holds more rules than the provider takes.
    pub too_many_rules: ErrorRow,
    /// An `AllowedMethod` outside the set.
    pub unknown_method: ErrorRow,
    /// A second `*` in an `AllowedOrigin` or `AllowedHeader`.
    pub second_wildcard: ErrorRow,
    /// A `*` in an `ExposeHeader`.
    pub wildcard_in_expose_header: ErrorRow,
    /// An `ExposeHeader` that is no header name.
    pub invalid_expose_header: ErrorRow,
    /// A `MaxAgeSeconds` outside the provider's range.
    pub max_age_out_of_range: ErrorRow,
    /// Any other value that the provider does not take.
    pub invalid_value: ErrorRow,
    /// `Content-MD5` is not the base64 of 16 bytes.
    pub undecodable_digest: ErrorRow,
    /// `Content-MD5` is not the digest of the body.
    pub digest_mismatch: ErrorRow,
    /// There is more than one `x-amz-checksum-*`.
    pub several_checksums: ErrorRow,
    /// An `x-amz-checksum-*` is not the base64 of as many bytes as such a checksum has.
    pub undecodable_checksum: ErrorRow,
    /// An `x-amz-checksum-*` is not the digest of the body.
    pub checksum_mismatch: ErrorRow,
    /// `GET ?cors` where no configuration is set.
    pub no_such_configuration: ErrorRow,
    /// The bucket does not exist.
    pub no_such_bucket: ErrorRow,
    /// The caller may not read or change the configuration.
    pub access_denied: ErrorRow,
    /// A preflight without `Origin`.
    pub missing_origin: ErrorRow,
    /// A preflight to a bucket that does not exist.
    pub preflight_no_such_bucket: ErrorRow,
    /// A preflight to a bucket without configuration.
    pub not_enabled: ErrorRow,
    /// A preflight whose `Access-Control-Request-Method` is absent or outside the set.
    pub invalid_request_method: ErrorRow,
    /// A preflight whose `Access-Control-Request-Headers` holds something that is no header name.
    pub invalid_request_headers: ErrorRow,
    /// A preflight that no rule allows.
    pub not_allowed: ErrorRow,
    /// A method that the configuration of a bucket does not have.
    pub method_not_allowed: ErrorRow,
    /// A name that no bucket can have.
    pub invalid_bucket_name: ErrorRow,
    /// A key that no object can have.
    pub invalid_object_name: ErrorRow,
    /// A query that cannot be read.
    pub invalid_uri: ErrorRow,
    /// The body ended before its end.
    pub incomplete_body: ErrorRow,
    /// The server failed.
    pub internal_error: ErrorRow,
}

/// One error: everything of it that does not depend on the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorRow {
    /// The HTTP status.
    pub status: u16,
    /// `Code`.
    pub code: &'static str,
    /// `Message`, piece by piece.
    pub message: &'static [Piece],
    /// `EC`, where it is known.
    pub ec: Option<&'static str>,
    /// What the body holds besides.
    pub extra: ExtraElements,
}

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Fixed text.
    Text(&'static str),
    /// The name of the element that is wrong.
    Element,
    /// The value that is wrong.
    Value,
    /// What is wrong, where, and what to change, in this project's words.
    Explanation,
}

/// Which further elements an error's body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtraElements {
    /// None.
    None,
    /// `BucketName`.
    BucketName,
    /// `Method`, and a `ResourceType` that is `BUCKET` whatever was asked for.
    MethodOnBucket,
    /// `Method`, and a `ResourceType` that tells an object from a bucket.
    MethodOnResource,
}

use ExtraElements::{BucketName, MethodOnBucket, MethodOnResource};
use Piece::{Element, Explanation, Text, Value};

const fn row(status: u16, code: &'static str, message: &'static [Piece]) -> ErrorRow {
    ErrorRow {
        status,
        code,
        message,
        ec: None,
        extra: ExtraElements::None,
    }
}

impl ErrorRow {
    const fn ec(self, ec: &'static str) -> Self {
        ErrorRow {
            ec: Some(ec),
            ..self
        }
    }

    const fn with(self, extra: ExtraElements) -> Self {
        ErrorRow { extra, ..self }
    }
}

impl ErrorTable {
    /// OSS: [error codes](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
    pub const OSS: ErrorTable = {
        let malformed = row(
            400,
            "MalformedXML",
            &[Text(
                "The XML you provided was not well-formed or did not validate against our published schema.",
            )],
        );
        // The code is a choice; the EC of two of its causes is known.
        let invalid = row(400, "InvalidArgument", &[Explanation]);
        let digest = row(
            400,
            "InvalidDigest",
            &[Text("The Content-MD5 you specified was invalid.")],
        );
        let not_allowed = row(
            403,
            "AccessForbidden",
            &[Text(
                "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
                 request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted \
                 by the resource's CORS spec.",
            )],
        );
        let no_such_bucket = row(
            404,
            "NoSuchBucket",
            &[Text("The specified bucket does not exist.")],
        )
        .ec("0015-00000101");
        ErrorTable {
            // Choice: code and text.
            too_large: row(400, "EntityTooLarge", &[Explanation]),
            malformed,
            no_rule: malformed.ec("0034-00000002"),
            too_many_rules: row(
                400,
                "CORSRuleBeyondLimit",
                &[Text("The CORS Rules num is beyond limit.")],
            ),
            unknown_method: invalid.ec("0034-00000011"),
            second_wildcard: invalid,
            wildcard_in_expose_header: invalid.ec("0034-00000013"),
            invalid_expose_header: invalid.ec("0034-00000013"),
            max_age_out_of_range: invalid,
            invalid_value: invalid,
            undecodable_digest: digest,
            digest_mismatch: digest,
            // OSS has no such headers.
            several_checksums: digest,
            undecodable_checksum: digest,
            checksum_mismatch: digest,
            no_such_configuration: row(
                404,
                "NoSuchCORSConfiguration",
                &[Text("The CORS Configuration does not exist.")],
            )
            .ec("0034-00000001"),
            no_such_bucket,
            // Choice: the text.
            access_denied: row(
                403,
                "AccessDenied",
                &[Text("The bucket you access does not belong to you.")],
            ),
            // Choice: as S3.
            missing_origin: ErrorTable::S3.missing_origin,
            // Choice: as any other request to a bucket that does not exist.
            preflight_no_such_bucket: no_such_bucket,
            not_enabled: not_allowed,
            // Choice: as S3.
            invalid_request_method: ErrorTable::S3.invalid_request_method,
            invalid_request_headers: not_allowed,
            not_allowed,
            method_not_allowed: ErrorTable::S3.method_not_allowed,
            invalid_bucket_name: ErrorTable::S3.invalid_bucket_name,
            invalid_object_name: ErrorTable::S3.invalid_object_name,
            invalid_uri: ErrorTable::S3.invalid_uri,
            incomplete_body: ErrorTable::S3.incomplete_body,
            internal_error: ErrorTable::S3.internal_error,
        }
    };

    /// S3: [error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), the texts as recorded.
    pub const S3: ErrorTable = {
        let malformed = row(
            400,
            "MalformedXML",
            &[Text(
                "The XML you provided was not well-formed or did not validate against our published schema",
            )],
        );
        // Choice: the text, where S3 has none that is known.
        let invalid = row(400, "InvalidRequest", &[Explanation]);
        ErrorTable {
            // Choice.
            too_large: malformed,
            malformed,
            no_rule: malformed,
            too_many_rules: row(
                400,
                "InvalidRequest",
                &[Text("The number of CORS rules should not exceed allowed limit of 100 rules.")],
            ),
            unknown_method: row(
                400,
                "InvalidRequest",
                &[Text("Found unsupported HTTP method in CORS config. Unsupported method is "), Value],
            ),
            second_wildcard: row(
                400,
                "InvalidRequest",
                &[Element, Text(" \""), Value, Text("\" can not have more than one wildcard.")],
            ),
            wildcard_in_expose_header: row(
                400,
                "InvalidRequest",
                &[
                    Text("ExposeHeader \""),
                    Value,
                    Text("\" contains wildcard. We currently do not support wildcard for ExposeHeader."),
                ],
            ),
            // Sic: it names AllowedHeader.
            invalid_expose_header: row(
                400,
                "InvalidRequest",
                &[Text("AllowedHeader \""), Value, Text("\" contains invalid character.")],
            ),
            // Choice: a number that is none of the schema's `int`.
            max_age_out_of_range: malformed,
            invalid_value: invalid,
            undecodable_digest: row(400, "InvalidDigest", &[Text("The Content-MD5 you specified is not valid.")]),
            digest_mismatch: row(
                400,
                "BadDigest",
                &[Text("The Content-MD5 you specified did not match what we received.")],
            ),
            // The three of checksums are known from PutObject and UploadPart; that PutBucketCors has them too is a choice.
            several_checksums: row(
                400,
                "InvalidRequest",
                &[Text("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")],
            ),
            undecodable_checksum: row(400, "InvalidRequest", &[Text("Value for "), Value, Text(" header is invalid.")]),
            checksum_mismatch: row(
                400,
                "BadDigest",
                &[Text("The "), Value, Text(" you specified did not match the calculated checksum.")],
            ),
            no_such_configuration: row(
                404,
                "NoSuchCORSConfiguration",
                &[Text("The CORS configuration does not exist")],
            )
            .with(BucketName),
            no_such_bucket: row(404, "NoSuchBucket", &[Text("The specified bucket does not exist")]).with(BucketName),
            access_denied: row(403, "AccessDenied", &[Text("Access Denied")]),
            missing_origin: row(400, "BadRequest", &[Text("Insufficient information. Origin request header needed.")]),
            preflight_no_such_bucket: row(403, "AccessForbidden", &[Text("CORSResponse: Bucket not found")])
                .with(MethodOnBucket),
            not_enabled: row(403, "AccessForbidden", &[Text("CORSResponse: CORS is not enabled for this bucket.")])
                .with(MethodOnBucket),
            invalid_request_method: row(400, "BadRequest", &[Text("Invalid Access-Control-Request-Method: "), Value]),
            invalid_request_headers: row(
                400,
                "BadRequest",
                &[Text("Access-Control-Request-Headers \""), Value, Text("\" contains invalid character.")],
            ),
            not_allowed: row(
                403,
                "AccessForbidden",
                &[Text(
                    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
                     request method / Access-Control-Request-Method or Access-Control-Request-Headers are not \
                     whitelisted by the resource's CORS spec.",
                )],
            )
            .with(MethodOnResource),
            method_not_allowed: row(
                405,
                "MethodNotAllowed",
                &[Text("The specified method is not allowed against this resource.")],
            ),
            invalid_bucket_name: row(400, "InvalidBucketName", &[Text("The specified bucket is not valid.")]),
            // Choice: as OSS.
            invalid_object_name: row(400, "InvalidObjectName", &[Text("The specified object is not valid.")]),
            invalid_uri: row(400, "InvalidURI", &[Text("Couldn't parse the specified URI.")]),
            // Choice: the text.
            incomplete_body: row(
                400,
                "IncompleteBody",
                &[Text("The request body terminated unexpectedly or is not framed as announced.")],
            ),
            internal_error: row(
                500,
                "InternalError",
                &[Text("We encountered an internal error. Please try again.")],
            ),
        }
    };
}
