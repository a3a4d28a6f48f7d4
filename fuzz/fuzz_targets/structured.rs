//! Fuzzes `conformance::targets::structured`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::structured(input));
