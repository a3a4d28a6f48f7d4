//! One request, from its bytes to its answer: who asks for what, may they, what does the bucket's CORS say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::Utc;
use cors_core::{
    BadRequest, Configuration, Decision, Furthest, Outcome, Policy, Refusal, Request as CorsRequest,
};
use cors_xml::{ResourceType, Vendor};
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderName, HeaderValue, ORIGIN, VARY};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use object_store::ObjectStore;

use crate::configurations::{Bucket, Configurations};
use crate::failure::{Failure, METHOD_NOT_ALLOWED};
use crate::log::Line;
use crate::metrics::Metrics;
use crate::operations;
use crate::options::Options;
use crate::page;
use crate::reply::{Reply, ReplyBody};
use crate::signature::{self, Payload, Signed};
use crate::style::Style;
use crate::target::{Target, TargetError, bucket_of_host};

/// Everything that requests share.
pub(crate) struct Gateway {
    pub(crate) options: Options,
    pub(crate) vendor: &'static Vendor,
    pub(crate) style: &'static Style,
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) configurations: Configurations,
    pub(crate) metrics: Metrics,
    /// The policy of a bucket without rules.
    without_rules: Vec<u8>,
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
        let vendor = options.vendor;
        let mut without_rules = vec![0; 256];
        let configuration = Configuration::new(&vendor.dialect, &[]);
        let length = cors_core::compile(&configuration, &mut without_rules)
            .map_or(0, |policy| policy.as_bytes().len());
        without_rules.truncate(length);
        Gateway {
            vendor,
            style: Style::of(vendor),
            configurations: Configurations::new(Arc::clone(&store), vendor),
            store,
            metrics: Metrics::default(),
            without_rules,
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
        let host = parts
            .headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .or_else(|| parts.uri.host())
            .unwrap_or_default();
        let is_page = (path == "/_cors" || path.starts_with("/_cors/"))
            && bucket_of_host(host, &self.options.domains).is_none();
        let (reply, key_id) = if is_page {
            (page::answer(self, &parts, body, peer).await, None)
        } else {
            match Target::parse(host, &path, parts.uri.query(), &self.options.domains) {
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
                    Reply::failure(target_failure(error), &request_id, &path),
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
        reply.into_response(&method, self.style, &request_id)
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
            Some(name) => match self.configurations.bucket(name).await {
                Ok(bucket) => Some(bucket),
                Err(error) => return failed(Failure::store(&error)),
            },
        };
        // The policy that is in force when the request arrives is the one that its answer carries.
        let configuration = match &bucket {
            Some(Bucket::Exists(configuration)) => configuration.clone(),
            _ => None,
        };
        let policy = configuration
            .as_ref()
            .and_then(|configuration| configuration.policy())
            .or_else(|| Policy::from_bytes(&self.without_rules).ok());
        let Some(policy) = policy else {
            let failure = Failure::new(500, "InternalError", "No policy.", "no_policy");
            return failed(failure);
        };
        let lines: Vec<&[u8]> = exchange
            .headers
            .get_all("access-control-request-headers")
            .iter()
            .map(HeaderValue::as_bytes)
            .collect();
        let request = CorsRequest {
            method: exchange.method.as_str().as_bytes(),
            origin: exchange.headers.get(ORIGIN).map(HeaderValue::as_bytes),
            access_control_request_method: exchange
                .headers
                .get("access-control-request-method")
                .map(HeaderValue::as_bytes),
            access_control_request_headers: &lines,
        };
        let decision = policy.decide(&request);
        *verdict = Some(verdict_of(&decision));
        let mut reply = if exchange.method == Method::OPTIONS {
            // A preflight is never authenticated: a browser sends it without credentials.
            self.preflight(exchange, bucket.as_ref(), &request, &decision)
                .unwrap_or_else(failed)
        } else {
            match self.authenticate(exchange, key_id) {
                Err(failure) => failed(failure),
                Ok(payload) => operations::perform(self, exchange, bucket.as_ref(), payload, body)
                    .await
                    .unwrap_or_else(failed),
            }
        };
        decorate(&mut reply.headers, &decision);
        reply
    }

    fn preflight(
        &self,
        exchange: &Exchange,
        bucket: Option<&Bucket>,
        request: &CorsRequest<'_>,
        decision: &Decision<'_, '_>,
    ) -> Result<Reply, Failure> {
        let Some(refusal) = decision.refusal() else {
            return match decision.outcome() {
                Outcome::NotCors => Err(METHOD_NOT_ALLOWED),
                _ => Ok(Reply::empty(StatusCode::OK)),
            };
        };
        let resource = if exchange.target.key.is_some() {
            ResourceType::Object
        } else {
            ResourceType::Bucket
        };
        let missing = match (&exchange.target.bucket, bucket) {
            (Some(name), Some(Bucket::Missing)) => Some(name),
            _ => None,
        };
        let error = match missing {
            Some(name) if refusal != Refusal::BadRequest(BadRequest::MissingOrigin) => {
                self.vendor.preflight_no_such_bucket(name, request)
            }
            _ => self.vendor.preflight_error(refusal, request, resource),
        };
        Err(Failure::wire(
            &error,
            refusal_word(refusal),
            &exchange.request_id,
        ))
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

fn target_failure(error: TargetError) -> Failure {
    match error {
        TargetError::BucketName => Failure::new(
            400,
            "InvalidBucketName",
            "The specified bucket is not valid.",
            "invalid_bucket_name",
        ),
        TargetError::Key => Failure::new(
            400,
            "InvalidObjectName",
            "The specified object is not valid.",
            "invalid_key",
        ),
        TargetError::Query => Failure::new(
            400,
            "InvalidURI",
            "Couldn't parse the specified URI.",
            "invalid_query",
        ),
    }
}

/// Adds the headers of a decision. Vary is added token by token to what is there.
fn decorate(headers: &mut HeaderMap, decision: &Decision<'_, '_>) {
    for (name, value) in decision.headers().iter() {
        let mut bytes = vec![0; value.encoded_len()];
        value.write_to(&mut bytes);
        let Ok(value) = HeaderValue::from_bytes(&bytes) else {
            continue;
        };
        let name = HeaderName::from_static(name);
        if name == VARY && headers.contains_key(VARY) {
            headers.append(name, value);
        } else {
            headers.insert(name, value);
        }
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
