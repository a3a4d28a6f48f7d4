//! Fuzzes `conformance::targets::parse_document`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::parse_document(input));
