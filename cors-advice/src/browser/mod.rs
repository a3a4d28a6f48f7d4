//! A browser as the [Fetch](https://fetch.spec.whatwg.org/) standard defines it: what a page asks
//! for, what is sent, and what the page can read.

mod judge;
mod origin;
mod page;
mod preflight_need;
mod received;
mod safelist;
mod verdict;

pub use judge::judge;
pub(crate) use judge::rendered_headers;
pub use origin::sent_origin;
pub use page::{Page, PageError};
pub use preflight_need::PreflightNeed;
pub use received::Received;
pub(crate) use verdict::readable_headers;
pub use verdict::{CorsFailure, Failure};
