//! Why a request is refused.

/// Why a request was refused. On a preflight the caller answers with an error; an actual request goes on without
/// `Access-Control-*` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The request is not one that can be judged: status 400.
    BadRequest(BadRequest),
    /// There are no rules.
    NotEnabled,
    /// There are rules, but none matched.
    NoRuleMatched {
        /// The furthest step that any rule reached, origin before method before header names.
        furthest: Furthest,
    },
    /// Access-Control-Request-Headers holds something that is not a header name.
    InvalidHeaderName,
    /// A cap that protects the server.
    LimitExceeded(Limit),
}

impl Refusal {
    /// One word for the reason, the same in logs, metrics and JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{BadRequest, Refusal};
    ///
    /// assert_eq!(Refusal::BadRequest(BadRequest::MissingOrigin).word(), "missing_origin");
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Refusal::BadRequest(BadRequest::MissingOrigin) => "missing_origin",
            Refusal::BadRequest(BadRequest::MissingMethod) => "missing_method",
            Refusal::BadRequest(BadRequest::InvalidMethod) => "bad_method",
            Refusal::BadRequest(BadRequest::InvalidHeaderName) | Refusal::InvalidHeaderName => {
                "bad_header"
            }
            Refusal::NotEnabled => "not_enabled",
            Refusal::NoRuleMatched { furthest } => match furthest {
                Furthest::Origin => "origin",
                Furthest::Method => "method",
                Furthest::Header(_) => "header",
            },
            Refusal::LimitExceeded(_) => "limit",
        }
    }

    /// The number of that word, for interfaces without texts. It never changes, and is never 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Limit, Refusal};
    ///
    /// assert_eq!(Refusal::LimitExceeded(Limit::OriginBytes).code(), 9);
    /// ```
    pub const fn code(self) -> u8 {
        match self {
            Refusal::BadRequest(BadRequest::MissingOrigin) => 1,
            Refusal::BadRequest(BadRequest::MissingMethod) => 2,
            Refusal::BadRequest(BadRequest::InvalidMethod) => 3,
            Refusal::BadRequest(BadRequest::InvalidHeaderName) | Refusal::InvalidHeaderName => 4,
            Refusal::NotEnabled => 5,
            Refusal::NoRuleMatched { furthest } => match furthest {
                Furthest::Origin => 6,
                Furthest::Method => 7,
                Furthest::Header(_) => 8,
            },
            Refusal::LimitExceeded(_) => 9,
        }
    }

    /// The status that refuses a preflight, where no provider has one of its own: 400 if it cannot be judged, otherwise 403.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Refusal;
    ///
    /// assert_eq!(Refusal::NotEnabled.status(), 403);
    /// ```
    pub const fn status(self) -> u16 {
        match self {
            Refusal::BadRequest(_) => 400,
            _ => 403,
        }
    }
}

/// What is missing or invalid in a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadRequest {
    /// No Origin.
    MissingOrigin,
    /// No Access-Control-Request-Method.
    MissingMethod,
    /// An Access-Control-Request-Method that the dialect does not have.
    InvalidMethod,
    /// Access-Control-Request-Headers holds something that is not a header name.
    InvalidHeaderName,
}

/// How far the best rule got; further is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Furthest {
    /// No rule matches the origin.
    Origin,
    /// Some match the origin, none of them the method.
    Method,
    /// Some match origin and method, none of them every header name up to this one, counted from 0 over the
    /// names in Access-Control-Request-Headers. See [`Request::requested_names`](crate::Request::requested_names).
    Header(u16),
}

/// A cap that protects the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`MAX_ORIGIN_BYTES`](crate::MAX_ORIGIN_BYTES)
    OriginBytes,
    /// [`MAX_REQUEST_HEADER_BYTES`](crate::MAX_REQUEST_HEADER_BYTES)
    HeaderBytes,
    /// [`MAX_REQUEST_HEADER_NAMES`](crate::MAX_REQUEST_HEADER_NAMES)
    HeaderNames,
}

impl Limit {
    /// One word for the cap, the same in logs, metrics and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Limit::OriginBytes => "origin_bytes",
            Limit::HeaderBytes => "header_bytes",
            Limit::HeaderNames => "header_names",
        }
    }

    /// The number of that word. It never changes.
    pub const fn code(self) -> u8 {
        match self {
            Limit::OriginBytes => 1,
            Limit::HeaderBytes => 2,
            Limit::HeaderNames => 3,
        }
    }
}
