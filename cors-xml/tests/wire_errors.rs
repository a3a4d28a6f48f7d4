//! Error responses: each row of the providers' error tables, and the XML of a body.

#![cfg(feature = "quick-xml")]
#![expect(clippy::unwrap_used, reason = "a broken promise stops the test")]
#![expect(
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "tables of cases"
)]

use cors_core::{BadRequest, Dialect, Furthest, Limit, Refusal, Request};
use cors_xml::{
    Cause, Checksum, Document, DocumentErrors, Provider, ResourceType, Subject, WireError,
};

const OSS_MALFORMED: &str =
    "The XML you provided was not well-formed or did not validate against our published schema.";
const S3_MALFORMED: &str =
    "The XML you provided was not well-formed or did not validate against our published schema";
const OSS_NOT_ALLOWED: &str = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.";
const S3_NOT_ALLOWED: &str = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

const PREFLIGHT: Request<'static> = Request {
    method: b"OPTIONS",
    origin: Some(b"https://a.example"),
    access_control_request_method: Some(b"PATCH"),
    access_control_request_headers: &[b"a b", b"c"],
};

/// Status, code, message, EC.
type Expected<'e> = (u16, &'e str, &'e str, Option<&'e str>);

fn check(name: &str, error: &WireError<'_>, expected: Expected<'_>) {
    let message = error.message.to_string();
    assert_eq!(
        (error.status, error.code, message.as_str(), error.ec),
        expected,
        "{name}"
    );
}

fn body(error: &WireError<'_>) -> String {
    let mut body = String::new();
    error.write_to("REQUEST", "HOST", &mut body).unwrap();
    body
}

fn document_error<'e>(provider: &Provider, errors: &'e DocumentErrors) -> WireError<'e> {
    let error = errors.answered();
    provider.error(error.cause(), Subject::Document(error))
}

fn preflight_error<'e>(
    provider: &Provider,
    refusal: Refusal,
    request: &Request<'e>,
    resource_type: ResourceType,
) -> WireError<'e> {
    provider.error(refusal.into(), Subject::preflight(request, resource_type))
}

/// A document whose only rule has these elements.
fn rule(elements: &str) -> String {
    format!("<CORSConfiguration><CORSRule>{elements}</CORSRule></CORSConfiguration>")
}

/// The same, after origin `o` and method `GET`.
fn with(elements: &str) -> String {
    rule(&format!(
        "<AllowedOrigin>o</AllowedOrigin><AllowedMethod>GET</AllowedMethod>{elements}"
    ))
}

fn rules(count: usize) -> String {
    let rule =
        "<CORSRule><AllowedOrigin>o</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    format!(
        "<CORSConfiguration>{}</CORSConfiguration>",
        rule.repeat(count)
    )
}

fn without_bucket<'e>(provider: &Provider, preflight: &Request<'e>) -> WireError<'e> {
    let subject = Subject::preflight(preflight, ResourceType::Bucket);
    provider.error(Cause::of_preflight_without_bucket(preflight), subject)
}

#[test]
fn a_refused_document_is_answered_with_the_providers_error() {
    let column = |from: &str| with("").find("</CORSRule>").unwrap() + 1 + from.len();
    let ours = |text: &str| format!("line 1, column {}: rule 1, {text}", column(""));
    let empty = "<CORSConfiguration/>".to_owned();
    let oss = &Provider::OSS;
    let s3 = &Provider::S3;
    let invalid = "InvalidArgument";
    let cases: &[(&str, &Provider, String, u16, &str, String, Option<&str>)] = &[
        ("OSS: not well-formed", oss, "<a".into(), 400, "MalformedXML", OSS_MALFORMED.into(), None),
        ("OSS: a violation of the schema", oss, with("<a/>"), 400, "MalformedXML", OSS_MALFORMED.into(), None),
        ("OSS: no rules", oss, empty.clone(), 400, "MalformedXML", OSS_MALFORMED.into(), Some("0034-00000002")),
        (
            "OSS: no origin",
            oss,
            rule("<AllowedMethod>GET</AllowedMethod>"),
            400,
            "MalformedXML",
            OSS_MALFORMED.into(),
            None,
        ),
        (
            "OSS: no method",
            oss,
            rule("<AllowedOrigin>o</AllowedOrigin>"),
            400,
            "MalformedXML",
            OSS_MALFORMED.into(),
            None,
        ),
        (
            "OSS: a MaxAgeSeconds that is not an integer",
            oss,
            with("<MaxAgeSeconds>x</MaxAgeSeconds>"),
            400,
            "MalformedXML",
            OSS_MALFORMED.into(),
            None,
        ),
        (
            "OSS: eleven rules",
            oss,
            rules(11),
            400,
            "CORSRuleBeyondLimit",
            "The CORS Rules num is beyond limit.".into(),
            None,
        ),
        (
            "OSS: a bad method",
            oss,
            with("<AllowedMethod>PATCH</AllowedMethod>"),
            400,
            invalid,
            ours("AllowedMethod `PATCH`: use GET, PUT, POST, DELETE or HEAD"),
            Some("0034-00000011"),
        ),
        (
            "OSS: a second * in an origin",
            oss,
            with("<AllowedOrigin>**</AllowedOrigin>"),
            400,
            invalid,
            ours("AllowedOrigin `**`: keep at most one `*`"),
            None,
        ),
        (
            "OSS: a second * in a header",
            oss,
            with("<AllowedHeader>**</AllowedHeader>"),
            400,
            invalid,
            ours("AllowedHeader `**`: keep at most one `*`"),
            None,
        ),
        (
            "OSS: an empty origin",
            oss,
            with("<AllowedOrigin/>"),
            400,
            invalid,
            ours("AllowedOrigin ``: add a value or remove the element"),
            None,
        ),
        (
            "OSS: a * in ExposeHeader",
            oss,
            with("<ExposeHeader>*</ExposeHeader>"),
            400,
            invalid,
            ours("ExposeHeader `*`: name each header; a `*` is not supported in ExposeHeader"),
            Some("0034-00000013"),
        ),
        (
            "OSS: a bad ExposeHeader",
            oss,
            with("<ExposeHeader>a b</ExposeHeader>"),
            400,
            invalid,
            ours("ExposeHeader `a b`: use only characters allowed in a header name: letters, digits and !#$%&'*+-.^_`|~"),
            Some("0034-00000013"),
        ),
        (
            "OSS: MaxAgeSeconds out of range",
            oss,
            with("<MaxAgeSeconds>-1</MaxAgeSeconds>"),
            400,
            invalid,
            ours("MaxAgeSeconds `-1`: use a number from 0 to 999999999"),
            None,
        ),
        (
            "OSS: too large",
            oss,
            " ".repeat(16_385),
            400,
            "EntityTooLarge",
            "line 1, column 1: shorten the document to at most 16384 bytes".into(),
            None,
        ),
        ("S3: malformed", s3, "<a".into(), 400, "MalformedXML", S3_MALFORMED.into(), None),
        ("S3: no rules", s3, empty.clone(), 400, "MalformedXML", S3_MALFORMED.into(), None),
        (
            "S3: no origin",
            s3,
            rule("<AllowedMethod>GET</AllowedMethod>"),
            400,
            "MalformedXML",
            S3_MALFORMED.into(),
            None,
        ),
        ("S3: no method", s3, rule("<AllowedOrigin>o</AllowedOrigin>"), 400, "MalformedXML", S3_MALFORMED.into(), None),
        (
            "S3: two MaxAgeSeconds",
            s3,
            with("<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>1</MaxAgeSeconds>"),
            400,
            "MalformedXML",
            S3_MALFORMED.into(),
            None,
        ),
        (
            "S3: a MaxAgeSeconds beyond 32 bits",
            s3,
            with("<MaxAgeSeconds>9999999999</MaxAgeSeconds>"),
            400,
            "MalformedXML",
            S3_MALFORMED.into(),
            None,
        ),
        (
            "S3: an unsupported method",
            s3,
            with("<AllowedMethod>MYMETHOD</AllowedMethod>"),
            400,
            "InvalidRequest",
            "Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD".into(),
            None,
        ),
        (
            "S3: a method in lower case",
            s3,
            with("<AllowedMethod>get</AllowedMethod>"),
            400,
            "InvalidRequest",
            "Found unsupported HTTP method in CORS config. Unsupported method is get".into(),
            None,
        ),
        (
            "S3: an empty method",
            s3,
            with("<AllowedMethod/>"),
            400,
            "InvalidRequest",
            "Found unsupported HTTP method in CORS config. Unsupported method is ".into(),
            None,
        ),
        (
            "S3: a second * in an origin",
            s3,
            with("<AllowedOrigin>http://*.*.com</AllowedOrigin>"),
            400,
            "InvalidRequest",
            "AllowedOrigin \"http://*.*.com\" can not have more than one wildcard.".into(),
            None,
        ),
        (
            "S3: a second * in a header",
            s3,
            with("<AllowedHeader>*-amz-*</AllowedHeader>"),
            400,
            "InvalidRequest",
            "AllowedHeader \"*-amz-*\" can not have more than one wildcard.".into(),
            None,
        ),
        (
            "S3: a * in ExposeHeader",
            s3,
            with("<ExposeHeader>x-amz-*</ExposeHeader>"),
            400,
            "InvalidRequest",
            "ExposeHeader \"x-amz-*\" contains wildcard. We currently do not support wildcard for ExposeHeader.".into(),
            None,
        ),
        (
            "S3: a bad byte in ExposeHeader, and the error that names AllowedHeader",
            s3,
            with("<ExposeHeader>test header</ExposeHeader>"),
            400,
            "InvalidRequest",
            "AllowedHeader \"test header\" contains invalid character.".into(),
            None,
        ),
        (
            "S3: an empty header",
            s3,
            with("<AllowedHeader/>"),
            400,
            "InvalidRequest",
            ours("AllowedHeader ``: add a value or remove the element"),
            None,
        ),
        (
            "S3: a hundred and one rules",
            s3,
            rules(101),
            400,
            "InvalidRequest",
            "The number of CORS rules should not exceed allowed limit of 100 rules.".into(),
            None,
        ),
        ("S3: too large", s3, " ".repeat(65_537), 400, "MalformedXML", S3_MALFORMED.into(), None),
        (
            "COS answers as S3",
            &Provider::COS,
            with("<AllowedMethod>x</AllowedMethod>"),
            400,
            "InvalidRequest",
            "Found unsupported HTTP method in CORS config. Unsupported method is x".into(),
            None,
        ),
    ];
    for (name, provider, document, status, code, message, ec) in cases {
        let errors = Document::parse(provider, document.as_bytes()).expect_err(name);
        check(
            name,
            &document_error(provider, &errors),
            (*status, code, message, *ec),
        );
    }
}

#[test]
fn the_first_error_of_the_document_decides() {
    let document = with("<ExposeHeader>*</ExposeHeader><AllowedMethod>x</AllowedMethod>");
    let errors = Document::parse(&Provider::OSS, document.as_bytes()).unwrap_err();
    assert_eq!(errors.iter().count(), 2);
    assert_eq!(
        document_error(&Provider::OSS, &errors).ec,
        Some("0034-00000013")
    );
}

#[test]
fn a_schema_violation_is_answered_before_an_invalid_value() {
    let documents = [
        with("<AllowedOrigin><b>a</b></AllowedOrigin>"),
        with("<ExposeHeader>*</ExposeHeader><a/>"),
        with("<ExposeHeader>*</ExposeHeader><MaxAgeSeconds>x</MaxAgeSeconds>"),
        with("<ExposeHeader>*</ExposeHeader></CORSRule><CORSRule>"),
    ];
    for provider in [
        &Provider::OSS,
        &Provider::S3,
        &Provider::COS,
        &Provider::STRICT,
    ] {
        for document in &documents {
            let errors = Document::parse(provider, document.as_bytes()).unwrap_err();
            let code = document_error(provider, &errors).code;
            assert_eq!(code, "MalformedXML", "{}: {document}", provider.name);
        }
    }
    // All errors are still listed in document order.
    let errors = Document::parse(&Provider::OSS, documents[1].as_bytes()).unwrap_err();
    assert_eq!(errors.first().cause(), Cause::WildcardInExposeHeader);
    assert_eq!(errors.iter().count(), 2);
}

#[test]
fn other_causes_are_answered_with_the_providers_error() {
    let (oss, s3) = (Provider::OSS, Provider::S3);
    let cases: &[(&str, WireError<'_>, Expected<'_>)] = &[
        (
            "OSS: no configuration",
            oss.error(Cause::NoSuchConfiguration, Subject::Bucket("b")),
            (
                404,
                "NoSuchCORSConfiguration",
                "The CORS Configuration does not exist.",
                Some("0034-00000001"),
            ),
        ),
        (
            "OSS: no bucket",
            oss.error(Cause::NoSuchBucket, Subject::Bucket("b")),
            (
                404,
                "NoSuchBucket",
                "The specified bucket does not exist.",
                Some("0015-00000101"),
            ),
        ),
        (
            "OSS: the caller is not the owner",
            oss.error(Cause::AccessDenied, Subject::None),
            (
                403,
                "AccessDenied",
                "The bucket you access does not belong to you.",
                None,
            ),
        ),
        (
            "OSS: an undecodable digest",
            oss.error(Cause::UndecodableDigest, Subject::None),
            (
                400,
                "InvalidDigest",
                "The Content-MD5 you specified was invalid.",
                None,
            ),
        ),
        (
            "OSS: a digest that does not match",
            oss.error(Cause::DigestMismatch, Subject::None),
            (
                400,
                "InvalidDigest",
                "The Content-MD5 you specified was invalid.",
                None,
            ),
        ),
        (
            "S3: no configuration",
            s3.error(Cause::NoSuchConfiguration, Subject::Bucket("b")),
            (
                404,
                "NoSuchCORSConfiguration",
                "The CORS configuration does not exist",
                None,
            ),
        ),
        (
            "S3: no bucket",
            s3.error(Cause::NoSuchBucket, Subject::Bucket("b")),
            (
                404,
                "NoSuchBucket",
                "The specified bucket does not exist",
                None,
            ),
        ),
        (
            "S3: the caller is not the owner",
            s3.error(Cause::AccessDenied, Subject::None),
            (403, "AccessDenied", "Access Denied", None),
        ),
        (
            "S3: an undecodable digest",
            s3.error(Cause::UndecodableDigest, Subject::None),
            (
                400,
                "InvalidDigest",
                "The Content-MD5 you specified is not valid.",
                None,
            ),
        ),
        (
            "S3: a digest that does not match",
            s3.error(Cause::DigestMismatch, Subject::None),
            (
                400,
                "BadDigest",
                "The Content-MD5 you specified did not match what we received.",
                None,
            ),
        ),
        (
            "S3: two checksums",
            s3.error(Cause::SeveralChecksums, Subject::None),
            (
                400,
                "InvalidRequest",
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
                None,
            ),
        ),
        (
            "S3: an undecodable checksum",
            s3.error(
                Cause::UndecodableChecksum,
                Subject::Checksum(Checksum::Crc32),
            ),
            (
                400,
                "InvalidRequest",
                "Value for x-amz-checksum-crc32 header is invalid.",
                None,
            ),
        ),
        (
            "S3: a checksum that does not match",
            s3.error(
                Cause::ChecksumMismatch,
                Subject::Checksum(Checksum::Crc64Nvme),
            ),
            (
                400,
                "BadDigest",
                "The CRC64NVME you specified did not match the calculated checksum.",
                None,
            ),
        ),
        (
            "OSS: a preflight without a bucket",
            without_bucket(&oss, &PREFLIGHT),
            (
                404,
                "NoSuchBucket",
                "The specified bucket does not exist.",
                Some("0015-00000101"),
            ),
        ),
        (
            "S3: a preflight without origin and without a bucket",
            without_bucket(
                &s3,
                &Request {
                    origin: Some(b""),
                    ..PREFLIGHT
                },
            ),
            (
                400,
                "BadRequest",
                "Insufficient information. Origin request header needed.",
                None,
            ),
        ),
        (
            "S3: a method that is not supported",
            s3.error(Cause::MethodNotAllowed, Subject::None),
            (
                405,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
                None,
            ),
        ),
        (
            "OSS: an invalid bucket name",
            oss.error(Cause::InvalidBucketName, Subject::None),
            (
                400,
                "InvalidBucketName",
                "The specified bucket is not valid.",
                None,
            ),
        ),
        (
            "OSS: an invalid object name",
            oss.error(Cause::InvalidObjectName, Subject::None),
            (
                400,
                "InvalidObjectName",
                "The specified object is not valid.",
                None,
            ),
        ),
        (
            "S3: an invalid query",
            s3.error(Cause::InvalidUri, Subject::None),
            (400, "InvalidURI", "Couldn't parse the specified URI.", None),
        ),
        (
            "OSS: an incomplete body",
            oss.error(Cause::IncompleteBody, Subject::None),
            (
                400,
                "IncompleteBody",
                "The request body terminated unexpectedly or is not framed as announced.",
                None,
            ),
        ),
        (
            "S3: the server failed",
            s3.error(Cause::InternalError, Subject::None),
            (
                500,
                "InternalError",
                "We encountered an internal error. Please try again.",
                None,
            ),
        ),
        (
            "S3: a preflight without a bucket",
            without_bucket(&s3, &PREFLIGHT),
            (
                403,
                "AccessForbidden",
                "CORSResponse: Bucket not found",
                None,
            ),
        ),
    ];
    for (name, error, expected) in cases {
        check(name, error, *expected);
    }
}

#[test]
fn a_refused_preflight_is_answered_with_the_providers_error() {
    let without_method = Request {
        access_control_request_method: None,
        ..PREFLIGHT
    };
    let no_rule = |furthest| Refusal::NoRuleMatched { furthest };
    let bad = Refusal::BadRequest;
    let missing_origin = "Insufficient information. Origin request header needed.";
    let not_enabled = "CORSResponse: CORS is not enabled for this bucket.";
    let patch = "Invalid Access-Control-Request-Method: PATCH";
    let null = "Invalid Access-Control-Request-Method: null";
    let headers = "Access-Control-Request-Headers \"a b,c\" contains invalid character.";
    let like_s3 = [
        Dialect::S3,
        Dialect::COS,
        Dialect::GCS,
        Dialect::AZURE,
        Dialect::STRICT,
    ];
    for dialect in like_s3.iter().chain([&Dialect::OSS]) {
        let is_oss = dialect.name == "oss";
        let not_allowed = if is_oss {
            OSS_NOT_ALLOWED
        } else {
            S3_NOT_ALLOWED
        };
        let cases: &[(Refusal, &Request<'_>, u16, &str, &str)] = &[
            (
                bad(BadRequest::MissingOrigin),
                &PREFLIGHT,
                400,
                "BadRequest",
                missing_origin,
            ),
            (
                bad(BadRequest::MissingMethod),
                &without_method,
                400,
                "BadRequest",
                null,
            ),
            (
                bad(BadRequest::InvalidMethod),
                &PREFLIGHT,
                400,
                "BadRequest",
                patch,
            ),
            (
                Refusal::NotEnabled,
                &PREFLIGHT,
                403,
                "AccessForbidden",
                if is_oss { OSS_NOT_ALLOWED } else { not_enabled },
            ),
            (
                no_rule(Furthest::Origin),
                &PREFLIGHT,
                403,
                "AccessForbidden",
                not_allowed,
            ),
            (
                no_rule(Furthest::Method),
                &PREFLIGHT,
                403,
                "AccessForbidden",
                not_allowed,
            ),
            (
                Refusal::InvalidHeaderName,
                &PREFLIGHT,
                403,
                "AccessForbidden",
                not_allowed,
            ),
            (
                Refusal::LimitExceeded(Limit::OriginBytes),
                &PREFLIGHT,
                403,
                "AccessForbidden",
                not_allowed,
            ),
        ];
        for (refusal, request, status, code, message) in cases {
            let error = preflight_error(
                Provider::named(dialect.name).unwrap(),
                *refusal,
                request,
                ResourceType::Object,
            );
            check(
                &format!("{} {refusal:?}", dialect.name),
                &error,
                (*status, code, message, None),
            );
        }
    }
    let error = preflight_error(
        &Provider::S3,
        bad(BadRequest::InvalidHeaderName),
        &PREFLIGHT,
        ResourceType::Object,
    );
    check(
        "S3: names that are not tokens",
        &error,
        (400, "BadRequest", headers, None),
    );
}

#[test]
fn oss_names_the_argument_that_is_wrong() {
    for (provider, element, value, is_named) in [
        (&Provider::OSS, "MaxAgeSeconds", "-1", true),
        (&Provider::OSS, "AllowedHeader", "**", true),
        (&Provider::S3, "AllowedHeader", "**", false),
    ] {
        let document = with(&format!("<{element}>{value}</{element}>"));
        let errors = Document::parse(provider, document.as_bytes()).unwrap_err();
        let body = body(&document_error(provider, &errors));
        let argument = format!(
            "</Message><ArgumentName>{element}</ArgumentName><ArgumentValue>{value}</ArgumentValue><RequestId>"
        );
        assert_eq!(body.contains(&argument), is_named, "{body}");
    }
}

#[test]
fn a_body_has_the_elements_of_the_provider_in_its_order() {
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let without_method = Request {
        access_control_request_method: None,
        ..PREFLIGHT
    };
    let not_allowed = Refusal::NoRuleMatched {
        furthest: Furthest::Origin,
    };
    let (bucket, object) = (ResourceType::Bucket, ResourceType::Object);
    let cases: &[(&str, WireError<'_>, &str)] = &[
        (
            "OSS: EC last",
            Provider::OSS.error(Cause::NoSuchConfiguration, Subject::Bucket("b")),
            "<Error><Code>NoSuchCORSConfiguration</Code><Message>The CORS Configuration does not exist.</Message><RequestId>REQUEST</RequestId><HostId>HOST</HostId><EC>0034-00000001</EC></Error>",
        ),
        (
            "OSS: no EC where it is not known",
            Provider::OSS.error(Cause::AccessDenied, Subject::None),
            "<Error><Code>AccessDenied</Code><Message>The bucket you access does not belong to you.</Message><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>",
        ),
        (
            "S3: BucketName",
            Provider::S3.error(Cause::NoSuchConfiguration, Subject::Bucket("b&c")),
            "<Error><Code>NoSuchCORSConfiguration</Code><Message>The CORS configuration does not exist</Message><BucketName>b&amp;c</BucketName><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>",
        ),
        (
            "S3: a missing configuration is about the bucket, whatever was requested",
            preflight_error(&Provider::S3, Refusal::NotEnabled, &PREFLIGHT, object),
            "<Error><Code>AccessForbidden</Code><Message>CORSResponse: CORS is not enabled for this bucket.</Message><Method>PATCH</Method><ResourceType>BUCKET</ResourceType><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>",
        ),
        (
            "S3: no bucket, no method",
            Provider::S3.error(
                Cause::of_preflight_without_bucket(&without_method),
                Subject::preflight(&without_method, bucket),
            ),
            "<Error><Code>AccessForbidden</Code><Message>CORSResponse: Bucket not found</Message><Method>OPTIONS</Method><ResourceType>BUCKET</ResourceType><RequestId>REQUEST</RequestId><HostId>HOST</HostId></Error>",
        ),
    ];
    for (name, error, expected) in cases {
        assert_eq!(body(error), format!("{declaration}{expected}"), "{name}");
    }
    for (resource_type, name) in [(bucket, "BUCKET"), (object, "OBJECT")] {
        let body = body(&preflight_error(
            &Provider::S3,
            not_allowed,
            &PREFLIGHT,
            resource_type,
        ));
        assert!(
            body.contains(&format!(
                "<Method>PATCH</Method><ResourceType>{name}</ResourceType>"
            )),
            "{body}"
        );
    }
    let oss = body(&preflight_error(
        &Provider::OSS,
        not_allowed,
        &PREFLIGHT,
        object,
    ));
    assert!(!oss.contains("<Method>"), "{oss}");
}

#[test]
fn a_body_is_well_formed_whatever_the_request_contains() {
    let hostile = b"\x00\x1b]]><!--&\xff\r\n\xef\xbf\xbf</Method>";
    let request = Request {
        access_control_request_method: Some(hostile),
        access_control_request_headers: &[hostile, hostile],
        ..PREFLIGHT
    };
    for refusal in [
        Refusal::BadRequest(BadRequest::InvalidMethod),
        Refusal::BadRequest(BadRequest::InvalidHeaderName),
        Refusal::NotEnabled,
    ] {
        let mut body = String::new();
        let error = preflight_error(&Provider::S3, refusal, &request, ResourceType::Object);
        error.write_to("\u{1}<", "&", &mut body).unwrap();
        // A well-formed document with the wrong root has only that error.
        let errors = Document::parse(&Provider::S3, body.as_bytes()).unwrap_err();
        assert_eq!(
            errors.first().kind,
            cors_xml::DocumentErrorKind::WrongRoot,
            "{errors}\n{body}"
        );
    }
    let message = preflight_error(
        &Provider::S3,
        Refusal::BadRequest(BadRequest::InvalidMethod),
        &request,
        ResourceType::Object,
    )
    .message
    .to_string();
    assert!(
        message.ends_with("\u{0}\u{1b}]]><!--&\u{fffd}\r\n\u{ffff}</Method>"),
        "{message:?}"
    );
}
