//! What is known of a bucket, and where it is kept.

use cors_core::{Refusal, Request as CorsRequest};
use cors_xml::{Cause, Provider, ResourceType, Subject, WireError};

use super::target::Target;
use crate::shared_policy::SharedPolicy;

/// Where buckets and their CORS configurations are kept.
///
/// # Examples
///
/// As in [`BucketCors`](crate::BucketCors).
pub trait BucketCorsStore: Send + Sync {
    /// The store's error. It is not shown to clients; [`BucketCors`](crate::BucketCors) does not log it either, so log it in the store if
    /// needed.
    type Error: Send;

    /// What is known of a bucket.
    fn find(&self, bucket: &str) -> impl Future<Output = Result<Bucket, Self::Error>> + Send;

    /// Replaces the configuration of a bucket that exists, wholly or not at all: a request in between sees the old one or the
    /// new one.
    ///
    /// [`SharedPolicy::as_bytes`] is the policy image to keep. Beside it belongs the document, from which another
    /// version of this software can make its own image.
    fn put(
        &self,
        bucket: &str,
        policy: SharedPolicy,
        document: &[u8],
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Removes the configuration of a bucket; that there is none is no error.
    fn delete(&self, bucket: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What is known of a bucket.
#[derive(Clone, Debug)]
pub enum Bucket {
    /// It does not exist.
    Missing,
    /// It exists, and no configuration is set.
    WithoutCors,
    /// It exists, and this is in force.
    WithCors(SharedPolicy),
}

impl Bucket {
    /// The policy that is in force.
    pub fn policy(&self) -> Option<&SharedPolicy> {
        match self {
            Bucket::WithCors(policy) => Some(policy),
            Bucket::Missing | Bucket::WithoutCors => None,
        }
    }

    /// The document that answers `GET ?cors`.
    ///
    /// # Errors
    ///
    /// The provider's, where there is no bucket or no configuration.
    pub fn document<'e>(
        &self,
        provider: &Provider,
        name: &'e str,
    ) -> Result<String, WireError<'e>> {
        let policy = match self {
            Bucket::Missing => {
                return Err(provider.error(Cause::NoSuchBucket, Subject::Bucket(name)));
            }
            Bucket::WithoutCors => {
                return Err(provider.error(Cause::NoSuchConfiguration, Subject::Bucket(name)));
            }
            Bucket::WithCors(policy) => policy.policy(),
        };
        let mut document = String::new();
        // A string takes every write.
        let _ = provider.write_configuration(policy.rules(), policy.response_vary(), &mut document);
        Ok(document)
    }

    /// What answers a preflight to the bucket that was refused. `name` and the rest are the request's.
    pub fn preflight_error<'e>(
        &self,
        provider: &Provider,
        refusal: Refusal,
        request: &CorsRequest<'e>,
        target: &Target,
    ) -> WireError<'e> {
        match (self, &target.bucket) {
            (Bucket::Missing, Some(_)) => provider.error(
                Cause::of_preflight_without_bucket(request),
                Subject::preflight(request, ResourceType::Bucket),
            ),
            _ => provider.error(
                refusal.into(),
                Subject::preflight(request, target.resource_type()),
            ),
        }
    }
}
