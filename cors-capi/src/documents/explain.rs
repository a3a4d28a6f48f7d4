//! Explanations.

use core::ffi::{c_char, c_int};

use cors_advice::browser::Page as CorePage;
use cors_advice::explain::explain;
use cors_core::Policy as CorePolicy;
use cors_xml::Form;

use super::output::{Output, clear};
use super::{form_of, guarded, own_form, utf8};
use crate::error::Error;
use crate::policy::Policy;
use crate::text::{Lent, Name, Text, lent};

/// `cors_engine_page`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Page<'a> {
    /// Its origin.
    pub origin: Text<'a>,
    /// The method of its request.
    pub method: Text<'a>,
    /// The headers of its request.
    pub headers: Lent<'a, Text<'a>>,
    /// 1: the credentials mode is `include`.
    pub credentials: u8,
}

/// Explains what a page can read, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_explain(
    provider_or_form: Name<'_>,
    policy: Option<&Policy<'_>>,
    page: Option<&Page<'_>>,
    json: Option<&mut Output<'_>>,
) -> c_int {
    guarded(|| {
        let json = json.ok_or(Error::Null)?;
        clear(Some(json))?;
        let form = own_form(provider_or_form)?;
        let policy = policy.ok_or(Error::Null)?.view()?;
        write_explanation(policy, form, page, json)
    })
}

/// Explains what a page can read under a document, as JSON, in the words of the document's form.
///
/// # Safety
///
/// `text` is NULL, or points to `text_len` bytes that do not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_explain_document(
    provider_or_form: Name<'_>,
    text: *const c_char,
    text_len: usize,
    page: Option<&Page<'_>>,
    json: Option<&mut Output<'_>>,
) -> c_int {
    // SAFETY: the caller's promise.
    let text = unsafe { lent(text.cast::<u8>(), text_len) };
    guarded(|| {
        let json = json.ok_or(Error::Null)?;
        clear(Some(json))?;
        let text = text?;
        let form = form_of(provider_or_form, text)?;
        let document = form.parse(text).map_err(|_| Error::Document)?;
        let image = document.compile().map_err(|_| Error::Internal)?;
        write_explanation(&image.as_policy(), form, page, json)
    })
}

fn write_explanation(
    policy: &CorePolicy<'_>,
    form: Form<'_>,
    page: Option<&Page<'_>>,
    json: &mut Output<'_>,
) -> Result<(), Error> {
    let page = core_page(page.ok_or(Error::Null)?)?;
    let explanation = explain(policy, form, &page);
    let text = serde_json::to_string(&explanation).map_err(|_| Error::Internal)?;
    json.write_text(&text)
}

fn core_page(page: &Page<'_>) -> Result<CorePage, Error> {
    let mut core =
        CorePage::new(utf8(&page.origin)?, utf8(&page.method)?).map_err(|_| Error::Page)?;
    for header in page.headers.values()? {
        core = core.with_header(utf8(header)?).map_err(|_| Error::Page)?;
    }
    Ok(core.with_credentials(page.credentials != 0))
}
