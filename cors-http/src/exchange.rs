//! One request and its response: what the engine is asked, and what is done to the headers.

use arrayvec::ArrayVec;
use cors_core::{Decision, Grant, Outcome, Refusal, Request as CorsRequest};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, Entry, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use crate::policy::SharedPolicy;

/// Most lines of Access-Control-Request-Headers in one request. Browsers send one; a proxy may split it.
pub const MAX_FIELD_LINES: usize = 32;

/// What is to be sent: a whole answer to a preflight, or the response that is still to come, with headers or as it is.
pub(crate) enum Plan<B> {
    Pass,
    Answer(Response<B>),
    Decorate(ResponseHeaders),
}

/// The headers that a decision gives; made by [`SharedPolicy::decide`]. Small enough to be moved while a response is waited for: values that lie ready are
/// named, and the few others are kept.
#[derive(Debug)]
pub struct ResponseHeaders {
    shared: SharedPolicy,
    rule: usize,
    /// Those whose values lie ready, a bit each.
    ready: u8,
    allow_origin: Option<HeaderValue>,
    rare: Option<Box<Rare>>,
}

/// Values that are written for one request: an actual request has one on Azure, and on S3 if it asks for names.
#[derive(Debug, Default)]
struct Rare {
    allow_methods: Option<HeaderValue>,
    allow_headers: Option<HeaderValue>,
    vary: Option<HeaderValue>,
}

const ALLOW_CREDENTIALS: u8 = 1;
const ALLOW_METHODS: u8 = 2;
const EXPOSE_HEADERS: u8 = 4;
const MAX_AGE: u8 = 8;
const VARY_ORIGIN: u8 = 16;
const VARY_AS_S3: u8 = 32;

/// Asks the policy. Without one (a bucket that is not configured, say) nothing is decided and nothing is added.
pub(crate) fn plan<B, Answered: Default>(
    policy: Option<&SharedPolicy>,
    request: &Request<B>,
) -> Plan<Answered> {
    let Some(shared) = policy else {
        return Plan::Pass;
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

impl SharedPolicy {
    /// Decides a request, for a server that is no service of tower. `read` sees what was asked and what was decided, for
    /// logs and for the vendor's error; the response's headers come beside what it makes of them.
    ///
    /// # Complexity
    ///
    /// As [`Policy::decide`](cors_core::Policy::decide).
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Configuration, Dialect, List, Rule};
    /// use cors_http::SharedPolicy;
    /// use http::{HeaderMap, Method};
    ///
    /// let rules = [Rule {
    ///     allowed_origins: List::new(&["https://app.example"]),
    ///     allowed_methods: List::new(&["GET"]),
    ///     ..Rule::EMPTY
    /// }];
    /// let policy = SharedPolicy::compile(&Configuration::new(&Dialect::OSS, &rules))?;
    ///
    /// let mut asked = HeaderMap::new();
    /// asked.insert("origin", "https://app.example".parse()?);
    /// let (is_granted, headers) = policy.decide(&Method::GET, &asked, |_, decision| decision.grant().is_some());
    /// let mut answered = HeaderMap::new();
    /// headers.apply_to(&mut answered);
    /// assert!(is_granted);
    /// assert_eq!(answered["access-control-allow-origin"], "https://app.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide<T>(
        &self,
        method: &Method,
        headers: &HeaderMap,
        read: impl FnOnce(&CorsRequest<'_>, &Decision<'_, '_>) -> T,
    ) -> (T, ResponseHeaders) {
        let policy = self.policy();
        let origin = headers.get(ORIGIN);
        // Only a preflight is asked for a method and names, and on S3 any CORS request.
        let is_asked = method == Method::OPTIONS
            || (origin.is_some() && policy.evaluation().request_headers_on_actual);
        let mut lines: ArrayVec<&[u8], MAX_FIELD_LINES> = ArrayVec::new();
        let mut access_control_request_method = None;
        if is_asked {
            access_control_request_method = headers.get(ACCESS_CONTROL_REQUEST_METHOD);
            for line in headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
                if lines.try_push(line.as_bytes()).is_err() {
                    lines.clear();
                    lines.push(&TOO_MUCH);
                    break;
                }
            }
        }
        let request = CorsRequest {
            method: method.as_str().as_bytes(),
            origin: origin.map(HeaderValue::as_bytes),
            access_control_request_method: access_control_request_method.map(HeaderValue::as_bytes),
            access_control_request_headers: &lines,
        };
        let decision = policy.decide(&request);
        let headers = ResponseHeaders::new(self, &decision, origin);
        (read(&request, &decision), headers)
    }
}

/// In place of more lines than are kept: longer than the engine reads, so that it refuses as it does beyond its own cap.
static TOO_MUCH: [u8; cors_core::MAX_REQUEST_HEADER_BYTES + 1] =
    [b','; cors_core::MAX_REQUEST_HEADER_BYTES + 1];

const STAR: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const ORIGIN_ALONE: HeaderValue = HeaderValue::from_static("Origin");
const AS_S3: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
);

impl ResponseHeaders {
    /// The decision's headers.
    fn new(
        shared: &SharedPolicy,
        decision: &Decision<'_, '_>,
        origin: Option<&HeaderValue>,
    ) -> Self {
        let rule = decision.grant().map_or(0, Grant::rule_index);
        let mut given = ResponseHeaders {
            shared: shared.clone(),
            rule,
            ready: 0,
            allow_origin: None,
            rare: None,
        };
        for (name, value) in decision.headers().iter() {
            match name {
                "access-control-allow-origin" if value.as_bytes() == Some(b"*") => {
                    given.allow_origin = Some(STAR);
                }
                "access-control-allow-origin" => given.allow_origin = origin.cloned(),
                "access-control-allow-credentials" => given.ready |= ALLOW_CREDENTIALS,
                "access-control-allow-methods" => {
                    let list = shared.values_of_rule(rule).allow_methods.as_ref();
                    // Where the dialect answers the requested method alone, the rule's list is not the value.
                    if list.map(HeaderValue::as_bytes) == value.as_bytes() {
                        given.ready |= ALLOW_METHODS;
                    } else {
                        given.rare.get_or_insert_default().allow_methods = written(&value);
                    }
                }
                "access-control-allow-headers" => {
                    given.rare.get_or_insert_default().allow_headers = written(&value);
                }
                "access-control-expose-headers" => given.ready |= EXPOSE_HEADERS,
                "access-control-max-age" => given.ready |= MAX_AGE,
                _ if value.as_bytes() == Some(ORIGIN_ALONE.as_bytes()) => {
                    given.ready |= VARY_ORIGIN;
                }
                _ if value.as_bytes() == Some(AS_S3.as_bytes()) => given.ready |= VARY_AS_S3,
                _ => given.rare.get_or_insert_default().vary = written(&value),
            }
        }
        given
    }

    /// Puts the headers into a response's: those of CORS replace what is there, Vary is added to.
    pub fn apply_to(self, response: &mut HeaderMap) {
        // Looking at the names that are there costs less than looking for six that mostly are not.
        if response.keys().any(is_of_cors) {
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
        if let Some(origin) = self.allow_origin {
            response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        if self.ready & ALLOW_CREDENTIALS != 0 {
            response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        let rule = self.shared.values_of_rule(self.rule);
        for (bit, name, value) in [
            (
                ALLOW_METHODS,
                ACCESS_CONTROL_ALLOW_METHODS,
                &rule.allow_methods,
            ),
            (
                EXPOSE_HEADERS,
                ACCESS_CONTROL_EXPOSE_HEADERS,
                &rule.expose_headers,
            ),
            (MAX_AGE, ACCESS_CONTROL_MAX_AGE, &rule.max_age),
        ] {
            if self.ready & bit != 0
                && let Some(value) = value
            {
                response.insert(name, value.clone());
            }
        }
        if self.ready & VARY_ORIGIN != 0 {
            append_vary(response, ORIGIN_ALONE);
        }
        if self.ready & VARY_AS_S3 != 0 {
            append_vary(response, AS_S3);
        }
        if let Some(rare) = self.rare {
            if let Some(methods) = rare.allow_methods {
                response.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
            }
            if let Some(headers) = rare.allow_headers {
                response.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
            }
            if let Some(vary) = rare.vary {
                append_vary(response, vary);
            }
        }
    }

    /// The answer to a preflight: no body.
    fn answer<B: Default>(self, status: StatusCode) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = status;
        self.apply_to(response.headers_mut());
        response
    }
}

fn is_of_cors(name: &HeaderName) -> bool {
    name.as_str().starts_with("access-control-")
}

/// A value that does not lie ready.
fn written(value: &cors_core::HeaderValue<'_>) -> Option<HeaderValue> {
    let mut bytes = vec![0; value.encoded_len()];
    value.write_to(&mut bytes)?;
    HeaderValue::try_from(bytes).ok()
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
