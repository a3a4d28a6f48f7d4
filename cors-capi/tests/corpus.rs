//! Replays the corpus of the fuzz target `capi`, and holds the vectors to its law.

mod law;

use std::fs;
use std::path::Path;

use reference::question::Question;
use reference::vectors;

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
fn every_vector_satisfies_the_law() {
    let mut count = 0;
    for row in vectors::rows().unwrap() {
        if let Question::Evaluate(configuration, request) = row.question().unwrap() {
            law::same_answer_for(&configuration, &request);
            count += 1;
        }
    }
    assert!(count > 400, "only {count} vectors");
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
