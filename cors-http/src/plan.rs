//! What becomes of one request: an answer of our own, or the response still to come, with headers or untouched.

use cors_core::{Outcome, Refusal};
use http::{Request, Response, StatusCode};

use crate::cors_headers::CorsHeaders;
use crate::shared_policy::SharedPolicy;

/// What is to be sent: a whole answer to a preflight, or the response that is still to come, with headers or as it is.
pub(crate) enum Plan<B> {
    Untouched,
    Answer(Response<B>),
    Decorate(CorsHeaders),
}

/// Asks the policy. Without one (a bucket that is not configured, say) nothing is decided and nothing is added.
pub(crate) fn plan<B, Answered: Default>(
    policy: Option<&SharedPolicy>,
    request: &Request<B>,
) -> Plan<Answered> {
    let Some(shared) = policy else {
        return Plan::Untouched;
    };
    let (status, headers) =
        shared.decide(
            request.method(),
            request.headers(),
            |_, decision| match decision.outcome() {
                Outcome::Preflight(Ok(_)) => Some(StatusCode::OK),
                Outcome::Preflight(Err(Refusal::BadRequest(_))) => Some(StatusCode::BAD_REQUEST),
                Outcome::Preflight(Err(_)) => Some(StatusCode::FORBIDDEN),
                Outcome::NotCors | Outcome::Actual(_) => None,
            },
        );
    match status {
        Some(status) => Plan::Answer(headers.answer(status)),
        None => Plan::Decorate(headers),
    }
}
