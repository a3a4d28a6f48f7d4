//! The plan for one request: the layer's own answer, or the inner response with headers.

use cors_core::{Grant, Outcome, Policy, ResponseHeader};
use http::{HeaderValue, Request, Response, StatusCode};

use crate::cors_headers::CorsHeaders;
use crate::decide::decide;
use crate::private_network::PrivateNetwork;

/// What to send: a complete answer to a preflight, or the inner service's response with headers.
pub(crate) enum Plan<B> {
    Answer(Response<B>),
    Decorate(CorsHeaders),
}

/// Asks the policy. `of_rule` makes the value of what a rule says: the rule, the header, its text in the image.
#[inline]
pub(crate) fn plan<B, Answered: Default>(
    policy: &Policy<'_>,
    request: &Request<B>,
    private_network: PrivateNetwork,
    of_rule: impl Fn(usize, ResponseHeader, &[u8]) -> Option<HeaderValue>,
) -> Plan<Answered> {
    decide(
        policy,
        request.method(),
        request.headers(),
        |_, decision, origin| {
            let rule = decision.grant().map_or(0, Grant::rule_index);
            let mut headers =
                CorsHeaders::new(decision, origin, |name, text| of_rule(rule, name, text));
            let status = match decision.outcome() {
                Outcome::NotCors | Outcome::Actual(_) => return Plan::Decorate(headers),
                Outcome::Preflight(Ok(_)) => StatusCode::OK,
                Outcome::Preflight(Err(refusal)) => {
                    StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::FORBIDDEN)
                }
            };
            let mut answer = Response::new(Answered::default());
            *answer.status_mut() = status;
            headers.move_to(answer.headers_mut());
            private_network.answer(request.headers(), answer.headers_mut());
            Plan::Answer(answer)
        },
    )
}
