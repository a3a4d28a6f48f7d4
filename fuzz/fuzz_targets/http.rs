//! Fuzzes `conformance::targets::http`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::http(input));
