//! Plays the browser by the [Fetch](https://fetch.spec.whatwg.org/) standard: what a page asks for, what is sent, and what the page
//! gets to see.

pub(crate) mod page;
pub(crate) mod safelist;
pub(crate) mod verdict;
