//! `Dialect`, and the dialects that this project knows, as data. Each member's meaning and source
//! are documented where it is declared.

use super::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, Evaluation, ExposeWildcard,
    HeaderWildcard, Limits, MalformedPreflight, MethodSet, OriginComparison, OriginWildcard,
    PreflightRule, ResponseHeaders, RuleSelection, SentOn, Spelling, VaryRule,
};

/// A dialect: one provider's matching semantics, response headers and limits.
///
/// The constants are the dialects this project knows; a server with its own limits derives one with
/// the `with_` functions.
///
/// # Examples
///
/// ```
/// use cors_core::Dialect;
///
/// const LARGE: Dialect = Dialect::OSS.with_max_rules(20);
/// assert_eq!(LARGE.limits.max_rules, 20);
/// assert_eq!(LARGE.evaluation, Dialect::OSS.evaluation);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialect {
    /// The name on command lines, in lower case.
    pub name: &'static str,
    /// How origins compare.
    pub origin_comparison: OriginComparison,
    /// How a request is read and matched.
    pub evaluation: Evaluation,
    /// Which response headers a decision produces.
    pub response: ResponseHeaders,
    /// The limits of a configuration.
    pub limits: Limits,
}

impl Dialect {
    /// Alibaba Cloud OSS, the default:
    /// [PutBucketCors](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
    pub const OSS: Dialect = Dialect {
        name: "oss",
        origin_comparison: OriginComparison::Bytes,
        evaluation: Evaluation {
            preflight: PreflightRule::Options,
            methods: MethodSet::Five,
            malformed_preflight: MalformedPreflight::Refused,
            request_headers_on_actual: false,
            rule_selection: RuleSelection::AllThree,
        },
        response: ResponseHeaders {
            allow_origin: AllowOrigin::WildcardInRule,
            allow_credentials: AllowCredentials::Never,
            allow_methods: AllowMethods::RuleList,
            allow_headers: AllowHeaders::Requested,
            expose_headers: SentOn::Both,
            max_age: SentOn::Both,
            vary: VaryRule::ResponseVary,
        },
        limits: Limits {
            max_rules: 10,
            max_id_characters: None,
            min_max_age_seconds: 0,
            max_max_age_seconds: 999_999_999,
            empty_origin: false,
            origin_wildcard: OriginWildcard::Once,
            header_wildcard: HeaderWildcard::Once,
            max_origins: u16::MAX,
            max_value_characters: u16::MAX,
            max_literal_headers: u16::MAX,
            max_prefixed_headers: u16::MAX,
            expose_header_wildcard: ExposeWildcard::Nowhere,
            expose_header_excludes: &['&', '\''],
            allow_credentials: false,
            one_bare_wildcard_per_rule: false,
            allowed_header_spelling: Spelling::LowerCase,
        },
    };

    /// Amazon S3:
    /// [PutBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html).
    pub const S3: Dialect = Dialect {
        name: "s3",
        origin_comparison: OriginComparison::Bytes,
        evaluation: Evaluation {
            malformed_preflight: MalformedPreflight::BadRequest,
            request_headers_on_actual: true,
            ..Dialect::OSS.evaluation
        },
        response: ResponseHeaders {
            allow_credentials: AllowCredentials::UnlessWildcard,
            allow_headers: AllowHeaders::RequestedLowerCase,
            vary: VaryRule::OnGrant,
            ..Dialect::OSS.response
        },
        limits: Limits {
            max_rules: 100,
            max_id_characters: Some(255),
            min_max_age_seconds: i32::MIN,
            max_max_age_seconds: i32::MAX,
            empty_origin: true,
            expose_header_excludes: &[],
            allowed_header_spelling: Spelling::AsWritten,
            ..Dialect::OSS.limits
        },
    };

    /// Tencent Cloud COS:
    /// [PUT Bucket cors](https://www.tencentcloud.com/document/product/436/8279).
    pub const COS: Dialect = Dialect {
        name: "cos",
        origin_comparison: OriginComparison::Bytes,
        evaluation: Dialect::OSS.evaluation,
        response: Dialect::OSS.response,
        limits: Dialect::S3.limits,
    };

    /// Google Cloud Storage: [CORS](https://cloud.google.com/storage/docs/cross-origin).
    pub const GCS: Dialect = Dialect {
        name: "gcs",
        origin_comparison: OriginComparison::DefaultPortsEqual,
        evaluation: Evaluation {
            methods: MethodSet::AnyTokenOrWildcard,
            rule_selection: RuleSelection::FirstForOriginAndMethod,
            ..Dialect::OSS.evaluation
        },
        response: ResponseHeaders {
            allow_headers: AllowHeaders::ExposeHeaders,
            vary: VaryRule::WhenEnabled,
            ..Dialect::OSS.response
        },
        limits: Limits {
            max_rules: crate::limits::MAX_RULES,
            max_max_age_seconds: i32::MAX,
            origin_wildcard: OriginWildcard::Alone,
            header_wildcard: HeaderWildcard::NoList,
            expose_header_wildcard: ExposeWildcard::Alone,
            expose_header_excludes: &[],
            allowed_header_spelling: Spelling::AsWritten,
            ..Dialect::OSS.limits
        },
    };

    /// Azure Storage:
    /// [CORS support](https://learn.microsoft.com/en-us/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services).
    pub const AZURE: Dialect = Dialect {
        name: "azure",
        origin_comparison: OriginComparison::Bytes,
        evaluation: Evaluation {
            methods: MethodSet::StandardAndMerge,
            rule_selection: RuleSelection::FirstForOriginAndMethod,
            ..Dialect::OSS.evaluation
        },
        response: ResponseHeaders {
            allow_origin: AllowOrigin::OnlyWildcard,
            allow_credentials: AllowCredentials::UnlessWildcard,
            allow_methods: AllowMethods::Requested,
            allow_headers: AllowHeaders::Requested,
            expose_headers: SentOn::Actual,
            max_age: SentOn::Preflight,
            vary: VaryRule::ReadUnlessWildcard,
        },
        limits: Limits {
            max_rules: 5,
            max_max_age_seconds: i32::MAX,
            origin_wildcard: OriginWildcard::Subdomain,
            header_wildcard: HeaderWildcard::Last,
            max_origins: 64,
            max_value_characters: 256,
            max_literal_headers: 64,
            max_prefixed_headers: 2,
            expose_header_wildcard: ExposeWildcard::Last,
            expose_header_excludes: &[],
            allowed_header_spelling: Spelling::AsWritten,
            ..Dialect::OSS.limits
        },
    };

    /// The safe default for proxies: [Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol), a
    /// complete Vary, credentials only where a rule opts in.
    pub const STRICT: Dialect = Dialect {
        name: "strict",
        origin_comparison: OriginComparison::Bytes,
        evaluation: Evaluation {
            preflight: PreflightRule::OptionsWithRequestMethod,
            methods: MethodSet::AnyToken,
            ..Dialect::OSS.evaluation
        },
        response: ResponseHeaders {
            allow_credentials: AllowCredentials::OptIn,
            allow_headers: AllowHeaders::RequestedLowerCase,
            expose_headers: SentOn::Actual,
            max_age: SentOn::Preflight,
            vary: VaryRule::Complete,
            ..Dialect::OSS.response
        },
        limits: Limits {
            max_rules: crate::limits::MAX_RULES,
            max_id_characters: Some(u16::MAX),
            max_max_age_seconds: i32::MAX,
            expose_header_excludes: &[],
            allow_credentials: true,
            allowed_header_spelling: Spelling::AsWritten,
            ..Dialect::OSS.limits
        },
    };

    /// Every dialect, OSS first.
    pub const ALL: [&'static Dialect; 6] = [
        &Dialect::OSS,
        &Dialect::S3,
        &Dialect::COS,
        &Dialect::GCS,
        &Dialect::AZURE,
        &Dialect::STRICT,
    ];
}
