//! HTTP requests as text, so that people can read and write a fuzzer's input and a corpus.
//!
//! First the provider, then messages separated by a line `--`. Anything that an HTTP parser would
//! reject is left out, so any bytes are a valid case:
//!
//! ```text
//! provider s3
//! PUT /photos?cors
//! content-md5: right
//!
//! <CORSConfiguration>..</CORSConfiguration>
//! --
//! OPTIONS /photos/a
//! origin: https://a.example
//! access-control-request-method: GET
//! ```
//!
//! The header `x-pieces` says how many bytes of a body arrive at a time, and `x-torn` that it ends
//! in an error; `x-vary` is the Vary of the application under the layer. The value `right` of
//! `content-md5` is replaced with the digest of the body, which no fuzzer finds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cors_xml::Provider;
use http::header::{HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use md5::{Digest as _, Md5};

/// The header field whose value `right` is replaced.
pub const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Reads a case: the provider of the server, and the requests sent to it.
pub fn parse(bytes: &[u8]) -> (&'static Provider, Vec<Request<Vec<u8>>>) {
    let (provider, bytes) = match bytes.strip_prefix(b"provider ") {
        Some(rest) => {
            let (name, rest) = split_once(rest, b"\n");
            let named = str::from_utf8(name).ok().and_then(Provider::named);
            (named.unwrap_or(&Provider::OSS), rest)
        }
        None => (&Provider::OSS, bytes),
    };
    let mut messages = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (message, after) = split_once(rest, b"\n--\n");
        messages.extend(request(message));
        rest = after;
    }
    (provider, messages)
}

/// The base64 of a body's MD5.
pub fn content_md5(body: &[u8]) -> String {
    BASE64.encode(Md5::digest(body))
}

fn request(message: &[u8]) -> Option<Request<Vec<u8>>> {
    let (head, body) = split_once(message, b"\n\n");
    let mut lines = head.split(|byte| *byte == b'\n');
    let (method, target) = split_once(lines.next()?, b" ");
    let mut request = Request::new(body.to_vec());
    *request.method_mut() = Method::from_bytes(method).ok()?;
    *request.uri_mut() = Uri::try_from(target).ok()?;
    for line in lines {
        let (name, value) = split_once(line, b": ");
        let (Ok(name), Ok(mut value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        else {
            continue;
        };
        if name == CONTENT_MD5
            && value == "right"
            && let Ok(right) = HeaderValue::try_from(content_md5(body))
        {
            value = right;
        }
        request.headers_mut().append(name, value);
    }
    Some(request)
}

/// The text before the separator and after it; everything and nothing if there is no separator.
fn split_once<'b>(bytes: &'b [u8], separator: &[u8]) -> (&'b [u8], &'b [u8]) {
    let mut windows = bytes.windows(separator.len());
    match windows.position(|window| window == separator) {
        Some(at) => {
            let (before, rest) = bytes.split_at(at);
            (before, rest.get(separator.len()..).unwrap_or_default())
        }
        None => (bytes, b""),
    }
}
