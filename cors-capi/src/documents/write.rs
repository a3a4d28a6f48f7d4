//! Images to documents.

use core::ffi::c_int;
use std::string::String;
use std::vec::Vec;

use cors_core::{Configuration, Rule};

use super::output::{Output, clear};
use super::{guarded, own_form};
use crate::error::Error;
use crate::policy::Policy;
use crate::text::Name;

/// Writes the rules of a policy as a document.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_write_document(
    provider_or_form: Name<'_>,
    policy: Option<&Policy<'_>>,
    document: Option<&mut Output<'_>>,
) -> c_int {
    guarded(|| {
        let document = document.ok_or(Error::Null)?;
        clear(Some(document))?;
        let form = own_form(provider_or_form)?;
        let policy = policy.ok_or(Error::Null)?.view()?;
        let rules: Vec<Rule<'_>> = policy.rules().collect();
        let configuration = Configuration {
            response_vary: policy.response_vary(),
            ..Configuration::new(&form.provider().dialect, &rules)
        };
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = form.write(&configuration, &mut text);
        document.write_text(&text)
    })
}
