//! The laws, on generated cases, on recorded ones, and on ones that are made to be expensive. One program: it is linked
//! once, and its tests share the processors.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

mod advice;
mod bit_flips;
mod corpus;
mod follow;
mod generated;
mod generated_cases;
mod hostile_documents;
