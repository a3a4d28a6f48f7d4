//! Writing configurations, in XML and in JSON. Needs no allocator.

mod escape;
mod json;
mod xml;

pub use escape::escape_text;
pub(crate) use escape::{Escaping, write_text};

/// What browsers take where an answer has no max age, in seconds
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)): written where a rule must have one and has none.
pub const DEFAULT_MAX_AGE_SECONDS: i32 = 5;
