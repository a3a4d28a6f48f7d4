//! A document in the form of another provider.

use core::ffi::{c_char, c_int};

use cors_advice::convert::document::{Converted, convert};

use super::output::{Output, clear};
use super::{form_of, guarded, own_form, to_json};
use crate::error::Error;
use crate::text::{Name, lent};

/// Converts a document.
///
/// # Safety
///
/// `text` is NULL, or points to `text_len` bytes that do not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_convert_document(
    from: Name<'_>,
    to: Name<'_>,
    text: *const c_char,
    text_len: usize,
    mut document: Option<&mut Output<'_>>,
    json: Option<&mut Output<'_>>,
) -> c_int {
    // SAFETY: the caller's promise.
    let text = unsafe { lent(text.cast::<u8>(), text_len) };
    guarded(|| {
        clear(document.as_deref_mut())?;
        let json = json.ok_or(Error::Null)?;
        clear(Some(json))?;
        let text = text?;
        let form = form_of(from, text)?;
        let to = own_form(to)?;
        let converted = match form.parse(text) {
            Ok(parsed) => convert(&parsed, to),
            Err(errors) => Converted::unread(&errors),
        };
        json.write_text(&to_json(serde_json::to_value(&converted))?)?;
        if !converted.errors.is_empty() {
            return Err(Error::Document);
        }
        document.map_or(Ok(()), |document| document.write_text(&converted.text))
    })
}
