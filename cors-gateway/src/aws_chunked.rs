//! `aws-chunked` framing: `SIZE[;chunk-signature=HEX]`, data, ..., `0`, the fields of a trailer
//! ([Transferring payload in multiple
//! chunks](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html)).

use bytes::{Bytes, BytesMut};
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::failure::{Failure, INCOMPLETE};
use crate::signature::ChunkSigner;

/// Longest line with a chunk's size and signature, or of a trailer, in bytes.
const MAX_LINE_BYTES: usize = 1024;
/// Most lines of a trailer.
const MAX_TRAILER_LINES: usize = 16;

/// The trailer fields that the headers announce, in lower case.
pub(crate) fn announced(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers
        .get_all("x-amz-trailer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
}

/// A framed body, decoded as it arrives.
pub(crate) struct Chunks {
    signer: Option<Box<ChunkSigner>>,
    buffer: BytesMut,
    state: State,
    /// The chunk being read.
    digest: Sha256,
    signature: String,
    trailer: Trailer,
}

#[derive(Default)]
struct Trailer {
    /// Announced fields that have not arrived yet.
    announced: Vec<String>,
    fields: HeaderMap,
    digest: Sha256,
    is_signed: bool,
}

#[derive(Clone, Copy)]
enum State {
    Size,
    Data(u64),
    DataEnd,
    Trailer,
    Done,
}

pub(crate) enum Step {
    Data(Bytes),
    NeedMore,
    Done,
}

impl Chunks {
    pub(crate) fn new(signer: Option<Box<ChunkSigner>>, headers: &HeaderMap) -> Chunks {
        Chunks {
            signer,
            buffer: BytesMut::new(),
            state: State::Size,
            digest: Sha256::new(),
            signature: String::new(),
            trailer: Trailer {
                announced: announced(headers).collect(),
                ..Trailer::default()
            },
        }
    }

    /// Adds bytes that have arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    pub(crate) fn into_trailer(self) -> HeaderMap {
        self.trailer.fields
    }

    pub(crate) fn next(&mut self) -> Result<Step, Failure> {
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
                    Some(line) if line.is_empty() => {
                        self.trailer.check(self.signer.is_some())?;
                        self.state = State::Done;
                    }
                    Some(line) => self.trailer.line(&line, self.signer.as_deref_mut())?,
                },
                State::Done if self.buffer.is_empty() => return Ok(Step::Done),
                State::Done => return Err(INCOMPLETE),
            }
        }
    }

    fn check_chunk(&mut self) -> Result<(), Failure> {
        let digest = std::mem::take(&mut self.digest).finalize();
        match &mut self.signer {
            Some(signer) => signer.check_chunk(&digest, &self.signature),
            None => Ok(()),
        }
    }

    /// Returns a line without its CRLF, once it is complete.
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

impl Trailer {
    /// Reads one field, which must have been announced; the signature comes last.
    fn line(&mut self, line: &str, signer: Option<&mut ChunkSigner>) -> Result<(), Failure> {
        let (name, value) = line.split_once(':').ok_or(MALFORMED)?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if self.is_signed || self.fields.len() >= MAX_TRAILER_LINES {
            return Err(MALFORMED);
        }
        if name == "x-amz-trailer-signature" {
            self.is_signed = true;
            let digest = std::mem::take(&mut self.digest).finalize();
            return signer.map_or(Ok(()), |signer| signer.check_trailer(&digest, value));
        }
        self.digest.update(format!("{name}:{value}\n"));
        let expected = self.announced.iter().position(|other| *other == name);
        self.announced.swap_remove(expected.ok_or(MALFORMED)?);
        let value = HeaderValue::from_str(value).map_err(|_| MALFORMED)?;
        let name = HeaderName::try_from(name).map_err(|_| MALFORMED)?;
        self.fields.append(name, value);
        Ok(())
    }

    /// Whether the body is complete, and signed if chunks are signed.
    fn check(&self, must_be_signed: bool) -> Result<(), Failure> {
        let is_signed = self.is_signed || self.fields.is_empty() || !must_be_signed;
        if is_signed && self.announced.is_empty() {
            Ok(())
        } else {
            Err(MALFORMED)
        }
    }
}

/// S3's answer to a trailer that is [malformed, not announced, or
/// missing](https://github.com/scality/Arsenal/pull/2596).
const MALFORMED: Failure = Failure::new(
    400,
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    "malformed_trailer",
);
