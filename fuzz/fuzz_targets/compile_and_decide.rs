//! Fuzzes `conformance::targets::compile_and_decide`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance::targets::compile_and_decide(input));
