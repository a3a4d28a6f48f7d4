//! Writes the seeds of the fuzz corpora: generated cases, their images, the documents of the
//! vectors, and requests about both.
//!
//! `cargo run -p conformance --example seed_corpora`

use std::fs;
use std::path::Path;

use conformance::{engine, generate};
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reference::{case_text, vectors};

/// The number of seeds per target; a fuzzer adds its own.
const SEEDS: usize = 24;

/// The targets whose inputs are cases.
const TARGETS_OF_CASES: [&str; 6] = [
    "compile_and_decide",
    "request_headers",
    "header_output",
    "lint",
    "advice",
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
    let bytes = proptest::collection::vec(any::<u8>(), 200..600);
    for index in 0..SEEDS {
        if let Ok(tree) = bytes.new_tree(&mut runner) {
            write("structured", &format!("seed-{index:02}"), &tree.current())?;
        }
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
            let document = fs::read(&path)?;
            write("parse_document", &name, &document)?;
            write("http", &name, &messages_about(&name, &document))?;
        }
    }
    Ok(())
}

/// A document that is put, returned, put with errors, used for preflights and removed.
fn messages_about(name: &str, document: &[u8]) -> Vec<u8> {
    let provider = if name.contains("oss") { "oss" } else { "s3" };
    let text = String::from_utf8_lossy(document);
    let origin = text
        .split("<AllowedOrigin>")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .map_or("https://a.example".to_owned(), |origin| {
            origin.replace('*', "x")
        });
    format!(
        "provider {provider}\n\
         OPTIONS /photos/a\norigin: {origin}\naccess-control-request-method: GET\n\n\n--\n\
         PUT /photos?cors\ncontent-md5: right\nx-pieces: 7\norigin: {origin}\n\n{text}\n--\n\
         PUT /photos?cors\nx-torn: 1\n\n{text}\n--\n\
         GET /photos?cors\n\n\n--\n\
         PUT /photos?cors\ncontent-md5: AAAAAAAAAAAAAAAAAAAAAA==\n\n{text}\n--\n\
         OPTIONS /photos/a\norigin: {origin}\naccess-control-request-method: PUT\n\
         access-control-request-headers: x-a, Content-Type\naccess-control-request-headers: X-B\n\n\n--\n\
         GET /photos/a\norigin: {origin}\nx-vary: Accept-Encoding, ORIGIN\n\n\n--\n\
         DELETE /photos?cors\n\n\n--\nGET /photos?cors\n"
    )
    .into_bytes()
}
