//! Fuzzes `conformance::targets::request_headers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::request_headers(input));
