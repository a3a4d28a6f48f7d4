//! `GetBucketCors`.

use core::ffi::c_int;
use std::string::String;

use cors_xml::{Cause, Subject};

use super::answer::Answer;
use super::context::Context;
use super::guarded;
use crate::error::Error;
use crate::policy::Policy;

/// Answers with the document, or with the provider's error.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_get_bucket_cors(
    context: Option<&Context<'_>>,
    policy: Option<&Policy<'_>>,
    answer: Option<&mut Answer<'_>>,
) -> c_int {
    guarded(|| {
        let answer = answer.ok_or(Error::Null)?;
        answer.clear()?;
        let context = context.ok_or(Error::Null)?;
        let provider = context.provider()?;
        let cause = match policy {
            _ if context.bucket_is_missing != 0 => Cause::NoSuchBucket,
            None => Cause::NoSuchConfiguration,
            Some(policy) => {
                let policy = policy.view()?;
                let mut document = String::new();
                // Writing to a string cannot fail.
                let _ = provider.write_configuration(
                    policy.rules(),
                    policy.response_vary(),
                    &mut document,
                );
                answer.status = 200;
                return answer.body.write_text(&document);
            }
        };
        let error = provider.error(cause, Subject::Bucket(context.bucket()?));
        answer.set_error(&error, context)
    })
}
