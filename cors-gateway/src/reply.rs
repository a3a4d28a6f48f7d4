//! Answers: status, the provider's headers, fixed or streamed bodies, error documents.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use cors_http::Answer;
use cors_xml::Provider;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use hyper::{HeaderMap, Method, Response, StatusCode};

use crate::failure::Failure;
use crate::style::Style;

const XML: &str = "application/xml";

/// The body of an answer.
pub(crate) type ReplyBody = UnsyncBoxBody<Bytes, object_store::Error>;

/// An answer before the gateway adds the headers that every answer has.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ReplyBody,
    /// For the log: the reason for an error.
    pub(crate) reason: Option<&'static str>,
    pub(crate) detail: Option<String>,
    pub(crate) error: Option<ErrorDocument>,
}

/// What headers repeat of an error.
pub(crate) struct ErrorDocument {
    ec: Option<&'static str>,
    text: Bytes,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Reply {
        let content_type = answer.document.as_ref().map(|_| XML);
        let body = Bytes::from(answer.document.unwrap_or_default());
        Reply {
            reason: answer.reason,
            detail: answer.detail,
            error: answer.reason.map(|_| ErrorDocument {
                ec: answer.ec,
                text: body.clone(),
            }),
            ..Reply::whole(answer.status, content_type, body)
        }
    }
}

impl Reply {
    pub(crate) fn empty(status: StatusCode) -> Reply {
        Reply::whole(status, None, Bytes::new())
    }

    pub(crate) fn xml(text: String) -> Reply {
        Reply::whole(StatusCode::OK, Some(XML), text.into())
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
            error: None,
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
            error: None,
        }
    }

    /// An error document.
    pub(crate) fn failure(
        failure: Failure,
        style: &Style,
        request_id: &str,
        resource: &str,
    ) -> Reply {
        let status =
            StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (reason, detail) = (Some(failure.reason), failure.detail.clone());
        let ec = failure.ec;
        let has_ec = style.ec_header.is_some();
        let text = Bytes::from(failure.into_document(request_id, resource, has_ec));
        Reply {
            reason,
            detail,
            error: Some(ErrorDocument {
                ec,
                text: text.clone(),
            }),
            ..Reply::whole(status, Some(XML), text)
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl AsRef<[u8]>) -> Reply {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds the headers that every answer has; the answer to a HEAD keeps its headers and loses its
    /// body.
    pub(crate) fn into_response(
        mut self,
        method: &Method,
        provider: &Provider,
        style: &Style,
        request_id: &str,
    ) -> Response<ReplyBody> {
        if let Some(error) = self.error.take() {
            if let (Some(name), Some(ec)) = (style.ec_header, error.ec) {
                self = self.header(HeaderName::from_static(name), ec);
            }
            if let (Some(name), &Method::HEAD) = (style.head_error_header, method) {
                self = self.header(HeaderName::from_static(name), BASE64.encode(error.text));
            }
        }
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
