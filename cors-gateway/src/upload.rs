//! The body of a request as it arrives: limited in time and size, unframed, checked against the
//! signed length and digest.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, try_unfold};
use http_body_util::BodyExt;
use hyper::HeaderMap;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use sha2::{Digest, Sha256};

use crate::aws_chunked::{Chunks, Step};
use crate::failure::{Failure, INCOMPLETE};
use crate::signature::Payload;
use crate::upload_memory::Share;

/// Longest wait for the next bytes of a body.
const IDLE_SECONDS: u64 = 30;
/// Longest time for a whole body, even if bytes keep arriving: 5 GiB at 12 Mbit/s.
const MAX_SECONDS: u64 = 60 * 60;

/// An unread body, and what the signature says about it.
pub(crate) struct UnreadBody {
    pub(crate) payload: Payload,
    pub(crate) incoming: Incoming,
    pub(crate) memory: Arc<Share>,
}

/// A body being read. None of it may be trusted before it is read to the end.
pub(crate) struct Upload {
    wire: Wire,
    chunks: Option<Chunks>,
    /// From `x-amz-content-sha256`.
    signed: Option<(Sha256, [u8; 32])>,
    length: Length,
    memory: Arc<Share>,
}

struct Length {
    limit: u64,
    /// The length that the headers announce, if the length of the body is that of its framing.
    promised: Option<u64>,
    received: u64,
}

impl Upload {
    /// `limit` is the most bytes that are accepted.
    pub(crate) fn new(
        headers: &HeaderMap,
        UnreadBody {
            payload,
            incoming,
            memory,
        }: UnreadBody,
        limit: u64,
    ) -> Result<Upload, Failure> {
        let promised = headers
            .get("x-amz-decoded-content-length")
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse::<u64>().ok());
        let announced = promised.or_else(|| incoming.size_hint().exact());
        if announced.is_some_and(|length| length > limit) {
            return Err(TOO_LARGE);
        }
        let (signed, chunks) = match payload {
            Payload::Unsigned => (None, None),
            Payload::Sha256(digest) => (Some((Sha256::new(), digest)), None),
            Payload::Chunked(signer) => (None, Some(Chunks::new(signer, headers))),
        };
        Ok(Upload {
            wire: Wire {
                incoming,
                began: Instant::now(),
            },
            chunks,
            signed,
            length: Length {
                limit,
                promised,
                received: 0,
            },
            memory,
        })
    }

    /// Returns the next bytes; `None` at the end, if length, framing and signed digest match.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(bytes) = self.unframed().await? else {
            return self.end();
        };
        let length = &mut self.length;
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        length.received = length.received.saturating_add(more);
        if length.received > length.limit {
            return Err(TOO_LARGE);
        }
        if !self.memory.has_room_for(length.received) {
            return Err(NO_MEMORY);
        }
        if let Some((digest, _)) = &mut self.signed {
            digest.update(&bytes);
        }
        Ok(Some(bytes))
    }

    /// Reads the whole body and its trailer fields.
    pub(crate) async fn collect(mut self) -> Result<(Vec<u8>, HeaderMap), Failure> {
        let mut body = Vec::new();
        while let Some(bytes) = self.next().await? {
            body.extend_from_slice(&bytes);
        }
        Ok((body, self.into_trailer()))
    }

    /// The body as bucket CORS reads it: with its length if it is announced, then its trailer
    /// fields.
    pub(crate) fn into_body(self) -> UploadBody {
        let announced = self.length.promised.or_else(|| {
            let hint = self.wire.incoming.size_hint();
            hint.exact()
        });
        let frames = try_unfold(Some(self), |upload| async {
            let Some(mut upload) = upload else {
                return Ok(None);
            };
            Ok(Some(match upload.next().await? {
                Some(bytes) => (Frame::data(bytes), Some(upload)),
                None => (Frame::trailers(upload.into_trailer()), None),
            }))
        });
        UploadBody {
            announced: announced.unwrap_or(0),
            frames: frames.boxed(),
        }
    }

    /// The trailer fields of a body that was read to its end.
    pub(crate) fn into_trailer(self) -> HeaderMap {
        self.chunks.map(Chunks::into_trailer).unwrap_or_default()
    }

    async fn unframed(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(chunks) = &mut self.chunks else {
            return self.wire.receive().await;
        };
        loop {
            match chunks.next()? {
                Step::Data(bytes) => return Ok(Some(bytes)),
                Step::NeedMore => {
                    let bytes = self.wire.receive().await?.ok_or(INCOMPLETE)?;
                    chunks.push(&bytes);
                }
                // Bytes after the trailer are ignored.
                Step::Done => {
                    return match self.wire.receive().await? {
                        None => Ok(None),
                        Some(_) => Err(INCOMPLETE),
                    };
                }
            }
        }
    }

    fn end(&mut self) -> Result<Option<Bytes>, Failure> {
        let Length {
            promised, received, ..
        } = self.length;
        if promised.is_some_and(|length| length != received) {
            return Err(INCOMPLETE);
        }
        if let Some((digest, expected)) = self.signed.take()
            && digest.finalize().as_slice() != expected
        {
            return Err(SIGNED_MISMATCH);
        }
        Ok(None)
    }
}

/// An upload as a body of frames.
pub(crate) struct UploadBody {
    announced: u64,
    frames: BoxStream<'static, Result<Frame<Bytes>, Failure>>,
}

impl Body for UploadBody {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        self.frames.poll_next_unpin(context)
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = SizeHint::new();
        hint.set_lower(self.announced);
        hint
    }
}

/// The bytes of the connection.
struct Wire {
    incoming: Incoming,
    began: Instant,
}

impl Wire {
    async fn receive(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if self.began.elapsed() > Duration::from_secs(MAX_SECONDS) {
                return Err(TIMEOUT);
            }
            let frame =
                tokio::time::timeout(Duration::from_secs(IDLE_SECONDS), self.incoming.frame());
            match frame.await {
                Err(_) => return Err(TIMEOUT),
                Ok(None) => return Ok(None),
                Ok(Some(Err(error))) => return Err(INCOMPLETE.detail(error.to_string())),
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) if bytes.is_empty() => {}
                    Ok(bytes) => return Ok(Some(bytes)),
                    // HTTP trailers are ignored.
                    Err(_) => {}
                },
            }
        }
    }
}

const TOO_LARGE: Failure = Failure::new(
    400,
    "EntityTooLarge",
    "Your proposed upload exceeds the maximum allowed object size.",
    "body_too_large",
);
const NO_MEMORY: Failure = Failure::new(
    503,
    "SlowDown",
    "Please reduce your request rate.",
    "upload_memory",
);
const SIGNED_MISMATCH: Failure = Failure::new(
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    "digest_mismatch",
);
const TIMEOUT: Failure = Failure::new(
    400,
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
    "body_timeout",
);
