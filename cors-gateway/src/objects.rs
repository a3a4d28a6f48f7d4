//! A client's object: its bytes, then its attributes, in one object of the store, so that one put
//! replaces both.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use cors_xml::PutError;
use crc::{CRC_64_XZ, Crc, Digest, Table};
use futures_util::stream::{BoxStream, StreamExt, once};
use hyper::HeaderMap;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use crate::checksum::Checks;
use crate::failure::Failure;
use crate::hex::hex;
use crate::upload::Upload;

const MAGIC: &[u8; 8] = b"corsobj1";
/// Bytes of the attributes' length and the magic, at the very end.
const END_BYTES: usize = 12;
/// How many bytes at the end are read to find the attributes: one store access, and all of a small
/// object.
const TAIL_BYTES: u64 = 16 * 1024;
/// Most bytes of the headers of an object as they are stored, which is less than what is read to
/// find them; S3 allows 8 KB of headers.
const MAX_KEPT_BYTES: usize = 8 * 1024;
/// Largest object stored in one put, in bytes; larger ones are stored in parts of this size.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// Headers that are returned as they were put.
const KEPT: [&str; 6] = [
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
];

/// The attributes stored with an object.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Attributes {
    /// MD5 in lower-case hexadecimal digits.
    pub(crate) md5: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The CRC-64 of the bytes.
    #[serde(default)]
    pub(crate) crc64: Option<u64>,
    /// The upload in parts that it came from.
    #[serde(default)]
    pub(crate) upload: Option<String>,
}

/// The CRC-64 of ECMA-182, as OSS reports it.
static CRC64: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_XZ);

impl Attributes {
    /// Those of an object that came whole.
    pub(crate) fn new(md5: String, headers: Vec<(String, String)>) -> Attributes {
        Attributes {
            md5,
            headers,
            crc64: None,
            upload: None,
        }
    }

    /// How the object came, in OSS's words.
    pub(crate) fn object_type(&self) -> &'static str {
        match self.upload {
            Some(_) => "Multipart",
            None => "Normal",
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(MAGIC);
        bytes
    }

    /// Decodes the attributes at the end of `tail`, and returns their size in bytes.
    fn read(tail: &[u8]) -> Option<(Attributes, usize)> {
        let (rest, length) = tail.strip_suffix(MAGIC)?.split_last_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let json = rest.get(rest.len().checked_sub(length)?..)?;
        let attributes = serde_json::from_slice(json).ok()?;
        Some((attributes, length.checked_add(END_BYTES)?))
    }
}

/// The headers of a PUT that are stored, with the metadata whose names begin with
/// `metadata_prefix`: signers protect no other provider's. A byte beyond ASCII becomes one
/// character, and is returned as that byte.
pub(crate) fn kept_headers(
    headers: &HeaderMap,
    metadata_prefix: &str,
) -> Result<Vec<(String, String)>, Failure> {
    let mut kept = Vec::new();
    for (name, value) in headers {
        let name = name.as_str();
        if !name.starts_with(metadata_prefix) && !KEPT.contains(&name) {
            continue;
        }
        let mut text: String = value.as_bytes().iter().copied().map(char::from).collect();
        if name == "content-encoding" {
            // The framing of the upload is not part of the object.
            text = text
                .split(',')
                .map(str::trim)
                .filter(|coding| *coding != "aws-chunked")
                .collect::<Vec<_>>()
                .join(", ");
            if text.is_empty() {
                continue;
            }
        }
        kept.push((name.to_owned(), text));
    }
    if serde_json::to_vec(&kept).map_or(usize::MAX, |stored| stored.len()) > MAX_KEPT_BYTES {
        return Err(Failure::new(
            400,
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size.",
            "metadata_too_large",
        ));
    }
    Ok(kept)
}

/// An object without its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    path: Path,
    pub(crate) attributes: Attributes,
    /// The size of the client's object in bytes.
    pub(crate) size: u64,
    pub(crate) modified: DateTime<Utc>,
    tag: Option<String>,
    /// The end of the client's object, as far as it was read with the attributes.
    tail: Bytes,
}

/// Stores a body. Nothing is visible before it is complete; until then the old object stays.
pub(crate) async fn put(
    mut writer: Writer,
    headers: Vec<(String, String)>,
    mut upload: Upload,
    mut checks: Checks,
    refused: impl Fn(&PutError) -> Failure,
) -> Result<Attributes, Failure> {
    let received = async {
        while let Some(bytes) = upload.next().await? {
            checks.update(&bytes);
            writer.write(bytes).await?;
        }
        let md5 = checks.finish(&upload.into_trailer());
        md5.map(|md5| hex(&md5)).map_err(|error| refused(&error))
    }
    .await;
    match received {
        Ok(md5) => writer.finish(Attributes::new(md5, headers)).await,
        Err(failure) => {
            writer.abort().await;
            Err(failure)
        }
    }
}

/// An object being written. It becomes visible, complete, when it is finished.
pub(crate) struct Writer {
    store: Arc<dyn ObjectStore>,
    path: Path,
    create: Option<Create>,
    small: Vec<u8>,
    large: Option<BufWriter>,
    crc64: Digest<'static, u64, Table<16>>,
}

/// That an object is not to be replaced.
pub(crate) struct Create {
    /// Where a large object is kept until it is complete: a store's own upload replaces what is
    /// there.
    pub(crate) staged: Path,
    /// The answer if there is an object.
    pub(crate) exists: Failure,
}

impl Writer {
    /// Begins an object, unless it would replace one that is there and must not.
    pub(crate) async fn new(
        store: &Arc<dyn ObjectStore>,
        path: Path,
        create: Option<Create>,
    ) -> Result<Writer, Failure> {
        if let Some(create) = &create {
            match store.head(&path).await {
                Ok(_) => return Err(create.exists.clone()),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(Failure::store(&error)),
            }
        }
        Ok(Writer {
            store: Arc::clone(store),
            path,
            create,
            small: Vec::new(),
            large: None,
            crc64: CRC64.digest(),
        })
    }

    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<(), Failure> {
        self.crc64.update(&bytes);
        let put = match &mut self.large {
            Some(writer) => writer.put(bytes).await,
            None => {
                self.small.extend_from_slice(&bytes);
                if self.small.len() < PART_BYTES {
                    return Ok(());
                }
                let store = Arc::clone(&self.store);
                let path = self.create.as_ref().map_or(&self.path, |new| &new.staged);
                // One part is received while another is stored; memory is counted so.
                let writer = BufWriter::with_capacity(store, path.clone(), PART_BYTES)
                    .with_max_concurrency(1);
                let first = std::mem::take(&mut self.small).into();
                self.large.insert(writer).put(first).await
            }
        };
        put.map_err(|error| Failure::store(&error))
    }

    pub(crate) async fn finish(self, mut attributes: Attributes) -> Result<Attributes, Failure> {
        attributes.crc64 = Some(self.crc64.finalize());
        let end = Bytes::from(attributes.to_bytes());
        let (store, path) = (&self.store, &self.path);
        let done = match (self.large, &self.create) {
            (None, create) => {
                let payload = PutPayload::from_iter([Bytes::from(self.small), end]);
                let mode = create
                    .as_ref()
                    .map_or(PutMode::Overwrite, |_| PutMode::Create);
                let put = store.put_opts(path, payload, PutOptions::from(mode));
                put.await.map(|_| ())
            }
            (Some(writer), None) => close(writer, end).await,
            (Some(writer), Some(Create { staged, .. })) => match close(writer, end).await {
                Ok(()) => {
                    let renamed = store.rename_if_not_exists(staged, path).await;
                    if renamed.is_err() {
                        // What cannot be removed now uses space but has no other effect.
                        let _ = store.delete(staged).await;
                    }
                    renamed
                }
                Err(error) => Err(error),
            },
        };
        match (done, self.create) {
            (Ok(()), _) => Ok(attributes),
            (Err(Error::AlreadyExists { .. }), Some(create)) => Err(create.exists),
            (Err(error), _) => Err(Failure::store(&error)),
        }
    }

    pub(crate) async fn abort(self) {
        if let Some(mut writer) = self.large {
            // Anything that cannot be cleaned up now was never visible.
            let _ = writer.abort().await;
        }
    }
}

async fn close(mut writer: BufWriter, end: Bytes) -> Result<(), Error> {
    writer.put(end).await?;
    writer.shutdown().await.map_err(|error| Error::Generic {
        store: "objects",
        source: Box::new(error),
    })
}

/// Finds an object and its attributes.
pub(crate) async fn find(store: &dyn ObjectStore, path: &Path) -> Result<Option<Stored>, Error> {
    // An object replaced between the two reads is read again.
    for _ in 0..8 {
        let meta = match store.head(path).await {
            Ok(meta) => meta,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let options = GetOptions {
            if_match: meta.e_tag.clone(),
            range: Some(GetRange::Bounded(
                meta.size.saturating_sub(TAIL_BYTES)..meta.size,
            )),
            ..GetOptions::default()
        };
        let tail = match store.get_opts(path, options).await {
            Ok(result) => result.bytes().await?,
            Err(Error::Precondition { .. } | Error::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        };
        let Some((attributes, taken)) = Attributes::read(&tail) else {
            return Err(Error::Generic {
                store: "objects",
                source: format!("{path} has no attributes at its end").into(),
            });
        };
        let taken_bytes = u64::try_from(taken).unwrap_or(u64::MAX);
        return Ok(Some(Stored {
            path: path.clone(),
            attributes,
            size: meta.size.saturating_sub(taken_bytes),
            modified: meta.last_modified,
            tag: meta.e_tag,
            tail: tail.slice(..tail.len().saturating_sub(taken)),
        }));
    }
    Err(Error::Generic {
        store: "objects",
        source: format!("{path} was replaced repeatedly while it was read").into(),
    })
}

impl Stored {
    /// Streams the bytes of a range within the object.
    pub(crate) async fn bytes(
        &self,
        store: &dyn ObjectStore,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        let held = u64::try_from(self.tail.len()).unwrap_or(0);
        let first_held = self.size.saturating_sub(held);
        if range.start >= first_held {
            let offset =
                |at: u64| usize::try_from(at.saturating_sub(first_held)).unwrap_or(usize::MAX);
            let (start, end) = (offset(range.start), offset(range.end).min(self.tail.len()));
            let bytes = self.tail.slice(start.min(end)..end);
            return Ok(once(async move { Ok(bytes) }).boxed());
        }
        let options = GetOptions {
            if_match: self.tag.clone(),
            range: Some(GetRange::Bounded(range)),
            ..GetOptions::default()
        };
        Ok(store.get_opts(&self.path, options).await?.into_stream())
    }
}
