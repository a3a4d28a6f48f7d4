//! An external fuzzing harness that compares another CORS implementation with the reference: any
//! bytes are a case, the reference answers it, and the shortest difference is printed as readable
//! text.
//!
//! `cargo run -p conformance --example outside_harness [FILE ...]`: the inputs come from a fuzzer
//! (AFL passes a file, libFuzzer and bolero the bytes) or, without a file, are generated. Status 1
//! if there is a difference.

use std::process::ExitCode;

use arbitrary::{Arbitrary, Unstructured};
use conformance::generate;
use conformance::structured::Case;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reference::model::{Configuration, DialectName, Request};
use reference::{case_text, check, evaluate};

fn main() -> ExitCode {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    let found: Vec<String> = if files.is_empty() {
        let mut runner = TestRunner::deterministic();
        let cases = generate::case_in(DialectName::S3);
        (0..5000)
            .filter_map(|_| cases.new_tree(&mut runner).ok())
            .filter_map(|tree| {
                let (configuration, request) = tree.current();
                difference(&configuration, &request)
            })
            .collect()
    } else {
        let inputs = files.iter().filter_map(|file| std::fs::read(file).ok());
        inputs.filter_map(|input| of_bytes(&input)).collect()
    };
    println!("{} cases are answered differently", found.len());
    match found.iter().min_by_key(|text| text.len()) {
        None => ExitCode::SUCCESS,
        Some(shortest) => {
            println!("{shortest}");
            ExitCode::FAILURE
        }
    }
}

/// The harness: the function that a fuzzer calls with its bytes.
fn of_bytes(input: &[u8]) -> Option<String> {
    let case = Case::arbitrary_take_rest(Unstructured::new(input)).ok()?;
    difference(&case.configuration(), &case.request())
}

/// The case as text, if the two differ.
fn difference(configuration: &Configuration, request: &Request) -> Option<String> {
    if configuration.dialect != DialectName::S3 || !check::faults(configuration).is_empty() {
        return None;
    }
    let expected = evaluate(configuration, request);
    let grants = expected.rule().is_some();
    (grants != is_granted(configuration, request)).then(|| {
        let text = case_text::write(configuration, request);
        let text = String::from_utf8_lossy(&text);
        format!("{text}the reference: {:?}", expected.decision)
    })
}

/// The implementation under test. This one has the mistakes of servers that accept an overlapping
/// prefix and suffix, and check the first header name only.
fn is_granted(configuration: &Configuration, request: &Request) -> bool {
    let Some(origin) = request.origin.as_ref().filter(|origin| !origin.is_empty()) else {
        return false;
    };
    let method = request
        .access_control_request_method
        .as_ref()
        .unwrap_or(&request.method);
    let matches = |pattern: &str, text: &str| match pattern.split_once('*') {
        Some((prefix, suffix)) => text.starts_with(prefix) && text.ends_with(suffix),
        None => pattern == text,
    };
    let origin = String::from_utf8_lossy(origin);
    let names = request.access_control_request_headers.concat();
    let names = String::from_utf8_lossy(&names).to_ascii_lowercase();
    let first = names
        .split(',')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned();
    configuration.rules.iter().any(|rule| {
        rule.allowed_origins
            .iter()
            .any(|pattern| matches(pattern, &origin))
            && rule
                .allowed_methods
                .iter()
                .any(|name| name.as_bytes() == method)
            && (first.is_empty()
                || rule
                    .allowed_headers
                    .iter()
                    .any(|pattern| matches(&pattern.to_ascii_lowercase(), &first)))
    })
}
