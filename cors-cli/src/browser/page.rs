//! What a page asks for: `fetch(url, {method, headers, credentials})`, checked and normalised as Fetch says.

use std::collections::BTreeSet;
use std::fmt;

use cors_core::is_token;

use super::safelist::{is_forbidden, is_forbidden_method, is_safelisted, is_safelisted_method};

/// Values of safelisted headers may hold this many bytes in all before they need a preflight
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)).
const MAX_SAFELISTED_BYTES: usize = 1024;

/// One cross-origin `fetch()` of a page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The page's origin, as a browser serialises it.
    pub(crate) origin: String,
    /// Normalised: `put` has become `PUT`, `patch` has not.
    pub(crate) method: String,
    /// Without those a page cannot set.
    headers: Vec<RequestHeader>,
    /// Names given that a page cannot set; a browser drops them in silence.
    pub(crate) dropped: Vec<String>,
    /// Whether the credentials mode is `include`.
    pub(crate) credentials: bool,
}

/// A header of the page's request.
#[derive(Clone, Debug)]
pub(crate) struct RequestHeader {
    name: String,
    /// `None` when only the name is known.
    value: Option<Vec<u8>>,
}

/// What no page can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageError {
    EmptyOrigin,
    /// An origin with a byte outside 0x20 to 0x7E.
    UnsendableOrigin,
    /// A method that is no token.
    InvalidMethod(String),
    ForbiddenMethod(String),
    /// A header name that is no token.
    InvalidHeaderName(String),
    /// A header value with NUL, CR, LF, or a character above U+00FF.
    InvalidHeaderValue(String),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::EmptyOrigin => f.write_str("--origin is empty; give one such as https://app.example"),
            PageError::UnsendableOrigin => f.write_str(
                "--origin holds a byte that no browser sends; give an ASCII origin, a host in punycode (xn--...)",
            ),
            PageError::InvalidMethod(method) => {
                write!(f, "--method {method:?} is no HTTP method; give one such as GET or PUT")
            }
            PageError::ForbiddenMethod(method) => {
                write!(f, "--method {method} is forbidden to pages; fetch() throws a TypeError for CONNECT, TRACE and TRACK")
            }
            PageError::InvalidHeaderName(name) => write!(
                f,
                "--header {name:?} is no header name; give NAME or 'NAME: VALUE', the name without spaces"
            ),
            PageError::InvalidHeaderValue(name) => write!(
                f,
                "--header {name}: the value holds a line break, NUL or a character above U+00FF; remove it"
            ),
        }
    }
}

impl Page {
    /// Reads what the command line says of a page. A header is `NAME` or `NAME: VALUE`.
    pub(crate) fn new(
        origin: &str,
        method: &str,
        headers: &[String],
        credentials: bool,
    ) -> Result<Page, PageError> {
        if origin.is_empty() {
            return Err(PageError::EmptyOrigin);
        }
        if !origin.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
            return Err(PageError::UnsendableOrigin);
        }
        // https://fetch.spec.whatwg.org/#dom-request, step 25: token, forbidden, normalise, in this order.
        if !is_token(method.as_bytes()) {
            return Err(PageError::InvalidMethod(method.to_owned()));
        }
        if is_forbidden_method(method) {
            return Err(PageError::ForbiddenMethod(method.to_owned()));
        }
        let mut page = Page {
            origin: origin.to_owned(),
            method: normalize_method(method),
            headers: Vec::new(),
            dropped: Vec::new(),
            credentials,
        };
        for text in headers {
            let header = RequestHeader::parse(text)?;
            if is_forbidden(&header.name, header.value.as_deref().unwrap_or_default()) {
                page.dropped.push(header.name);
            } else {
                page.headers.push(header);
            }
        }
        Ok(page)
    }

    /// Why this request needs a CORS-preflight request, or that it needs none.
    pub(crate) fn preflight_need(&self) -> PreflightNeed {
        PreflightNeed {
            method: !is_safelisted_method(&self.method),
            header_names: self.unsafe_header_names(),
        }
    }

    /// The same page with credentials mode `same-origin`.
    pub(crate) fn without_credentials(&self) -> Page {
        Page {
            credentials: false,
            ..self.clone()
        }
    }

    /// Names of headers whose value decides whether they are safelisted, and was not given.
    pub(crate) fn names_without_value(&self) -> impl Iterator<Item = &str> {
        let decided_by_value = |name: &str| {
            [
                "accept",
                "accept-language",
                "content-language",
                "content-type",
                "range",
            ]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
        };
        let without = self.headers.iter().filter(|header| header.value.is_none());
        without
            .map(|header| header.name.as_str())
            .filter(move |name| decided_by_value(name))
    }

    /// What is odd about the origin: a browser would send another, or none like it.
    pub(crate) fn origin_oddity(&self) -> Option<&'static str> {
        origin_oddity(&self.origin)
    }

    /// Every header the page sets, as the browser sends it with the actual request.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.headers
            .iter()
            .map(|header| (header.name.as_str(), header.value.as_deref()))
    }

    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names):
    /// sorted, in lower case, each once.
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

/// A [normalised header value](https://fetch.spec.whatwg.org/#concept-header-value-normalize), each character one byte.
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

/// Compares an origin with what
/// [serialising an origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin) gives.
fn origin_oddity(origin: &str) -> Option<&'static str> {
    if origin == "null" {
        return None;
    }
    let Some((scheme, authority)) = origin.split_once("://") else {
        return Some("it has no scheme; a browser sends one such as https://app.example");
    };
    if origin.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some("a browser sends scheme and host in lower case");
    }
    if authority.contains(['/', '?', '#']) {
        return Some("a browser sends scheme, host and port only, without `/` or a path");
    }
    if authority.is_empty() || authority.contains(['@', ' ', '*']) {
        return Some("it holds no host that a browser could send");
    }
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    authority
        .ends_with(default_port)
        .then_some("a browser leaves out the scheme's default port")
}

/// Why a request needs a CORS-preflight request; nothing in it: it needs none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PreflightNeed {
    /// The method is not CORS-safelisted.
    pub(crate) method: bool,
    /// The CORS-unsafe request-header names.
    pub(crate) header_names: BTreeSet<String>,
}

impl PreflightNeed {
    pub(crate) fn is_needed(&self) -> bool {
        self.method || !self.header_names.is_empty()
    }

    /// A word that does not change from version to version.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        match (self.method, self.header_names.is_empty()) {
            (true, true) => Some("method"),
            (true, false) => Some("method_and_headers"),
            (false, false) => Some("headers"),
            (false, true) => None,
        }
    }

    /// Access-Control-Request-Headers, joined with `,`
    /// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 5).
    pub(crate) fn header_line(&self) -> Option<String> {
        (!self.header_names.is_empty()).then(|| {
            let names: Vec<&str> = self.header_names.iter().map(String::as_str).collect();
            names.join(",")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(method: &str, headers: &[&str]) -> Page {
        let headers: Vec<String> = headers.iter().map(ToString::to_string).collect();
        Page::new("https://app.example", method, &headers, false).unwrap()
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
        let error = |method: &str| Page::new("null", method, &[], false).unwrap_err();
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
    fn content_type_without_a_value_is_taken_as_unsafe() {
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
    fn values_are_trimmed_and_may_hold_no_line_break() {
        assert_eq!(header_value(" \t a b\r\n"), Some(b"a b".to_vec()));
        assert_eq!(header_value("\u{ff}"), Some(vec![0xff]));
        assert_eq!(header_value("a\nb"), None);
        assert_eq!(header_value("\u{100}"), None);
        assert!(RequestHeader::parse("two words: x").is_err());
        assert!(RequestHeader::parse(": x").is_err());
    }

    #[test]
    fn an_origin_that_no_browser_would_send_is_noticed() {
        for origin in [
            "https://a.example",
            "null",
            "http://localhost:3000",
            "https://[::1]:8443",
            "https://a.example:80",
        ] {
            assert_eq!(origin_oddity(origin), None, "{origin}");
        }
        for origin in [
            "www.a.com",
            "https://A.example",
            "https://a.example/",
            "https://a.example:443",
            "http://a.example:80",
            "https://",
        ] {
            assert!(origin_oddity(origin).is_some(), "{origin}");
        }
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
