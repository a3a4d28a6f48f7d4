//! What the engine answers: not a CORS request, a grant, or a refusal with its reason.

use crate::grant::{Grant, Phase};
use crate::refusal::Refusal;
use crate::response::Headers;
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
}
