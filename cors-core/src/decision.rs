//! What the engine answers: not a CORS request, a grant, or a refusal with its reason.

use crate::grant::{Grant, Phase};
use crate::refusal::Refusal;
use crate::response::{
    Header, HeaderValue, Headers, MAX_HEADERS, ResponseHeader, for_each_header, headers_into,
};
use crate::vary::VaryValue;

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
    answer: Answer<'p, 'r>,
    vary: VaryValue,
}

/// What is answered; a grant knows its own phase.
#[derive(Clone, Copy, Debug)]
enum Answer<'p, 'r> {
    NotCors,
    Refused(Phase, Refusal),
    Granted(Grant<'p, 'r>),
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
    /// Not a CORS request.
    #[inline]
    pub(crate) fn not_cors(vary: VaryValue) -> Self {
        Decision {
            answer: Answer::NotCors,
            vary,
        }
    }

    #[inline]
    pub(crate) fn refused(phase: Phase, refusal: Refusal, vary: VaryValue) -> Self {
        Decision {
            answer: Answer::Refused(phase, refusal),
            vary,
        }
    }

    #[inline]
    pub(crate) fn granted(grant: Grant<'p, 'r>, vary: VaryValue) -> Self {
        Decision {
            answer: Answer::Granted(grant),
            vary,
        }
    }

    /// Which kind of answer it is.
    pub fn outcome(&self) -> Outcome<'p, 'r> {
        let (phase, result) = match self.answer {
            Answer::NotCors => return Outcome::NotCors,
            Answer::Refused(phase, refusal) => (phase, Err(refusal)),
            Answer::Granted(grant) => (grant.phase, Ok(grant)),
        };
        match phase {
            Phase::Preflight => Outcome::Preflight(result),
            Phase::Actual => Outcome::Actual(result),
        }
    }

    /// The grant, on a preflight or an actual request.
    pub fn grant(&self) -> Option<&Grant<'p, 'r>> {
        match &self.answer {
            Answer::Granted(grant) => Some(grant),
            Answer::NotCors | Answer::Refused(..) => None,
        }
    }

    /// The refusal, on a preflight or an actual request.
    pub fn refusal(&self) -> Option<Refusal> {
        match self.answer {
            Answer::Refused(_, refusal) => Some(refusal),
            Answer::NotCors | Answer::Granted(_) => None,
        }
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

    /// Calls `each` with the same headers in the same order, without a list of them. [`HeaderValue::source`] says which values
    /// an adapter can have prepared.
    ///
    /// # Complexity
    ///
    /// Constant, and up to seven calls.
    #[inline]
    pub fn for_each_header<'a>(&self, each: impl FnMut(ResponseHeader, HeaderValue<'a>))
    where
        'p: 'a,
        'r: 'a,
    {
        for_each_header(self.grant(), self.vary, each);
    }

    /// Stores the same headers in the same order at the front of the caller's array; returns those stored, or `None` if
    /// the buffer is too small. Only Access-Control-Allow-Headers may need the buffer, for the requested names joined anew:
    /// [`MAX_VALUE_BYTES`](crate::MAX_VALUE_BYTES) are always enough, and [`HeaderValue::encoded_len`] tells how many are.
    ///
    /// # Complexity
    ///
    /// Linear in Access-Control-Request-Headers; all other values are borrowed.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Configuration, Dialect, Header, List, MAX_HEADERS, PolicyBuf, Request, Rule};
    ///
    /// let rules = [Rule {
    ///     allowed_origins: List::new(&["https://a.example"]),
    ///     allowed_methods: List::new(&["PUT"]),
    ///     allowed_headers: List::new(&["x-*"]),
    ///     ..Rule::EMPTY
    /// }];
    /// let owner = PolicyBuf::<512>::compile(&Configuration::new(&Dialect::S3, &rules))?;
    /// let decision = owner.as_policy().decide(&Request {
    ///     method: b"OPTIONS",
    ///     origin: Some(b"https://a.example"),
    ///     access_control_request_method: Some(b"PUT"),
    ///     access_control_request_headers: &[b"x-a,X-B"],
    /// });
    /// let (mut headers, mut buffer) = ([Header::EMPTY; MAX_HEADERS], [0; 64]);
    /// let headers = decision.headers_into(&mut headers, &mut buffer).expect("64 bytes are enough");
    /// assert_eq!(headers.len(), 5);
    /// assert_eq!((headers[3].name.name(), headers[3].value), ("access-control-allow-headers", &b"x-a, x-b"[..]));
    /// # Ok::<(), cors_core::CompileError>(())
    /// ```
    pub fn headers_into<'a, 's>(
        &self,
        headers: &'s mut [Header<'a>; MAX_HEADERS],
        buffer: &'a mut [u8],
    ) -> Option<&'s [Header<'a>]>
    where
        'p: 'a,
        'r: 'a,
    {
        headers_into(self.grant(), self.vary, headers, buffer)
    }
}
