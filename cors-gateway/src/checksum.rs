//! The digests of a body that a client may send along, checked while the body passes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest, Table};
use hyper::HeaderMap;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

static CRC32: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<1>> = Crc::<u64, Table<1>>::new(&CRC_64_NVME);

enum Running {
    Crc32(Digest<'static, u32, Table<1>>),
    Crc32c(Digest<'static, u32, Table<1>>),
    Crc64Nvme(Digest<'static, u64, Table<1>>),
    Sha1(Sha1),
    Sha256(Sha256),
}

/// The checks of one body.
pub(crate) struct Checks {
    md5: Md5,
    expected_md5: Option<Vec<u8>>,
    /// From `x-amz-content-sha256`.
    signed: Option<(Sha256, [u8; 32])>,
    /// From `x-amz-checksum-*`; the value may come in the trailer.
    checksum: Option<(&'static str, Running, Option<String>)>,
}

const CHECKSUMS: [&str; 5] = [
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
];

impl Checks {
    /// What the headers promise.
    ///
    /// # Errors
    ///
    /// A `Content-MD5` that is not the base64 of 16 bytes.
    pub(crate) fn new(headers: &HeaderMap, signed: Option<[u8; 32]>) -> Result<Checks, Failure> {
        let expected_md5 = match headers.get("content-md5") {
            None => None,
            Some(value) => match BASE64.decode(value.as_bytes()) {
                Ok(digest) if digest.len() == 16 => Some(digest),
                _ => return Err(UNDECODABLE_MD5),
            },
        };
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let trailer = text("x-amz-trailer").map(str::trim);
        let checksum = CHECKSUMS.into_iter().find_map(|name| {
            let value = text(name);
            (value.is_some() || trailer == Some(name))
                .then(|| (name, running(name), value.map(str::to_owned)))
        });
        Ok(Checks {
            md5: Md5::new(),
            expected_md5,
            signed: signed.map(|digest| (Sha256::new(), digest)),
            checksum,
        })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        if let Some((digest, _)) = &mut self.signed {
            digest.update(bytes);
        }
        match &mut self.checksum {
            Some((_, Running::Crc32(digest) | Running::Crc32c(digest), _)) => digest.update(bytes),
            Some((_, Running::Crc64Nvme(digest), _)) => digest.update(bytes),
            Some((_, Running::Sha1(digest), _)) => digest.update(bytes),
            Some((_, Running::Sha256(digest), _)) => digest.update(bytes),
            None => {}
        }
    }

    /// A field of the trailer.
    pub(crate) fn trailer(&mut self, name: &str, value: &str) {
        if let Some((expected, _, text)) = &mut self.checksum
            && *expected == name
        {
            *text = Some(value.to_owned());
        }
    }

    /// Checks everything that was promised and gives the body's MD5.
    pub(crate) fn finish(self) -> Result<[u8; 16], Failure> {
        if let Some((digest, expected)) = self.signed
            && digest.finalize().as_slice() != expected
        {
            return Err(Failure::new(
                400,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                "digest_mismatch",
            ));
        }
        if let Some((_, running, expected)) = self.checksum {
            let ours = match running {
                Running::Crc32(digest) | Running::Crc32c(digest) => {
                    BASE64.encode(digest.finalize().to_be_bytes())
                }
                Running::Crc64Nvme(digest) => BASE64.encode(digest.finalize().to_be_bytes()),
                Running::Sha1(digest) => BASE64.encode(digest.finalize()),
                Running::Sha256(digest) => BASE64.encode(digest.finalize()),
            };
            if expected.as_deref() != Some(ours.as_str()) {
                return Err(Failure::new(
                    400,
                    "BadDigest",
                    "The checksum you specified did not match the calculated checksum.",
                    "digest_mismatch",
                ));
            }
        }
        let md5: [u8; 16] = self.md5.finalize().into();
        match self.expected_md5 {
            Some(expected) if expected != md5 => Err(MD5_MISMATCH),
            _ => Ok(md5),
        }
    }
}

/// The reasons by which bucket CORS finds the vendor's own words for these two.
pub(crate) const UNDECODABLE_MD5_REASON: &str = "undecodable_md5";
pub(crate) const MD5_MISMATCH_REASON: &str = "md5_mismatch";

const UNDECODABLE_MD5: Failure = Failure::new(
    400,
    "InvalidDigest",
    "The Content-MD5 you specified is not valid.",
    UNDECODABLE_MD5_REASON,
);
const MD5_MISMATCH: Failure = Failure::new(
    400,
    "BadDigest",
    "The Content-MD5 you specified did not match what we received.",
    MD5_MISMATCH_REASON,
);

fn running(name: &str) -> Running {
    match name {
        "x-amz-checksum-crc32" => Running::Crc32(CRC32.digest()),
        "x-amz-checksum-crc32c" => Running::Crc32c(CRC32C.digest()),
        "x-amz-checksum-crc64nvme" => Running::Crc64Nvme(CRC64NVME.digest()),
        "x-amz-checksum-sha1" => Running::Sha1(Sha1::new()),
        _ => Running::Sha256(Sha256::new()),
    }
}
