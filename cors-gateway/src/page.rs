//! Everything served below `/_cors/`: the page, its answers, and the counters. A bucket cannot have
//! this name.

mod files;
mod question;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::sync::Semaphore;

use self::question::{Kind, Question};
use crate::host::is_loopback;
use crate::operations::Operations;
use crate::reply::Reply;

/// Largest question in bytes: the largest document with its characters escaped, and the other
/// fields.
const MAX_QUESTION_BYTES: usize = 512 * 1024;
const MAX_QUESTION_SECONDS: u64 = 10;
/// Most buckets that the page lists.
const MAX_LISTED: usize = 100;

/// Whether a path belongs to the page.
pub(crate) fn is_at(path: &str) -> bool {
    path == "/_cors" || path.starts_with("/_cors/")
}

/// What `/_cors/` keeps between requests.
pub(crate) struct Page {
    /// One question is answered at a time: an answer takes a processor for as long as it takes.
    questions: Arc<Semaphore>,
}

impl Page {
    pub(crate) fn new() -> Page {
        Page {
            questions: Arc::new(Semaphore::new(1)),
        }
    }
}

/// Answers a request below `/_cors/`.
///
/// # Security
///
/// Everything here is for this machine only: the peer and the Host must be loopback, and no proxy
/// may have been on the way. The Host check stops pages of other sites from getting in through DNS
/// rebinding; behind a proxy on the same machine every peer is loopback.
pub(crate) async fn answer(
    page: &Page,
    operations: &Operations,
    metrics: impl FnOnce() -> String,
    parts: &Parts,
    body: Incoming,
    peer: SocketAddr,
) -> Reply {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    if !(peer.ip().to_canonical().is_loopback() && host.is_some_and(is_loopback)) {
        return refused(
            StatusCode::FORBIDDEN,
            "the page is for this machine only",
            "not_loopback",
        );
    }
    if let Some(name) = parts.headers.keys().find(|name| is_of_a_proxy(name)) {
        let why = format!("the page is for this machine only, and {name} says that a proxy asks");
        return refused(StatusCode::FORBIDDEN, &why, "forwarded");
    }
    let reply = match (&parts.method, parts.uri.path()) {
        (&Method::GET, "/_cors") => {
            Reply::empty(StatusCode::PERMANENT_REDIRECT).header(hyper::header::LOCATION, "/_cors/")
        }
        (&Method::GET, "/_cors/buckets") => buckets(operations).await,
        (&Method::GET, "/_cors/metrics") => Reply::whole(
            StatusCode::OK,
            Some("text/plain; version=0.0.4"),
            metrics().into(),
        ),
        (&Method::GET | &Method::HEAD, path) => files::at(path).unwrap_or_else(no_such_page),
        (&Method::POST, path) => match Kind::at(path) {
            Some(kind) => answer_to(kind, page, operations, parts, body).await,
            None => no_such_page(),
        },
        _ => no_such_page(),
    };
    reply
        .header(CACHE_CONTROL, "no-store")
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .header(HeaderName::from_static("x-content-type-options"), "nosniff")
}

/// Whether a header is one that proxies add.
fn is_of_a_proxy(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
}

fn no_such_page() -> Reply {
    refused(
        StatusCode::NOT_FOUND,
        "there is no such page; see /_cors/",
        "no_such_page",
    )
}

async fn answer_to(
    kind: Kind,
    page: &Page,
    operations: &Operations,
    parts: &Parts,
    body: Incoming,
) -> Reply {
    // A page of another site can send this type only after a preflight, which is refused.
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
    let asked: Question = match serde_json::from_slice(&bytes) {
        Ok(asked) => asked,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string(), "question"),
    };
    let provider = match asked.provider(operations.provider()) {
        Ok(provider) => provider,
        Err(why) => return refused(StatusCode::BAD_REQUEST, &why, "question"),
    };
    let Ok(turn) = Arc::clone(&page.questions).try_acquire_owned() else {
        return refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "another question is being answered; ask again",
            "busy",
        );
    };
    // A large document takes a while; other requests do not wait for it. The turn ends with the
    // answer, even if the client leaves before.
    let answer = move || {
        let answer = asked.answer(kind, provider);
        drop(turn);
        answer
    };
    match tokio::task::spawn_blocking(answer).await {
        Ok(Ok(answer)) => json_reply(StatusCode::OK, answer),
        Ok(Err(error)) => refused(StatusCode::BAD_REQUEST, &error, "question"),
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR, "no answer", "question"),
    }
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
