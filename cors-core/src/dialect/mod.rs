//! Whose rules apply: each provider's behaviour as data, never as a branch on a name.
//!
//! How well each fact is known is said beside it, as in the specification, `docs/semantics.md`:
//! recorded on the live service, provider documentation, other implementations only, or a *choice*
//! of this project where nothing is established.

mod derived;
pub(crate) mod providers;

/// How a request is read and matched. Stored in the policy image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Which `OPTIONS` requests are preflights.
    pub preflight: PreflightRule,
    /// The methods that exist.
    pub methods: MethodSet,
    /// What a malformed preflight is.
    pub malformed_preflight: MalformedPreflight,
    /// Whether Access-Control-Request-Method and -Headers count on an actual request too (S3, recorded).
    pub request_headers_on_actual: bool,
    /// How requested header names take part in choosing the rule.
    pub rule_selection: RuleSelection,
}

/// Which `OPTIONS` requests are CORS-preflight requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreflightRule {
    /// Every `OPTIONS` request: object stores give the method no other meaning.
    Options,
    /// Only with Access-Control-Request-Method, as Fetch says; another `OPTIONS` is an actual request.
    OptionsWithRequestMethod,
}

/// The methods that a rule may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodSet {
    /// GET, PUT, POST, DELETE, HEAD.
    Five,
    /// The five, and MERGE and OPTIONS (Azure).
    FiveMergeOptions,
    /// Any RFC 9110 token.
    AnyToken,
    /// Any RFC 9110 token, and `*` in a rule is any method (GCS, documented:
    /// [buckets, `cors[].method[]`](https://cloud.google.com/storage/docs/json_api/v1/buckets)).
    AnyTokenOrWildcard,
}

/// What becomes of a preflight whose Access-Control-Request-Method is outside the set, or whose
/// Access-Control-Request-Headers holds something that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MalformedPreflight {
    /// An error of the request, status 400 (S3; known from other implementations).
    BadRequest,
    /// A refusal, status 403 (choice).
    Refused,
}

/// How requested header names take part in choosing the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSelection {
    /// A rule must match origin, method and every name; otherwise the next is tried (OSS, S3, COS).
    AllThree,
    /// The first rule that matches origin and method is final; a name it does not allow refuses (Azure).
    FirstForOriginAndMethod,
    /// Origin and method alone select (GCS).
    HeadersIgnored,
}

/// Which response headers a decision yields. Stored in the policy image.
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
    /// Where Vary is due, and what it lists.
    pub vary: VaryRule,
}

/// When Access-Control-Allow-Origin is `*` instead of the request's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowOrigin {
    /// When the rule holds `*` among its origins. With an exact origin beside it: a choice, it gives away least.
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
    /// When the rule opts in, which it cannot together with `*` (STRICT).
    OptIn,
}

/// What Access-Control-Allow-Methods lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowMethods {
    /// The rule's whole list in its order (OSS and S3, recorded).
    RuleList,
    /// The requested method alone (Azure; known from other implementations).
    Requested,
}

/// What Access-Control-Allow-Headers lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowHeaders {
    /// The requested names as sent (OSS, recorded).
    Requested,
    /// The requested names in lower case (S3, recorded).
    RequestedLowerCase,
    /// On a preflight, the rule's list: GCS has one list, `ResponseHeader`, for both directions (choice).
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

/// Where Vary is due, and what it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaryRule {
    /// `Origin` on every answer if the configuration says ResponseVary, else never (OSS, documented).
    ResponseVary,
    /// `Origin, Access-Control-Request-Headers, Access-Control-Request-Method` on a grant, else none (S3, recorded).
    OnGrant,
    /// `Origin` on every answer while CORS is enabled (GCS; that it is sent is known, where is a choice).
    WhenEnabled,
    /// `Origin` on GET and HEAD while CORS is enabled, unless granted with `*` (Azure, documented).
    ReadUnlessWildcard,
    /// Every request header that could have changed the CORS headers, in every branch (STRICT).
    Complete,
}

/// What a configuration may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Most rules, at most [`MAX_RULES`](crate::MAX_RULES).
    pub max_rules: u16,
    /// Longest `ID` in characters; `None` where a rule has none.
    pub max_id_characters: Option<u16>,
    /// Smallest `MaxAgeSeconds`.
    pub min_max_age_seconds: i32,
    /// Largest `MaxAgeSeconds`.
    pub max_max_age_seconds: i32,
    /// Whether an empty `AllowedOrigin` is accepted; it matches nothing (S3, recorded).
    pub empty_origin: bool,
    /// Where `*` may stand in an `AllowedOrigin`.
    pub origin_wildcard: OriginWildcard,
    /// Where `*` may stand in an `AllowedHeader`.
    pub header_wildcard: HeaderWildcard,
    /// Most `AllowedOrigin` of a rule (Azure, documented).
    pub max_origins: u16,
    /// Longest `AllowedOrigin`, `AllowedHeader` and `ExposeHeader` in characters (Azure, documented); `u16::MAX` where
    /// only the image limits them.
    pub max_value_characters: u16,
    /// Most `AllowedHeader`, and most `ExposeHeader`, of a rule without a `*` (Azure, documented).
    pub max_literal_headers: u16,
    /// Most `AllowedHeader`, and most `ExposeHeader`, of a rule with a `*` (Azure, documented; that a lone `*` counts is a choice).
    pub max_prefixed_headers: u16,
    /// Where `*` may stand in an `ExposeHeader`.
    pub expose_header_wildcard: ExposeWildcard,
    /// Token characters that an `ExposeHeader` may not hold all the same (OSS, documented).
    pub expose_header_excludes: &'static [char],
    /// Whether a rule may opt in to credentials (STRICT).
    pub allow_credentials: bool,
    /// Whether a second element equal to `*` in one rule is refused. Provider SDKs read "each rule
    /// allows up to one wildcard" in two ways; off by default.
    pub one_bare_wildcard_per_rule: bool,
    /// How `GET ?cors` spells AllowedHeader.
    pub allowed_header_spelling: Spelling,
}

/// Where `*` may stand in an `AllowedOrigin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginWildcard {
    /// Once, anywhere.
    Once,
    /// As the whole value or as the subdomain in `scheme://*.host` (Azure).
    Subdomain,
    /// As the whole value only (GCS).
    Alone,
}

/// Where `*` may stand in an `ExposeHeader`. It is sent as it is; browsers take a lone one for every name but Authorization,
/// where no credentials are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExposeWildcard {
    /// Nowhere (OSS, S3, documented).
    Nowhere,
    /// As the whole value (GCS: `"responseHeader": ["*"]` is known from files that people use).
    Alone,
    /// At the end (Azure, documented).
    Last,
}

/// Where `*` may stand in an `AllowedHeader`.
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
