//! Explanations.

use core::ffi::c_int;

use cors_advice::browser::Page as CorePage;
use cors_advice::explain::explain;

use super::output::{Output, clear};
use super::{guarded, own_form, utf8};
use crate::error::Error;
use crate::policy::Policy;
use crate::text::{Lent, Name, Text};

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
        let page = core_page(page.ok_or(Error::Null)?)?;
        let explanation = explain(policy, form, &page);
        let text = serde_json::to_string(&explanation).map_err(|_| Error::Internal)?;
        json.write_text(&text)
    })
}

fn core_page(page: &Page<'_>) -> Result<CorePage, Error> {
    let mut core =
        CorePage::new(utf8(&page.origin)?, utf8(&page.method)?).map_err(|_| Error::Page)?;
    for header in page.headers.values()? {
        core = core.with_header(utf8(header)?).map_err(|_| Error::Page)?;
    }
    Ok(core.with_credentials(page.credentials != 0))
}
