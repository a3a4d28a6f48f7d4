//! What lint finds in a document.

use core::ffi::{c_char, c_int};

use cors_advice::lint::report::Report;

use super::output::{Output, clear};
use super::{form_of, guarded, to_json};
use crate::error::Error;
use crate::text::{Name, lent};

/// Lints a document, as JSON.
///
/// # Safety
///
/// `text` is NULL, or points to `text_len` bytes that do not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_lint_document(
    provider_or_form: Name<'_>,
    text: *const c_char,
    text_len: usize,
    json: Option<&mut Output<'_>>,
) -> c_int {
    // SAFETY: the caller's promise.
    let text = unsafe { lent(text.cast::<u8>(), text_len) };
    guarded(|| {
        let json = json.ok_or(Error::Null)?;
        clear(Some(json))?;
        let text = text?;
        let form = form_of(provider_or_form, text)?;
        json.write_text(&to_json(serde_json::to_value(Report::of(form, text)))?)
    })
}
