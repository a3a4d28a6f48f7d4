//! The four things that are read of an HTTP request. Bytes, borrowed, not copied.

use crate::header::RequestedNames;

/// What CORS reads of a request.
///
/// # Examples
///
/// ```
/// use cors_core::Request;
///
/// let preflight = Request {
///     method: b"OPTIONS",
///     origin: Some(b"https://a.example"),
///     access_control_request_method: Some(b"PUT"),
///     access_control_request_headers: &[b"content-type,x-oss-date"],
/// };
/// let actual = Request { method: b"GET", origin: Some(b"https://a.example"), ..Request::EMPTY };
/// # let _ = (preflight, actual);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'r> {
    /// The request's method.
    pub method: &'r [u8],
    /// `Origin`; `None` or empty when it was not sent. If it, or Access-Control-Request-Method, was
    /// sent in several lines, use a text that matches nothing, such as `b"\0"`.
    pub origin: Option<&'r [u8]>,
    /// `Access-Control-Request-Method`; `None` when it was not sent.
    pub access_control_request_method: Option<&'r [u8]>,
    /// `Access-Control-Request-Headers`, a slice for each field line; empty when it was not sent.
    pub access_control_request_headers: &'r [&'r [u8]],
}

impl Request<'_> {
    /// A request with nothing in it: the base of struct updates.
    pub const EMPTY: Request<'static> = Request {
        method: b"",
        origin: None,
        access_control_request_method: None,
        access_control_request_headers: &[],
    };
}

impl<'r> Request<'r> {
    /// The items of Access-Control-Request-Headers, in order over all lines, without the empty ones.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes of the lines, constant space.
    pub fn requested_names(&self) -> impl Iterator<Item = &'r [u8]> + Clone + use<'r> {
        RequestedNames::new(self.access_control_request_headers)
    }
}
