#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(feature = "alloc", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "alloc"),
    doc = "Lint for bucket CORS rules, without an allocator."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod block;
#[cfg(feature = "alloc")]
pub mod browser;
#[cfg(feature = "alloc")]
pub mod convert;
#[cfg(feature = "alloc")]
pub mod diff;
#[cfg(feature = "alloc")]
pub mod edit;
#[cfg(feature = "alloc")]
pub mod explain;
mod header_names;
pub mod lint;
pub mod near_miss;
mod origin_bytes;
#[cfg(feature = "alloc")]
mod owners;
#[cfg(feature = "documents")]
pub mod source;
