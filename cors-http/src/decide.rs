//! One request decided by a policy: what is read from it, and the headers for its response.

use arrayvec::ArrayVec;
use cors_core::{Decision, MAX_FIELD_LINES, Policy, Request as CorsRequest};
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderMap, HeaderValue, Method};

use crate::cors_headers::CorsHeaders;
use crate::shared_policy::{SharedPolicy, part_of};

impl SharedPolicy {
    /// Decides a request, for a server that is not a tower service. `read` receives the request and
    /// the decision, for logs and for the provider's error; what it returns comes back together
    /// with the response's headers.
    ///
    /// # Complexity
    ///
    /// As [`Policy::decide`](cors_core::Policy::decide). It allocates only for a value that is neither in the policy nor in
    /// the request: the list of requested names that an answer repeats, and the requested method where a dialect repeats
    /// that.
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
    ) -> (T, CorsHeaders) {
        decide(
            &self.policy(),
            method,
            headers,
            |request, decision, origin| {
                let of_rule = |_, text: &[u8]| part_of(self.image(), text);
                let answered = CorsHeaders::new(decision, origin, of_rule);
                (read(request, decision), answered)
            },
        )
    }
}

/// Decides a request; `read` also receives the header with its origin.
#[inline]
pub(crate) fn decide<T>(
    policy: &Policy<'_>,
    method: &Method,
    headers: &HeaderMap,
    read: impl FnOnce(&CorsRequest<'_>, &Decision<'_, '_>, Option<&HeaderValue>) -> T,
) -> T {
    let mut origins = headers.get_all(ORIGIN).iter();
    let mut origin = origins.next();
    let mut is_ambiguous = origins.next().is_some();
    let mut lines: ArrayVec<&[u8], MAX_FIELD_LINES> = ArrayVec::new();
    let mut access_control_request_method = None;
    // The method and the names are read for a preflight, and on S3 for any CORS request.
    if method == Method::OPTIONS
        || (origin.is_some() && policy.evaluation().request_headers_on_actual)
    {
        let mut methods = headers.get_all(ACCESS_CONTROL_REQUEST_METHOD).iter();
        access_control_request_method = methods.next();
        is_ambiguous |= methods.next().is_some();
        for line in headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
            if lines.try_push(line.as_bytes()).is_err() {
                lines.clear();
                lines.push(&TOO_MUCH);
                break;
            }
        }
    }
    if is_ambiguous {
        origin = origin.map(|_| &NO_ORIGIN);
    }
    let request = CorsRequest {
        method: method.as_str().as_bytes(),
        origin: origin.map(HeaderValue::as_bytes),
        access_control_request_method: access_control_request_method.map(HeaderValue::as_bytes),
        access_control_request_headers: &lines,
    };
    read(&request, &policy.decide(&request), origin)
}

/// Replaces Origin if that, or Access-Control-Request-Method, comes in several lines, which no
/// browser sends: nobody knows which line counts. It matches no pattern, not even `*`.
static NO_ORIGIN: HeaderValue = HeaderValue::from_static("\t");

/// Replaces more field lines than are kept. It is longer than the engine's limit, so the engine
/// refuses the request with its own reason.
static TOO_MUCH: [u8; cors_core::MAX_REQUEST_HEADER_BYTES + 1] =
    [b','; cors_core::MAX_REQUEST_HEADER_BYTES + 1];
