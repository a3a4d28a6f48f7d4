//! Answers: status, the provider's headers, bodies that are known or that stream, error documents.

use std::fmt::Write as _;

use bytes::Bytes;
use cors_xml::Provider;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use hyper::{HeaderMap, Method, Response, StatusCode};

use crate::failure::Failure;

/// A body of an answer.
pub(crate) type ReplyBody = UnsyncBoxBody<Bytes, object_store::Error>;

/// An answer before the gateway adds what every answer has.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ReplyBody,
    /// For the log: why it is not what was asked for.
    pub(crate) reason: Option<&'static str>,
    pub(crate) detail: Option<String>,
}

impl Reply {
    pub(crate) fn empty(status: StatusCode) -> Reply {
        Reply::whole(status, None, Bytes::new())
    }

    pub(crate) fn xml(text: String) -> Reply {
        Reply::whole(StatusCode::OK, Some("application/xml"), text.into())
    }

    pub(crate) fn whole(
        status: StatusCode,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Reply {
        let mut headers = HeaderMap::new();
        if status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Reply {
            status,
            headers,
            body: Full::new(body)
                .map_err(|never| match never {})
                .boxed_unsync(),
            reason: None,
            detail: None,
        }
    }

    pub(crate) fn stream(
        status: StatusCode,
        length: u64,
        bytes: BoxStream<'static, Result<Bytes, object_store::Error>>,
    ) -> Reply {
        let body = StreamBody::new(bytes.map(|bytes| bytes.map(Frame::data)));
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        Reply {
            status,
            headers,
            body: BodyExt::boxed_unsync(body),
            reason: None,
            detail: None,
        }
    }

    /// The provider's error document.
    pub(crate) fn failure(failure: Failure, request_id: &str, resource: &str) -> Reply {
        let body = failure.body.unwrap_or_else(|| {
            let mut body = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>",
                failure.code
            );
            escape(&failure.message, &mut body);
            body.push_str("</Message><Resource>");
            escape(resource, &mut body);
            // A string takes every write.
            let _ = write!(
                body,
                "</Resource><RequestId>{request_id}</RequestId><HostId>{}</HostId></Error>",
                crate::HOST_ID
            );
            body
        });
        let status =
            StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Reply {
            reason: Some(failure.reason),
            detail: failure.detail,
            ..Reply::whole(status, Some("application/xml"), body.into())
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl AsRef<[u8]>) -> Reply {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds what every answer has; the answer to a HEAD keeps its headers and loses its body.
    pub(crate) fn into_response(
        self,
        method: &Method,
        provider: &Provider,
        request_id: &str,
    ) -> Response<ReplyBody> {
        let body = if method == Method::HEAD {
            Full::new(Bytes::new())
                .map_err(|never| match never {})
                .boxed_unsync()
        } else {
            self.body
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        headers.insert(
            SERVER,
            HeaderValue::from_static(concat!("cors-gateway/", env!("CARGO_PKG_VERSION"))),
        );
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(provider.wire.request_id_header.as_bytes()),
            HeaderValue::from_str(request_id),
        ) {
            headers.insert(name, value);
        }
        response
    }
}

/// Writes text as XML content. What XML cannot hold becomes U+FFFD.
pub(crate) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
}

/// `<NAME>TEXT</NAME>`.
pub(crate) fn element(name: &str, text: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    escape(text, out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
