//! What the engine answers: not a CORS request, a grant, or a refusal with its reason.

use crate::dialect::{AllowOrigin, ResponseHeaders};
use crate::policy::{HAS_WILDCARD, ONLY_WILDCARD, Record};
use crate::response::Headers;

/// The answer to one request. Borrows policy and request; small enough to return.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, Outcome, PolicyBuf, Refusal, Request, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let owner = PolicyBuf::<512>::compile(&Configuration::new(&Dialect::S3, &rules))?;
/// let request = Request { method: b"GET", origin: Some(b"https://a.example"), ..Request::EMPTY };
/// let decision = owner.as_policy().decide(&request);
/// let headers: Vec<String> = decision.headers().iter().map(|(name, value)| format!("{name}: {value}")).collect();
/// assert_eq!(headers[0], "access-control-allow-origin: https://a.example");
///
/// let other = owner.as_policy().decide(&Request { origin: Some(b"https://b.example"), ..request });
/// assert!(matches!(other.outcome(), Outcome::Actual(Err(Refusal::NoRuleMatched { .. }))));
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decision<'p, 'r> {
    /// `None` without an Origin.
    phase: Option<Phase>,
    /// `None` when granted, and without an Origin.
    refusal: Option<Refusal>,
    vary: VaryValue,
    /// Beside the refusal and not in a result with it, so that it is written once, where the caller wants it.
    grant: Option<Grant<'p, 'r>>,
}

/// The three kinds of answers.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'p, 'r> {
    /// The request has no Origin, or an empty one.
    NotCors,
    /// A CORS-preflight request: the caller answers it.
    Preflight(Result<Grant<'p, 'r>, Refusal>),
    /// Any other CORS request: the operation goes on, whatever the result.
    Actual(Result<Grant<'p, 'r>, Refusal>),
}

impl<'p, 'r> Decision<'p, 'r> {
    /// No CORS request.
    #[inline]
    pub(crate) fn not_cors(vary: VaryValue) -> Self {
        Decision {
            phase: None,
            refusal: None,
            vary,
            grant: None,
        }
    }

    #[inline]
    pub(crate) fn refused(phase: Phase, refusal: Refusal, vary: VaryValue) -> Self {
        Decision {
            phase: Some(phase),
            refusal: Some(refusal),
            vary,
            grant: None,
        }
    }

    #[inline]
    pub(crate) fn granted(grant: Grant<'p, 'r>, vary: VaryValue) -> Self {
        Decision {
            phase: Some(grant.phase),
            refusal: None,
            vary,
            grant: Some(grant),
        }
    }

    /// Which kind of answer it is.
    pub fn outcome(&self) -> Outcome<'p, 'r> {
        let result = self
            .grant
            .ok_or(self.refusal.unwrap_or(Refusal::NotEnabled));
        match self.phase {
            None => Outcome::NotCors,
            Some(Phase::Preflight) => Outcome::Preflight(result),
            Some(Phase::Actual) => Outcome::Actual(result),
        }
    }

    /// The grant, on a preflight or an actual request.
    pub fn grant(&self) -> Option<&Grant<'p, 'r>> {
        self.grant.as_ref()
    }

    /// The refusal, on a preflight or an actual request.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// The response headers, for every answer: Vary is due on refusals and on requests without Origin too.
    ///
    /// # Complexity
    ///
    /// Constant: nothing is rendered before a value is asked for.
    pub fn headers<'a>(&self) -> Headers<'a>
    where
        'p: 'a,
        'r: 'a,
    {
        Headers::new(self.grant(), self.vary)
    }
}

/// What the winning rule gives.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'p, 'r> {
    pub(crate) record: &'p [u8],
    pub(crate) rule: u16,
    pub(crate) response: ResponseHeaders,
    pub(crate) phase: Phase,
    /// The requested method, as the configuration spells it.
    pub(crate) method: &'p [u8],
    pub(crate) origin: &'r [u8],
    /// The field lines of Access-Control-Request-Headers whose names were checked.
    pub(crate) lines: &'r [&'r [u8]],
}

impl<'p, 'r> Grant<'p, 'r> {
    pub(crate) fn record(&self) -> Record<'p> {
        Record::parse(self.record).unwrap_or(Record::EMPTY)
    }

    /// The winning rule, counted from 0.
    pub fn rule_index(&self) -> usize {
        usize::from(self.rule)
    }

    /// The winning rule's `ID`.
    pub fn rule_id(&self) -> Option<&'p str> {
        self.record().rule().id
    }

    /// The value of Access-Control-Allow-Origin: `*` or the request's origin.
    pub fn allow_origin<'a>(&self) -> &'a [u8]
    where
        'p: 'a,
        'r: 'a,
    {
        if self.allows_any_origin() {
            b"*"
        } else {
            self.origin
        }
    }

    /// Whether Access-Control-Allow-Origin is `*`.
    pub fn allows_any_origin(&self) -> bool {
        let flag = match self.response.allow_origin {
            AllowOrigin::WildcardInRule => HAS_WILDCARD,
            AllowOrigin::OnlyWildcard => ONLY_WILDCARD,
        };
        self.record.first().is_some_and(|flags| flags & flag != 0)
    }

    /// The winning rule's `MaxAgeSeconds`.
    pub fn max_age_seconds(&self) -> Option<i32> {
        self.record().rule().max_age_seconds
    }
}

/// Preflight or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Preflight,
    Actual,
}

/// Why a request was refused. On a preflight the caller answers with an error; an actual request goes on without
/// `Access-Control-*` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The request is not one that can be judged: status 400.
    BadRequest(BadRequest),
    /// There is no rule at all.
    NotEnabled,
    /// Rules there are, but none matched.
    NoRuleMatched {
        /// The furthest step that any rule reached, origin before method before header names.
        furthest: Furthest,
    },
    /// Access-Control-Request-Headers holds something that is no header name.
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
    /// Access-Control-Request-Headers holds something that is no header name.
    InvalidHeaderName,
}

/// Where the rules ended that came furthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// The value of Vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VaryValue {
    None,
    Origin,
    /// As S3 orders it.
    AsS3,
    RequestMethod,
    OriginRequestMethod,
    RequestMethodHeaders,
    OriginRequestMethodHeaders,
}

impl VaryValue {
    pub(crate) fn origin_if(origin: bool) -> Self {
        if origin {
            VaryValue::Origin
        } else {
            VaryValue::None
        }
    }

    pub(crate) fn options(origin: bool) -> Self {
        if origin {
            VaryValue::OriginRequestMethod
        } else {
            VaryValue::RequestMethod
        }
    }

    pub(crate) fn preflight(origin: bool) -> Self {
        if origin {
            VaryValue::OriginRequestMethodHeaders
        } else {
            VaryValue::RequestMethodHeaders
        }
    }
}
