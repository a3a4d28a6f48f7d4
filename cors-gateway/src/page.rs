//! What is served below `/_cors/`: the page, its answers, and the counters. No bucket can have this name.

use std::net::SocketAddr;

use bytes::Bytes;
use cors_advice::explain::{Question, QuestionError, answer_json};
use cors_advice::source::Source;
use cors_xml::Provider;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::metrics::Metrics;
use crate::operations::Operations;
use crate::reply::Reply;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
/// Largest question: the largest document with its characters escaped, and the rest.
const MAX_QUESTION_BYTES: usize = 512 * 1024;
const MAX_QUESTION_SECONDS: u64 = 10;
/// Most buckets that the page lists.
const MAX_LISTED: usize = 100;

/// A question from the page.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The CORS document.
    document: String,
    /// The page's origin.
    origin: String,
    /// The page's method.
    method: String,
    /// `NAME` or `NAME: VALUE`.
    headers: Vec<String>,
    /// Whether the page sends credentials.
    credentials: bool,
    /// Whose rules apply; empty for the gateway's own.
    dialect: String,
}

/// Whether a path is the page's.
pub(crate) fn is_at(path: &str) -> bool {
    path == "/_cors" || path.starts_with("/_cors/")
}

/// Answers a request below `/_cors/`.
///
/// # Security
///
/// The counters hold no names and are public. The page shows rules, so it is for this machine only: the
/// peer and the Host must be loopback, the latter so that no page of another site can get in by rebinding its name.
pub(crate) async fn answer(
    operations: &Operations,
    metrics: &Metrics,
    parts: &Parts,
    body: Incoming,
    peer: SocketAddr,
) -> Reply {
    if parts.method == Method::GET && parts.uri.path() == "/_cors/metrics" {
        let text = metrics.to_text();
        return Reply::whole(
            StatusCode::OK,
            Some("text/plain; version=0.0.4"),
            text.into(),
        );
    }
    if !(peer.ip().to_canonical().is_loopback() && is_loopback_host(parts)) {
        return refused(
            StatusCode::FORBIDDEN,
            "the page is for this machine only",
            "not_loopback",
        );
    }
    let reply = match (&parts.method, parts.uri.path()) {
        (&Method::GET | &Method::HEAD, "/_cors/") => Reply::whole(
            StatusCode::OK,
            Some("text/html; charset=utf-8"),
            PAGE.into(),
        ),
        (&Method::GET, "/_cors/page.js") => Reply::whole(
            StatusCode::OK,
            Some("text/javascript; charset=utf-8"),
            SCRIPT.into(),
        ),
        (&Method::GET, "/_cors") => {
            Reply::empty(StatusCode::PERMANENT_REDIRECT).header(hyper::header::LOCATION, "/_cors/")
        }
        (&Method::GET, "/_cors/buckets") => buckets(operations).await,
        (&Method::POST, "/_cors/explain") => explain(operations, parts, body).await,
        _ => refused(
            StatusCode::NOT_FOUND,
            "there is no such page; see /_cors/",
            "no_such_page",
        ),
    };
    reply
        .header(CACHE_CONTROL, "no-store")
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .header(HeaderName::from_static("x-content-type-options"), "nosniff")
}

async fn explain(operations: &Operations, parts: &Parts, body: Incoming) -> Reply {
    // A page of another site can only send this type after a preflight, which is refused.
    if parts
        .headers
        .get(CONTENT_TYPE)
        .is_none_or(|value| value != "application/json")
    {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send application/json",
            "media_type",
        );
    }
    let limited = Limited::new(body, MAX_QUESTION_BYTES).collect();
    let body = tokio::time::timeout(
        std::time::Duration::from_secs(MAX_QUESTION_SECONDS),
        limited,
    )
    .await;
    let bytes: Bytes = match body {
        Ok(Ok(body)) => body.to_bytes(),
        _ => {
            return refused(
                StatusCode::BAD_REQUEST,
                "the question is too large or too slow",
                "question",
            );
        }
    };
    let asked: Asked = match serde_json::from_slice(&bytes) {
        Ok(asked) => asked,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string(), "question"),
    };
    let provider = match asked.dialect.as_str() {
        "" => Some(operations.provider()),
        name => Provider::named(name),
    };
    let Some(provider) = provider else {
        let names = Provider::ALL.map(|provider| provider.name).join(", ");
        let why = format!("there is no dialect {}; use one of {names}", asked.dialect);
        return refused(StatusCode::BAD_REQUEST, &why, "question");
    };
    // A large document takes a while; requests need not wait for it.
    match tokio::task::spawn_blocking(move || answer_to(&asked, provider)).await {
        Ok(Ok(answer)) => json_reply(StatusCode::OK, answer),
        Ok(Err(error)) => refused(StatusCode::BAD_REQUEST, &error.to_string(), "question"),
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR, "no answer", "explain"),
    }
}

fn answer_to(asked: &Asked, provider: &Provider) -> Result<String, QuestionError> {
    answer_json(&Question {
        document: Source {
            name: "document",
            bytes: asked.document.as_bytes(),
        },
        provider,
        origin: &asked.origin,
        method: &asked.method,
        headers: &asked.headers,
        credentials: asked.credentials,
    })
}

fn is_loopback_host(parts: &Parts) -> bool {
    let host = parts
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let Ok(authority) = host.parse::<hyper::http::uri::Authority>() else {
        return false;
    };
    let name = authority
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn json_reply(status: StatusCode, text: String) -> Reply {
    Reply::whole(status, Some("application/json"), text.into())
}

fn refused(status: StatusCode, text: &str, reason: &'static str) -> Reply {
    Reply {
        reason: Some(reason),
        ..json_reply(status, json!({ "error": text }).to_string())
    }
}

/// Buckets and their documents as `GET ?cors` returns them.
async fn buckets(operations: &Operations) -> Reply {
    let Ok(found) = operations.documents(MAX_LISTED).await else {
        return refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the store does not answer",
            "store",
        );
    };
    let listed: Vec<_> = found
        .documents
        .into_iter()
        .map(|(name, document)| json!({ "bucket": name, "document": document }))
        .collect();
    let dialect = operations.provider().dialect.name;
    json_reply(
        StatusCode::OK,
        json!({ "dialect": dialect, "buckets": listed, "more": found.more }).to_string(),
    )
}
