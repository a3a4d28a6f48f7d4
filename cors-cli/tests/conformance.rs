//! `cors conformance`: against `cors serve`, and against a scripted server that logs what is sent.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

mod server;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use server::Server;

const KEY: [(&str, &str); 2] = [
    ("CORS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("CORS_ACCESS_KEY_SECRET", "secret"),
];

fn conformance(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cors"));
    command.args(["conformance", url]).args(arguments).envs(KEY);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `cors serve` in memory, and its URL.
fn local(dialect: &str) -> (Server, String) {
    let arguments = ["--anonymous", "--dialect", dialect];
    let server = Server::start("memory:", &arguments, &KEY, Stdio::null());
    let url = format!("http://{}", server.address);
    (server, url)
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{} {}", text(&output.stdout), text(&output.stderr)))
}

/// The rows of the least known level too: this is the server of this engine.
#[test]
fn the_server_of_this_engine_answers_every_row_as_the_provider() {
    for (dialect, least) in [("s3", 200), ("oss", 90)] {
        let (_server, url) = local(dialect);
        let arguments = ["--dialect", dialect, "--level", "choice", "--json"];
        let output = conformance(&url, &arguments).output().unwrap();
        let report = report(&output);
        let rows = report["rows"].as_array().unwrap();
        let differing: Vec<&Value> = rows
            .iter()
            .filter(|row| row["verdict"] != "same" && row["verdict"] != "not_askable")
            .collect();
        assert!(differing.is_empty(), "{differing:#?}");
        assert_eq!(output.status.code(), Some(0));
        let counts = &report["counts"];
        assert!(counts["asked"].as_u64().unwrap() >= least, "{counts}");
        assert_eq!(counts["asked"], counts["same"]);
        for row in rows {
            assert!(!row["source"].as_str().unwrap().is_empty(), "{row}");
            let is_asked = row["verdict"] == "same";
            assert_eq!(row["server"].is_object(), is_asked, "{row}");
        }
        // It is as it was: every name is free again.
        let listed = ask(&url, "GET / HTTP/1.1");
        assert!(!listed.contains("cors-conformance"), "{listed}");
    }
}

#[test]
fn a_report_for_continuous_integration_is_well_formed_and_counts_as_the_other() {
    let (_server, url) = local("oss");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance.xml");
    let output = conformance(&url, &["--dialect", "oss", "--json", "--junit"])
        .arg(&path)
        .output()
        .unwrap();
    let counts = &report(&output)["counts"];
    let xml = std::fs::read_to_string(&path).unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut cases, mut skipped) = (0u64, 0u64);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
                match tag.name().as_ref() {
                    "testcase" => cases += 1,
                    "skipped" => skipped += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let asked = counts["asked"].as_u64().unwrap();
    assert_eq!(Some(skipped), counts["not_askable"].as_u64());
    assert_eq!(cases, asked + skipped);
    assert!(xml.contains(&format!(" tests=\"{cases}\" ")), "{xml}");
}

#[test]
fn wrong_input_is_said_with_what_to_change() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let two = folder.join("two-keys");
    std::fs::write(&two, "A:one\nB:two\n").unwrap();
    let two = two.to_str().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let closed = format!("http://{}", free.unwrap());
    let page = Scripted::start(Script::NotAnObjectServer);
    let anything = Scripted::start(Script::AnythingGoes);
    let s3 = ["--dialect", "s3"];
    for (url, arguments, said) in [
        ("127.0.0.1:9000", &s3[..], "give a whole URL"),
        ("ftp://127.0.0.1", &s3, "http:// or https://"),
        ("http://127.0.0.1:9000/bucket", &s3, "without a path"),
        ("http://no-such-host.invalid", &s3, "the host is not known"),
        (closed.as_str(), &s3, "connection refused"),
        (
            &closed,
            &["--dialect", "s3", "--credentials", "/no/such/file"],
            "/no/such/file",
        ),
        (
            &closed,
            &["--dialect", "s3", "--credentials", two],
            "there are 2 keys to sign with",
        ),
        (
            &closed,
            &["--dialect", "s3", "--region", "a/b"],
            "a region is",
        ),
        (&closed, &["--dialect", "azure"], "invalid value 'azure'"),
        (&closed, &[], "--dialect"),
        (
            &closed,
            &["--dialect", "s3", "--only", "no such row"],
            "selects no row",
        ),
        (&page.url, &s3, "no bucket can be made"),
        (&anything.url, &s3, "random names of buckets are all taken"),
    ] {
        let output = conformance(url, arguments).output().unwrap();
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{url} {arguments:?} {error}");
        assert!(error.contains(said), "{url} {arguments:?}: {error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn nothing_is_sent_in_a_dry_run() {
    let server = Scripted::start(Script::Normal);
    let output = conformance(&server.url, &["--dialect", "s3", "--dry-run"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("/cors-conformance-XXXXXXXXXXXXXXXX/cors-conformance"));
    assert!(server.log().is_empty());
}

#[test]
fn a_bucket_that_somebody_has_gets_nothing_but_the_question_whether_it_is_there() {
    for script in [Script::FirstIsThere, Script::FirstIsTaken] {
        let server = Scripted::start(script);
        let arguments = ["--dialect", "s3", "--only", "localstack", "--settle", "0"];
        let output = conformance(&server.url, &arguments).output().unwrap();
        assert_ne!(output.status.code(), Some(2), "{}", text(&output.stderr));
        let log = server.log();
        let first = bucket_of(&log[0]);
        let to_first: Vec<&str> = log
            .iter()
            .filter(|line| bucket_of(line) == first)
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        let allowed: &[&str] = match script {
            Script::FirstIsThere => &["HEAD"],
            // Putting it was the question.
            _ => &["HEAD", "PUT"],
        };
        assert_eq!(to_first, allowed);
        is_as_it_was(&log[to_first.len()..], &server);
    }
}

#[test]
fn the_bucket_is_removed_after_an_error() {
    let server = Scripted::start(Script::NoAnswerToPreflights);
    let arguments = ["--dialect", "s3", "--settle", "0"];
    let output = conformance(&server.url, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(error.contains("3 rows had no answer"), "{error}");
    is_as_it_was(&server.log(), &server);
}

#[cfg(unix)]
#[test]
fn the_bucket_is_removed_after_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let server = Scripted::start(Script::Normal);
        let arguments = ["--dialect", "s3", "--settle", "0"];
        let mut command = conformance(&server.url, &arguments);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let child = child.unwrap();
        while server.log().len() < 12 {
            thread::sleep(Duration::from_millis(2));
        }
        let id = child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("stopped by a signal"), "{error}");
        is_as_it_was(&server.log(), &server);
    }
}

#[test]
fn a_bucket_that_cannot_be_removed_is_named() {
    let server = Scripted::start(Script::NeverRemoved);
    let arguments = ["--dialect", "s3", "--settle", "0", "--only", "localstack"];
    let output = conformance(&server.url, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    let bucket = bucket_of(&server.log()[0]).to_owned();
    assert!(
        error.contains(&format!("the bucket {bucket} is left")),
        "{error}"
    );
    assert!(error.contains(&format!("s3://{bucket}")), "{error}");
    assert!(error.contains("409 BucketNotEmpty"), "{error}");
}

/// One bucket was asked, what was put is deleted, and the last change is that it is gone.
fn is_as_it_was(log: &[String], server: &Scripted) {
    let bucket = bucket_of(&log[0]);
    assert!(
        bucket.starts_with("cors-conformance-") && bucket.len() == 33,
        "{bucket}"
    );
    for line in log {
        assert_eq!(bucket_of(line), bucket, "{line}");
    }
    let deletes = format!("DELETE /{bucket}");
    assert!(log.contains(&deletes), "{log:#?}");
    let left = server.state.lock().unwrap();
    assert!(left.objects.is_empty(), "{:?}", left.objects);
    assert!(left.buckets.is_empty(), "{:?}", left.buckets);
}

/// The bucket in a line of the log, such as `PUT /b/k?cors`.
fn bucket_of(line: &str) -> &str {
    let path = line.split(' ').nth(1).unwrap();
    let path = path.trim_start_matches('/');
    path.split(['/', '?']).next().unwrap()
}

/// How a scripted server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    /// An object server without CORS.
    Normal,
    /// The first bucket that is asked about is there.
    FirstIsThere,
    /// The first bucket that is put is somebody else's.
    FirstIsTaken,
    NoAnswerToPreflights,
    NeverRemoved,
    NotAnObjectServer,
    AnythingGoes,
}

/// A server that logs the method and the target of each request.
struct Scripted {
    url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    log: Vec<String>,
    buckets: Vec<String>,
    objects: Vec<String>,
    is_first: bool,
}

impl Scripted {
    fn start(script: Script) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            is_first: true,
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = answer(script, stream.unwrap(), &shared);
            }
        });
        Scripted { url, state }
    }

    fn log(&self) -> Vec<String> {
        self.state.lock().unwrap().log.clone()
    }
}

fn answer(script: Script, stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        // A value may be no UTF-8.
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        head.push_str(&text(&line));
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body)?;
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let mut state = state.lock().unwrap();
    state.log.push(format!("{method} {target}"));
    let Some((status, body)) = reply(script, method, target, &mut state) else {
        return Ok(());
    };
    let body = if method == "HEAD" {
        String::new()
    } else {
        body
    };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn reply(script: Script, method: &str, target: &str, state: &mut State) -> Option<(u16, String)> {
    let error = |status, code: &str| Some((status, format!("<Error><Code>{code}</Code></Error>")));
    let done = |status| Some((status, String::new()));
    let bucket = target.split(['/', '?']).nth(1).unwrap().to_owned();
    let key = target
        .trim_start_matches('/')
        .split_once('/')
        .map(|(_, key)| key);
    let has_query = target.contains('?');
    let is_first = state.is_first;
    match (script, method) {
        (Script::AnythingGoes, _) => return done(200),
        (Script::NotAnObjectServer, "GET" | "HEAD") => return done(404),
        (Script::NotAnObjectServer, _) => return done(405),
        (Script::FirstIsThere, "HEAD") if is_first => {
            state.is_first = false;
            return done(200);
        }
        (Script::FirstIsTaken, "PUT") if is_first => {
            state.is_first = false;
            return error(409, "BucketAlreadyExists");
        }
        (Script::NoAnswerToPreflights, "OPTIONS") => return None,
        (Script::NeverRemoved, "DELETE") if key.is_none() && !has_query => {
            return error(409, "BucketNotEmpty");
        }
        _ => {}
    }
    let is_there = state.buckets.contains(&bucket);
    match (method, key, has_query) {
        ("PUT", None, false) => {
            state.buckets.push(bucket);
            done(200)
        }
        _ if !is_there => error(404, "NoSuchBucket"),
        ("PUT", Some(key), false) => {
            state.objects.push(key.to_owned());
            done(200)
        }
        ("GET", Some(key), false) if state.objects.iter().any(|other| other == key) => {
            Some((200, "cors-conformance".to_owned()))
        }
        ("DELETE", Some(key), false) => {
            state.objects.retain(|other| other != key);
            done(204)
        }
        ("DELETE", None, false) if state.objects.is_empty() => {
            state.buckets.clear();
            done(204)
        }
        ("DELETE", None, false) => error(409, "BucketNotEmpty"),
        ("DELETE", ..) => done(204),
        ("PUT" | "HEAD", ..) => done(200),
        ("OPTIONS", ..) => error(403, "AccessForbidden"),
        _ => error(404, "NoSuchKey"),
    }
}

/// The answer to a request without a body, as text.
fn ask(url: &str, line: &str) -> String {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{line}\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    text(&bytes)
}
