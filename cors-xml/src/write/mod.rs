//! Writing configurations, in every notation. Needs no allocator.

mod escape;
mod json;
mod members;
mod terraform;
mod xml;
mod yaml;

pub use escape::escape_text;
pub(crate) use escape::{Escaping, write_text, write_value};
pub(crate) use members::{Quoting, write_string};

/// The max age that browsers assume if a response has none, in seconds
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)). It is written where a rule must
/// have a max age but has none.
pub const DEFAULT_MAX_AGE_SECONDS: i32 = 5;
