//! One request and its response: what the engine is asked, and what is done to the headers.

use arrayvec::ArrayVec;
use cors_core::{Decision, MAX_HEADERS, Outcome, Refusal, Request as CorsRequest};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, Entry, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use crate::policy::SharedPolicy;

/// Most lines of Access-Control-Request-Headers in one request. Browsers send one; a proxy may split it.
pub const MAX_FIELD_LINES: usize = 32;

/// What is to be sent: a whole answer to a preflight, or headers for the response that is still to come, or that as it is.
pub(crate) enum Plan {
    Pass,
    Answer(StatusCode, Headers),
    Decorate(Headers),
}

/// The headers of a decision, values counted and not copied.
pub(crate) type Headers = ArrayVec<(HeaderName, HeaderValue), MAX_HEADERS>;

/// Asks the policy. Without one (a bucket that is not configured, say) nothing is decided and nothing is added.
pub(crate) fn plan<B>(policy: Option<&SharedPolicy>, request: &Request<B>) -> Plan {
    let Some((shared, policy)) = policy.and_then(|shared| Some((shared, shared.policy()?))) else {
        return Plan::Pass;
    };
    let headers = request.headers();
    let origin = headers.get(ORIGIN);
    let mut lines: ArrayVec<&[u8], MAX_FIELD_LINES> = ArrayVec::new();
    let mut is_beyond = false;
    // Only a preflight, and on S3 any CORS request, is asked for names.
    if origin.is_some() || request.method() == Method::OPTIONS {
        for line in headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
            is_beyond |= lines.try_push(line.as_bytes()).is_err();
        }
    }
    if is_beyond {
        // Beyond the cap of the engine too: more commas than it reads.
        lines.clear();
        lines.push(&TOO_MUCH);
    }
    let asked = CorsRequest {
        method: request.method().as_str().as_bytes(),
        origin: origin.map(HeaderValue::as_bytes),
        access_control_request_method: headers
            .get(ACCESS_CONTROL_REQUEST_METHOD)
            .map(HeaderValue::as_bytes),
        access_control_request_headers: &lines,
    };
    let decision = policy.decide(&asked);
    let given = header_values(shared, &decision, origin);
    match decision.outcome() {
        Outcome::Preflight(Ok(_)) => Plan::Answer(StatusCode::OK, given),
        Outcome::Preflight(Err(Refusal::BadRequest(_))) => {
            Plan::Answer(StatusCode::BAD_REQUEST, given)
        }
        Outcome::Preflight(Err(_)) => Plan::Answer(StatusCode::FORBIDDEN, given),
        Outcome::NotCors | Outcome::Actual(_) => Plan::Decorate(given),
    }
}

/// Longer than the engine reads.
static TOO_MUCH: [u8; cors_core::MAX_REQUEST_HEADER_BYTES + 1] =
    [b','; cors_core::MAX_REQUEST_HEADER_BYTES + 1];

/// The decision's headers, from values that lie ready wherever there is one.
fn header_values(
    shared: &SharedPolicy,
    decision: &Decision<'_, '_>,
    origin: Option<&HeaderValue>,
) -> Headers {
    let values = decision
        .grant()
        .and_then(|grant| shared.values_of_rule(grant.rule_index()));
    let mut headers = Headers::new();
    for (name, value) in decision.headers().iter() {
        let ready = value.as_bytes();
        let (name, prepared) = match name {
            "access-control-allow-origin" => {
                let star = ready == Some(b"*");
                (
                    ACCESS_CONTROL_ALLOW_ORIGIN,
                    if star { Some(STAR) } else { origin.cloned() },
                )
            }
            "access-control-allow-credentials" => (ACCESS_CONTROL_ALLOW_CREDENTIALS, Some(TRUE)),
            "access-control-allow-methods" => {
                // Where the dialect answers the requested method alone, the rule's list is not the value.
                let list = values.and_then(|values| values.allow_methods.clone());
                (
                    ACCESS_CONTROL_ALLOW_METHODS,
                    list.filter(|list| ready == Some(list.as_bytes())),
                )
            }
            "access-control-allow-headers" => (ACCESS_CONTROL_ALLOW_HEADERS, None),
            "access-control-expose-headers" => (
                ACCESS_CONTROL_EXPOSE_HEADERS,
                values.and_then(|values| values.expose_headers.clone()),
            ),
            "access-control-max-age" => (
                ACCESS_CONTROL_MAX_AGE,
                values.and_then(|values| values.max_age.clone()),
            ),
            "vary" => (
                VARY,
                if ready == Some(b"Origin") {
                    Some(VARY_ORIGIN)
                } else {
                    None
                },
            ),
            _ => continue,
        };
        let value = prepared.or_else(|| {
            let mut bytes = vec![0; value.encoded_len()];
            value.write_to(&mut bytes)?;
            HeaderValue::try_from(bytes).ok()
        });
        if let Some(value) = value {
            // There is room: a decision has no more headers than this holds.
            let _ = headers.try_push((name, value));
        }
    }
    headers
}

const STAR: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const VARY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");

/// The answer to a preflight: no body.
pub(crate) fn answer<B: Default>(status: StatusCode, headers: Headers) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = status;
    decorate(response.headers_mut(), headers);
    response
}

/// Puts a decision's headers into a response's.
pub(crate) fn decorate(response: &mut HeaderMap, headers: Headers) {
    if !response.is_empty() {
        for name in [
            ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_HEADERS,
            ACCESS_CONTROL_EXPOSE_HEADERS,
            ACCESS_CONTROL_MAX_AGE,
        ] {
            response.remove(name);
        }
    }
    for (name, value) in headers {
        if name == VARY {
            append_vary(response, value);
        } else {
            response.insert(name, value);
        }
    }
}

/// Appends the tokens that Vary lacks.
fn append_vary(response: &mut HeaderMap, value: HeaderValue) {
    match response.entry(VARY) {
        Entry::Vacant(vacant) => {
            vacant.insert(value);
        }
        Entry::Occupied(mut occupied) => {
            let tokens = |value: &HeaderValue| -> Vec<Vec<u8>> {
                value
                    .as_bytes()
                    .split(|byte| *byte == b',')
                    .map(|token| token.trim_ascii().to_ascii_lowercase())
                    .collect()
            };
            let present: Vec<Vec<u8>> = occupied.iter().flat_map(tokens).collect();
            if present.iter().any(|token| token == b"*") {
                return;
            }
            let wanted = value
                .as_bytes()
                .split(|byte| *byte == b',')
                .map(<[u8]>::trim_ascii);
            let missing: Vec<&[u8]> = wanted
                .filter(|token| !present.contains(&token.to_ascii_lowercase()))
                .collect();
            if let (false, Ok(missing)) = (
                missing.is_empty(),
                HeaderValue::try_from(missing.join(&b", "[..])),
            ) {
                occupied.append(missing);
            }
        }
    }
}
