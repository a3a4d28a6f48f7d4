//! One request, from its bytes to its answer: route, apply CORS, authenticate, perform, log.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::Utc;
use cors_core::{Decision, Outcome, Refusal};
use cors_http::{Target, TargetError};
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Request, Response, Version};
use object_store::ObjectStore;

use crate::access::Access;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::log::{self, Line, LogQueue};
use crate::metrics::Metrics;
use crate::operations::{Operations, form};
use crate::options::Options;
use crate::page::{self, Page};
use crate::reply::{Reply, ReplyBody};
use crate::signature::Payload;
use crate::upload::UnreadBody;
use crate::upload_memory::UploadMemory;

/// State that all requests share.
pub(crate) struct Gateway {
    operations: Operations,
    access: Access,
    domains: Vec<String>,
    page: Option<Page>,
    metrics: Metrics,
    log: LogQueue,
    upload_memory: Arc<UploadMemory>,
    started: i64,
    requests: AtomicU64,
}

/// An answer, and how it came about, for the log.
struct Served {
    reply: Reply,
    key_id: Option<String>,
    verdict: Option<Verdict>,
}

/// The CORS decision, for log and metrics.
#[derive(Clone, Copy)]
struct Verdict {
    outcome: &'static str,
    reason: &'static str,
    /// Whether a page may do this.
    is_granted: bool,
}

impl Gateway {
    pub(crate) fn new(options: Options, store: Arc<dyn ObjectStore>, log: LogQueue) -> Gateway {
        Gateway {
            operations: Operations::new(store, options.provider, log.clone()),
            access: Access::new(&options),
            domains: options.domains,
            page: options.page.then(Page::new),
            metrics: Metrics::default(),
            log,
            upload_memory: UploadMemory::new(),
            started: Utc::now().timestamp_micros(),
            requests: AtomicU64::new(0),
        }
    }

    /// Answers one request; there is always an answer.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> Response<ReplyBody> {
        let began = Instant::now();
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("{:013X}{number:011X}", self.started);
        let (mut parts, body) = request.into_parts();
        let method = parts.method.clone();
        let path = parts.uri.path().to_owned();
        let origin = parts.headers.get(ORIGIN).cloned();
        let target = settle_host(&mut parts).and_then(|()| Target::of(&parts, &self.domains));
        let served = match (target, &self.page) {
            (Ok(target), _) => {
                let exchange = Exchange {
                    method: parts.method,
                    headers: parts.headers,
                    target,
                    request_id: request_id.clone(),
                };
                self.serve(&exchange, body).await
            }
            // A bucket cannot be called `_cors`, but a bucket named by the host may have such keys.
            (Err(TargetError::BucketName), Some(page)) if page::is_at(&path) => {
                let metrics = || self.metrics.to_text(self.log.dropped_lines());
                let operations = &self.operations;
                let reply = page::answer(page, operations, metrics, &parts, body, peer).await;
                Served::before_cors(reply)
            }
            (Err(error), _) => {
                let failure = self.operations.no_target(error, &request_id);
                Served::before_cors(self.failure(failure, &request_id, &path))
            }
        };
        let reply = served.reply;
        self.metrics.answered(reply.status.as_u16(), reply.reason);
        if let Some(verdict) = served.verdict {
            self.metrics.decided(verdict.outcome, verdict.reason);
        }
        let line = Line {
            request_id: &request_id,
            peer,
            method: method.as_str(),
            path: &path,
            status: reply.status.as_u16(),
            origin: origin.as_ref().map(HeaderValue::as_bytes),
            key_id: served.key_id.as_deref(),
            cors: served
                .verdict
                .map(|verdict| (verdict.outcome, verdict.reason)),
            reason: reply.reason,
            detail: reply.detail.as_deref(),
            took: began.elapsed(),
        };
        self.write_line(line.to_json());
        let (provider, style) = (self.operations.provider(), self.operations.style());
        reply.into_response(&method, provider, style, &request_id)
    }

    fn failure(&self, failure: Failure, request_id: &str, resource: &str) -> Reply {
        Reply::failure(failure, self.operations.style(), request_id, resource)
    }

    /// Logs a connection that ended before a complete request arrived.
    pub(crate) fn connection_failed(&self, peer: SocketAddr, error: &dyn std::error::Error) {
        self.write_line(log::connection_error(peer, error));
    }

    fn write_line(&self, line: String) {
        self.log.write(line);
    }

    async fn serve(&self, exchange: &Exchange, body: Incoming) -> Served {
        let failed =
            |failure| self.failure(failure, &exchange.request_id, &exchange.target.raw_path);
        let mut verdict = None;
        let read = |decision: &Decision<'_, '_>| verdict = Some(Verdict::of(decision));
        let mut decided = match self.operations.decide(exchange, read).await {
            Ok(decided) => decided,
            Err(failure) => return Served::before_cors(failed(failure)),
        };
        // Held until the request is performed.
        let memory = self.upload_memory.share();
        let is_granted = verdict.is_some_and(|verdict| verdict.is_granted);
        let mut key_id = None;
        let mut reply = match decided.preflight.take() {
            Some(answer) => Reply::from(answer),
            None if form::is_form(exchange) => {
                let body = UnreadBody {
                    payload: Payload::Unsigned,
                    incoming: body,
                    memory: Arc::clone(&memory),
                };
                let bucket = decided.bucket.as_ref();
                let authenticate =
                    |form: &form::Fields| self.access.authenticate_form(exchange, is_granted, form);
                let posted = self
                    .operations
                    .post_form(exchange, bucket, authenticate, body);
                match posted.await {
                    Ok((reply, signer)) => {
                        key_id = signer;
                        reply
                    }
                    Err(failure) => failed(failure),
                }
            }
            None => match self.access.authenticate(exchange, is_granted) {
                Err(failure) => failed(failure),
                Ok(sender) => {
                    key_id = sender.key_id;
                    let body = UnreadBody {
                        payload: sender.payload,
                        incoming: body,
                        memory: Arc::clone(&memory),
                    };
                    let bucket = decided.bucket.as_ref();
                    let performed = self.operations.perform(exchange, bucket, body).await;
                    performed.unwrap_or_else(failed)
                }
            },
        };
        // The answer carries the headers of the policy that was in force when the request arrived.
        decided.headers.apply_to(&mut reply.headers);
        Served {
            reply,
            key_id,
            verdict,
        }
    }
}

impl Served {
    /// An answer without a CORS decision.
    fn before_cors(reply: Reply) -> Served {
        Served {
            reply,
            key_id: None,
            verdict: None,
        }
    }
}

impl Verdict {
    fn of(decision: &Decision<'_, '_>) -> Verdict {
        let outcome = match decision.outcome() {
            Outcome::NotCors => "not_cors",
            Outcome::Preflight(Ok(_)) => "preflight_granted",
            Outcome::Preflight(Err(Refusal::BadRequest(_))) => "bad_request",
            Outcome::Preflight(Err(_)) => "preflight_refused",
            Outcome::Actual(Ok(_)) => "actual_granted",
            Outcome::Actual(Err(_)) => "actual_refused",
        };
        Verdict {
            outcome,
            reason: decision.refusal().map_or("", Refusal::word),
            is_granted: decision.grant().is_some(),
        }
    }
}

/// Checks that a request names one host, as HTTP/1.1 requires, and lets `Host` be that host: where
/// the target has an authority, that counts, for routing as for signatures.
fn settle_host(parts: &mut Parts) -> Result<(), TargetError> {
    if parts.version > Version::HTTP_10 && !parts.headers.contains_key(HOST) {
        return Err(TargetError::Host);
    }
    let host = HeaderValue::from_str(Target::host_of(parts)?).map_err(|_| TargetError::Host)?;
    if parts.uri.authority().is_some() {
        parts.headers.insert(HOST, host);
    }
    Ok(())
}
