//! Dialects: each provider's matching semantics as data, never as a branch on a name.
//!
//! The source of each fact is stated beside it, as in the specification, `docs/semantics.md`:
//! recorded on the live service, documented by the provider, known only from other implementations,
//! or a *choice* of this project where nothing is established.

mod derived;
pub(crate) mod providers;

/// How an AllowedOrigin without a `*` compares with an Origin. Compiled into the index of the policy
/// image, so that no request pays for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginComparison {
    /// Byte for byte (S3, recorded; OSS, choice).
    Bytes,
    /// Byte for byte, but `http://h` equals `http://h:80`, and `https://h` equals `https://h:443`
    /// (GCS, documented: [troubleshooting](https://cloud.google.com/storage/docs/troubleshooting#cors)).
    DefaultPortsEqual,
}

/// How a request is read and matched. Stored in the policy image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Which `OPTIONS` requests are preflights.
    pub preflight: PreflightRule,
    /// Which methods exist.
    pub methods: MethodSet,
    /// How a malformed preflight is treated.
    pub malformed_preflight: MalformedPreflight,
    /// Whether Access-Control-Request-Method and -Headers also apply to an actual request (S3,
    /// recorded).
    pub request_headers_on_actual: bool,
    /// How the requested header names affect which rule is chosen.
    pub rule_selection: RuleSelection,
}

/// Which `OPTIONS` requests are CORS-preflight requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreflightRule {
    /// Every `OPTIONS` request: object stores use the method for nothing else.
    Options,
    /// Only those with Access-Control-Request-Method, as in Fetch; any other `OPTIONS` is an actual
    /// request.
    OptionsWithRequestMethod,
}

/// The methods that a rule may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodSet {
    /// GET, PUT, POST, DELETE, HEAD.
    Five,
    /// The eight methods of RFC 9110 (GET, PUT, POST, DELETE, HEAD, CONNECT, OPTIONS, TRACE), PATCH
    /// and MERGE (Azure, documented: [the enum of its management
    /// API](https://learn.microsoft.com/en-us/javascript/api/@azure/arm-storage/knownallowedmethods)).
    StandardAndMerge,
    /// Any RFC 9110 token.
    AnyToken,
    /// Any RFC 9110 token, and `*` in a rule matches any method (GCS, documented:
    /// [buckets, `cors[].method[]`](https://cloud.google.com/storage/docs/json_api/v1/buckets)).
    AnyTokenOrWildcard,
}

/// How to treat a preflight whose Access-Control-Request-Method is outside the set, or whose
/// Access-Control-Request-Headers contains something that is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MalformedPreflight {
    /// As a bad request, status 400 (S3; known from other implementations).
    BadRequest,
    /// As refused, status 403 (choice).
    Refused,
}

/// How the requested header names affect which rule is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSelection {
    /// A rule must match origin, method and every name; otherwise the next is tried (OSS, S3, COS).
    AllThree,
    /// The first rule that matches origin and method is final; if it does not allow a name, the
    /// request is refused (Azure and GCS, documented).
    FirstForOriginAndMethod,
}

/// Which response headers a decision produces. Stored in the policy image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseHeaders {
    /// When Access-Control-Allow-Origin is `*`.
    pub allow_origin: AllowOrigin,
    /// When Access-Control-Allow-Credentials is sent.
    pub allow_credentials: AllowCredentials,
    /// What Access-Control-Allow-Methods lists.
    pub allow_methods: AllowMethods,
    /// What Access-Control-Allow-Headers lists.
    pub allow_headers: AllowHeaders,
    /// Where Access-Control-Expose-Headers is sent.
    pub expose_headers: SentOn,
    /// Where Access-Control-Max-Age is sent.
    pub max_age: SentOn,
    /// When Vary is sent, and what it lists.
    pub vary: VaryRule,
}

/// When Access-Control-Allow-Origin is `*` instead of the request's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowOrigin {
    /// When `*` is among the rule's origins. That this includes rules that also list an exact
    /// origin is a choice: it reveals least.
    WildcardInRule,
    /// When `*` is the rule's only origin (Azure, documented).
    OnlyWildcard,
}

/// When Access-Control-Allow-Credentials: true is sent. Never `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowCredentials {
    /// Never (OSS, recorded).
    Never,
    /// When Allow-Origin is not `*` (S3, recorded; Azure, documented).
    UnlessWildcard,
    /// When the rule opts in, which it cannot do together with `*` (STRICT).
    OptIn,
}

/// What Access-Control-Allow-Methods lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowMethods {
    /// The rule's whole list in its order (OSS and S3, recorded).
    RuleList,
    /// Only the requested method (Azure; known from other implementations).
    Requested,
}

/// What Access-Control-Allow-Headers lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowHeaders {
    /// The requested names as sent (OSS, recorded).
    Requested,
    /// The requested names in lower case (S3, recorded).
    RequestedLowerCase,
    /// On a preflight, the rule's list: GCS has one list, `ResponseHeader`, for both directions.
    /// Requested names are compared with it (documented); that all of it is answered is a choice.
    ExposeHeaders,
}

/// Where a response header is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentOn {
    /// On preflights and actual requests.
    Both,
    /// On preflights only.
    Preflight,
    /// On actual requests only.
    Actual,
}

/// When Vary is sent, and what it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaryRule {
    /// `Origin` on every response if the configuration sets ResponseVary, else never (OSS,
    /// documented).
    ResponseVary,
    /// `Origin, Access-Control-Request-Headers, Access-Control-Request-Method` when the request is
    /// granted, else none (S3, recorded).
    OnGrant,
    /// `Origin` on every response while CORS is enabled (GCS; that it is sent is known, on which
    /// responses is a choice).
    WhenEnabled,
    /// `Origin` on GET and HEAD while CORS is enabled, unless granted with `*` (Azure, documented).
    ReadUnlessWildcard,
    /// Every request header that could have changed the CORS headers, in every branch (STRICT).
    Complete,
}

/// The limits of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Largest number of rules, no more than [`MAX_RULES`](crate::MAX_RULES).
    pub max_rules: u16,
    /// Longest `ID` in characters; `None` if rules have no `ID`.
    pub max_id_characters: Option<u16>,
    /// Smallest `MaxAgeSeconds`.
    pub min_max_age_seconds: i32,
    /// Largest `MaxAgeSeconds`.
    pub max_max_age_seconds: i32,
    /// Whether an empty `AllowedOrigin` is accepted; it matches nothing (S3, recorded).
    pub empty_origin: bool,
    /// Where `*` is allowed in an `AllowedOrigin`.
    pub origin_wildcard: OriginWildcard,
    /// Where `*` is allowed in an `AllowedHeader`.
    pub header_wildcard: HeaderWildcard,
    /// Largest number of `AllowedOrigin` values in a rule (Azure, documented).
    pub max_origins: u16,
    /// Longest `AllowedOrigin`, `AllowedHeader` and `ExposeHeader` in characters (Azure,
    /// documented); `u16::MAX` if only the image limits them.
    pub max_value_characters: u16,
    /// Largest number of `AllowedHeader` values without a `*` in a rule, and of `ExposeHeader`
    /// values (Azure, documented).
    pub max_literal_headers: u16,
    /// Largest number of `AllowedHeader` values with a `*` in a rule, and of `ExposeHeader` values
    /// (Azure, documented; that a lone `*` counts is a choice).
    pub max_prefixed_headers: u16,
    /// Where `*` is allowed in an `ExposeHeader`.
    pub expose_header_wildcard: ExposeWildcard,
    /// Token characters that are nevertheless not allowed in an `ExposeHeader` (OSS, documented).
    pub expose_header_excludes: &'static [char],
    /// Whether a rule may opt in to credentials (STRICT).
    pub allow_credentials: bool,
    /// Whether a second element equal to `*` in one rule is refused. Provider SDKs read "each rule
    /// allows up to one wildcard" in two ways; off by default.
    pub one_bare_wildcard_per_rule: bool,
    /// How `GET ?cors` spells AllowedHeader.
    pub allowed_header_spelling: Spelling,
}

/// Where `*` is allowed in an `AllowedOrigin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginWildcard {
    /// Once, anywhere.
    Once,
    /// Once, anywhere but in the port: `http://localhost:*` is refused (R2, recorded).
    OnceOutsidePort,
    /// As the whole value or as the subdomain in `scheme://*.host` (Azure).
    Subdomain,
    /// As the whole value only (GCS).
    Alone,
}

/// Where `*` is allowed in an `ExposeHeader`. It is sent unchanged; browsers treat a lone `*` as
/// every name except Authorization if no credentials are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExposeWildcard {
    /// Nowhere (OSS, S3, documented).
    Nowhere,
    /// As the whole value (GCS: `"responseHeader": ["*"]` is known from files in use).
    Alone,
    /// At the end (Azure, documented).
    Last,
}

/// Where `*` is allowed in an `AllowedHeader`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderWildcard {
    /// Once, anywhere.
    Once,
    /// At the end (Azure).
    Last,
    /// The dialect has no AllowedHeader (GCS).
    NoList,
}

/// How a list is spelled when a configuration is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As it was written.
    AsWritten,
    /// In lower case (OSS, recorded).
    LowerCase,
}
