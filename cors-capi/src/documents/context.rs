//! `cors_engine_context`: what a provider's answer names besides the request.

use cors_xml::{Provider, ResourceType};

use super::{provider_named, utf8};
use crate::error::Error;
use crate::text::{Name, Text};

/// `cors_engine_context`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Context<'a> {
    /// The provider.
    pub provider: Name<'a>,
    /// The bucket.
    pub bucket: Text<'a>,
    /// The request's id.
    pub request_id: Text<'a>,
    /// The server's id.
    pub host_id: Text<'a>,
    /// 1: the bucket does not exist.
    pub bucket_is_missing: u8,
    /// 1: the request is for the bucket.
    pub target_is_bucket: u8,
}

impl<'a> Context<'a> {
    pub(crate) fn provider(&self) -> Result<&'static Provider, Error> {
        provider_named(self.provider)
    }

    pub(crate) fn bucket(&self) -> Result<&'a str, Error> {
        utf8(&self.bucket)
    }

    pub(crate) fn resource_type(&self) -> ResourceType {
        if self.target_is_bucket == 0 {
            ResourceType::Object
        } else {
            ResourceType::Bucket
        }
    }
}
