//! A provider's answer to a refused preflight.

use core::ffi::c_int;

use cors_core::{Configuration, Outcome};
use cors_xml::{Cause, ResourceType, Subject};

use super::answer::Answer;
use super::context::Context;
use super::guarded;
use crate::error::Error;
use crate::policy::Policy;
use crate::request::Request;

/// Answers a refused preflight.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_preflight_error(
    context: Option<&Context<'_>>,
    policy: Option<&Policy<'_>>,
    request: Option<&Request<'_>>,
    answer: Option<&mut Answer<'_>>,
) -> c_int {
    guarded(|| {
        let answer = answer.ok_or(Error::Null)?;
        answer.clear()?;
        let context = context.ok_or(Error::Null)?;
        let provider = context.provider()?;
        let without_rules = Configuration::new(&provider.dialect, &[]);
        let without_rules = without_rules.checked().and_then(|empty| empty.compile());
        let without_rules = without_rules.map_err(|_| Error::Internal)?;
        let policy = match policy {
            Some(policy) => *policy.view()?,
            None => without_rules.as_policy(),
        };
        request.ok_or(Error::Null)?.with(|request| {
            let Outcome::Preflight(Err(refusal)) = policy.decide(request).outcome() else {
                return Ok(());
            };
            let error = if context.bucket_is_missing == 0 {
                let subject = Subject::preflight(request, context.resource_type());
                provider.error(refusal.into(), subject)
            } else {
                let subject = Subject::preflight(request, ResourceType::Bucket);
                provider.error(Cause::of_preflight_without_bucket(request), subject)
            };
            answer.set_error(&error, context)
        })
    })
}
