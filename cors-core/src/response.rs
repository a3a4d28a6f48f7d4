//! The response headers of a decision: borrowed where they are stored, rendered on demand otherwise.

use core::fmt::{self, Write};

use arrayvec::ArrayVec;

use crate::dialect::{AllowCredentials, AllowHeaders, AllowMethods, SentOn};
use crate::grant::{Grant, Phase};
use crate::header::RequestedNames;
use crate::image::ALLOWS_CREDENTIALS;
use crate::limits::{MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES};
use crate::vary::VaryValue;
use crate::words;

/// Most headers of one decision: the six of the CORS protocol, and Vary.
pub const MAX_HEADERS: usize = 7;

/// Most bytes of a value that is rendered: as many as are read of Access-Control-Request-Headers, and a space before each name.
/// A buffer of this size always has room for the headers of a decision.
pub const MAX_VALUE_BYTES: usize = MAX_REQUEST_HEADER_BYTES + MAX_REQUEST_HEADER_NAMES;

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
    pub(crate) fn new(grant: Option<&Grant<'a, 'a>>, vary: VaryValue) -> Self {
        let mut headers = ArrayVec::new();
        for_each_header(grant, vary, |name, value| {
            // There is room: MAX_HEADERS counts every call.
            let _ = headers.try_push((name, value));
        });
        Headers(headers)
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

/// A response header with its value as bytes: what [`Decision::headers_into`](crate::Decision::headers_into) stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The name.
    pub name: ResponseHeader,
    /// The value: bytes of the image, of the request or of the caller's buffer.
    pub value: &'a [u8],
}

impl Header<'_> {
    /// A header without a value: what an array is filled with before headers are stored in it.
    pub const EMPTY: Header<'static> = Header {
        name: ResponseHeader::Vary,
        value: b"",
    };
}

/// See [`Decision::headers_into`](crate::Decision::headers_into).
#[inline]
pub(crate) fn headers_into<'a, 's>(
    grant: Option<&Grant<'a, 'a>>,
    vary: VaryValue,
    headers: &'s mut [Header<'a>; MAX_HEADERS],
    buffer: &'a mut [u8],
) -> Option<&'s [Header<'a>]> {
    let mut stored = 0_usize;
    let mut buffer = Some(buffer);
    let mut fits = true;
    for_each_header(grant, vary, |name, value| {
        let bytes = match value.0 {
            Value::Names(names) => buffer.take().and_then(|buffer| {
                let length = names.write_to(buffer)?;
                buffer.get(..length)
            }),
            stored => stored.as_bytes(),
        };
        fits &= bytes.is_some();
        if let (Some(value), Some(header)) = (bytes, headers.get_mut(stored)) {
            *header = Header { name, value };
            stored = stored.wrapping_add(1);
        }
    });
    if fits { headers.get(..stored) } else { None }
}

/// Calls `each` with the headers of a decision in order. [Semantics](https://fetch.spec.whatwg.org/#http-responses) of each header
/// are Fetch's; when each is sent is the dialect's.
#[inline]
pub(crate) fn for_each_header<'a>(
    grant: Option<&Grant<'a, 'a>>,
    vary: VaryValue,
    mut each: impl FnMut(ResponseHeader, HeaderValue<'a>),
) {
    // No header has an empty value.
    let mut add = |name: ResponseHeader, value: Value<'a>| {
        if !value.is_empty() {
            each(name, HeaderValue(value));
        }
    };
    if let Some(grant) = grant {
        let record = grant.record();
        let response = grant.response;
        let is_sent = |on: SentOn| match on {
            SentOn::Both => true,
            SentOn::Preflight => grant.phase == Phase::Preflight,
            SentOn::Actual => grant.phase == Phase::Actual,
        };
        let allows_any_origin = grant.allows_any_origin();
        let allow_origin = if allows_any_origin {
            Value::Constant("*")
        } else {
            Value::Request(grant.origin)
        };
        add(ResponseHeader::AccessControlAllowOrigin, allow_origin);
        let credentials = match response.allow_credentials {
            AllowCredentials::Never => false,
            AllowCredentials::UnlessWildcard => !allows_any_origin,
            AllowCredentials::OptIn => record.has(ALLOWS_CREDENTIALS) && !allows_any_origin,
        };
        if credentials {
            add(
                ResponseHeader::AccessControlAllowCredentials,
                Value::Constant("true"),
            );
        }
        let allow_methods = match response.allow_methods {
            AllowMethods::RuleList => Value::Rule(record.methods),
            AllowMethods::Requested => Value::Request(grant.method),
        };
        add(ResponseHeader::AccessControlAllowMethods, allow_methods);
        let names = |lower_case| {
            Value::Names(Names {
                lines: grant.lines,
                lower_case,
            })
        };
        let allow_headers = match response.allow_headers {
            AllowHeaders::Requested => names(false),
            AllowHeaders::RequestedLowerCase => names(true),
            AllowHeaders::ExposeHeaders if grant.phase == Phase::Preflight => {
                Value::Rule(record.expose_headers)
            }
            AllowHeaders::ExposeHeaders => Value::Constant(""),
        };
        add(ResponseHeader::AccessControlAllowHeaders, allow_headers);
        if is_sent(response.expose_headers) {
            add(
                ResponseHeader::AccessControlExposeHeaders,
                Value::Rule(record.expose_headers),
            );
        }
        if is_sent(response.max_age) {
            add(
                ResponseHeader::AccessControlMaxAge,
                Value::Rule(record.max_age),
            );
        }
    }
    add(ResponseHeader::Vary, Value::Constant(vary.as_str()));
}

/// A header value: bytes of the image or the request, or names still to be joined.
#[derive(Clone, Copy, Debug)]
pub struct HeaderValue<'a>(Value<'a>);

/// Where a header value comes from, for adapters that prepare values once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueSource<'a> {
    /// A text of the engine: `*`, `true`, or a value of Vary.
    Constant(&'static str),
    /// What the request has sent: its origin, or the method it asked for.
    Request(&'a [u8]),
    /// What the winning rule says, as in its [`RuleValues`](crate::RuleValues). Allow-Headers from there are the exposed headers.
    Rule(&'a [u8]),
    /// The names in Access-Control-Request-Headers, which are still to be joined.
    RequestedNames,
}

#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    Constant(&'static str),
    Request(&'a [u8]),
    Rule(&'a [u8]),
    Names(Names<'a>),
}

impl<'a> HeaderValue<'a> {
    /// Where the value comes from.
    #[inline]
    pub fn source(&self) -> ValueSource<'a> {
        match self.0 {
            Value::Constant(text) => ValueSource::Constant(text),
            Value::Request(bytes) => ValueSource::Request(bytes),
            Value::Rule(bytes) => ValueSource::Rule(bytes),
            Value::Names(_) => ValueSource::RequestedNames,
        }
    }

    /// The value, if it is stored and need not be rendered.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        self.0.as_bytes()
    }

    /// The value as text, if it is stored and need not be rendered. Values are ASCII unless a configuration says otherwise.
    pub fn as_str(&self) -> Option<&'a str> {
        core::str::from_utf8(self.as_bytes()?).ok()
    }

    /// Its length in bytes when written, at most [`MAX_VALUE_BYTES`] if it is rendered.
    ///
    /// # Complexity
    ///
    /// Constant if it is stored; otherwise linear in Access-Control-Request-Headers.
    pub fn encoded_len(&self) -> usize {
        match self.0 {
            Value::Names(names) => names.encoded_len(),
            stored => stored.as_bytes().map_or(0, <[u8]>::len),
        }
    }

    /// Writes the value to the front of a buffer; returns its length, or `None` if it does not fit.
    ///
    /// # Complexity
    ///
    /// Linear in the value.
    pub fn write_to(&self, buffer: &mut [u8]) -> Option<usize> {
        match self.0 {
            Value::Names(names) => names.write_to(buffer),
            stored => {
                let bytes = stored.as_bytes()?;
                let (room, _) = buffer.split_at_mut_checked(bytes.len())?;
                room.copy_from_slice(bytes);
                Some(bytes.len())
            }
        }
    }
}

impl<'a> Value<'a> {
    #[inline]
    fn as_bytes(self) -> Option<&'a [u8]> {
        match self {
            Value::Constant(text) => Some(text.as_bytes()),
            Value::Request(bytes) | Value::Rule(bytes) => Some(bytes),
            Value::Names(_) => None,
        }
    }

    #[inline]
    fn is_empty(self) -> bool {
        match self {
            Value::Names(names) => names.is_empty(),
            stored => stored.as_bytes().is_none_or(<[u8]>::is_empty),
        }
    }
}

/// The names in Access-Control-Request-Headers as a header value, each known to be a token.
#[derive(Clone, Copy, Debug)]
struct Names<'a> {
    lines: &'a [&'a [u8]],
    lower_case: bool,
}

impl Names<'_> {
    /// Whether the lines hold nothing but separators.
    #[inline]
    fn is_empty(self) -> bool {
        let mut bytes = self.lines.iter().flat_map(|line| line.iter());
        bytes.all(|byte| matches!(byte, b' ' | b'\t' | b','))
    }

    fn encoded_len(self) -> usize {
        let names = RequestedNames::new(self.lines);
        let bytes = names.fold(0_usize, |sum, name| {
            sum.saturating_add(name.len()).saturating_add(2)
        });
        bytes.saturating_sub(2)
    }

    /// Writes the names, joined with `, `.
    fn write_to(self, buffer: &mut [u8]) -> Option<usize> {
        let mut written = 0_usize;
        for name in RequestedNames::new(self.lines) {
            if written > 0 {
                *buffer.get_mut(written..)?.first_chunk_mut()? = *b", ";
                written = written.wrapping_add(2);
            }
            let room = buffer.get_mut(written..)?.get_mut(..name.len())?;
            words::copy(name, room, |word| {
                if self.lower_case {
                    words::to_lower_case(word)
                } else {
                    word
                }
            });
            written = written.wrapping_add(name.len());
        }
        Some(written)
    }
}

impl fmt::Display for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Names(names) => {
                let mut separator = "";
                for name in RequestedNames::new(names.lines) {
                    f.write_str(separator)?;
                    write_text(name, names.lower_case, f)?;
                    separator = ", ";
                }
                Ok(())
            }
            stored => write_text(stored.as_bytes().unwrap_or_default(), false, f),
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
