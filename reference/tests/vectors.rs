//! Runs every vector about rules and requests against the reference.

use std::collections::BTreeSet;
use std::fs;

use reference::model::Configuration;
use reference::suite::{self, Subject};
use reference::{check, evaluate, vectors};

#[test]
fn the_reference_answers_every_vector_as_recorded_apart_from_known_differences() {
    let report = suite::run(Subject { evaluate, accepts });
    println!("{report}");
    assert!(report.problems.is_empty(), "{}", report.problems.join("\n"));
}

fn accepts(configuration: &Configuration, one_bare_wildcard_per_rule: bool) -> bool {
    let second_wildcard =
        one_bare_wildcard_per_rule && !check::second_bare_wildcards(configuration).is_empty();
    check::faults(configuration).is_empty()
        && check::missing_rule(configuration).is_none()
        && !second_wildcard
}

#[test]
fn a_case_name_is_unique_in_its_suite() {
    let mut names = BTreeSet::new();
    for row in vectors::rows().unwrap() {
        assert!(
            names.insert((row.suite.clone(), row.case.clone())),
            "{}: {} again",
            row.position,
            row.case
        );
    }
}

#[test]
fn every_data_file_is_compiled_in() {
    let listed = |folder: &str, end: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(vectors::directory().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(end)).collect()
    };
    let rows = vectors::rows().unwrap();
    let files = rows.iter().map(|row| row.position.split(':').next());
    let files: BTreeSet<String> = files.map(|file| file.unwrap().to_owned()).collect();
    assert_eq!(files, listed("", ".jsonl"));
    let documents = vectors::documents().unwrap();
    let files: BTreeSet<String> = documents.iter().map(|one| one.file.clone()).collect();
    assert_eq!(files, listed("xml", ".xml"));
    for document in documents {
        assert_eq!(document.body.len(), document.bytes, "{}", document.file);
    }
}
