//! Why a page's request needs a preflight, and what that asks for.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

/// The reasons why a request needs a CORS-preflight request. Without a reason, none is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightNeed {
    /// The method is not CORS-safelisted.
    pub method: bool,
    /// The CORS-unsafe request-header names.
    pub header_names: BTreeSet<String>,
}

impl PreflightNeed {
    /// Whether a preflight is needed.
    pub fn is_needed(&self) -> bool {
        self.method || !self.header_names.is_empty()
    }

    /// The reason as a word that is stable across versions.
    pub fn reason(&self) -> Option<&'static str> {
        match (self.method, self.header_names.is_empty()) {
            (true, true) => Some("method"),
            (true, false) => Some("method_and_headers"),
            (false, false) => Some("headers"),
            (false, true) => None,
        }
    }

    /// The value of Access-Control-Request-Headers, joined with `,`
    /// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 5).
    pub fn header_line(&self) -> Option<String> {
        (!self.header_names.is_empty()).then(|| {
            let names: Vec<&str> = self.header_names.iter().map(String::as_str).collect();
            names.join(",")
        })
    }
}
