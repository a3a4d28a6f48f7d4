//! A reader that leaves early, as in `cors ... | head`: every command ends in silence, with its own
//! exit status.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::io::{Read, Write, pipe};
use std::process::{Command, Stdio};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/bucket.xml");
const OTHER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/new.xml");
const WRONG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/wrong.xml");
const REQUESTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../docs/examples/requests.jsonl"
);

/// Every command that prints, and its exit status when all is read.
fn commands() -> Vec<(Vec<&'static str>, i32)> {
    let page = ["--origin", "https://app.example", "--method", "PUT"];
    let explain = [&["explain", DOCUMENT][..], &page].concat();
    vec![
        ([&explain[..], &["--json"]].concat(), 0),
        (explain, 0),
        (
            vec![
                "explain",
                DOCUMENT,
                "--origin",
                "https://a.example",
                "--method",
                "DELETE",
            ],
            1,
        ),
        (vec!["decide", DOCUMENT, "--requests", REQUESTS], 0),
        (vec!["parse", DOCUMENT], 0),
        (vec!["parse", WRONG], 1),
        (vec!["write", DOCUMENT], 0),
        (vec!["lint", WRONG, "--json"], 1),
        (vec!["lint", OTHER, "--fail-on", "never"], 0),
        (vec!["lint", OTHER, "--fail-on", "never", "--sarif"], 0),
        (
            vec!["convert", DOCUMENT, "--from", "oss", "--to", "gcs-json"],
            0,
        ),
        (vec!["diff", DOCUMENT, OTHER], 1),
        (vec!["diff", DOCUMENT, OTHER, "--json"], 1),
        (vec!["completions", "bash"], 0),
        (vec!["man"], 0),
        (vec!["--help"], 0),
        (vec!["--version"], 0),
        (vec!["explain", "--help"], 0),
    ]
}

fn cors(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cors"));
    command.args(arguments).stdin(Stdio::null());
    command
}

#[test]
fn a_closed_standard_output_is_not_an_error() {
    for (arguments, status) in commands() {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let open = cors(&arguments).output().unwrap();
        let closed = cors(&arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert!(!open.stdout.is_empty(), "{arguments:?}");
        assert_eq!(open.status.code(), Some(status), "{arguments:?}");
        assert_eq!(closed.status.code(), Some(status), "{arguments:?}");
        assert_eq!(closed.stderr, open.stderr, "{arguments:?}");
    }
}

#[test]
fn a_closed_standard_error_is_not_an_error() {
    for arguments in [
        &["parse", WRONG][..],
        &["lint", WRONG],
        &["write", WRONG],
        &["convert", WRONG, "--from", "oss", "--to", "s3"],
        &[
            "explain",
            WRONG,
            "--origin",
            "https://a.example",
            "--method",
            "GET",
        ],
        &["explain"],
        &["inspect", WRONG],
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let open = cors(arguments).output().unwrap();
        let closed = cors(arguments)
            .stdout(Stdio::piped())
            .stderr(writer)
            .output()
            .unwrap();
        assert!(!open.stderr.is_empty(), "{arguments:?}");
        assert_eq!(closed.status.code(), open.status.code(), "{arguments:?}");
        assert_eq!(closed.stdout, open.stdout, "{arguments:?}");
    }
}

#[test]
fn decide_stops_reading_when_nobody_reads_its_answers() {
    let mut child = cors(&["decide", DOCUMENT, "--requests", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut requests = child.stdin.take().unwrap();
    let line = b"{\"method\": \"GET\", \"origin\": \"https://app.example\"}\n";
    requests.write_all(line).unwrap();
    let mut answers = child.stdout.take().unwrap();
    answers.read_exact(&mut [0; 8]).unwrap();
    drop(answers);
    // It ends although the requests go on; writing them then fails.
    while requests.write_all(line).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}
