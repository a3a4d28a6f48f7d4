//! Fuzzes the law of cors-capi, which calls what C calls.
#![no_main]

#[path = "../../cors-capi/tests/law/mod.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|input: &[u8]| law::holds(input));
