//! Buckets and their CORS configurations: one object each in the store, revalidated after two
//! seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cors_http::{Bucket, BucketCorsStore, SharedPolicy};
use cors_xml::{Document, Provider};
use object_store::{Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions};

use crate::layout;
use crate::log::{self, LogQueue};

/// How long a cached configuration may be stale: a change by another gateway is in force here after
/// at most this long.
pub const CONFIGURATION_TTL: Duration = Duration::from_secs(2);
/// Most buckets in the cache. Beyond this it is cleared, which costs one store access per bucket.
const MAX_CACHED: usize = 100_000;

const MAGIC: &[u8] = b"corsrec1";

#[derive(Clone)]
struct Cached {
    bucket: Bucket,
    /// The store's tag of the configuration, so that an unchanged one is not read again.
    tag: Option<String>,
    /// When the store was asked, not when it answered.
    asked: Instant,
}

/// Buckets with their configurations.
pub(crate) struct Configurations {
    store: Arc<dyn ObjectStore>,
    provider: &'static Provider,
    log: LogQueue,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    buckets: HashMap<String, Cached>,
    /// Counts changes made here: an answer requested before a change is not cached.
    changes: u64,
}

impl Configurations {
    pub(crate) fn new(
        store: Arc<dyn ObjectStore>,
        provider: &'static Provider,
        log: LogQueue,
    ) -> Configurations {
        Configurations {
            store,
            provider,
            log,
            cache: Mutex::default(),
        }
    }

    fn with_cache<T>(&self, read: impl FnOnce(&mut Cache) -> T) -> T {
        read(&mut self.cache.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn ask(
        &self,
        name: &str,
        cached: Option<&Cached>,
    ) -> Result<(Bucket, Option<String>), Error> {
        match self.store.head(&layout::bucket(name)).await {
            Ok(_) => {}
            Err(Error::NotFound { .. }) => return Ok((Bucket::Missing, None)),
            Err(error) => return Err(error),
        }
        let options = GetOptions {
            if_none_match: cached.and_then(|cached| cached.tag.clone()),
            ..GetOptions::default()
        };
        let path = layout::configuration(name);
        match self.store.get_opts(&path, options).await {
            Ok(result) => {
                let tag = result.meta.e_tag.clone();
                let bytes = result.bytes().await?;
                let read = read_record(&bytes, self.provider);
                let (policy, is_as_stored) = read.ok_or_else(|| Error::Generic {
                    store: "cors",
                    source: format!("{path} holds an unreadable configuration").into(),
                })?;
                if !is_as_stored {
                    self.log.write(log::store_error(&format!(
                        "{path}: the stored policy is not that of the stored document, which is used; put the configuration again"
                    )));
                }
                Ok((Bucket::WithCors(policy), tag))
            }
            Err(Error::NotFound { .. }) => Ok((Bucket::WithoutCors, None)),
            Err(Error::NotModified { .. }) => Ok(cached.map_or_else(
                || (Bucket::WithoutCors, None),
                |cached| (cached.bucket.clone(), cached.tag.clone()),
            )),
            Err(error) => Err(error),
        }
    }

    fn changed(&self, name: &str) {
        self.with_cache(|cache| {
            cache.changes = cache.changes.wrapping_add(1);
            cache.buckets.remove(name);
        });
    }

    /// Creates a bucket; an existing one is left unchanged.
    pub(crate) async fn create_bucket(&self, name: &str) -> Result<(), Error> {
        let options = PutOptions::from(PutMode::Create);
        let put = self
            .store
            .put_opts(&layout::bucket(name), "{}\n".into(), options)
            .await;
        self.changed(name);
        match put {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes a bucket, its configuration first, so that a new bucket of the same name does not
    /// inherit it.
    pub(crate) async fn delete_bucket(&self, name: &str) -> Result<(), Error> {
        self.delete(name).await?;
        let deleted = self.store.delete(&layout::bucket(name)).await;
        self.changed(name);
        match deleted {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl BucketCorsStore for Configurations {
    type Error = Error;

    /// Finds a bucket; the result is at most [`CONFIGURATION_TTL`] old.
    async fn find(&self, name: &str) -> Result<Bucket, Error> {
        let (cached, changes) =
            self.with_cache(|cache| (cache.buckets.get(name).cloned(), cache.changes));
        if let Some(cached) = &cached
            && cached.asked.elapsed() < CONFIGURATION_TTL
        {
            return Ok(cached.bucket.clone());
        }
        let asked = Instant::now();
        let (bucket, tag) = self.ask(name, cached.as_ref()).await?;
        self.with_cache(|cache| {
            if cache.changes == changes {
                if cache.buckets.len() >= MAX_CACHED {
                    cache.buckets.clear();
                }
                // A name that does not exist is not cached: anyone can invent such names.
                if matches!(bucket, Bucket::Missing) {
                    cache.buckets.remove(name);
                } else {
                    let bucket = bucket.clone();
                    cache
                        .buckets
                        .insert(name.to_owned(), Cached { bucket, tag, asked });
                }
            }
        });
        Ok(bucket)
    }

    /// Stores a configuration; it is in force here when this returns.
    async fn put(&self, name: &str, policy: SharedPolicy, document: &[u8]) -> Result<(), Error> {
        let record = to_record(policy.as_bytes(), document).ok_or_else(|| Error::Generic {
            store: "cors",
            source: "the policy image is larger than 4 GiB".into(),
        })?;
        let path = layout::configuration(name);
        let put = self.store.put(&path, record.into()).await;
        self.changed(name);
        put.map(|_| ())
    }

    async fn delete(&self, name: &str) -> Result<(), Error> {
        let deleted = self.store.delete(&layout::configuration(name)).await;
        self.changed(name);
        match deleted {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Encodes a configuration as it is stored: magic, length of the image, image, document. It is one
/// object, so that one put replaces all of it.
fn to_record(image: &[u8], document: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(image.len()).ok()?.to_le_bytes();
    Some([MAGIC, &length, image, document].concat())
}

/// Decodes a stored configuration: the document counts. Also returns whether the image is what it compiles
/// to. That of another version is not, nor is one that the disk or somebody else has changed.
fn read_record(bytes: &[u8], provider: &Provider) -> Option<(SharedPolicy, bool)> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (image, document) = rest.split_at_checked(length)?;
    let compiled = Document::parse(provider, document).ok()?.compile().ok()?;
    let is_as_stored = compiled.as_policy().as_bytes() == image;
    Some((SharedPolicy::from(compiled), is_as_stored))
}
