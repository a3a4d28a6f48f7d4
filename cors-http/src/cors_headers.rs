//! The headers of a decision, kept while the response is awaited, then added to it.

use bytes::Bytes;
use cors_core::{Decision, ResponseHeader};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, Entry,
    VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::shared_policy::header_value;

/// The headers of a decision; created by [`SharedPolicy::decide`](crate::SharedPolicy::decide). The values are parts of the
/// policy or of the request, counted and not copied, except for those that an answer is rendered for.
#[derive(Debug, Default)]
pub struct CorsHeaders {
    allow_origin: Option<HeaderValue>,
    allow_methods: Option<HeaderValue>,
    allow_headers: Option<HeaderValue>,
    expose_headers: Option<HeaderValue>,
    max_age: Option<HeaderValue>,
    vary: Option<&'static HeaderValue>,
    allow_credentials: bool,
}

const STAR: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");

/// Every value that a decision's Vary can have.
static VARY_VALUES: [HeaderValue; 6] = [
    HeaderValue::from_static("Origin"),
    HeaderValue::from_static(
        "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    ),
    HeaderValue::from_static(
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    ),
    HeaderValue::from_static("Origin, Access-Control-Request-Method"),
    HeaderValue::from_static("Access-Control-Request-Method, Access-Control-Request-Headers"),
    HeaderValue::from_static("Access-Control-Request-Method"),
];

impl CorsHeaders {
    /// Collects the headers of the decision of a policy with this image.
    #[inline]
    pub(crate) fn new(
        image: &Bytes,
        decision: &Decision<'_, '_>,
        origin: Option<&HeaderValue>,
    ) -> Self {
        let mut headers = CorsHeaders::default();
        for (header, value) in decision.headers().iter() {
            let Some(bytes) = value.as_bytes() else {
                headers.allow_headers = rendered(&value);
                continue;
            };
            match header {
                ResponseHeader::AccessControlAllowOrigin if bytes == b"*" => {
                    headers.allow_origin = Some(STAR);
                }
                ResponseHeader::AccessControlAllowOrigin => headers.allow_origin = origin.cloned(),
                ResponseHeader::AccessControlAllowCredentials => headers.allow_credentials = true,
                ResponseHeader::AccessControlAllowMethods => {
                    headers.allow_methods = header_value(image, bytes);
                }
                ResponseHeader::AccessControlAllowHeaders => {
                    headers.allow_headers = header_value(image, bytes);
                }
                ResponseHeader::AccessControlExposeHeaders => {
                    headers.expose_headers = header_value(image, bytes);
                }
                ResponseHeader::AccessControlMaxAge => {
                    headers.max_age = header_value(image, bytes);
                }
                ResponseHeader::Vary => {
                    headers.vary = VARY_VALUES.iter().find(|known| known.as_bytes() == bytes);
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
            remove_all_of_cors(response);
        }
        if let Some(origin) = self.allow_origin {
            response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        if self.allow_credentials {
            response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if let Some(methods) = self.allow_methods {
            response.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        if let Some(headers) = self.allow_headers {
            response.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        if let Some(headers) = self.expose_headers {
            response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, headers);
        }
        if let Some(seconds) = self.max_age {
            response.insert(ACCESS_CONTROL_MAX_AGE, seconds);
        }
        if let Some(vary) = self.vary {
            append_vary(response, vary);
        }
    }
}

fn is_of_cors(name: &HeaderName) -> bool {
    name.as_str().starts_with("access-control-")
}

#[cold]
fn remove_all_of_cors(response: &mut HeaderMap) {
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

/// Renders a value that is stored nowhere.
fn rendered(value: &cors_core::HeaderValue<'_>) -> Option<HeaderValue> {
    let mut bytes = vec![0; value.encoded_len()];
    value.write_to(&mut bytes)?;
    HeaderValue::try_from(bytes).ok()
}

/// Appends the tokens that are missing from Vary.
pub(crate) fn append_vary(response: &mut HeaderMap, value: &HeaderValue) {
    match response.entry(VARY) {
        Entry::Vacant(vacant) => {
            vacant.insert(value.clone());
        }
        Entry::Occupied(mut occupied) => {
            let is_present = |token: &[u8]| {
                let mut present = occupied.iter().flat_map(tokens);
                present.any(|found| found == b"*" || found.eq_ignore_ascii_case(token))
            };
            let missing = tokens(value).filter(|token| !is_present(token));
            let missing: Vec<&[u8]> = missing.collect();
            if missing.is_empty() {
                return;
            }
            if let Ok(missing) = HeaderValue::try_from(missing.join(&b", "[..])) {
                occupied.append(missing);
            }
        }
    }
}

fn tokens(value: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    let tokens = value.as_bytes().split(|byte| *byte == b',');
    tokens.map(<[u8]>::trim_ascii)
}
