//! One request, from its bytes to its answer: route, apply CORS, authenticate, perform, log.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::Utc;
use cors_core::{Decision, Outcome, Refusal};
use cors_http::{Target, TargetError};
use hyper::body::Incoming;
use hyper::header::{HeaderValue, ORIGIN};
use hyper::{Request, Response};
use object_store::ObjectStore;

use crate::access::Access;
use crate::exchange::Exchange;
use crate::log::{self, Line};
use crate::metrics::Metrics;
use crate::operations::Operations;
use crate::options::{Log, Options};
use crate::page;
use crate::reply::{Reply, ReplyBody};
use crate::upload::UnreadBody;

/// State that all requests share.
pub(crate) struct Gateway {
    operations: Operations,
    access: Access,
    domains: Vec<String>,
    metrics: Metrics,
    log: Log,
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
}

impl Gateway {
    pub(crate) fn new(options: Options, store: Arc<dyn ObjectStore>) -> Gateway {
        Gateway {
            operations: Operations::new(store, options.provider, Arc::clone(&options.log)),
            access: Access::new(options.credentials, options.anonymous),
            domains: options.domains,
            metrics: Metrics::default(),
            log: options.log,
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
        let (parts, body) = request.into_parts();
        let method = parts.method.clone();
        let path = parts.uri.path().to_owned();
        let origin = parts.headers.get(ORIGIN).cloned();
        let served = match Target::of(&parts, &self.domains) {
            Ok(target) => {
                let exchange = Exchange {
                    method: parts.method,
                    headers: parts.headers,
                    target,
                    request_id: request_id.clone(),
                };
                self.serve(&exchange, body).await
            }
            // A bucket cannot be called `_cors`, but a bucket named by the host may have such keys.
            Err(TargetError::BucketName) if page::is_at(&path) => {
                let (operations, metrics) = (&self.operations, &self.metrics);
                let reply = page::answer(operations, metrics, &parts, body, peer).await;
                Served::before_cors(reply)
            }
            Err(error) => {
                let failure = self.operations.no_target(error, &request_id);
                Served::before_cors(Reply::failure(failure, &request_id, &path))
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
        (self.log)(&line.to_json());
        reply.into_response(&method, self.operations.provider(), &request_id)
    }

    /// Logs a connection that ended before a complete request arrived.
    pub(crate) fn connection_failed(&self, peer: SocketAddr, error: &dyn std::error::Error) {
        (self.log)(&log::connection_error(peer, error));
    }

    async fn serve(&self, exchange: &Exchange, body: Incoming) -> Served {
        let failed =
            |failure| Reply::failure(failure, &exchange.request_id, &exchange.target.raw_path);
        let mut verdict = None;
        let read = |decision: &Decision<'_, '_>| verdict = Some(Verdict::of(decision));
        let mut decided = match self.operations.decide(exchange, read).await {
            Ok(decided) => decided,
            Err(failure) => return Served::before_cors(failed(failure)),
        };
        let mut key_id = None;
        let mut reply = match decided.preflight.take() {
            Some(answer) => Reply::from(answer),
            None => match self.access.authenticate(exchange) {
                Err(failure) => failed(failure),
                Ok(sender) => {
                    key_id = sender.key_id;
                    let body = UnreadBody {
                        payload: sender.payload,
                        incoming: body,
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
        }
    }
}
