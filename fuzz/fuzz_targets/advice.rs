//! Fuzzes `conformance::targets::advice`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::advice(input));
