//! `PutBucketCors`.

use core::ffi::{c_char, c_int};
use std::string::ToString;
use std::vec::Vec;

use cors_xml::{BodyDigests, Checksum, PutError, put_bucket_cors};

use super::answer::Answer;
use super::context::Context;
use super::guarded;
use super::output::{Output, clear, report};
use crate::decision::Header;
use crate::error::Error;
use crate::text::lent;

/// Checks and compiles a body as the provider does, and answers.
///
/// # Safety
///
/// `headers` is NULL, or points to that many headers, and `body` is NULL, or points to that many bytes; neither changes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_put_bucket_cors(
    context: Option<&Context<'_>>,
    headers: *const Header<'_>,
    headers_len: usize,
    body: *const c_char,
    body_len: usize,
    mut image: Option<&mut Output<'_>>,
    answer: Option<&mut Answer<'_>>,
    mut errors: Option<&mut Output<'_>>,
) -> c_int {
    // SAFETY: the caller's promise.
    let headers = unsafe { lent(headers, headers_len) };
    // SAFETY: the caller's promise.
    let body = unsafe { lent(body.cast::<u8>(), body_len) };
    guarded(|| {
        clear(image.as_deref_mut())?;
        clear(errors.as_deref_mut())?;
        let answer = answer.ok_or(Error::Null)?;
        answer.clear()?;
        let context = context.ok_or(Error::Null)?;
        let provider = context.provider()?;
        let (body, headers) = (body?, headers?);
        let mut content_md5: Option<&[u8]> = None;
        let mut checksums = Vec::new();
        for header in headers {
            let name = header.name.values()?;
            let value = header.value.values()?;
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
            if is("content-md5") {
                // Two lines are equivalent to one with a comma, which is not base64.
                content_md5 = Some(content_md5.map_or(value, |_| b","));
            }
            let checksum = Checksum::ALL.into_iter();
            let mut checksum = checksum.filter(|checksum| is(checksum.header_name()));
            checksums.extend(checksum.next().map(|checksum| (checksum, value)));
        }
        let digests = BodyDigests {
            content_md5,
            checksums: &checksums,
        };
        match put_bucket_cors(provider, body, &digests) {
            Ok(accepted) => {
                image.map_or(Ok(()), |image| image.write_all(accepted.image.as_bytes()))?;
                answer.status = 200;
                Ok(())
            }
            Err(error) => {
                report(errors, &described(&error))?;
                answer.set_error(&error.to_wire_error(provider), context)
            }
        }
    })
}

/// Every error, each on a line.
fn described(error: &PutError) -> std::string::String {
    match error {
        PutError::Document(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            lines.join("\n")
        }
        _ => error.to_string(),
    }
}
