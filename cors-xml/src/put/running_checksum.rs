//! A checksum of a body, computed incrementally and compared with the value that was sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest, Table};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::put_error::PutError;
use crate::checksum::Checksum;

static CRC32: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64> = Crc::<u64>::new(&CRC_64_NVME);

/// A checksum of the bytes so far.
///
/// # Examples
///
/// ```
/// use cors_xml::{Checksum, PutError, RunningChecksum};
///
/// let mut running = RunningChecksum::new(Checksum::Crc32);
/// running.update(b"1234");
/// running.update(b"56789");
/// assert_eq!(running.clone().check(b"y/Q5Jg=="), Ok(()));
/// assert_eq!(running.check(b"AAAAAA=="), Err(PutError::ChecksumMismatch(Checksum::Crc32)));
/// ```
#[derive(Clone)]
pub struct RunningChecksum {
    checksum: Checksum,
    state: State,
}

#[derive(Clone)]
enum State {
    Crc32(Digest<'static, u32, Table<1>>),
    Crc64(Digest<'static, u64, Table<1>>),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl RunningChecksum {
    /// Starts with the checksum of the empty input.
    pub fn new(checksum: Checksum) -> RunningChecksum {
        let state = match checksum {
            Checksum::Crc32 => State::Crc32(CRC32.digest()),
            Checksum::Crc32c => State::Crc32(CRC32C.digest()),
            Checksum::Crc64Nvme => State::Crc64(CRC64NVME.digest()),
            Checksum::Sha1 => State::Sha1(Sha1::new()),
            Checksum::Sha256 => State::Sha256(Sha256::new()),
        };
        RunningChecksum { checksum, state }
    }

    /// Returns which checksum this is.
    pub fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// Adds the next bytes, in time linear in their number.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc32(digest) => digest.update(bytes),
            State::Crc64(digest) => digest.update(bytes),
            State::Sha1(digest) => digest.update(bytes),
            State::Sha256(digest) => digest.update(bytes),
        }
    }

    /// Checks that `sent`, the value of the header or of the trailer, is the checksum of all bytes.
    ///
    /// # Errors
    ///
    /// [`PutError::UndecodableChecksum`]: the value is not base64, or decodes to the wrong number
    /// of bytes. [`PutError::ChecksumMismatch`]: the value is a different checksum.
    pub fn check(self, sent: &[u8]) -> Result<(), PutError> {
        let checksum = self.checksum;
        match self.state {
            State::Crc32(digest) => compare(checksum, &digest.finalize().to_be_bytes(), sent),
            State::Crc64(digest) => compare(checksum, &digest.finalize().to_be_bytes(), sent),
            State::Sha1(digest) => compare(checksum, &digest.finalize(), sent),
            State::Sha256(digest) => compare(checksum, &digest.finalize(), sent),
        }
    }
}

fn compare(checksum: Checksum, ours: &[u8], sent: &[u8]) -> Result<(), PutError> {
    match BASE64.decode(sent) {
        Ok(sent) if sent == ours => Ok(()),
        Ok(sent) if sent.len() == ours.len() => Err(PutError::ChecksumMismatch(checksum)),
        _ => Err(PutError::UndecodableChecksum(checksum)),
    }
}
