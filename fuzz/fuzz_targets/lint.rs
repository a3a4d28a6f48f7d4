//! Fuzzes `conformance::targets::lint`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::lint(input));
