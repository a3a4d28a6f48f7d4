//! The reference: what a CORS configuration means, provider by provider, without regard to speed.
//!
//! Read it next to the specification, `docs/semantics.md`, line by line: [`evaluate`] (sections 1
//! and 2), [`check`] (section 3, the part about rules) and [`wire`] (section 4, preflights).
//! "Section N" in this crate is a section of that page, and a comment that starts with `Choice:`
//! marks what the page leaves open: it is this project's decision, not a fact.
//!
//! The **vectors** are recorded and transcribed behaviour, kept as data under `vectors/`:
//! [`vectors`] reads them, [`suite`] runs them against any implementation. [`case_text`] reads and
//! writes a case as lines of text.
//!
//! The crate depends on no other crate of this project, so it shares no code with the engine that
//! is compared with it.

pub mod case_text;
pub mod check;
mod decide;
mod embedded;
mod evaluate;
pub mod model;
mod pattern;
pub mod question;
mod response;
pub mod suite;
mod syntax;
pub mod vectors;
pub mod wire;

pub use decide::{HEADER_BYTES_MAX, HEADER_ITEMS_MAX, ORIGIN_BYTES_MAX};
pub use evaluate::evaluate;
pub use pattern::{
    header_matches, matches, origin_matches, origin_matches_in, without_default_port,
};

/// The code in this crate's README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
