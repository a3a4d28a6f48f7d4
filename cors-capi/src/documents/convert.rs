//! A document in the form of another provider.

use core::ffi::{c_char, c_int};

use cors_advice::convert::document::convert;
use cors_advice::lint::report::{MAX_LISTED, Refused};
use cors_xml::DocumentErrors;
use serde_json::json;

use super::output::{Output, clear};
use super::{form_named, guarded, own_form, to_json};
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
        let form = form_named(from, |provider| Some(provider.form_of(text)))?;
        let to = own_form(to)?;
        let parsed = match form.parse(text) {
            Ok(parsed) => parsed,
            Err(errors) => {
                json.write_text(&to_json(Ok(unread(&errors)))?)?;
                return Err(Error::Document);
            }
        };
        let converted = convert(&parsed, to);
        json.write_text(&to_json(serde_json::to_value(&converted))?)?;
        if !converted.errors.is_empty() {
            return Err(Error::Document);
        }
        document.map_or(Ok(()), |document| document.write_text(&converted.text))
    })
}

/// The report about a document that cannot be converted, because it is not valid itself.
fn unread(errors: &DocumentErrors) -> serde_json::Value {
    let listed = errors.iter().take(MAX_LISTED).map(Refused::new);
    json!({
        "differences": [],
        "errors": listed.collect::<std::vec::Vec<_>>(),
        "more": errors.iter().count().saturating_sub(MAX_LISTED),
        "rules_left_out": 0,
    })
}
