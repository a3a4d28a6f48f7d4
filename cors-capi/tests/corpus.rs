//! Replays the corpus of the fuzz target `capi`, and the cases of the laws.

mod law;

use std::fs;
use std::path::Path;

use conformance::generate;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reference::case_text;

#[test]
fn every_input_of_the_corpus_satisfies_the_law() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/capi");
    let mut count = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        law::holds(&fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 20, "only {count} inputs");
}

#[test]
fn generated_cases_satisfy_the_law() {
    let mut runner = TestRunner::deterministic();
    let cases = generate::case();
    for _ in 0..500 {
        let (configuration, request) = cases.new_tree(&mut runner).unwrap().current();
        law::holds(&case_text::write(&configuration, &request));
    }
}

#[test]
fn more_lines_than_are_passed_on_are_a_request_that_is_too_large() {
    for lines in [32, 33, 40] {
        let text = format!(
            "dialect oss\nrule\norigin *\nmethod GET\nheader *\nrequest OPTIONS\nfrom https://a.example\nmethod GET\n{}",
            "names x-a\n".repeat(lines)
        );
        law::holds(text.as_bytes());
    }
}
