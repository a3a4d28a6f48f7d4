//! The response headers of a decision: borrowed where they are stored, rendered on demand otherwise.

use core::fmt::{self, Write};

use arrayvec::ArrayVec;

use crate::dialect::{AllowCredentials, AllowHeaders, AllowMethods, SentOn};
use crate::grant::{Grant, Phase};
use crate::header::RequestedNames;
use crate::image::ALLOWS_CREDENTIALS;
use crate::vary::VaryValue;

/// Most headers of one decision: the six of the CORS protocol, and Vary.
pub const MAX_HEADERS: usize = 7;

/// A response header that a decision can have: the six of [the CORS protocol](https://fetch.spec.whatwg.org/#http-responses), and Vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseHeader {
    /// `access-control-allow-origin`
    AccessControlAllowOrigin,
    /// `access-control-allow-credentials`
    AccessControlAllowCredentials,
    /// `access-control-allow-methods`
    AccessControlAllowMethods,
    /// `access-control-allow-headers`
    AccessControlAllowHeaders,
    /// `access-control-expose-headers`
    AccessControlExposeHeaders,
    /// `access-control-max-age`
    AccessControlMaxAge,
    /// `vary`
    Vary,
}

impl ResponseHeader {
    /// The name in lower case, as HTTP/2 wants it.
    pub const fn name(self) -> &'static str {
        match self {
            ResponseHeader::AccessControlAllowOrigin => "access-control-allow-origin",
            ResponseHeader::AccessControlAllowCredentials => "access-control-allow-credentials",
            ResponseHeader::AccessControlAllowMethods => "access-control-allow-methods",
            ResponseHeader::AccessControlAllowHeaders => "access-control-allow-headers",
            ResponseHeader::AccessControlExposeHeaders => "access-control-expose-headers",
            ResponseHeader::AccessControlMaxAge => "access-control-max-age",
            ResponseHeader::Vary => "vary",
        }
    }
}

impl fmt::Display for ResponseHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The response headers of a decision, in the order Allow-Origin, Allow-Credentials, Allow-Methods,
/// Allow-Headers, Expose-Headers, Max-Age, Vary. Names are in lower case, as HTTP/2 wants them.
///
/// # Security
///
/// No byte below 0x20 and no 0x7F is in any value, whatever the request held. A server adds Vary to
/// the one it may have already; it does not overwrite it.
#[derive(Clone, Debug)]
pub struct Headers<'a>(ArrayVec<(ResponseHeader, HeaderValue<'a>), MAX_HEADERS>);

impl<'a> Headers<'a> {
    /// [Semantics](https://fetch.spec.whatwg.org/#http-responses) of each header are Fetch's; when each is sent is the dialect's.
    pub(crate) fn new(grant: Option<&Grant<'a, 'a>>, vary: VaryValue) -> Self {
        let mut headers = Headers(ArrayVec::new());
        if let Some(grant) = grant {
            headers.add_grant(grant);
        }
        headers.add(ResponseHeader::Vary, vary.as_bytes());
        headers
    }

    fn add_grant(&mut self, grant: &Grant<'a, 'a>) {
        let record = grant.record();
        let response = grant.response;
        let is_preflight = grant.phase == Phase::Preflight;
        let is_sent = |on: SentOn| match on {
            SentOn::Both => true,
            SentOn::Preflight => is_preflight,
            SentOn::Actual => !is_preflight,
        };
        self.add(
            ResponseHeader::AccessControlAllowOrigin,
            grant.allow_origin(),
        );
        let credentials = match response.allow_credentials {
            AllowCredentials::Never => false,
            AllowCredentials::UnlessWildcard => !grant.allows_any_origin(),
            AllowCredentials::OptIn => record.has(ALLOWS_CREDENTIALS) && !grant.allows_any_origin(),
        };
        if credentials {
            self.add(ResponseHeader::AccessControlAllowCredentials, b"true");
        }
        self.add(
            ResponseHeader::AccessControlAllowMethods,
            match response.allow_methods {
                AllowMethods::RuleList => record.methods,
                AllowMethods::Requested => grant.method,
            },
        );
        let requested = |lower_case| {
            HeaderValue(Value::Requested {
                lines: grant.lines,
                lower_case,
            })
        };
        match response.allow_headers {
            AllowHeaders::Requested => {
                self.add_value(ResponseHeader::AccessControlAllowHeaders, requested(false));
            }
            AllowHeaders::RequestedLowerCase => {
                self.add_value(ResponseHeader::AccessControlAllowHeaders, requested(true));
            }
            AllowHeaders::ExposeHeaders if is_preflight => {
                self.add(
                    ResponseHeader::AccessControlAllowHeaders,
                    record.expose_headers,
                );
            }
            AllowHeaders::ExposeHeaders => {}
        }
        if is_sent(response.expose_headers) {
            self.add(
                ResponseHeader::AccessControlExposeHeaders,
                record.expose_headers,
            );
        }
        if is_sent(response.max_age) {
            self.add(ResponseHeader::AccessControlMaxAge, record.max_age);
        }
    }

    fn add(&mut self, name: ResponseHeader, value: &'a [u8]) {
        self.add_value(name, HeaderValue(Value::Borrowed(value)));
    }

    /// Adds a header unless its value is empty.
    fn add_value(&mut self, name: ResponseHeader, value: HeaderValue<'a>) {
        if !value.is_empty() {
            // There is room: MAX_HEADERS counts every call.
            let _ = self.0.try_push((name, value));
        }
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (ResponseHeader, HeaderValue<'a>)> + '_ {
        self.0.iter().copied()
    }

    /// Number of headers.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A header value: bytes of the image or the request, or names still to be joined.
#[derive(Clone, Copy, Debug)]
pub struct HeaderValue<'a>(Value<'a>);

#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    Borrowed(&'a [u8]),
    /// The names of Access-Control-Request-Headers, known to be tokens.
    Requested {
        lines: &'a [&'a [u8]],
        lower_case: bool,
    },
}

impl<'a> HeaderValue<'a> {
    /// The value, if it is stored and need not be rendered.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.0 {
            Value::Borrowed(bytes) => Some(bytes),
            Value::Requested { .. } => None,
        }
    }

    /// The value as text, if it is stored and need not be rendered. Values are ASCII unless a configuration says otherwise.
    pub fn as_str(&self) -> Option<&'a str> {
        core::str::from_utf8(self.as_bytes()?).ok()
    }

    /// Its length in bytes when written.
    ///
    /// # Complexity
    ///
    /// Constant if it is stored; otherwise linear in Access-Control-Request-Headers.
    pub fn encoded_len(&self) -> usize {
        match self.0 {
            Value::Borrowed(bytes) => bytes.len(),
            Value::Requested { lines, .. } => {
                let names = joined(lines).map(<[u8]>::len);
                names.fold(0, usize::saturating_add)
            }
        }
    }

    /// Writes the value to the front of a buffer; returns its length, or `None` if it does not fit.
    ///
    /// # Complexity
    ///
    /// Linear in the value.
    pub fn write_to(&self, buffer: &mut [u8]) -> Option<usize> {
        match self.0 {
            Value::Borrowed(bytes) => {
                let (room, _) = buffer.split_at_mut_checked(bytes.len())?;
                room.copy_from_slice(bytes);
                Some(bytes.len())
            }
            Value::Requested { lines, lower_case } => {
                let mut written = 0_usize;
                let mut rest = buffer;
                for part in joined(lines) {
                    let (room, after) = rest.split_at_mut_checked(part.len())?;
                    room.copy_from_slice(part);
                    if lower_case {
                        room.make_ascii_lowercase();
                    }
                    written = written.saturating_add(part.len());
                    rest = after;
                }
                Some(written)
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self.0 {
            Value::Borrowed(bytes) => bytes.is_empty(),
            Value::Requested { lines, .. } => RequestedNames::new(lines).next().is_none(),
        }
    }
}

/// The names in Access-Control-Request-Headers, and the separators between them.
fn joined<'a>(lines: &'a [&'a [u8]]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    let names = RequestedNames::new(lines).enumerate();
    names.flat_map(|(index, name)| [if index == 0 { &b""[..] } else { b", " }, name])
}

impl fmt::Display for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Borrowed(bytes) => write_text(bytes, false, f),
            Value::Requested { lines, lower_case } => {
                joined(lines).try_for_each(|part| write_text(part, lower_case, f))
            }
        }
    }
}

/// Writes what is text of some bytes.
fn write_text(bytes: &[u8], lower_case: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        if lower_case {
            let mut characters = chunk.valid().chars();
            characters.try_for_each(|character| f.write_char(character.to_ascii_lowercase()))?;
        } else {
            f.write_str(chunk.valid())?;
        }
    }
    Ok(())
}
