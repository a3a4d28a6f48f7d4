//! A page's request, `fetch(url, {method, headers, credentials})`, checked and normalised as in
//! Fetch.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use cors_core::{Request, is_token};

use super::origin;
use super::preflight_need::PreflightNeed;
use super::safelist::{
    is_forbidden, is_forbidden_method, is_safelisted, is_safelisted_method, unsafe_value,
};
use crate::header_names::{is_mostly_safelisted_request_header, is_response_header};
use crate::origin_bytes::is_printable;

/// The maximum total size of safelisted header values that need no preflight, in bytes
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)).
const MAX_SAFELISTED_BYTES: usize = 1024;

/// A cross-origin `fetch()` of a page.
///
/// # Examples
///
/// ```
/// use cors_advice::browser::Page;
///
/// let page = Page::new("https://app.example", "put")?.with_header("Content-Type: text/plain")?;
/// assert_eq!(page.method(), "PUT");
/// assert_eq!(page.preflight_need().reason(), Some("method"));
/// # Ok::<(), cors_advice::browser::PageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Page {
    origin: String,
    method: String,
    /// Only those that a page can set.
    headers: Vec<RequestHeader>,
    dropped: Vec<String>,
    has_credentials: bool,
}

/// A header of the page's request.
#[derive(Clone, Debug)]
struct RequestHeader {
    name: String,
    /// `None` when only the name is known.
    value: Option<Vec<u8>>,
}

/// Why no page can make a request. The message begins with what is wrong: origin, method or header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// The origin is empty.
    EmptyOrigin,
    /// The origin has a byte outside 0x20 to 0x7E.
    UnsendableOrigin,
    /// The method is not a token.
    InvalidMethod(String),
    /// `fetch()` rejects the method.
    ForbiddenMethod(String),
    /// The header name is not a token.
    InvalidHeaderName(String),
    /// The header value has NUL, CR, LF, or a character above U+00FF.
    InvalidHeaderValue(String),
}

impl core::error::Error for PageError {}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::EmptyOrigin => {
                f.write_str("origin is empty; give one such as https://app.example")
            }
            PageError::UnsendableOrigin => f.write_str(
                "origin contains a byte that no browser sends; use ASCII, with the host in punycode (xn--...)",
            ),
            PageError::InvalidMethod(method) => {
                write!(f, "method {method:?} is not an HTTP method; give one such as GET or PUT")
            }
            PageError::ForbiddenMethod(method) => {
                write!(f, "method {method} is forbidden to pages: fetch() throws a TypeError for CONNECT, TRACE and TRACK")
            }
            PageError::InvalidHeaderName(name) => write!(
                f,
                "header {name:?} is not a header name; give NAME or 'NAME: VALUE', with no space in the name"
            ),
            PageError::InvalidHeaderValue(name) => write!(
                f,
                "header {name}: the value contains a line break, NUL or a character above U+00FF; remove it"
            ),
        }
    }
}

impl Page {
    /// A page on an origin that uses a method, without request headers and without credentials.
    ///
    /// # Errors
    ///
    /// If no page can have the origin or use the method.
    pub fn new(origin: &str, method: &str) -> Result<Page, PageError> {
        if origin.is_empty() {
            return Err(PageError::EmptyOrigin);
        }
        if !is_printable(origin.as_bytes()) {
            return Err(PageError::UnsendableOrigin);
        }
        // https://fetch.spec.whatwg.org/#dom-request, step 25: token, forbidden, normalise, in this
        // order.
        if !is_token(method.as_bytes()) {
            return Err(PageError::InvalidMethod(method.to_owned()));
        }
        if is_forbidden_method(method) {
            return Err(PageError::ForbiddenMethod(method.to_owned()));
        }
        Ok(Page {
            origin: origin.to_owned(),
            method: normalize_method(method),
            headers: Vec::new(),
            dropped: Vec::new(),
            has_credentials: false,
        })
    }

    /// Adds a request header, `NAME` or `NAME: VALUE`.
    ///
    /// A header that a page cannot set is dropped, as browsers do: see [`Page::dropped`].
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid.
    pub fn with_header(mut self, text: &str) -> Result<Page, PageError> {
        let header = RequestHeader::parse(text)?;
        if is_forbidden(&header.name, header.value.as_deref().unwrap_or_default()) {
            self.dropped.push(header.name);
        } else {
            self.headers.push(header);
        }
        Ok(self)
    }

    /// Sets the credentials mode to `include` for `true`, or `same-origin` for `false`.
    #[must_use]
    pub fn with_credentials(self, has_credentials: bool) -> Page {
        Page {
            has_credentials,
            ..self
        }
    }

    /// The page's origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The normalised method: `put` becomes `PUT`, but `patch` stays.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The names of given headers that a page cannot set; a browser drops them silently.
    pub fn dropped(&self) -> &[String] {
        &self.dropped
    }

    /// Whether the credentials mode is `include`.
    pub fn has_credentials(&self) -> bool {
        self.has_credentials
    }

    /// Whether this request needs a CORS-preflight request, and why.
    pub fn preflight_need(&self) -> PreflightNeed {
        PreflightNeed {
            method: !is_safelisted_method(&self.method),
            header_names: self.unsafe_header_names(),
        }
    }

    /// The names of headers that were given without a value, although the value decides whether
    /// they are safelisted.
    pub fn names_without_value(&self) -> impl Iterator<Item = &str> {
        let decided_by_value = |name: &str| {
            is_mostly_safelisted_request_header(name)
                || name.eq_ignore_ascii_case("content-type")
                || name.eq_ignore_ascii_case("range")
        };
        let without = self.headers.iter().filter(|header| header.value.is_none());
        without
            .map(|header| header.name.as_str())
            .filter(move |name| decided_by_value(name))
    }

    /// Why no browser would send this origin, if there is a reason.
    pub fn origin_oddity(&self) -> Option<String> {
        origin::oddity(&self.origin)
    }

    /// The names of headers that belong to responses, in lower case, each once.
    pub fn response_headers(&self) -> BTreeSet<String> {
        let names = self.headers.iter().map(|header| &header.name);
        names
            .filter(|name| is_response_header(name))
            .map(|name| name.to_ascii_lowercase())
            .collect()
    }

    /// The headers that are given several times with values that need no preflight one by one: the
    /// name in lower case, and whether the joined value needs one.
    ///
    /// Fetch judges each value by itself; Chromium joins them first, as the server sees them.
    pub fn repeated_headers(&self) -> BTreeMap<String, bool> {
        let mut values: BTreeMap<String, Vec<&[u8]>> = BTreeMap::new();
        for header in &self.headers {
            let name = header.name.to_ascii_lowercase();
            if let Some(value) = &header.value
                && is_safelisted(&name, Some(value))
            {
                values.entry(name).or_default().push(value);
            }
        }
        values.retain(|_, values| values.len() > 1);
        let judged = values.into_iter().map(|(name, values)| {
            let is_unsafe = !is_safelisted(&name, Some(&values.join(&b", "[..])));
            (name, is_unsafe)
        });
        judged.collect()
    }

    /// Why values of headers that mostly need no preflight need one here: the name in lower case,
    /// and a clause.
    pub fn unsafe_values(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.headers.iter().filter_map(|header| {
            let name = header.name.to_ascii_lowercase();
            let why = unsafe_value(&name, header.value.as_deref()?)?;
            Some((name, why))
        })
    }

    /// The same request from another origin.
    ///
    /// # Errors
    ///
    /// If no page can have the origin.
    pub fn with_origin(self, origin: &str) -> Result<Page, PageError> {
        let page = Page::new(origin, &self.method)?;
        Ok(Page {
            origin: page.origin,
            ..self
        })
    }

    /// The same request with another method.
    ///
    /// # Errors
    ///
    /// If no page can use the method.
    pub fn with_method(self, method: &str) -> Result<Page, PageError> {
        let page = Page::new(&self.origin, method)?;
        Ok(Page {
            method: page.method,
            ..self
        })
    }

    /// The same request without these headers, whose names are in lower case.
    #[must_use]
    pub fn without_headers(mut self, names: &BTreeSet<String>) -> Page {
        self.headers
            .retain(|header| !names.contains(&header.name.to_ascii_lowercase()));
        self
    }

    /// Every header that the page sets, as the browser sends it with the actual request.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.headers
            .iter()
            .map(|header| (header.name.as_str(), header.value.as_deref()))
    }

    /// Lends what the browser sends: the preflight if one is needed, and the actual request.
    pub(crate) fn with_requests<T>(
        &self,
        ask: impl FnOnce(Option<&Request<'_>>, &Request<'_>) -> T,
    ) -> T {
        let need = self.preflight_need();
        let line = need.header_line();
        let lines: Vec<&[u8]> = line.iter().map(String::as_bytes).collect();
        let actual = Request {
            method: self.method.as_bytes(),
            origin: Some(self.origin.as_bytes()),
            ..Request::EMPTY
        };
        let preflight = Request {
            method: b"OPTIONS",
            access_control_request_method: Some(self.method.as_bytes()),
            access_control_request_headers: &lines,
            ..actual
        };
        ask(need.is_needed().then_some(&preflight), &actual)
    }

    /// [CORS-unsafe request-header
    /// names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names): sorted, in lower
    /// case, each once.
    fn unsafe_header_names(&self) -> BTreeSet<String> {
        let mut unsafe_names = BTreeSet::new();
        let mut potentially_unsafe = Vec::new();
        let mut safelisted_bytes = 0_usize;
        for header in &self.headers {
            let name = header.name.to_ascii_lowercase();
            if is_safelisted(&name, header.value.as_deref()) {
                safelisted_bytes =
                    safelisted_bytes.saturating_add(header.value.as_deref().map_or(0, <[u8]>::len));
                potentially_unsafe.push(name);
            } else {
                unsafe_names.insert(name);
            }
        }
        if safelisted_bytes > MAX_SAFELISTED_BYTES {
            unsafe_names.extend(potentially_unsafe);
        }
        unsafe_names
    }
}

impl RequestHeader {
    fn parse(text: &str) -> Result<Self, PageError> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        if !is_token(name.as_bytes()) {
            return Err(PageError::InvalidHeaderName(name.to_owned()));
        }
        let value = match value {
            Some(value) => Some(
                header_value(value)
                    .ok_or_else(|| PageError::InvalidHeaderValue(name.to_owned()))?,
            ),
            None => None,
        };
        Ok(RequestHeader {
            name: name.to_owned(),
            value,
        })
    }
}

/// A [normalised header value](https://fetch.spec.whatwg.org/#concept-header-value-normalize), each
/// character one byte.
fn header_value(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_matches(['\t', '\n', '\r', ' ']);
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|character| u8::try_from(character).ok())
        .collect();
    bytes.filter(|bytes| !bytes.iter().any(|byte| matches!(byte, 0 | b'\n' | b'\r')))
}

/// [Normalise a method](https://fetch.spec.whatwg.org/#concept-method-normalize).
fn normalize_method(method: &str) -> String {
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let normalized = known
        .into_iter()
        .find(|known| method.eq_ignore_ascii_case(known));
    normalized.unwrap_or(method).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::{format, vec};

    fn page(method: &str, headers: &[&str]) -> Page {
        let page = Page::new("https://app.example", method).unwrap();
        let mut headers = headers.iter();
        headers
            .try_fold(page, |page, header| page.with_header(header))
            .unwrap()
    }

    fn header_line(headers: &[&str]) -> Option<String> {
        page("GET", headers).preflight_need().header_line()
    }

    #[test]
    fn six_methods_are_put_in_upper_case_and_patch_is_not() {
        for (given, sent) in [
            ("put", "PUT"),
            ("Get", "GET"),
            ("options", "OPTIONS"),
            ("patch", "patch"),
            ("Merge", "Merge"),
        ] {
            assert_eq!(page(given, &[]).method, sent);
        }
    }

    #[test]
    fn methods_that_pages_cannot_use_are_errors() {
        let error = |method: &str| Page::new("null", method).unwrap_err();
        for method in ["CONNECT", "trace", "Track"] {
            assert_eq!(error(method), PageError::ForbiddenMethod(method.to_owned()));
        }
        assert_eq!(error("GE T"), PageError::InvalidMethod("GE T".to_owned()));
        assert_eq!(error(""), PageError::InvalidMethod(String::new()));
    }

    #[test]
    fn unsafe_names_are_sorted_lower_case_and_unique() {
        assert_eq!(
            header_line(&["X-B: 1", "x-a", "X-b: 2", "Accept"]).unwrap(),
            "x-a,x-b"
        );
        assert_eq!(header_line(&["Accept: text/html"]), None);
    }

    #[test]
    fn content_type_without_a_value_is_assumed_unsafe() {
        assert_eq!(header_line(&["Content-Type"]).unwrap(), "content-type");
        assert_eq!(header_line(&["Content-Type: text/plain"]), None);
        assert_eq!(
            header_line(&["Content-Type: application/json"]).unwrap(),
            "content-type"
        );
    }

    #[test]
    fn more_than_1024_safelisted_bytes_in_all_make_every_name_unsafe() {
        let header = format!("Accept: {}", "a".repeat(128));
        let eight = vec![header.as_str(); 8];
        assert_eq!(header_line(&eight), None);
        let mut nine = eight.clone();
        nine.push("Accept-Language: d");
        assert_eq!(header_line(&nine).unwrap(), "accept,accept-language");
    }

    #[test]
    fn repeated_headers_are_judged_as_chromium_does() {
        let repeated = |headers: &[&str]| page("GET", headers).repeated_headers();
        let plain = "content-type: text/plain";
        assert_eq!(
            repeated(&[
                plain,
                "Content-Type: text/plain",
                "accept: a",
                "Accept: b",
                "x-a: 1"
            ]),
            BTreeMap::from([
                ("content-type".to_owned(), true),
                ("accept".to_owned(), false)
            ])
        );
        assert_eq!(
            repeated(&[plain, "accept: a", "content-type: text/html"]),
            BTreeMap::new()
        );
    }

    #[test]
    fn a_request_can_be_changed_in_one_part() {
        let page = page("PUT", &["x-a: 1", "Access-Control-Allow-Origin: *"]);
        assert_eq!(
            page.response_headers(),
            BTreeSet::from(["access-control-allow-origin".to_owned()])
        );
        let without = page.clone().without_headers(&page.response_headers());
        assert_eq!(without.preflight_need().header_line().unwrap(), "x-a");
        let elsewhere = page.clone().with_origin("https://b.example").unwrap();
        assert_eq!(
            (elsewhere.origin(), elsewhere.method()),
            ("https://b.example", "PUT")
        );
        assert_eq!(page.clone().with_method("get").unwrap().method(), "GET");
        assert!(page.clone().with_method("TRACE").is_err() && page.with_origin("").is_err());
    }

    #[test]
    fn headers_that_pages_cannot_set_are_dropped() {
        let page = page(
            "GET",
            &[
                "Cookie: a=b",
                "Sec-Fetch-Mode: cors",
                "x-a",
                "X-HTTP-Method: trace",
            ],
        );
        assert_eq!(page.dropped, ["Cookie", "Sec-Fetch-Mode", "X-HTTP-Method"]);
        assert_eq!(page.preflight_need().header_line().unwrap(), "x-a");
    }

    #[test]
    fn values_are_trimmed_and_cannot_contain_a_line_break() {
        assert_eq!(header_value(" \t a b\r\n"), Some(b"a b".to_vec()));
        assert_eq!(header_value("\u{ff}"), Some(vec![0xff]));
        assert_eq!(header_value("a\nb"), None);
        assert_eq!(header_value("\u{100}"), None);
        assert!(RequestHeader::parse("two words: x").is_err());
        assert!(RequestHeader::parse(": x").is_err());
    }

    #[test]
    fn every_page_error_says_what_to_change() {
        let text = |error: PageError| error.to_string();
        assert!(text(PageError::EmptyOrigin).contains("give one such as https://app.example"));
        assert!(text(PageError::UnsendableOrigin).contains("punycode"));
        assert!(
            text(PageError::InvalidMethod("a b".into())).contains("give one such as GET or PUT")
        );
        assert!(text(PageError::ForbiddenMethod("TRACE".into())).contains("forbidden to pages"));
        assert!(
            text(PageError::InvalidHeaderName("a b".into())).contains("give NAME or 'NAME: VALUE'")
        );
        assert!(text(PageError::InvalidHeaderValue("x-a".into())).contains("remove it"));
    }
}
