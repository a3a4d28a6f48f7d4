//! Conformance: the evidence that the engine's answers follow the specification.
//!
//! For development only, never published. The crate [`reference`](mod@reference) answers for the
//! specification; this crate has
//!
//! - [`engine`], the engine with the reference's types, which is all that is built without the feature `laws`;
//! - [`providers`], what the crates around the engine say, with the same types;
//! - the [`laws`], which hold for every configuration, request, image and document, most of them by
//!   comparison with the reference: tests and fuzz targets call the same functions;
//! - [`follow()`](follow::follow), which carries out advice by its words;
//! - the cases to test them with: [`generate`] makes configurations and requests that collide,
//!   [`structured`] makes them from a fuzzer's bytes, [`messages`] reads HTTP requests from text;
//! - the [`targets`], which run a law on any bytes; `fuzz/README.md` says how an external harness
//!   uses them.

pub mod engine;
#[cfg(feature = "laws")]
pub mod follow;
#[cfg(feature = "laws")]
pub mod generate;
#[cfg(feature = "laws")]
pub mod laws;
#[cfg(feature = "laws")]
pub mod messages;
#[cfg(feature = "laws")]
pub mod providers;
#[cfg(feature = "laws")]
pub mod structured;
#[cfg(feature = "laws")]
pub mod targets;

/// The code in the project's README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The code in the fuzz targets' README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../fuzz/README.md")]
struct FuzzReadme;

/// The code in the pages of docs, one for each reader, compiled and run.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../docs/for-storage-servers.md")]
    struct StorageServers;

    #[doc = include_str!("../../docs/for-proxies.md")]
    struct Proxies;

    #[doc = include_str!("../../docs/for-firmware.md")]
    struct Firmware;

    #[doc = include_str!("../../docs/for-fuzzing.md")]
    struct Fuzzing;
}
