//! The plain, owned types of this crate: configurations, requests and answers.

use std::fmt;

use serde::Deserialize;

/// A dialect: how a provider interprets a configuration.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "lowercase")]
pub enum DialectName {
    /// Alibaba Cloud OSS, the default; rows that name no provider (`generic`) use this one.
    #[serde(alias = "generic")]
    Oss,
    /// Amazon S3.
    S3,
    /// Tencent Cloud COS.
    Cos,
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure,
    /// The safe default for proxies, defined by the specification (`docs/semantics.md`) alone.
    Strict,
}

impl DialectName {
    /// Every dialect, in the order of the specification's tables.
    pub const ALL: [Self; 6] = [
        Self::Oss,
        Self::S3,
        Self::Cos,
        Self::Gcs,
        Self::Azure,
        Self::Strict,
    ];
}

/// One rule of a configuration, as written.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// ID, if present.
    #[serde(default)]
    pub id: Option<String>,
    /// Each `AllowedOrigin`, in order.
    pub allowed_origins: Vec<String>,
    /// Each `AllowedMethod`, in order.
    pub allowed_methods: Vec<String>,
    /// Each `AllowedHeader`, in order.
    #[serde(default)]
    pub allowed_headers: Vec<String>,
    /// Each `ExposeHeader`, in order; on GCS this is the `ResponseHeader` list.
    #[serde(default)]
    pub expose_headers: Vec<String>,
    /// `MaxAgeSeconds`, if present.
    #[serde(default)]
    pub max_age_seconds: Option<i32>,
    /// Whether the rule allows credentials; only STRICT has this.
    #[serde(default)]
    pub allow_credentials: bool,
}

/// An ordered list of rules, with the dialect that interprets them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Configuration {
    /// The dialect.
    pub dialect: DialectName,
    /// The rules; the first that matches wins. An empty list means that CORS is not enabled.
    pub rules: Vec<Rule>,
    /// `ResponseVary` of the document's root (OSS).
    pub response_vary: bool,
}

/// The four things that are read from an HTTP request. They are bytes because they need not be
/// text.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Request {
    /// The request's method.
    pub method: Vec<u8>,
    /// The value of `Origin`.
    pub origin: Option<Vec<u8>>,
    /// The value of `Access-Control-Request-Method`.
    pub access_control_request_method: Option<Vec<u8>>,
    /// The field lines of `Access-Control-Request-Headers`, in order; empty when it was not sent.
    pub access_control_request_headers: Vec<Vec<u8>>,
}

/// The answer to one request: the decision, and the header fields for the response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// Granted, refused, or no CORS at all.
    pub decision: Decision,
    /// Name in lower case and value, in the order in which they are sent.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Answer {
    /// The kind of request.
    pub fn phase(&self) -> Phase {
        match self.decision {
            Decision::NotCors => Phase::NotCors,
            Decision::Preflight(_) => Phase::Preflight,
            Decision::Actual(_) => Phase::Actual,
        }
    }

    /// The index of the rule that granted the request.
    pub fn rule(&self) -> Option<usize> {
        match self.decision {
            Decision::Preflight(Ok(rule)) | Decision::Actual(Ok(rule)) => Some(rule),
            _ => None,
        }
    }

    /// Why the request was refused.
    pub fn refusal(&self) -> Option<Refusal> {
        match self.decision {
            Decision::Preflight(Err(refusal)) | Decision::Actual(Err(refusal)) => Some(refusal),
            _ => None,
        }
    }

    /// The value of the header field `name`, which must be in lower case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(sent, _)| sent == name)
            .map(|(_, value)| value.as_slice())
    }
}

/// The decision about one request: its kind, and the granting rule's index or the reason for the
/// refusal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Not a CORS request: it names no origin.
    NotCors,
    /// A CORS-preflight request.
    Preflight(Result<usize, Refusal>),
    /// A CORS request that is not a preflight; refusing it only withholds the headers.
    Actual(Result<usize, Refusal>),
}

/// The kind of a request.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub enum Phase {
    /// It has no origin and is not a preflight.
    NotCors,
    /// A CORS-preflight request.
    Preflight,
    /// Any other CORS request.
    Actual,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The request itself is invalid; a preflight is answered with 400.
    BadRequest(BadRequest),
    /// An item of `Access-Control-Request-Headers` is not a token, in a dialect where this is not a
    /// bad request.
    InvalidHeaderName,
    /// There are no rules.
    NotEnabled,
    /// No rule matched.
    NoRuleMatched(Furthest),
    /// The request is larger than a cap.
    LimitExceeded(Limit),
}

/// Why a request is a bad request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadRequest {
    /// A preflight without `Origin`, or with an empty one.
    MissingOrigin,
    /// A preflight without `Access-Control-Request-Method`.
    MissingMethod,
    /// `Access-Control-Request-Method` is outside the dialect's set.
    InvalidMethod,
    /// An item of `Access-Control-Request-Headers` is not a token.
    InvalidHeaderName,
}

/// The furthest step that any rule reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Furthest {
    /// No rule matched the origin.
    Origin,
    /// Some rule matched the origin, but none matched the method too.
    Method,
    /// Some rule matched origin and method; this is the index of the name that stopped the rule
    /// that got furthest.
    Header(usize),
}

/// The cap that a request exceeds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// The length of `Origin`.
    Origin,
    /// The length of `Access-Control-Request-Headers`, all lines joined.
    HeaderBytes,
    /// The number of names in `Access-Control-Request-Headers`.
    HeaderItems,
}

/// The spelling the vectors use, for instance `NoRuleMatched(Header(1))`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
