//! Private Network Access: the one header that the draft adds to the answer of a preflight.

use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::cors_headers::append_vary;

/// Whether a layer answers [Private Network Access](https://wicg.github.io/private-network-access/).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PrivateNetwork {
    /// The header of the request is not looked at.
    #[default]
    Ignored,
    /// A granted preflight that asks for it is allowed it.
    Answered,
}

const REQUESTED: HeaderName = HeaderName::from_static("access-control-request-private-network");
static REQUESTED_IN_VARY: HeaderValue =
    HeaderValue::from_static("Access-Control-Request-Private-Network");
const ALLOWED: HeaderName = HeaderName::from_static("access-control-allow-private-network");

impl PrivateNetwork {
    pub(crate) fn of(is_answered: bool) -> Self {
        if is_answered {
            PrivateNetwork::Answered
        } else {
            PrivateNetwork::Ignored
        }
    }

    /// Adds to the answer of a preflight what the request asked for.
    pub(crate) fn answer(self, request: &HeaderMap, answer: &mut HeaderMap) {
        if self == PrivateNetwork::Ignored {
            return;
        }
        append_vary(answer, &REQUESTED_IN_VARY);
        let is_asked = request.get(REQUESTED).is_some_and(|value| value == "true");
        // A refusal has no Allow-Origin. With `*`, every site of the internet would reach the network.
        let origin = answer.get(ACCESS_CONTROL_ALLOW_ORIGIN);
        if is_asked && origin.is_some_and(|origin| origin != "*") {
            answer.insert(ALLOWED, HeaderValue::from_static("true"));
        }
    }
}
