//! The headers of a decision, kept while the response is awaited, then added to it.

use bytes::Bytes;
use cors_core::{Decision, MAX_HEADERS, ResponseHeader, ValueSource};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, Entry,
    VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a decision; created by [`SharedPolicy::decide`](crate::SharedPolicy::decide). The values are parts of the
/// policy or of the request, counted and not copied, except for those that an answer is rendered for.
#[derive(Debug, Default)]
pub struct CorsHeaders {
    allow_origin: Option<HeaderValue>,
    allow_methods: Option<HeaderValue>,
    allow_headers: Option<HeaderValue>,
    expose_headers: Option<HeaderValue>,
    max_age: Option<HeaderValue>,
    vary: Option<HeaderValue>,
    allow_credentials: bool,
}

const STAR: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");

impl CorsHeaders {
    /// Collects the headers of a decision. `of_rule` makes the value of what the winning rule says.
    #[inline]
    pub(crate) fn new(
        decision: &Decision<'_, '_>,
        origin: Option<&HeaderValue>,
        of_rule: impl Fn(ResponseHeader, &[u8]) -> Option<HeaderValue>,
    ) -> Self {
        // First all of them, then one by one: so little is done for each that it costs no call.
        let mut values = [None; MAX_HEADERS];
        decision.for_each_header(|name, value| {
            if let Some(place) = values.get_mut(name as usize) {
                *place = Some(value);
            }
        });
        let source = |name: ResponseHeader| {
            let value = values.get(name as usize);
            value.and_then(|value| Some(value.as_ref()?.source()))
        };
        let value = |name: ResponseHeader| match source(name)? {
            ValueSource::Rule(text) => of_rule(name, text),
            ValueSource::Constant(text) => {
                HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())).ok()
            }
            ValueSource::Request(_) | ValueSource::RequestedNames => {
                rendered(values.get(name as usize)?.as_ref()?)
            }
        };
        CorsHeaders {
            allow_origin: match source(ResponseHeader::AccessControlAllowOrigin) {
                None => None,
                Some(ValueSource::Constant(_)) => Some(STAR),
                Some(_) => origin.cloned(),
            },
            allow_credentials: source(ResponseHeader::AccessControlAllowCredentials).is_some(),
            allow_methods: value(ResponseHeader::AccessControlAllowMethods),
            allow_headers: value(ResponseHeader::AccessControlAllowHeaders),
            expose_headers: value(ResponseHeader::AccessControlExposeHeaders),
            max_age: value(ResponseHeader::AccessControlMaxAge),
            vary: value(ResponseHeader::Vary),
        }
    }

    /// Adds the headers to a response: those of CORS replace existing ones, tokens are appended to
    /// Vary.
    pub fn apply_to(mut self, response: &mut HeaderMap) {
        self.move_to(response);
    }

    /// The same in place, without moving all of them once more; leaves nothing behind.
    pub(crate) fn move_to(&mut self, response: &mut HeaderMap) {
        // Checking the names that are present is cheaper than six lookups that mostly fail.
        if response.keys().any(is_of_cors) {
            remove_all_of_cors(response);
        }
        if let Some(origin) = self.allow_origin.take() {
            response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        if self.allow_credentials {
            response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if let Some(methods) = self.allow_methods.take() {
            response.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        if let Some(names) = self.allow_headers.take() {
            response.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        if let Some(names) = self.expose_headers.take() {
            response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
        if let Some(seconds) = self.max_age.take() {
            response.insert(ACCESS_CONTROL_MAX_AGE, seconds);
        }
        if let Some(vary) = self.vary.take() {
            append_vary(response, &vary);
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

/// The value of names that were requested, or of the method: it is in no rule.
#[inline(never)]
fn rendered(value: &cors_core::HeaderValue<'_>) -> Option<HeaderValue> {
    let mut buffer = [0; 256];
    match value.write_to(&mut buffer) {
        Some(length) => HeaderValue::from_bytes(buffer.get(..length)?).ok(),
        None => {
            let mut buffer = vec![0; value.encoded_len()];
            value.write_to(&mut buffer)?;
            HeaderValue::try_from(buffer).ok()
        }
    }
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
