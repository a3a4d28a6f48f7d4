//! Replays the fuzz corpora, so that interesting inputs found by a fuzzer stay tests.

use std::fs;
use std::path::Path;

use conformance::{generate, targets};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reference::case_text;

#[test]
fn every_input_of_every_corpus_satisfies_its_law() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, target) in targets::ALL {
        let mut count = 0;
        for entry in fs::read_dir(corpora.join(name)).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target(&fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 0, "no corpus for {name}");
    }
}

#[test]
fn a_case_survives_its_text() {
    let mut runner = TestRunner::deterministic();
    let cases = generate::case();
    let mut kept = 0;
    for _ in 0..500 {
        let (configuration, request) = cases.new_tree(&mut runner).unwrap().current();
        let text = case_text::write(&configuration, &request);
        // A line feed inside a value ends its line.
        let lines = lines_of(&text);
        let words = case_text::write(&case_text::parse(&text).0, &case_text::parse(&text).1);
        if lines_of(&words) == lines {
            assert_eq!(case_text::parse(&text), (configuration, request));
            kept += 1;
        }
    }
    assert!(kept > 400, "only {kept} cases survived");
}

fn lines_of(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').count()
}
