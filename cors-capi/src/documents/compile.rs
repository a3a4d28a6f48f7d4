//! Documents to images.

use core::ffi::{c_char, c_int};
use std::format;

use cors_advice::source::Source;

use super::output::{Output, clear, report};
use super::{form_of, guarded};
use crate::error::Error;
use crate::text::{Name, lent};

/// Compiles a document.
///
/// # Safety
///
/// `text` is NULL, or points to `text_len` bytes that do not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_compile_document(
    provider_or_form: Name<'_>,
    name: Name<'_>,
    text: *const c_char,
    text_len: usize,
    mut image: Option<&mut Output<'_>>,
    mut errors: Option<&mut Output<'_>>,
) -> c_int {
    // SAFETY: the caller's promise.
    let text = unsafe { lent(text.cast::<u8>(), text_len) };
    guarded(|| {
        clear(image.as_deref_mut())?;
        clear(errors.as_deref_mut())?;
        let text = text?;
        let form = form_of(provider_or_form, text)?;
        let name = name.get().map(|name| name.to_string_lossy());
        let source = Source {
            name: name.as_deref().unwrap_or("document"),
            bytes: text,
        };
        match form.parse(text) {
            Ok(document) => {
                let compiled = document.compile().map_err(|_| Error::Internal)?;
                image.map_or(Ok(()), |image| image.write_all(compiled.as_bytes()))
            }
            Err(found) => {
                let other = source.other_form(form, &found);
                let other = other.map_or_else(Default::default, |other| {
                    format!("{}: {other}\n", source.name)
                });
                let described = source.describe(&found);
                report(errors, &format_args!("{other}{described}\n"))?;
                Err(Error::Document)
            }
        }
    })
}
