//! The old names of errors, each a call of [`Provider::error`], and of the look-up by dialect. To be deleted when their callers hold
//! a provider and say the cause.

use cors_core::{Dialect, Refusal, Request};

use super::{Cause, ResourceType, Subject, WireError};
use crate::providers::Provider;
use crate::put::Checksum;
#[cfg(feature = "alloc")]
use crate::read::DocumentError;

#[expect(missing_docs, reason = "deleted with their last callers")]
impl Provider {
    pub fn of(dialect: &Dialect) -> &'static Provider {
        Provider::named(dialect.name).unwrap_or(&Provider::S3)
    }

    #[cfg(feature = "alloc")]
    pub fn document_error<'e>(&self, error: &'e DocumentError) -> WireError<'e> {
        self.error(error.cause(), Subject::Document(error))
    }

    pub fn preflight_error<'e>(
        &self,
        refusal: Refusal,
        request: &Request<'e>,
        resource_type: ResourceType,
    ) -> WireError<'e> {
        self.error(refusal.into(), Subject::preflight(request, resource_type))
    }

    pub fn preflight_no_such_bucket<'e>(
        &self,
        _bucket: &'e str,
        request: &Request<'e>,
    ) -> WireError<'e> {
        let subject = Subject::preflight(request, ResourceType::Bucket);
        self.error(Cause::of_preflight_without_bucket(request), subject)
    }

    pub fn no_such_configuration<'e>(&self, bucket: &'e str) -> WireError<'e> {
        self.error(Cause::NoSuchConfiguration, Subject::Bucket(bucket))
    }

    pub fn no_such_bucket<'e>(&self, bucket: &'e str) -> WireError<'e> {
        self.error(Cause::NoSuchBucket, Subject::Bucket(bucket))
    }

    pub fn access_denied(&self) -> WireError<'static> {
        self.error(Cause::AccessDenied, Subject::None)
    }

    pub fn undecodable_digest(&self) -> WireError<'static> {
        self.error(Cause::UndecodableDigest, Subject::None)
    }

    pub fn digest_mismatch(&self) -> WireError<'static> {
        self.error(Cause::DigestMismatch, Subject::None)
    }

    pub fn several_checksums(&self) -> WireError<'static> {
        self.error(Cause::SeveralChecksums, Subject::None)
    }

    pub fn undecodable_checksum(&self, checksum: Checksum) -> WireError<'static> {
        self.error(Cause::UndecodableChecksum, Subject::Checksum(checksum))
    }

    pub fn checksum_mismatch(&self, checksum: Checksum) -> WireError<'static> {
        self.error(Cause::ChecksumMismatch, Subject::Checksum(checksum))
    }

    pub fn method_not_allowed(&self) -> WireError<'static> {
        self.error(Cause::MethodNotAllowed, Subject::None)
    }

    pub fn invalid_bucket_name(&self) -> WireError<'static> {
        self.error(Cause::InvalidBucketName, Subject::None)
    }

    pub fn invalid_object_name(&self) -> WireError<'static> {
        self.error(Cause::InvalidObjectName, Subject::None)
    }

    pub fn invalid_uri(&self) -> WireError<'static> {
        self.error(Cause::InvalidUri, Subject::None)
    }

    pub fn incomplete_body(&self) -> WireError<'static> {
        self.error(Cause::IncompleteBody, Subject::None)
    }

    pub fn internal_error(&self) -> WireError<'static> {
        self.error(Cause::InternalError, Subject::None)
    }
}
