//! The digests of an object that a client may send along, checked while its bytes pass.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cors_xml::{Checksum, PutError, Vendor};
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest, Table};
use hyper::HeaderMap;
use hyper::header::HeaderValue;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::aws_chunked::announced;

static CRC32: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<1>> = Crc::<u64, Table<1>>::new(&CRC_64_NVME);

/// The checks of one object.
pub(crate) struct Checks {
    md5: Md5,
    expected_md5: Option<Vec<u8>>,
    checksum: Option<Expected>,
}

/// One `x-amz-checksum-*`; its value may come in the trailer.
struct Expected {
    checksum: Checksum,
    running: Running,
    value: Option<Vec<u8>>,
}

enum Running {
    Crc32(Digest<'static, u32, Table<1>>),
    Crc64Nvme(Digest<'static, u64, Table<1>>),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checks {
    /// What the headers promise; checksums only as far as the vendor has them.
    ///
    /// # Errors
    ///
    /// A `Content-MD5` that is not the base64 of 16 bytes, more than one checksum.
    pub(crate) fn new(vendor: &Vendor, headers: &HeaderMap) -> Result<Checks, PutError> {
        let expected_md5 = match headers.get("content-md5") {
            None => None,
            Some(_) if headers.get_all("content-md5").iter().nth(1).is_some() => {
                return Err(PutError::UndecodableDigest);
            }
            Some(value) => match BASE64.decode(value.as_bytes()) {
                Ok(digest) if digest.len() == 16 => Some(digest),
                _ => return Err(PutError::UndecodableDigest),
            },
        };
        let mut promised = vendor.checksums.iter().flat_map(|checksum| {
            let name = checksum.header_name();
            let values = headers.get_all(name).iter();
            let values = values.map(|value| Some(value.as_bytes().to_vec()));
            let announced = announced(headers).filter(move |other| other == name);
            values
                .chain(announced.map(|_| None))
                .map(|value| Expected::new(*checksum, value))
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
            match &mut expected.running {
                Running::Crc32(digest) => digest.update(bytes),
                Running::Crc64Nvme(digest) => digest.update(bytes),
                Running::Sha1(digest) => digest.update(bytes),
                Running::Sha256(digest) => digest.update(bytes),
            }
        }
    }

    /// Checks everything that was promised and gives the body's MD5.
    pub(crate) fn finish(self, trailer: &HeaderMap) -> Result<[u8; 16], PutError> {
        if let Some(expected) = self.checksum {
            expected.finish(trailer)?;
        }
        let md5: [u8; 16] = self.md5.finalize().into();
        match self.expected_md5 {
            Some(expected) if expected != md5 => Err(PutError::DigestMismatch),
            _ => Ok(md5),
        }
    }
}

impl Expected {
    fn new(checksum: Checksum, value: Option<Vec<u8>>) -> Expected {
        let running = match checksum {
            Checksum::Crc32 => Running::Crc32(CRC32.digest()),
            Checksum::Crc32c => Running::Crc32(CRC32C.digest()),
            Checksum::Crc64Nvme => Running::Crc64Nvme(CRC64NVME.digest()),
            Checksum::Sha1 => Running::Sha1(Sha1::new()),
            Checksum::Sha256 => Running::Sha256(Sha256::new()),
        };
        Expected {
            checksum,
            running,
            value,
        }
    }

    fn finish(self, trailer: &HeaderMap) -> Result<(), PutError> {
        let ours = match self.running {
            Running::Crc32(digest) => digest.finalize().to_be_bytes().to_vec(),
            Running::Crc64Nvme(digest) => digest.finalize().to_be_bytes().to_vec(),
            Running::Sha1(digest) => digest.finalize().to_vec(),
            Running::Sha256(digest) => digest.finalize().to_vec(),
        };
        let late = trailer.get(self.checksum.header_name());
        let value = self.value.as_deref().or(late.map(HeaderValue::as_bytes));
        match BASE64.decode(value.unwrap_or_default()) {
            Ok(value) if value == ours => Ok(()),
            Ok(value) if value.len() == ours.len() => {
                Err(PutError::ChecksumMismatch(self.checksum))
            }
            _ => Err(PutError::UndecodableChecksum(self.checksum)),
        }
    }
}
