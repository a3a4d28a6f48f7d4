//! The plan for one request: the layer's own answer, or the inner response with headers or
//! unchanged.

use cors_core::{Outcome, Refusal};
use http::{Request, Response, StatusCode};

use crate::cors_headers::CorsHeaders;
use crate::private_network::PrivateNetwork;
use crate::shared_policy::SharedPolicy;

/// What to send: a complete answer to a preflight, or the inner service's response, with headers or
/// unchanged.
pub(crate) enum Plan<B> {
    Untouched,
    Answer(Response<B>),
    Decorate(CorsHeaders),
}

/// Asks the policy. Without one (for example, if a bucket has no configuration) nothing is decided
/// and nothing is added.
pub(crate) fn plan<B, Answered: Default>(
    policy: Option<&SharedPolicy>,
    request: &Request<B>,
    private_network: PrivateNetwork,
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
        Some(status) => {
            let mut answer = headers.answer(status);
            private_network.answer(request.headers(), answer.headers_mut());
            Plan::Answer(answer)
        }
        None => Plan::Decorate(headers),
    }
}
