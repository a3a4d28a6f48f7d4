//! Fuzzes `conformance::targets::header_output`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::header_output(input));
