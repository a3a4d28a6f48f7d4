//! The laws of whole requests to one bucket: `?cors` follows the provider's table, everything else
//! goes through the layer of `cors-http`.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use cors_core::{Outcome, Policy};
use cors_http::{CorsLayer, SharedPolicy};
use cors_xml::{
    BodyDigests, Cause, Checksum, Document, Provider, PutError, ResourceType, Subject, WireError,
    put_bucket_cors,
};
use http::header::{HeaderName, HeaderValue, VARY};
use http::{Method, Request, Response, StatusCode};
use reference::model::{self, Answer, Decision, DialectName};
use reference::{evaluate, wire};
use tower_layer::Layer;
use tower_service::Service;

use super::responses::{answered, asked, cors_headers, headers_due, sorted, tokens};
use super::{Verdict, documents, equal, that};
use crate::messages::{CONTENT_MD5, content_md5};
use crate::{engine, providers};

/// A bucket under a provider's rules: its stored configuration.
#[derive(Clone, Debug)]
pub struct Bucket {
    provider: &'static Provider,
    image: Option<Vec<u8>>,
}

impl Bucket {
    /// Creates a bucket without a configuration.
    pub fn new(provider: &'static Provider) -> Self {
        Bucket {
            provider,
            image: None,
        }
    }

    /// Handles one request, and checks its laws.
    ///
    /// # Errors
    ///
    /// The law that was violated.
    pub fn take(&mut self, request: &Request<Vec<u8>>) -> Verdict {
        let is_about_cors = request.uri().query().is_some_and(|query| {
            query
                .split('&')
                .any(|item| item == "cors" || item == "cors=")
        });
        match *request.method() {
            Method::PUT if is_about_cors => self.put(request),
            Method::GET if is_about_cors => self.get().map(|_| ()),
            Method::DELETE if is_about_cors => {
                self.image = None;
                Ok(())
            }
            _ => self.other(request),
        }
    }

    /// An accepted document matches its digest and is what GET returns; a refused one has a status
    /// and a code of the provider's table.
    fn put(&mut self, request: &Request<Vec<u8>>) -> Verdict {
        let (provider, body) = (self.provider, request.body().as_slice());
        let digest = request
            .headers()
            .get(&CONTENT_MD5)
            .map(HeaderValue::as_bytes);
        let is_right = digest.is_none_or(|sent| sent == content_md5(body).as_bytes());
        let checksums: Vec<(Checksum, &[u8])> = Checksum::ALL
            .into_iter()
            .filter_map(|checksum| {
                let sent = request.headers().get(checksum.header_name())?;
                Some((checksum, sent.as_bytes()))
            })
            .collect();
        let digests = BodyDigests {
            content_md5: digest,
            checksums: &checksums,
        };
        let is_document = Document::parse(provider, body).is_ok();
        match put_bucket_cors(provider, body, &digests) {
            Ok(accepted) => {
                that(
                    is_right && is_document,
                    "accepted despite its digest or its text",
                )?;
                documents::round_trips_at(provider, body)?;
                self.image = Some(accepted.image.into_bytes());
                let given = self.get()?;
                // References are longer than the characters they represent.
                if given.len() > provider.documents.max_bytes {
                    return Ok(());
                }
                let mut again = self.clone();
                let digest = content_md5(given.as_bytes());
                let digests = BodyDigests {
                    content_md5: Some(digest.as_bytes()),
                    checksums: &[],
                };
                let accepted = put_bucket_cors(provider, given.as_bytes(), &digests)
                    .map_err(|error| format!("what GET returned is refused: {error}: {given}"))?;
                again.image = Some(accepted.image.into_bytes());
                equal("GET after PUT of what GET returned", &given, &again.get()?)
            }
            Err(error) => {
                let about_digest = matches!(
                    error,
                    PutError::UndecodableDigest | PutError::DigestMismatch
                );
                that(!(about_digest && is_right), "a correct digest is refused")?;
                let is_plain = digest.is_none() && checksums.is_empty();
                that(!(is_plain && is_document), "a valid document is refused")?;
                let wire = error.to_wire_error(provider);
                is_of_the_table(provider, &wire)?;
                is_one_line_of_xml(&wire)
            }
        }
    }

    /// The document that GET returns; empty if nothing is stored.
    fn get(&self) -> Result<String, String> {
        let Some(image) = &self.image else {
            let error = self
                .provider
                .error(Cause::NoSuchConfiguration, Subject::Bucket("photos"));
            let given = (error.status, error.code);
            equal("answer to GET", &(404, "NoSuchCORSConfiguration"), &given)?;
            is_one_line_of_xml(&error)?;
            return Ok(String::new());
        };
        let policy = Policy::from_bytes(image).map_err(|error| error.to_string())?;
        let mut text = String::new();
        self.provider
            .write_configuration(policy.rules(), policy.response_vary(), &mut text)
            .map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// Compares the layer's response to a request with the reference's answer and the inner
    /// service's response.
    fn other(&self, request: &Request<Vec<u8>>) -> Verdict {
        let Some(image) = &self.image else {
            return Ok(());
        };
        let shared = SharedPolicy::from_image(image.clone()).map_err(|error| error.to_string())?;
        let response = answered(
            CorsLayer::new(shared.clone())
                .layer(Inner)
                .call(request.clone()),
        )?;
        let found = shared.clone();
        let by_lookup =
            CorsLayer::with_lookup(move |_: &http::request::Parts| ready(Some(found.clone())));
        let same = answered(by_lookup.layer(Inner).call(request.clone()))?;
        equal("status by lookup", &response.status(), &same.status())?;
        equal("headers by lookup", response.headers(), same.headers())?;
        equal("body by lookup", response.body(), same.body())?;

        let asked = asked(request, &self.provider.dialect);
        if asked.access_control_request_headers.len() > cors_core::MAX_FIELD_LINES {
            let grants = response.headers().contains_key(ALLOW_HEADERS);
            return that(!grants, "unread names were granted");
        }
        let policy = Policy::from_bytes(image).map_err(|error| error.to_string())?;
        let answer = evaluate(
            &providers::configuration(self.provider, Some(image))?,
            &asked,
        );
        same_error(self.provider, &policy, &asked, &answer)?;
        is_the_answer(&answer, request, &response)
    }
}

/// The response of the application under the layer: headers that the layer must replace or extend.
#[derive(Clone, Copy, Debug)]
struct Inner;

/// The values of a request's header fields of this name become the Vary of the inner response.
const INNER_VARY: &str = "x-vary";

impl Service<Request<Vec<u8>>> for Inner {
    type Response = Response<Vec<u8>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Vec<u8>>) -> Self::Future {
        let mut response = Response::new(b"inner".to_vec());
        *response.status_mut() = StatusCode::NOT_FOUND;
        for value in request.headers().get_all(INNER_VARY) {
            response.headers_mut().append(VARY, value.clone());
        }
        let planted = HeaderValue::from_static("https://inner.example");
        response.headers_mut().insert(ALLOW_ORIGIN, planted);
        ready(Ok(response))
    }
}

const ALLOW_HEADERS: HeaderName = HeaderName::from_static("access-control-allow-headers");
const ALLOW_ORIGIN: HeaderName = HeaderName::from_static("access-control-allow-origin");

/// The provider's error for a refused preflight equals the reference's: status, code and message.
fn same_error(
    provider: &Provider,
    policy: &Policy<'_>,
    asked: &model::Request,
    answer: &Answer,
) -> Verdict {
    engine::with_request(asked, |request| {
        let decision = policy.decide(request);
        let Outcome::Preflight(Err(refusal)) = decision.outcome() else {
            return Ok(());
        };
        let error = provider.error(
            refusal.into(),
            Subject::preflight(request, ResourceType::Object),
        );
        let dialect = providers::dialect_name(provider);
        let status = wire::status(dialect, answer);
        let Some(expected) = wire::error(dialect, asked, answer) else {
            let mut body = String::new();
            let _ = error.write_to("1", "h", &mut body);
            let given = (Some(error.status), body.as_str());
            return equal("answer without a body", &(status, ""), &given);
        };
        let message = String::from_utf8_lossy(&expected.message).into_owned();
        let given = (Some(error.status), error.code, error.message.to_string());
        equal(
            "error of a preflight",
            &(status, expected.code, message),
            &given,
        )?;
        is_one_line_of_xml(&error)
    })
}

/// Status, body and headers are those of the reference's answer; Vary has the inner service's lines
/// and the tokens that the answer adds, each once.
fn is_the_answer(
    answer: &Answer,
    request: &Request<Vec<u8>>,
    response: &Response<Vec<u8>>,
) -> Verdict {
    equal(
        "headers",
        &headers_due(answer),
        &sorted(cors_headers(response.headers())),
    )?;
    // The layer knows no provider: it answers every dialect as STRICT.
    let status = wire::status(DialectName::Strict, answer);
    let is_preflight = matches!(answer.decision, Decision::Preflight(_));
    equal(
        "status",
        &status.unwrap_or(404),
        &response.status().as_u16(),
    )?;
    equal(
        "body of the inner service",
        &!is_preflight,
        &(response.body() == b"inner"),
    )?;
    let inner: Vec<&[u8]> = request
        .headers()
        .get_all(INNER_VARY)
        .iter()
        .map(HeaderValue::as_bytes)
        .filter(|_| !is_preflight)
        .collect();
    is_vary_of(&inner, answer.header("vary").unwrap_or_default(), response)
}

/// The lines of the inner service are kept; the missing tokens follow, each once.
fn is_vary_of(inner: &[&[u8]], due: &[u8], response: &Response<Vec<u8>>) -> Verdict {
    let given: Vec<&[u8]> = response
        .headers()
        .get_all(VARY)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    let (kept, added) = given.split_at_checked(inner.len()).unwrap_or_default();
    equal("Vary of the inner service", &inner, &kept)?;
    let present = tokens(inner);
    let missing: Vec<Vec<u8>> = tokens(&[due])
        .into_iter()
        .filter(|token| !present.contains(token) && !present.contains(&b"*".to_vec()))
        .collect();
    equal("tokens added to Vary", &missing, &tokens(added))
}

/// Status and code are one of the provider's answers to a PUT.
fn is_of_the_table(provider: &Provider, error: &WireError<'_>) -> Verdict {
    let codes: &[&str] = match provider.name {
        "oss" => &[
            "CORSRuleBeyondLimit",
            "EntityTooLarge",
            "InvalidArgument",
            "InvalidDigest",
            "MalformedXML",
        ],
        _ => &[
            "BadDigest",
            "InvalidDigest",
            "InvalidRequest",
            "MalformedXML",
        ],
    };
    that(
        error.status == 400 && codes.contains(&error.code),
        &format!("not an answer of the provider to a PUT: {error:?}"),
    )
}

/// One line after the prolog, without control bytes.
fn is_one_line_of_xml(error: &WireError<'_>) -> Verdict {
    let mut text = String::new();
    error
        .write_to("1", "h", &mut text)
        .map_err(|error| error.to_string())?;
    let (prolog, line) = text.split_once('\n').unwrap_or_default();
    let has_control = line.bytes().any(|byte| byte < 0x20 || byte == 0x7f);
    let is_whole = prolog.starts_with("<?xml ") && line.ends_with("</Error>");
    that(
        is_whole && !has_control,
        &format!("an incomplete error document: {text}"),
    )
}
