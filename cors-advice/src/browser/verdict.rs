//! Fetch's checks of the responses, and the headers that a page can then read.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use cors_core::{ResponseHeader, is_token};

use super::page::Page;
use super::safelist::is_safelisted_method;
use crate::header_names::{SAFELISTED_RESPONSE_HEADERS, is_never_readable};

/// Response headers.
type Headers = [(ResponseHeader, Vec<u8>)];

/// Why a page cannot read a response. `Display` writes one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The preflight's status is not in 200 to 299.
    PreflightStatus(u16),
    /// The preflight response fails the CORS check.
    Preflight(CorsFailure),
    /// The preflight's header with this name, in lower case, is not a list of names.
    InvalidList(&'static str),
    /// The method is not in Access-Control-Allow-Methods.
    Method,
    /// The header name is not in Access-Control-Allow-Headers.
    Header(String),
    /// The actual response fails the CORS check.
    Actual(CorsFailure),
}

/// Why the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CorsFailure {
    /// No Access-Control-Allow-Origin.
    NoAllowOrigin,
    /// Access-Control-Allow-Origin is `*`, and the request has credentials.
    WildcardWithCredentials,
    /// Access-Control-Allow-Origin is another origin.
    OtherOrigin,
    /// No Access-Control-Allow-Credentials: true, and the request has credentials.
    NoAllowCredentials,
}

impl Failure {
    /// The reason as a word that is stable across versions.
    pub fn reason(&self) -> &'static str {
        match self {
            Failure::PreflightStatus(_) => "preflight_status",
            Failure::Preflight(failure) => match failure {
                CorsFailure::NoAllowOrigin => "preflight_no_allow_origin",
                CorsFailure::WildcardWithCredentials => "preflight_star_with_credentials",
                CorsFailure::OtherOrigin => "preflight_other_origin",
                CorsFailure::NoAllowCredentials => "preflight_no_allow_credentials",
            },
            Failure::InvalidList(_) => "preflight_invalid_list",
            Failure::Method => "method_not_allowed",
            Failure::Header(_) => "header_not_allowed",
            Failure::Actual(failure) => match failure {
                CorsFailure::NoAllowOrigin => "no_allow_origin",
                CorsFailure::WildcardWithCredentials => "star_with_credentials",
                CorsFailure::OtherOrigin => "other_origin",
                CorsFailure::NoAllowCredentials => "no_allow_credentials",
            },
        }
    }

    /// Whether the actual request was never sent.
    pub fn is_of_preflight(&self) -> bool {
        !matches!(self, Failure::Actual(_))
    }
}

impl core::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::PreflightStatus(status) => {
                write!(f, "the preflight is answered with {status}")
            }
            Failure::Preflight(failure) => {
                write!(f, "the preflight response does not allow it: {failure}")
            }
            Failure::InvalidList(header) => write!(
                f,
                "{header} of the preflight response is not a list of names with commas between"
            ),
            Failure::Method => f.write_str("the preflight response does not list the method"),
            Failure::Header(name) => {
                write!(f, "the preflight response does not list the header {name}")
            }
            Failure::Actual(failure) => write!(f, "the response does not allow it: {failure}"),
        }
    }
}

impl fmt::Display for CorsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CorsFailure::NoAllowOrigin => "it has no Access-Control-Allow-Origin",
            CorsFailure::WildcardWithCredentials => {
                "`*` does not count for a request with credentials"
            }
            CorsFailure::OtherOrigin => "Access-Control-Allow-Origin is another origin",
            CorsFailure::NoAllowCredentials => "it has no Access-Control-Allow-Credentials: true",
        })
    }
}

/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
fn cors_check(page: &Page, headers: &Headers) -> Result<(), CorsFailure> {
    let allow_origin = value(headers, ResponseHeader::AccessControlAllowOrigin)
        .ok_or(CorsFailure::NoAllowOrigin)?;
    if !page.has_credentials() && allow_origin == b"*" {
        return Ok(());
    }
    if allow_origin != page.origin().as_bytes() {
        let is_wildcard = allow_origin == b"*";
        return Err(if is_wildcard {
            CorsFailure::WildcardWithCredentials
        } else {
            CorsFailure::OtherOrigin
        });
    }
    if !page.has_credentials()
        || value(headers, ResponseHeader::AccessControlAllowCredentials) == Some(b"true")
    {
        return Ok(());
    }
    Err(CorsFailure::NoAllowCredentials)
}

/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7 on.
pub(super) fn check_preflight(page: &Page, status: u16, headers: &Headers) -> Result<(), Failure> {
    // The CORS check comes before the status: a 403 without headers fails there. Both are reported
    // as the status, which is what people see.
    if !(200..300).contains(&status) {
        return Err(Failure::PreflightStatus(status));
    }
    cors_check(page, headers).map_err(Failure::Preflight)?;
    let methods = list(headers, ResponseHeader::AccessControlAllowMethods);
    let names = list(headers, ResponseHeader::AccessControlAllowHeaders);
    for (list, header) in [
        (&methods, ResponseHeader::AccessControlAllowMethods),
        (&names, ResponseHeader::AccessControlAllowHeaders),
    ] {
        if !list.iter().all(|item| is_token(item)) {
            return Err(Failure::InvalidList(header.name()));
        }
    }
    let method = page.method().as_bytes();
    let has_wildcard = |list: &[&[u8]]| !page.has_credentials() && list.contains(&&b"*"[..]);
    if !methods.contains(&method) && !is_safelisted_method(page.method()) && !has_wildcard(&methods)
    {
        return Err(Failure::Method);
    }
    let is_listed = |name: &str| {
        names
            .iter()
            .any(|listed| listed.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut needed = page.preflight_need().header_names.into_iter();
    let refused =
        needed.find(|name| !is_listed(name) && (name == "authorization" || !has_wildcard(&names)));
    match refused {
        Some(name) => Err(Failure::Header(name)),
        None => Ok(()),
    }
}

/// The CORS check of the actual response.
pub(super) fn check_actual(page: &Page, headers: &Headers) -> Result<(), Failure> {
    cors_check(page, headers).map_err(Failure::Actual)
}

/// The names of the response headers that the page can read, in lower case: the safelisted and the
/// exposed ones. `*` means all others, where it counts.
pub(crate) fn readable_headers(page: &Page, headers: &Headers) -> Vec<String> {
    let mut readable: Vec<String> = SAFELISTED_RESPONSE_HEADERS
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    for name in list(headers, ResponseHeader::AccessControlExposeHeaders) {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let counts = !(is_never_readable(&name) || (name == "*" && page.has_credentials()));
        if counts && !readable.contains(&name) {
            readable.push(name);
        }
    }
    readable
}

fn value(headers: &Headers, name: ResponseHeader) -> Option<&[u8]> {
    headers
        .iter()
        .find(|(header, _)| *header == name)
        .map(|(_, value)| value.as_slice())
}

fn list(headers: &Headers, name: ResponseHeader) -> Vec<&[u8]> {
    let items = value(headers, name)
        .unwrap_or_default()
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii);
    items.filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(method: &str, headers: &[&str], credentials: bool) -> Page {
        let page = Page::new("https://a.example", method).unwrap();
        let mut headers = headers.iter();
        let page = headers.try_fold(page, |page, header| page.with_header(header));
        page.unwrap().with_credentials(credentials)
    }

    fn headers(lines: &[(ResponseHeader, &str)]) -> Vec<(ResponseHeader, Vec<u8>)> {
        lines
            .iter()
            .map(|(name, value)| (*name, value.as_bytes().to_vec()))
            .collect()
    }

    const ORIGIN: (ResponseHeader, &str) = (
        ResponseHeader::AccessControlAllowOrigin,
        "https://a.example",
    );
    const WILDCARD: (ResponseHeader, &str) = (ResponseHeader::AccessControlAllowOrigin, "*");
    const CREDENTIALS: (ResponseHeader, &str) =
        (ResponseHeader::AccessControlAllowCredentials, "true");

    #[test]
    fn the_cors_check_requires_the_same_origin_or_a_wildcard_without_credentials() {
        let check = |credentials, lines: &[(ResponseHeader, &str)]| {
            check_actual(&page("GET", &[], credentials), &headers(lines))
                .err()
                .map(|failure| failure.reason())
        };
        assert_eq!(check(false, &[WILDCARD]), None);
        assert_eq!(check(false, &[ORIGIN]), None);
        assert_eq!(check(false, &[]), Some("no_allow_origin"));
        assert_eq!(
            check(
                false,
                &[(
                    ResponseHeader::AccessControlAllowOrigin,
                    "https://a.example/"
                )]
            ),
            Some("other_origin")
        );
        assert_eq!(
            check(true, &[WILDCARD, CREDENTIALS]),
            Some("star_with_credentials")
        );
        assert_eq!(check(true, &[ORIGIN]), Some("no_allow_credentials"));
        assert_eq!(check(true, &[ORIGIN, CREDENTIALS]), None);
        assert_eq!(
            check(
                true,
                &[
                    ORIGIN,
                    (ResponseHeader::AccessControlAllowCredentials, "True")
                ]
            ),
            Some("no_allow_credentials")
        );
    }

    #[test]
    fn a_preflight_allows_methods_and_headers_by_name_or_star_but_authorization_by_name_only() {
        let check = |page: &Page, status, lines: &[(ResponseHeader, &str)]| {
            check_preflight(page, status, &headers(lines)).err()
        };
        let methods = |value| (ResponseHeader::AccessControlAllowMethods, value);
        let names = |value| (ResponseHeader::AccessControlAllowHeaders, value);
        let put = page("PUT", &[], false);
        assert_eq!(check(&put, 200, &[WILDCARD, methods("GET, PUT")]), None);
        assert_eq!(check(&put, 204, &[WILDCARD, methods("*")]), None);
        assert_eq!(
            check(&put, 200, &[WILDCARD, methods("GET, put")]),
            Some(Failure::Method)
        );
        assert_eq!(
            check(&put, 403, &[WILDCARD, methods("PUT")]),
            Some(Failure::PreflightStatus(403))
        );
        assert_eq!(
            check(&put, 200, &[]),
            Some(Failure::Preflight(CorsFailure::NoAllowOrigin))
        );
        let credentials = page("PUT", &[], true);
        assert_eq!(
            check(&credentials, 200, &[ORIGIN, CREDENTIALS, methods("*")]),
            Some(Failure::Method)
        );
        let get = page("GET", &["X-A", "Authorization"], false);
        assert_eq!(
            check(&get, 200, &[WILDCARD, names("x-a, AUTHORIZATION")]),
            None
        );
        assert_eq!(
            check(&get, 200, &[WILDCARD, names("*")]),
            Some(Failure::Header("authorization".to_owned()))
        );
        assert_eq!(
            check(&get, 200, &[WILDCARD, names("authorization")]),
            Some(Failure::Header("x-a".to_owned()))
        );
    }

    #[test]
    fn a_page_reads_safelisted_and_exposed_headers() {
        let exposed = headers(&[(
            ResponseHeader::AccessControlExposeHeaders,
            "ETag, Set-Cookie, content-type, *",
        )]);
        let readable = readable_headers(&page("GET", &[], false), &exposed);
        assert_eq!(readable.get(7..).unwrap(), ["etag", "*"]);
        let readable = readable_headers(&page("GET", &[], true), &exposed);
        assert_eq!(readable.get(7..).unwrap(), ["etag"]);
    }
}
