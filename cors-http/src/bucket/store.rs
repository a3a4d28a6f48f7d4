//! What is known about a bucket, and the store that keeps it.

use cors_core::{Refusal, Request as CorsRequest};
use cors_xml::{Cause, Provider, ResourceType, Subject, WireError};

use super::target::Target;
use crate::shared_policy::SharedPolicy;

/// A store of buckets and their CORS configurations.
///
/// # Examples
///
/// As in [`BucketCors`](crate::BucketCors).
pub trait BucketCorsStore: Send + Sync {
    /// The store's error. It is not shown to clients; [`BucketCors`](crate::BucketCors) does not
    /// log it either, so log it in the store if needed.
    type Error: Send;

    /// Finds a bucket and its configuration.
    fn find(&self, bucket: &str) -> impl Future<Output = Result<Bucket, Self::Error>> + Send;

    /// Replaces the configuration of an existing bucket, completely or not at all: a concurrent
    /// request sees either the old one or the new one.
    ///
    /// [`SharedPolicy::as_bytes`] is the policy image to keep. Keep the document with it: another
    /// version of this software can compile its own image from that.
    fn put(
        &self,
        bucket: &str,
        policy: SharedPolicy,
        document: &[u8],
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Removes the configuration of a bucket. Removing one that does not exist is not an error.
    fn delete(&self, bucket: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What is known about a bucket.
#[derive(Clone, Debug)]
pub enum Bucket {
    /// It does not exist.
    Missing,
    /// It exists, without a configuration.
    WithoutCors,
    /// It exists, and this policy is in force.
    WithCors(SharedPolicy),
}

impl Bucket {
    /// The policy in force.
    pub fn policy(&self) -> Option<&SharedPolicy> {
        match self {
            Bucket::WithCors(policy) => Some(policy),
            Bucket::Missing | Bucket::WithoutCors => None,
        }
    }

    /// Returns the document that answers `GET ?cors`.
    ///
    /// # Errors
    ///
    /// The provider's error if the bucket or the configuration does not exist.
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
            Bucket::WithCors(shared) => shared.policy(),
        };
        let mut document = String::new();
        // Writing to a string cannot fail.
        let _ = provider.write_configuration(policy.rules(), policy.response_vary(), &mut document);
        Ok(document)
    }

    /// Returns the error for a refused preflight to the bucket. `name` and the rest come from the
    /// request.
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
