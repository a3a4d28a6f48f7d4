//! Conformance: the evidence that the engine answers what the specification says.
//!
//! Development only, never published. It holds three things that share no code with the engine:
//!
//! - a **reference**, slow and allocating, written to be read beside the specification line by line:
//!   [`evaluate`] (sections 1 and 2), [`check`] (section 3, as far as rules go) and [`wire`] (section 4, preflights);
//! - the **vectors**, recorded and transcribed behaviour kept as data under `vectors/`, read by [`vectors`] and put to
//!   any implementation by [`suite`];
//! - the **generated cases** of [`generate`], configurations and requests made to collide.
//!
//! The [`targets`] take any bytes; how an outside harness uses them is told in `fuzz/README.md`.
//!
//! The modules named so far never mention the engine. [`engine`] converts between its types and [`model`]'s plain ones,
//! and [`laws`] compares: tests and fuzz targets call the same functions.

pub mod bucket_service;
pub mod case_text;
pub mod check;
pub mod documents;
pub mod engine;
pub mod exchanges;
pub mod generate;
pub mod laws;
pub mod messages;
pub mod model;
mod pattern;
pub mod question;
mod reference;
mod response;
pub mod structured;
pub mod suite;
pub mod targets;
pub mod vectors;
pub mod wire;

pub use pattern::{header_matches, matches, origin_matches};
pub use reference::evaluate;

/// The code in the project's README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The code in the fuzz targets' README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../fuzz/README.md")]
struct FuzzReadme;
