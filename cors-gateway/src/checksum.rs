//! The digests that a client may send with an object, checked while the bytes pass.

use cors_xml::{Provider, PutError, RunningChecksum, decode_content_md5};
use hyper::HeaderMap;
use hyper::header::HeaderValue;
use md5::{Digest as _, Md5};

use crate::aws_chunked::announced;

/// The checks of one object.
pub(crate) struct Checks {
    md5: Md5,
    expected_md5: Option<[u8; 16]>,
    checksum: Option<Expected>,
}

/// One `x-amz-checksum-*`; its value may come in the trailer.
struct Expected {
    running: RunningChecksum,
    value: Option<Vec<u8>>,
}

impl Checks {
    /// Reads the expected digests from the headers; checksums only if the provider supports them.
    ///
    /// # Errors
    ///
    /// A `Content-MD5` that is not the base64 of 16 bytes, or more than one checksum.
    pub(crate) fn new(provider: &Provider, headers: &HeaderMap) -> Result<Checks, PutError> {
        let expected_md5 = match headers.get("content-md5") {
            None => None,
            Some(_) if headers.get_all("content-md5").iter().nth(1).is_some() => {
                return Err(PutError::UndecodableDigest);
            }
            Some(value) => Some(decode_content_md5(value.as_bytes())?),
        };
        let mut promised = provider.wire.checksums.iter().flat_map(|checksum| {
            let name = checksum.header_name();
            let values = headers.get_all(name).iter();
            let values = values.map(|value| Some(value.as_bytes().to_vec()));
            let announced = announced(headers).filter(move |other| other == name);
            values
                .chain(announced.map(|_| None))
                .map(move |value| Expected {
                    running: RunningChecksum::new(*checksum),
                    value,
                })
        });
        let checksum = promised.next();
        if promised.next().is_some() {
            return Err(PutError::SeveralChecksums);
        }
        Ok(Checks {
            md5: Md5::new(),
            expected_md5,
            checksum,
        })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        if let Some(expected) = &mut self.checksum {
            expected.running.update(bytes);
        }
    }

    /// Checks everything that was announced and returns the MD5 of the body.
    pub(crate) fn finish(self, trailer: &HeaderMap) -> Result<[u8; 16], PutError> {
        if let Some(expected) = self.checksum {
            let late = trailer.get(expected.running.checksum().header_name());
            let value = expected.value.as_deref();
            let value = value.or(late.map(HeaderValue::as_bytes));
            expected.running.check(value.unwrap_or_default())?;
        }
        let md5: [u8; 16] = self.md5.finalize().into();
        match self.expected_md5 {
            Some(expected) if expected != md5 => Err(PutError::DigestMismatch),
            _ => Ok(md5),
        }
    }
}
