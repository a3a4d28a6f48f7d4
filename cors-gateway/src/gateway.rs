//! One request, from its bytes to its answer: who asks for what, may they, what does the bucket's CORS say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::Utc;
use cors_core::{
    BadRequest, Configuration, Decision, Furthest, Outcome, Refusal, Request as CorsRequest,
};
use cors_http::{Bucket, BucketCorsStore, SharedPolicy, Target, TargetError};
use cors_xml::Provider;
use hyper::body::Incoming;
use hyper::header::{HeaderValue, ORIGIN};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use object_store::ObjectStore;

use crate::configurations::Configurations;
use crate::failure::Failure;
use crate::log::Line;
use crate::metrics::Metrics;
use crate::operations;
use crate::options::Options;
use crate::page;
use crate::reply::{Reply, ReplyBody};
use crate::signature::{self, Payload, Signed};
use crate::style::Style;

/// Everything that requests share.
pub(crate) struct Gateway {
    pub(crate) options: Options,
    pub(crate) provider: &'static Provider,
    pub(crate) style: &'static Style,
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) configurations: Configurations,
    pub(crate) metrics: Metrics,
    /// What decides where no configuration is set.
    without_rules: Option<SharedPolicy>,
    started: i64,
    requests: AtomicU64,
}

/// One request, taken apart.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) target: Target,
    pub(crate) request_id: String,
}

/// What CORS said, for the log.
struct Verdict {
    outcome: &'static str,
    reason: &'static str,
}

impl Gateway {
    pub(crate) fn new(options: Options, store: Arc<dyn ObjectStore>) -> Gateway {
        let provider = options.provider;
        Gateway {
            provider,
            style: Style::of(provider),
            configurations: Configurations::new(Arc::clone(&store), provider),
            store,
            metrics: Metrics::default(),
            without_rules: SharedPolicy::compile(&Configuration::new(&provider.dialect, &[])).ok(),
            started: Utc::now().timestamp_micros(),
            requests: AtomicU64::new(0),
            options,
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
        let mut verdict = None;
        let target = Target::of(&parts, &self.options.domains);
        // No bucket has this name; one that the host names may have such keys.
        let is_page = (path == "/_cors" || path.starts_with("/_cors/"))
            && matches!(target, Err(TargetError::BucketName));
        let (reply, key_id) = if is_page {
            (page::answer(self, &parts, body, peer).await, None)
        } else {
            match target {
                Ok(target) => {
                    let exchange = Exchange {
                        method: parts.method,
                        headers: parts.headers,
                        target,
                        request_id: request_id.clone(),
                    };
                    let mut key_id = None;
                    let reply = self.serve(&exchange, body, &mut verdict, &mut key_id).await;
                    (reply, key_id)
                }
                Err(error) => (
                    Reply::failure(self.no_target(error, &request_id), &request_id, &path),
                    None,
                ),
            }
        };
        self.metrics.answered(reply.status.as_u16(), reply.reason);
        if let Some(verdict) = &verdict {
            self.metrics.decided(verdict.outcome, verdict.reason);
        }
        Line {
            request_id: &request_id,
            peer,
            method: method.as_str(),
            path: &path,
            status: reply.status.as_u16(),
            origin: origin.as_ref().map(HeaderValue::as_bytes),
            key_id: key_id.as_deref(),
            cors: verdict
                .as_ref()
                .map(|verdict| (verdict.outcome, verdict.reason)),
            reason: reply.reason,
            detail: reply.detail.as_deref(),
            took: began.elapsed(),
        }
        .write();
        reply.into_response(&method, self.provider, &request_id)
    }

    async fn serve(
        &self,
        exchange: &Exchange,
        body: Incoming,
        verdict: &mut Option<Verdict>,
        key_id: &mut Option<String>,
    ) -> Reply {
        let failed = |failure: Failure| {
            Reply::failure(failure, &exchange.request_id, &exchange.target.raw_path)
        };
        let bucket = match &exchange.target.bucket {
            None => None,
            Some(name) => match self.configurations.find(name).await {
                Ok(bucket) => Some(bucket),
                Err(error) => return failed(Failure::store(&error)),
            },
        };
        // The policy that is in force when the request arrives is the one that its answer carries.
        let policy = bucket.as_ref().and_then(Bucket::policy);
        let Some(policy) = policy.or(self.without_rules.as_ref()) else {
            let failure = Failure::new(500, "InternalError", "No policy.", "no_policy");
            return failed(failure);
        };
        let (preflight, headers) =
            policy.decide(&exchange.method, &exchange.headers, |request, decision| {
                *verdict = Some(verdict_of(decision));
                self.preflight(exchange, bucket.as_ref(), request, decision)
            });
        let reply = match preflight {
            // A preflight is never authenticated: a browser sends it without credentials.
            Some(answer) => answer,
            None => match self.authenticate(exchange, key_id) {
                Err(failure) => Err(failure),
                Ok(payload) => {
                    operations::perform(self, exchange, bucket.as_ref(), payload, body).await
                }
            },
        };
        let mut reply = reply.unwrap_or_else(failed);
        headers.apply_to(&mut reply.headers);
        reply
    }

    /// The answer to a preflight; none to any other request.
    fn preflight(
        &self,
        exchange: &Exchange,
        bucket: Option<&Bucket>,
        request: &CorsRequest<'_>,
        decision: &Decision<'_, '_>,
    ) -> Option<Result<Reply, Failure>> {
        match decision.outcome() {
            Outcome::Preflight(Ok(_)) => Some(Ok(Reply::empty(StatusCode::OK))),
            Outcome::Preflight(Err(refusal)) => {
                let bucket = bucket.unwrap_or(&Bucket::WithoutCors);
                let error =
                    bucket.preflight_error(self.provider, refusal, request, &exchange.target);
                let reason = refusal_word(refusal);
                Some(Err(Failure::wire(&error, reason, &exchange.request_id)))
            }
            Outcome::NotCors | Outcome::Actual(_) => None,
        }
    }

    fn no_target(&self, error: TargetError, request_id: &str) -> Failure {
        let reason = match error {
            TargetError::BucketName => "invalid_bucket_name",
            TargetError::Key => "invalid_key",
            _ => "invalid_query",
        };
        Failure::wire(&error.to_wire_error(self.provider), reason, request_id)
    }

    /// Who asks, and how the body comes.
    fn authenticate(
        &self,
        exchange: &Exchange,
        key_id: &mut Option<String>,
    ) -> Result<Payload, Failure> {
        if self.options.anonymous && self.options.credentials.is_empty() {
            return Ok(signature::unchecked(&exchange.headers));
        }
        let signed = Signed {
            method: exchange.method.as_str(),
            target: &exchange.target,
            headers: &exchange.headers,
            now: Utc::now(),
        };
        let sender = signature::verify(&signed, &self.options.credentials)?;
        if sender.key_id.is_none() && !self.options.anonymous {
            return Err(Failure::new(
                403,
                "AccessDenied",
                "Access Denied",
                "unsigned",
            ));
        }
        *key_id = sender.key_id;
        Ok(sender.payload)
    }
}

fn verdict_of(decision: &Decision<'_, '_>) -> Verdict {
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
        reason: decision.refusal().map_or("", refusal_word),
    }
}

fn refusal_word(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::BadRequest(BadRequest::MissingOrigin) => "missing_origin",
        Refusal::BadRequest(BadRequest::MissingMethod) => "missing_method",
        Refusal::BadRequest(BadRequest::InvalidMethod) => "bad_method",
        Refusal::BadRequest(BadRequest::InvalidHeaderName) | Refusal::InvalidHeaderName => {
            "bad_header"
        }
        Refusal::NotEnabled => "not_enabled",
        Refusal::NoRuleMatched { furthest } => match furthest {
            Furthest::Origin => "origin",
            Furthest::Method => "method",
            Furthest::Header(_) => "header",
        },
        Refusal::LimitExceeded(_) => "limit",
        _ => "refused",
    }
}
