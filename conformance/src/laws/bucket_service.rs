//! The laws of the bucket service of `cors-http`: for any request there is one answer of the
//! provider, and the rules in force decide its headers.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use cors_http::{Bucket, BucketCors, BucketCorsStore, SharedPolicy, Target};
use cors_xml::{Document, Provider};
use http::header::{HeaderValue, VARY};
use http::{Method, Request, Response};
use http_body::{Body, Frame};
use reference::{evaluate, wire};
use tower_service::Service;

use super::responses::{answered, asked, cors_headers, headers_due, sorted, tokens};
use super::{Verdict, equal, that};
use crate::messages::{CONTENT_MD5, content_md5};
use crate::providers;

/// The only bucket.
const BUCKET: &str = "photos";

/// A service of one bucket, twice: one gets bodies in pieces, the other whole.
#[derive(Debug)]
pub struct Served {
    provider: &'static Provider,
    in_pieces: BucketCors<Kept>,
    whole: BucketCors<Kept>,
}

/// A store in memory.
#[derive(Debug)]
struct Kept(Mutex<Bucket>);

impl Kept {
    fn image(&self) -> Option<Vec<u8>> {
        let bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(bucket.policy()?.as_bytes().to_vec())
    }

    fn set(&self, bucket: Bucket) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bucket;
    }
}

impl BucketCorsStore for Kept {
    type Error = Infallible;

    async fn find(&self, name: &str) -> Result<Bucket, Infallible> {
        let bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(if name == BUCKET {
            bucket.clone()
        } else {
            Bucket::Missing
        })
    }

    async fn put(&self, _: &str, policy: SharedPolicy, _: &[u8]) -> Result<(), Infallible> {
        self.set(Bucket::WithCors(policy));
        Ok(())
    }

    async fn delete(&self, _: &str) -> Result<(), Infallible> {
        self.set(Bucket::WithoutCors);
        Ok(())
    }
}

impl Served {
    /// Creates a bucket without a configuration.
    pub fn new(provider: &'static Provider) -> Served {
        let service = || {
            let store = Kept(Mutex::new(Bucket::WithoutCors));
            BucketCors::new(provider, store, ["storage.example"])
        };
        Served {
            provider,
            in_pieces: service(),
            whole: service(),
        }
    }

    /// Handles one request. The header `x-pieces` says how many bytes arrive at a time, and
    /// `x-torn` that the body ends in an error.
    ///
    /// # Errors
    ///
    /// The law that was violated.
    pub fn take(&mut self, request: &Request<Vec<u8>>) -> Verdict {
        let before = self.in_pieces.store().image();
        let size = request
            .headers()
            .get("x-pieces")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let is_torn = request.headers().contains_key("x-torn");
        let of_pieces = |size, is_torn| {
            let (parts, body) = request.clone().into_parts();
            Request::from_parts(parts, Pieces::new(&body, size, is_torn))
        };
        let response = answered(self.in_pieces.call(of_pieces(size, is_torn)))?;
        let after = self.in_pieces.store().image();
        if is_torn {
            let is_put = request.method() == Method::PUT;
            that(
                !(is_put && response.status().is_success()),
                "an incomplete body is stored",
            )?;
            // The other service continues from the state of this one.
            self.whole.store().set(match &after {
                Some(image) => Bucket::WithCors(
                    SharedPolicy::from_image(image.clone()).map_err(|error| error.to_string())?,
                ),
                None => Bucket::WithoutCors,
            });
        } else {
            let same = answered(self.whole.call(of_pieces(None, false)))?;
            equal("status of a whole body", &same.status(), &response.status())?;
            let texts = [&same, &response].map(|response| without_request_id(response.body()));
            equal("answer to a whole body", &texts[0], &texts[1])?;
            equal(
                "stored from a whole body",
                &self.whole.store().image(),
                &after,
            )?;
        }
        self.is_an_answer(request, before.as_deref(), after.as_deref(), &response)
    }

    fn is_an_answer(
        &self,
        request: &Request<Vec<u8>>,
        before: Option<&[u8]>,
        after: Option<&[u8]>,
        response: &Response<String>,
    ) -> Verdict {
        let status = response.status().as_u16();
        that(
            matches!(status, 200 | 204 | 400 | 403 | 404 | 405),
            &format!("status {status}"),
        )?;
        that(
            status < 300 || before == after,
            "an error changed the stored configuration",
        )?;
        for (name, value) in response.headers() {
            let has_control = |byte: &u8| *byte < 0x20 || *byte == 0x7f;
            that(!value.as_bytes().iter().any(has_control), name.as_str())?;
        }
        let vary = response.headers().get_all(VARY);
        let mut vary = tokens(&vary.iter().map(HeaderValue::as_bytes).collect::<Vec<_>>());
        let count = vary.len();
        vary.sort();
        vary.dedup();
        equal("tokens of Vary, each once", &vary.len(), &count)?;

        let (parts, ()) = request.clone().map(|_| ()).into_parts();
        let target = Target::of(&parts, &["storage.example".to_owned()]);
        let Some(target) = target.ok().filter(|target| target.bucket.is_some()) else {
            return equal("no headers", &Vec::new(), &cors_headers(response.headers()));
        };
        let is_configuration = target.key.is_none() && target.has("cors");
        if !is_configuration && parts.method != Method::OPTIONS {
            return equal("status", &405, &status);
        }
        let exists = target.bucket.as_deref() == Some(BUCKET);
        if exists && status == 200 && parts.method == Method::PUT {
            let body = request.body().as_slice();
            let digests = parts.headers.get_all(CONTENT_MD5);
            let mut digests = digests.iter().map(HeaderValue::as_bytes);
            let is_right = digests.all(|sent| sent == content_md5(body).as_bytes());
            let is_document = Document::parse(self.provider, body).is_ok();
            that(
                is_right && is_document,
                "accepted despite its digest or its text",
            )?;
        }
        let asked = asked(request, &self.provider.dialect);
        if asked.access_control_request_headers.len() > cors_core::MAX_FIELD_LINES {
            return Ok(());
        }
        let in_force = providers::configuration(self.provider, before.filter(|_| exists))?;
        let answer = evaluate(&in_force, &asked);
        equal(
            "headers",
            &headers_due(&answer),
            &sorted(cors_headers(response.headers())),
        )?;
        match wire::status(in_force.dialect, &answer) {
            Some(expected) if exists => equal("status of a preflight", &expected, &status),
            _ => Ok(()),
        }
    }
}

fn without_request_id(text: &str) -> String {
    match text.split_once("<RequestId>") {
        Some((before, rest)) => [before, rest.split_once('<').unwrap_or_default().1].concat(),
        None => text.to_owned(),
    }
}

/// A body that arrives in pieces, and may end in an error.
struct Pieces {
    rest: VecDeque<Bytes>,
    is_torn: bool,
}

impl Pieces {
    fn new(body: &[u8], size: Option<usize>, is_torn: bool) -> Pieces {
        let size = size.unwrap_or(body.len()).max(1);
        Pieces {
            rest: body.chunks(size).map(Bytes::copy_from_slice).collect(),
            is_torn,
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        let next = self.rest.pop_front().map(|piece| Ok(Frame::data(piece)));
        let is_torn = next.is_none() && std::mem::take(&mut self.is_torn);
        Poll::Ready(if is_torn { Some(Err("torn")) } else { next })
    }
}
