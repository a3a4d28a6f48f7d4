//! The plan for one request: the layer's own answer, or the inner response with headers.

use bytes::Bytes;
use cors_core::{Outcome, Policy, Refusal};
use http::{Request, Response, StatusCode};

use crate::cors_headers::CorsHeaders;
use crate::decide::decide;
use crate::private_network::PrivateNetwork;

/// What to send: a complete answer to a preflight, or the inner service's response with headers.
pub(crate) enum Plan<B> {
    Answer(Response<B>),
    Decorate(CorsHeaders),
}

/// Asks the policy, which is a view of the image.
#[inline]
pub(crate) fn plan<B, Answered: Default>(
    policy: &Policy<'_>,
    image: &Bytes,
    request: &Request<B>,
    private_network: PrivateNetwork,
) -> Plan<Answered> {
    decide(
        policy,
        request.method(),
        request.headers(),
        |_, decision, origin| {
            let headers = CorsHeaders::new(image, decision, origin);
            let status = match decision.outcome() {
                Outcome::NotCors | Outcome::Actual(_) => return Plan::Decorate(headers),
                Outcome::Preflight(Ok(_)) => StatusCode::OK,
                Outcome::Preflight(Err(Refusal::BadRequest(_))) => StatusCode::BAD_REQUEST,
                Outcome::Preflight(Err(_)) => StatusCode::FORBIDDEN,
            };
            let mut answer = Response::new(Answered::default());
            *answer.status_mut() = status;
            headers.apply_to(answer.headers_mut());
            private_network.answer(request.headers(), answer.headers_mut());
            Plan::Answer(answer)
        },
    )
}
