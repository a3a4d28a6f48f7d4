//! Judges a real server's responses, header lines as they came, with the checks that [`judge`] uses.
//!
//! [`judge`]: super::judge

use alloc::string::String;
use alloc::vec::Vec;

use cors_core::ResponseHeader;

use super::page::Page;
use super::verdict::{Failure, check_actual, check_preflight, readable_headers};
use crate::header_names::is_never_readable;

/// A response that a server sent: its status and its header lines.
///
/// # Examples
///
/// ```
/// use cors_advice::browser::{CorsFailure, Failure, Page, Received};
///
/// let page = Page::new("https://app.example", "GET")?;
/// let line = |value: &str| ("Access-Control-Allow-Origin".to_owned(), value.as_bytes().to_vec());
/// let once = [line("https://app.example")];
/// assert_eq!(Received { status: 200, lines: &once }.check(&page), Ok(()));
/// // A browser joins repeated lines, and then this is not the page's origin.
/// let twice = [line("https://app.example"), line("https://app.example")];
/// let failure = Received { status: 200, lines: &twice }.check(&page);
/// assert_eq!(failure, Err(Failure::Actual(CorsFailure::OtherOrigin)));
/// # Ok::<(), cors_advice::browser::PageError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The status.
    pub status: u16,
    /// The name and the value of each header line; names in any case.
    pub lines: &'a [(String, Vec<u8>)],
}

impl Received<'_> {
    /// Checks the response to a page's preflight.
    ///
    /// # Errors
    ///
    /// Why the browser does not send the actual request.
    pub fn check_preflight(&self, page: &Page) -> Result<(), Failure> {
        check_preflight(page, self.status, &self.headers())
    }

    /// Checks the response to a page's actual request.
    ///
    /// # Errors
    ///
    /// Why the page cannot read it.
    pub fn check(&self, page: &Page) -> Result<(), Failure> {
        check_actual(page, &self.headers())
    }

    /// Whether a page that can read the response sees the header with this name.
    pub fn shows(&self, page: &Page, name: &str) -> bool {
        let readable = readable_headers(page, &self.headers());
        let mut readable = readable.iter();
        !is_never_readable(name)
            && readable.any(|shown| shown == "*" || shown.eq_ignore_ascii_case(name))
    }

    /// The value of a header as a browser takes it: [the values of all lines, joined with a
    /// comma](https://fetch.spec.whatwg.org/#concept-header-list-get).
    pub fn value(&self, name: &str) -> Option<Vec<u8>> {
        let lines = self.lines.iter();
        let values: Vec<&[u8]> = lines
            .filter(|(line, _)| line.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_ascii())
            .collect();
        (!values.is_empty()).then(|| values.join(&b", "[..]))
    }

    /// The headers that the checks read.
    fn headers(&self) -> Vec<(ResponseHeader, Vec<u8>)> {
        let read = [
            ResponseHeader::AccessControlAllowOrigin,
            ResponseHeader::AccessControlAllowCredentials,
            ResponseHeader::AccessControlAllowMethods,
            ResponseHeader::AccessControlAllowHeaders,
            ResponseHeader::AccessControlExposeHeaders,
        ];
        let read = read.into_iter();
        read.filter_map(|header| Some((header, self.value(header.name())?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::CorsFailure;
    use std::borrow::ToOwned;
    use std::vec;

    fn lines(lines: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        let lines = lines.iter();
        lines
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn repeated_lines_are_one_list_and_a_repeated_origin_is_another_origin() {
        let page = Page::new("https://a.example", "PUT").unwrap();
        let of_methods = lines(&[
            ("Access-Control-Allow-Origin", " https://a.example "),
            ("access-control-allow-methods", "GET"),
            ("ACCESS-CONTROL-ALLOW-METHODS", "PUT,,"),
        ]);
        let received = |status, lines| Received { status, lines };
        assert_eq!(received(204, &of_methods).check_preflight(&page), Ok(()));
        assert_eq!(
            received(301, &of_methods).check_preflight(&page),
            Err(Failure::PreflightStatus(301))
        );
        let twice = lines(&[("Access-Control-Allow-Origin", "*"); 2]);
        assert_eq!(
            received(200, &twice).check(&page),
            Err(Failure::Actual(CorsFailure::OtherOrigin))
        );
        assert_eq!(
            received(200, &twice).value("access-control-allow-origin"),
            Some(b"*, *".to_vec())
        );
    }

    #[test]
    fn a_list_that_is_not_one_of_names_fails_whatever_else_it_holds() {
        let page = Page::new("https://a.example", "PUT").unwrap();
        for (name, value) in [
            ("access-control-allow-methods", "GET POST, PUT"),
            ("access-control-allow-methods", "\"GET\", PUT"),
            ("access-control-allow-headers", "x a"),
        ] {
            let of = lines(&[
                ("access-control-allow-origin", "*"),
                ("access-control-allow-methods", "PUT"),
                (name, value),
            ]);
            let received = Received {
                status: 200,
                lines: &of,
            };
            let failure = received.check_preflight(&page).unwrap_err();
            assert_eq!(failure, Failure::InvalidList(name), "{value}");
            assert_eq!(failure.reason(), "preflight_invalid_list");
            assert!(failure.is_of_preflight());
        }
    }

    #[test]
    fn a_page_sees_what_is_exposed_and_never_cookies() {
        let page = Page::new("https://a.example", "GET").unwrap();
        let all = lines(&[("access-control-expose-headers", "ETag, *")]);
        let received = Received {
            status: 200,
            lines: &all,
        };
        let seen = |page: &Page| {
            ["content-type", "ETAG", "server", "set-cookie"].map(|name| received.shows(page, name))
        };
        assert_eq!(seen(&page).to_vec(), vec![true, true, true, false]);
        let page = page.with_credentials(true);
        assert_eq!(seen(&page).to_vec(), vec![true, true, false, false]);
    }
}
