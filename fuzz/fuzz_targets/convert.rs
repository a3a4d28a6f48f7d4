//! Fuzzes `conformance::targets::convert`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::convert(input));
