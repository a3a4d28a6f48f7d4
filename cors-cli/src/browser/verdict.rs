//! Fetch's checks of the answers, and what a page can read after them.

use super::page::{Page, PreflightNeed};
use super::safelist::{
    SAFELISTED_RESPONSE_HEADERS, is_forbidden_response_header, is_safelisted_method,
};

/// Response headers, names in lower case.
pub(crate) type Headers = [(&'static str, Vec<u8>)];

/// Why a page cannot read an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The preflight's status is none of 200 to 299.
    PreflightStatus(u16),
    /// A check of the preflight's headers.
    Preflight(CorsFailure),
    /// The method is not in Access-Control-Allow-Methods.
    Method,
    /// The header name is not in Access-Control-Allow-Headers.
    Header(String),
    /// A check of the actual response's headers.
    Actual(CorsFailure),
}

/// What the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CorsFailure {
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
    /// A word that does not change from version to version.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Failure::PreflightStatus(_) => "preflight_status",
            Failure::Preflight(failure) => match failure {
                CorsFailure::NoAllowOrigin => "preflight_no_allow_origin",
                CorsFailure::WildcardWithCredentials => "preflight_star_with_credentials",
                CorsFailure::OtherOrigin => "preflight_other_origin",
                CorsFailure::NoAllowCredentials => "preflight_no_allow_credentials",
            },
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
    pub(crate) fn is_of_preflight(&self) -> bool {
        !matches!(self, Failure::Actual(_))
    }

    /// One clause for people.
    pub(crate) fn text(&self) -> String {
        let check = |failure: &CorsFailure| match failure {
            CorsFailure::NoAllowOrigin => "it has no Access-Control-Allow-Origin",
            CorsFailure::WildcardWithCredentials => {
                "`*` does not count for a request with credentials"
            }
            CorsFailure::OtherOrigin => "Access-Control-Allow-Origin is another origin",
            CorsFailure::NoAllowCredentials => "it has no Access-Control-Allow-Credentials: true",
        };
        match self {
            Failure::PreflightStatus(status) => format!("the preflight is answered with {status}"),
            Failure::Preflight(failure) => format!(
                "the preflight's answer does not allow it: {}",
                check(failure)
            ),
            Failure::Method => "the preflight's answer does not list the method".to_owned(),
            Failure::Header(name) => {
                format!("the preflight's answer does not list the header {name}")
            }
            Failure::Actual(failure) => {
                format!("the response does not allow it: {}", check(failure))
            }
        }
    }
}

/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
fn cors_check(page: &Page, headers: &Headers) -> Result<(), CorsFailure> {
    let allow_origin =
        value(headers, "access-control-allow-origin").ok_or(CorsFailure::NoAllowOrigin)?;
    if !page.credentials && allow_origin == b"*" {
        return Ok(());
    }
    if allow_origin != page.origin.as_bytes() {
        let is_wildcard = allow_origin == b"*";
        return Err(if is_wildcard {
            CorsFailure::WildcardWithCredentials
        } else {
            CorsFailure::OtherOrigin
        });
    }
    if !page.credentials || value(headers, "access-control-allow-credentials") == Some(b"true") {
        return Ok(());
    }
    Err(CorsFailure::NoAllowCredentials)
}

/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7 on.
pub(crate) fn check_preflight(
    page: &Page,
    need: &PreflightNeed,
    status: u16,
    headers: &Headers,
) -> Result<(), Failure> {
    // The CORS check comes before the status: a 403 without headers fails there. Both are said as the status, which
    // is what people see.
    if !(200..300).contains(&status) {
        return Err(Failure::PreflightStatus(status));
    }
    cors_check(page, headers).map_err(Failure::Preflight)?;
    let methods = list(headers, "access-control-allow-methods");
    let method = page.method.as_bytes();
    let has_wildcard = |list: &[&[u8]]| !page.credentials && list.contains(&&b"*"[..]);
    if !methods.contains(&method) && !is_safelisted_method(&page.method) && !has_wildcard(&methods)
    {
        return Err(Failure::Method);
    }
    let names = list(headers, "access-control-allow-headers");
    let is_listed = |name: &str| {
        names
            .iter()
            .any(|listed| listed.eq_ignore_ascii_case(name.as_bytes()))
    };
    let refused = need
        .header_names
        .iter()
        .find(|name| !is_listed(name) && (*name == "authorization" || !has_wildcard(&names)));
    match refused {
        Some(name) => Err(Failure::Header(name.clone())),
        None => Ok(()),
    }
}

/// The CORS check of the actual response.
pub(crate) fn check_actual(page: &Page, headers: &Headers) -> Result<(), Failure> {
    cors_check(page, headers).map_err(Failure::Actual)
}

/// Names of response headers that the page can read, in lower case: the safelisted ones, and the exposed.
/// `*` stands for all others, where it counts.
pub(crate) fn readable_headers(page: &Page, headers: &Headers) -> Vec<String> {
    let mut readable: Vec<String> = SAFELISTED_RESPONSE_HEADERS
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    for name in list(headers, "access-control-expose-headers") {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let counts = !(is_forbidden_response_header(&name) || (name == "*" && page.credentials));
        if counts && !readable.contains(&name) {
            readable.push(name);
        }
    }
    readable
}

fn value<'h>(headers: &'h Headers, name: &str) -> Option<&'h [u8]> {
    headers
        .iter()
        .find(|(header, _)| *header == name)
        .map(|(_, value)| value.as_slice())
}

fn list<'h>(headers: &'h Headers, name: &str) -> Vec<&'h [u8]> {
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
        let headers: Vec<String> = headers.iter().map(ToString::to_string).collect();
        Page::new("https://a.example", method, &headers, credentials).unwrap()
    }

    fn headers(lines: &[(&'static str, &str)]) -> Vec<(&'static str, Vec<u8>)> {
        lines
            .iter()
            .map(|(name, value)| (*name, value.as_bytes().to_vec()))
            .collect()
    }

    const ORIGIN: (&str, &str) = ("access-control-allow-origin", "https://a.example");
    const STAR: (&str, &str) = ("access-control-allow-origin", "*");
    const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");

    #[test]
    fn the_cors_check_wants_the_very_origin_or_a_star_without_credentials() {
        let check = |credentials, lines: &[(&'static str, &str)]| {
            check_actual(&page("GET", &[], credentials), &headers(lines))
                .err()
                .map(|failure| failure.reason())
        };
        assert_eq!(check(false, &[STAR]), None);
        assert_eq!(check(false, &[ORIGIN]), None);
        assert_eq!(check(false, &[]), Some("no_allow_origin"));
        assert_eq!(
            check(
                false,
                &[("access-control-allow-origin", "https://a.example/")]
            ),
            Some("other_origin")
        );
        assert_eq!(
            check(true, &[STAR, CREDENTIALS]),
            Some("star_with_credentials")
        );
        assert_eq!(check(true, &[ORIGIN]), Some("no_allow_credentials"));
        assert_eq!(check(true, &[ORIGIN, CREDENTIALS]), None);
        assert_eq!(
            check(
                true,
                &[ORIGIN, ("access-control-allow-credentials", "True")]
            ),
            Some("no_allow_credentials")
        );
    }

    #[test]
    fn a_preflight_allows_methods_and_headers_by_name_or_star_but_authorization_by_name_only() {
        let check = |page: &Page, status, lines: &[(&'static str, &str)]| {
            check_preflight(page, &page.preflight_need(), status, &headers(lines)).err()
        };
        let methods = |value| ("access-control-allow-methods", value);
        let names = |value| ("access-control-allow-headers", value);
        let put = page("PUT", &[], false);
        assert_eq!(check(&put, 200, &[STAR, methods("GET, PUT")]), None);
        assert_eq!(check(&put, 204, &[STAR, methods("*")]), None);
        assert_eq!(
            check(&put, 200, &[STAR, methods("GET, put")]),
            Some(Failure::Method)
        );
        assert_eq!(
            check(&put, 403, &[STAR, methods("PUT")]),
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
        assert_eq!(check(&get, 200, &[STAR, names("x-a, AUTHORIZATION")]), None);
        assert_eq!(
            check(&get, 200, &[STAR, names("*")]),
            Some(Failure::Header("authorization".to_owned()))
        );
        assert_eq!(
            check(&get, 200, &[STAR, names("authorization")]),
            Some(Failure::Header("x-a".to_owned()))
        );
    }

    #[test]
    fn a_page_reads_safelisted_and_exposed_headers() {
        let exposed = headers(&[(
            "access-control-expose-headers",
            "ETag, Set-Cookie, content-type, *",
        )]);
        let readable = readable_headers(&page("GET", &[], false), &exposed);
        assert_eq!(readable.get(7..).unwrap(), ["etag", "*"]);
        let readable = readable_headers(&page("GET", &[], true), &exposed);
        assert_eq!(readable.get(7..).unwrap(), ["etag"]);
    }
}
