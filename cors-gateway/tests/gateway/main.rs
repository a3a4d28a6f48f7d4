//! The gateway as its clients see it, in this process; tests that need a separate process are in
//! cors-cli.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

mod access;
mod client;
mod configurations;
mod digests;
mod doors;
mod forms;
mod limits;
mod lists;
mod objects;
mod page;
mod parts;
mod refused;
