//! The headers of a decision, kept while the response is awaited, then added to it.

use cors_core::{Decision, Grant, ResponseHeader};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, Entry,
    VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::shared_policy::SharedPolicy;

/// The headers of a decision; created by [`SharedPolicy::decide`]. Cheap to move while the response
/// is awaited: prepared values are referenced, and only the others are stored here.
#[derive(Debug)]
pub struct CorsHeaders {
    shared: SharedPolicy,
    rule: usize,
    /// The headers whose values are prepared, one bit each.
    prepared: u8,
    allow_origin: Option<HeaderValue>,
    rendered: Option<Box<Rendered>>,
}

/// Values rendered for one request: an actual request has one on Azure, and on S3 if it asks for
/// header names.
#[derive(Debug, Default)]
struct Rendered {
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

const STAR: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const ORIGIN_ALONE: HeaderValue = HeaderValue::from_static("Origin");
const AS_S3: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
);

impl CorsHeaders {
    /// Collects the headers of the decision.
    pub(crate) fn new(
        shared: &SharedPolicy,
        decision: &Decision<'_, '_>,
        origin: Option<&HeaderValue>,
    ) -> Self {
        let rule = decision.grant().map_or(0, Grant::rule_index);
        let mut headers = CorsHeaders {
            shared: shared.clone(),
            rule,
            prepared: 0,
            allow_origin: None,
            rendered: None,
        };
        for (header, value) in decision.headers().iter() {
            match header {
                ResponseHeader::AccessControlAllowOrigin if value.as_bytes() == Some(b"*") => {
                    headers.allow_origin = Some(STAR);
                }
                ResponseHeader::AccessControlAllowOrigin => headers.allow_origin = origin.cloned(),
                ResponseHeader::AccessControlAllowCredentials => {
                    headers.prepared |= ALLOW_CREDENTIALS;
                }
                ResponseHeader::AccessControlAllowMethods => {
                    let list = shared.values_of_rule(rule).allow_methods.as_ref();
                    // Where the dialect answers with the requested method alone, the rule's list is
                    // not the value.
                    if list.map(HeaderValue::as_bytes) == value.as_bytes() {
                        headers.prepared |= ALLOW_METHODS;
                    } else {
                        headers.rendered.get_or_insert_default().allow_methods = written(&value);
                    }
                }
                ResponseHeader::AccessControlAllowHeaders => {
                    headers.rendered.get_or_insert_default().allow_headers = written(&value);
                }
                ResponseHeader::AccessControlExposeHeaders => headers.prepared |= EXPOSE_HEADERS,
                ResponseHeader::AccessControlMaxAge => headers.prepared |= MAX_AGE,
                ResponseHeader::Vary if value.as_bytes() == Some(ORIGIN_ALONE.as_bytes()) => {
                    headers.prepared |= VARY_ORIGIN;
                }
                ResponseHeader::Vary if value.as_bytes() == Some(AS_S3.as_bytes()) => {
                    headers.prepared |= VARY_AS_S3;
                }
                ResponseHeader::Vary => {
                    headers.rendered.get_or_insert_default().vary = written(&value);
                }
            }
        }
        headers
    }

    /// Adds the headers to a response: those of CORS replace existing ones, tokens are appended to
    /// Vary.
    pub fn apply_to(self, response: &mut HeaderMap) {
        // Checking the names that are present is cheaper than six lookups that mostly fail.
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
        if self.prepared & ALLOW_CREDENTIALS != 0 {
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
            if self.prepared & bit != 0
                && let Some(value) = value
            {
                response.insert(name, value.clone());
            }
        }
        if self.prepared & VARY_ORIGIN != 0 {
            append_vary(response, ORIGIN_ALONE);
        }
        if self.prepared & VARY_AS_S3 != 0 {
            append_vary(response, AS_S3);
        }
        if let Some(rendered) = self.rendered {
            if let Some(methods) = rendered.allow_methods {
                response.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
            }
            if let Some(headers) = rendered.allow_headers {
                response.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
            }
            if let Some(vary) = rendered.vary {
                append_vary(response, vary);
            }
        }
    }

    /// Creates the answer to a preflight, without a body.
    pub(crate) fn answer<B: Default>(self, status: StatusCode) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = status;
        self.apply_to(response.headers_mut());
        response
    }
}

fn is_of_cors(name: &HeaderName) -> bool {
    name.as_str().starts_with("access-control-")
}

/// Renders a value that is not prepared.
fn written(value: &cors_core::HeaderValue<'_>) -> Option<HeaderValue> {
    let mut bytes = vec![0; value.encoded_len()];
    value.write_to(&mut bytes)?;
    HeaderValue::try_from(bytes).ok()
}

/// Appends the tokens that are missing from Vary.
pub(crate) fn append_vary(response: &mut HeaderMap, value: HeaderValue) {
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
