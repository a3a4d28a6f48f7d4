//! Fuzzes `conformance::targets::from_bytes`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::from_bytes(input));
