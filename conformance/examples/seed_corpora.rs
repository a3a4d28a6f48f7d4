//! Writes the seeds of the fuzz corpora: generated cases, their images, and the documents of the vectors.
//!
//! `cargo run -p conformance --example seed_corpora`

use std::fs;
use std::path::Path;

use conformance::{case_text, engine, generate, vectors};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Seeds of a target; a fuzzer adds what it finds.
const SEEDS: usize = 24;

/// The targets whose inputs are cases.
const TARGETS_OF_CASES: [&str; 5] = [
    "compile_and_decide",
    "request_headers",
    "header_output",
    "lint",
    "convert",
];

fn main() -> std::io::Result<()> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = corpora.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    let mut runner = TestRunner::deterministic();
    let cases = generate::case();
    let mut index = 0;
    while index < SEEDS {
        let Ok(tree) = cases.new_tree(&mut runner) else {
            continue;
        };
        let (configuration, request) = tree.current();
        let text = case_text::write(&configuration, &request);
        if text.len() > 2048 || configuration.rules.is_empty() {
            continue;
        }
        let name = format!("seed-{index:02}");
        for target in TARGETS_OF_CASES {
            write(target, &name, &text)?;
        }
        if let Ok(image) = engine::compile(&configuration) {
            write("from_bytes", &name, &image)?;
        }
        index += 1;
    }
    for entry in fs::read_dir(vectors::directory().join("xml"))? {
        let path = entry?.path();
        let small = fs::metadata(&path)?.len() < 2048;
        if small && path.extension().is_some_and(|extension| extension == "xml") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            write("parse_document", &name, &fs::read(&path)?)?;
        }
    }
    Ok(())
}
