//! Writing configurations, in XML and in JSON. Needs no allocator.

mod escape;
mod json;
mod xml;

pub use escape::escape_text;
pub(crate) use escape::{Escaping, write_text, write_value};
pub(crate) use json::write_string;

/// The max age that browsers assume if a response has none, in seconds
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)). It is written where a rule must
/// have a max age but has none.
pub const DEFAULT_MAX_AGE_SECONDS: i32 = 5;
