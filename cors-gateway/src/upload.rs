//! The body of a request as it arrives: timed, bounded, unframed, checked.

use std::time::{Duration, Instant};

use bytes::{Buf, Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::HeaderMap;
use hyper::body::{Body, Incoming};
use sha2::{Digest, Sha256};

use crate::checksum::Checks;
use crate::failure::Failure;
use crate::signature::{ChunkSigner, Payload};

/// Longest wait for the next bytes of a body.
const IDLE_SECONDS: u64 = 30;
/// Longest time that a whole body may take, whatever comes: 5 GiB at 12 Mbit/s.
const MAX_SECONDS: u64 = 60 * 60;
/// Longest line of a chunk's size and signature, or of a trailer.
const MAX_LINE_BYTES: usize = 1024;
/// Most lines of a trailer.
const MAX_TRAILER_LINES: usize = 16;

/// A body that is being read. Whoever reads it must read to the end before believing any of it.
pub(crate) struct Upload {
    incoming: Incoming,
    chunks: Option<Chunks>,
    checks: Option<Checks>,
    length: Length,
    received: u64,
    began: Instant,
}

/// What the headers promise about the length.
struct Length {
    limit: u64,
    decoded: Option<u64>,
}

impl Upload {
    /// `limit` is the most bytes that are taken.
    pub(crate) fn new(
        headers: &HeaderMap,
        incoming: Incoming,
        payload: Payload,
        limit: u64,
    ) -> Result<Upload, Failure> {
        let decoded = headers
            .get("x-amz-decoded-content-length")
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse::<u64>().ok());
        let announced = decoded.or_else(|| incoming.size_hint().exact());
        if announced.is_some_and(|length| length > limit) {
            return Err(TOO_LARGE);
        }
        let (signed, chunks) = match payload {
            Payload::Unsigned => (None, None),
            Payload::Sha256(digest) => (Some(digest), None),
            Payload::Chunked(signer) => (None, Some(Chunks::new(signer))),
        };
        Ok(Upload {
            incoming,
            chunks,
            checks: Some(Checks::new(headers, signed)?),
            length: Length { limit, decoded },
            received: 0,
            began: Instant::now(),
        })
    }

    /// The next bytes of the object, or its MD5 at the end, when everything that was promised has been checked.
    pub(crate) async fn next(&mut self) -> Result<Part, Failure> {
        loop {
            if let Some(chunks) = &mut self.chunks {
                match chunks.next(self.checks.as_mut())? {
                    Step::Data(bytes) => return self.account(bytes),
                    Step::Done => {}
                    Step::NeedMore => {
                        let Some(bytes) = self.receive().await? else {
                            return Err(INCOMPLETE);
                        };
                        if let Some(chunks) = &mut self.chunks {
                            chunks.buffer.extend_from_slice(&bytes);
                        }
                        continue;
                    }
                }
                // What follows the last chunk is nothing.
                if chunks.buffer.has_remaining() || self.receive().await?.is_some() {
                    return Err(INCOMPLETE);
                }
                return self.finish();
            }
            return match self.receive().await? {
                Some(bytes) => self.account(bytes),
                None => self.finish(),
            };
        }
    }

    /// The whole body.
    pub(crate) async fn collect(mut self) -> Result<(Vec<u8>, [u8; 16]), Failure> {
        let mut body = Vec::new();
        loop {
            match self.next().await? {
                Part::Data(bytes) => body.extend_from_slice(&bytes),
                Part::End { md5 } => return Ok((body, md5)),
            }
        }
    }

    fn account(&mut self, bytes: Bytes) -> Result<Part, Failure> {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.received = self.received.saturating_add(more);
        if self.received > self.length.limit {
            return Err(TOO_LARGE);
        }
        if let Some(checks) = &mut self.checks {
            checks.update(&bytes);
        }
        Ok(Part::Data(bytes))
    }

    fn finish(&mut self) -> Result<Part, Failure> {
        if self
            .length
            .decoded
            .is_some_and(|length| length != self.received)
        {
            return Err(INCOMPLETE);
        }
        let md5 = self.checks.take().map_or(Ok([0; 16]), Checks::finish)?;
        Ok(Part::End { md5 })
    }

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
                    // Trailers of HTTP are not ours.
                    Err(_) => {}
                },
            }
        }
    }
}

/// What comes next of a body.
pub(crate) enum Part {
    Data(Bytes),
    End { md5: [u8; 16] },
}

pub(crate) const TOO_LARGE_REASON: &str = "body_too_large";
const TOO_LARGE: Failure = Failure::new(
    400,
    "EntityTooLarge",
    "Your proposed upload exceeds the maximum allowed object size.",
    TOO_LARGE_REASON,
);
const INCOMPLETE: Failure = Failure::new(
    400,
    "IncompleteBody",
    "The request body terminated unexpectedly or is not framed as announced.",
    "incomplete_body",
);
const TIMEOUT: Failure = Failure::new(
    400,
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
    "body_timeout",
);

/// `aws-chunked` framing: `SIZE[;chunk-signature=HEX]`, data, ..., `0`, trailer lines.
struct Chunks {
    signer: Option<Box<ChunkSigner>>,
    buffer: BytesMut,
    state: State,
    /// The chunk that is being read.
    digest: Sha256,
    signature: String,
    trailer: Sha256,
    trailer_lines: usize,
}

enum State {
    Size,
    Data(u64),
    DataEnd,
    Trailer,
    Done,
}

enum Step {
    Data(Bytes),
    NeedMore,
    Done,
}

impl Chunks {
    fn new(signer: Option<Box<ChunkSigner>>) -> Chunks {
        Chunks {
            signer,
            buffer: BytesMut::new(),
            state: State::Size,
            digest: Sha256::new(),
            signature: String::new(),
            trailer: Sha256::new(),
            trailer_lines: 0,
        }
    }

    fn next(&mut self, mut checks: Option<&mut Checks>) -> Result<Step, Failure> {
        loop {
            match self.state {
                State::Size => {
                    let Some(line) = self.line()? else {
                        return Ok(Step::NeedMore);
                    };
                    let (size, extension) = line.split_once(';').unwrap_or((&line, ""));
                    let size = u64::from_str_radix(size.trim(), 16).map_err(|_| INCOMPLETE)?;
                    let signature = extension.trim().strip_prefix("chunk-signature=");
                    signature
                        .unwrap_or_default()
                        .clone_into(&mut self.signature);
                    if size == 0 {
                        self.check_chunk()?;
                        self.state = State::Trailer;
                    } else {
                        self.state = State::Data(size);
                    }
                }
                State::Data(rest) => {
                    if self.buffer.is_empty() {
                        return Ok(Step::NeedMore);
                    }
                    let take = usize::try_from(rest)
                        .unwrap_or(usize::MAX)
                        .min(self.buffer.len());
                    let bytes = self.buffer.split_to(take).freeze();
                    if self.signer.is_some() {
                        self.digest.update(&bytes);
                    }
                    let rest = rest.saturating_sub(u64::try_from(take).unwrap_or(u64::MAX));
                    self.state = if rest == 0 {
                        State::DataEnd
                    } else {
                        State::Data(rest)
                    };
                    return Ok(Step::Data(bytes));
                }
                State::DataEnd => match self.line()? {
                    None => return Ok(Step::NeedMore),
                    Some(line) if line.is_empty() => {
                        self.check_chunk()?;
                        self.state = State::Size;
                    }
                    Some(_) => return Err(INCOMPLETE),
                },
                State::Trailer => match self.line()? {
                    None => return Ok(Step::NeedMore),
                    Some(line) if line.is_empty() => self.state = State::Done,
                    Some(line) => self.trailer_line(&line, checks.as_deref_mut())?,
                },
                State::Done => return Ok(Step::Done),
            }
        }
    }

    fn trailer_line(&mut self, line: &str, checks: Option<&mut Checks>) -> Result<(), Failure> {
        self.trailer_lines = self.trailer_lines.saturating_add(1);
        let (name, value) = line.split_once(':').ok_or(INCOMPLETE)?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if self.trailer_lines > MAX_TRAILER_LINES {
            return Err(INCOMPLETE);
        }
        if name == "x-amz-trailer-signature" {
            let digest = std::mem::take(&mut self.trailer).finalize();
            return match &mut self.signer {
                Some(signer) => signer.check_trailer(&digest, value),
                None => Ok(()),
            };
        }
        self.trailer.update(format!("{name}:{value}\n"));
        if let Some(checks) = checks {
            checks.trailer(&name, value);
        }
        Ok(())
    }

    fn check_chunk(&mut self) -> Result<(), Failure> {
        let digest = std::mem::take(&mut self.digest).finalize();
        match &mut self.signer {
            Some(signer) => signer.check_chunk(&digest, &self.signature),
            None => Ok(()),
        }
    }

    /// A line without its CRLF, once it is there.
    fn line(&mut self) -> Result<Option<String>, Failure> {
        let Some(length) = self.buffer.iter().position(|byte| *byte == b'\n') else {
            return if self.buffer.len() > MAX_LINE_BYTES {
                Err(INCOMPLETE)
            } else {
                Ok(None)
            };
        };
        let line = self.buffer.split_to(length.saturating_add(1));
        let text = std::str::from_utf8(&line).map_err(|_| INCOMPLETE)?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}
