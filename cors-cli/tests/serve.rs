//! `cors serve` as a process: its arguments, its log, its page's `explain`, its signals, kill -9 in
//! the middle of writes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

mod server;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use server::Server;

/// A gateway process, and its log.
struct Gateway {
    server: Server,
    log: BufReader<std::process::ChildStderr>,
}

impl Gateway {
    fn start(store: &str, arguments: &[&str]) -> Gateway {
        let mut server = Server::start(store, arguments, &[], Stdio::piped());
        let log = BufReader::new(server.child.stderr.take().unwrap());
        Gateway { server, log }
    }

    fn anonymous(store: &str, dialect: &str) -> Gateway {
        Gateway::start(store, &["--anonymous", "--dialect", dialect])
    }

    fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        ask(&self.server.address, method, path, headers, body).unwrap()
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (other, value) = line.split_once(": ")?;
            other.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[&str],
    body: &[u8],
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    head += &["Host: ", address, "\r\n"].concat();
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head += &["Content-Length: ", &body.len().to_string(), "\r\n"].concat();
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    // The server may refuse and close the connection before it has read the whole body.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        read?;
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    Ok(Answer {
        status: head[9..12].parse().unwrap(),
        head,
        body: bytes[end + 4..].to_vec(),
    })
}

/// A folder of its own for each test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("serve-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn as_str(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn document(origin: &str) -> String {
    format!(
        "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
    )
}

#[test]
fn keys_come_from_a_file_and_each_request_is_a_line_on_standard_error() {
    let folder = Folder::new();
    let keys = folder.0.join("keys");
    std::fs::write(&keys, "AKIDEXAMPLE:secret\n").unwrap();
    let mut gateway = Gateway::start(
        "memory:",
        &["--dialect", "s3", "--credentials", keys.to_str().unwrap()],
    );
    for path in ["/photos/k", "/"] {
        let refused = gateway.ask("GET", path, &[], b"");
        assert_eq!(refused.status, 403, "{path}");
    }
    // A thread of its own writes the lines.
    let mut log = String::new();
    for _ in 0..2 {
        gateway.log.read_line(&mut log).unwrap();
    }
    gateway.server.child.kill().unwrap();
    gateway.log.read_to_string(&mut log).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["reason"], "unsigned");
}

#[test]
fn a_gateway_open_to_everyone_does_not_start() {
    for arguments in [
        &[][..],
        &["--anonymous", "--listen", "0.0.0.0:0"],
        &["--anonymous", "--dialect", "s3", "--v1-signatures"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_cors"))
            .args(["serve", "--store", "memory:"])
            .args(arguments)
            .env_remove("CORS_ACCESS_KEY_ID")
            .env_remove("CORS_ACCESS_KEY_SECRET")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[test]
fn a_key_that_anyone_could_guess_does_not_start_a_gateway() {
    let folder = Folder::new();
    let keys = folder.0.join("keys");
    for (variables, file, said) in [
        (
            Some(["", ""]),
            None,
            "CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET: the access key id is empty",
        ),
        (
            Some(["AKIDEXAMPLE", ""]),
            None,
            "the access key secret is empty",
        ),
        (
            None,
            Some("AKIDEXAMPLE:\n"),
            "keys: line 1: the access key secret is empty",
        ),
        (
            None,
            Some("A:one\nA:two\n"),
            "keys: line 2: there is a key with this id already",
        ),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cors"));
        command.args(["serve", "--store", "memory:", "--listen", "127.0.0.1:0"]);
        for (index, name) in ["CORS_ACCESS_KEY_ID", "CORS_ACCESS_KEY_SECRET"]
            .iter()
            .enumerate()
        {
            match variables {
                Some(values) => command.env(name, values[index]),
                None => command.env_remove(name),
            };
        }
        if let Some(text) = file {
            std::fs::write(&keys, text).unwrap();
            command.args(["--credentials", keys.to_str().unwrap()]);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn kill_nine_loses_nothing_acknowledged_and_leaves_nothing_half_written() {
    let folder = Folder::new();
    let big = |number: u32| vec![b'a' + u8::try_from(number % 26).unwrap(); 300_000];
    let mut acknowledged = (0u32, 0u32);
    // Eight kills, and more on a machine so slow that few writes happen in between.
    for round in 0..60u64 {
        if round >= 8 && acknowledged.0 > 8 && acknowledged.1 > 8 {
            break;
        }
        let mut gateway = Gateway::anonymous(folder.as_str(), "s3");
        gateway.ask("PUT", "/photos", &[], b"");
        let address = gateway.server.address.clone();
        let stop = AtomicBool::new(false);
        let (configuration, object) = std::thread::scope(|scope| {
            // Each writer counts up and reports the last acknowledged number and the last sent
            // number.
            let write = |start: u32, put: &(dyn Fn(u32) -> std::io::Result<u16> + Sync)| {
                let (mut done, mut sent) = (start, start);
                while !stop.load(Ordering::Relaxed) {
                    sent += 1;
                    match put(sent) {
                        Ok(200) => done = sent,
                        _ => break,
                    }
                }
                (done, sent)
            };
            let configure = |number: u32| {
                let document = document(&format!("https://n{number}.example"));
                ask(&address, "PUT", "/photos?cors", &[], document.as_bytes())
                    .map(|answer| answer.status)
            };
            let store = |number: u32| {
                let header = format!("x-amz-meta-number: {number}");
                ask(&address, "PUT", "/photos/k", &[&header], &big(number))
                    .map(|answer| answer.status)
            };
            let first = scope.spawn(move || write(acknowledged.0, &configure));
            let second = scope.spawn(move || write(acknowledged.1, &store));
            std::thread::sleep(Duration::from_millis(60 + 23 * round));
            gateway.server.child.kill().unwrap();
            stop.store(true, Ordering::Relaxed);
            (first.join().unwrap(), second.join().unwrap())
        });
        let gateway = Gateway::anonymous(folder.as_str(), "s3");
        let number = |text: &str, before: &str, after: &str| {
            let rest = &text[text.find(before).unwrap() + before.len()..];
            rest[..rest.find(after).unwrap()].parse::<u32>().unwrap()
        };
        if configuration.0 > 0 {
            let got = gateway.ask("GET", "/photos?cors", &[], b"");
            let found = number(got.text(), "https://n", ".example");
            assert!(
                (configuration.0..=configuration.1).contains(&found),
                "{found} of {configuration:?}"
            );
            acknowledged.0 = found;
        }
        if object.0 > 0 {
            let got = gateway.ask("GET", "/photos/k", &[], b"");
            let found = got.header("x-amz-meta-number").unwrap().parse().unwrap();
            assert!(
                (object.0..=object.1).contains(&found),
                "{found} of {object:?}"
            );
            assert!(
                got.body == big(found),
                "the bytes are not those of the metadata"
            );
            acknowledged.1 = found;
        }
    }
    assert!(
        acknowledged.0 > 8 && acknowledged.1 > 8,
        "{acknowledged:?}: too few writes to tell"
    );
}

#[test]
fn the_page_answers_as_explain_does() {
    let gateway = Gateway::start("memory:", &["--anonymous", "--page", "--dialect", "s3"]);
    let folder = Folder::new();
    let path = folder.0.join("bucket.xml");
    std::fs::write(&path, document("https://*.a.example")).unwrap();
    let arguments = [
        "--origin",
        "https://x.a.example",
        "--method",
        "PUT",
        "--header",
        "x-a",
        "--dialect",
        "s3",
        "--json",
    ];
    let explained = Command::new(env!("CARGO_BIN_EXE_cors"))
        .args(["explain", path.to_str().unwrap()])
        .args(arguments)
        .output()
        .unwrap();
    let question = serde_json::json!({
        "document": document("https://*.a.example"), "origin": "https://x.a.example", "method": "PUT", "headers": ["x-a"],
    });
    let json = ["Content-Type: application/json"];
    let answer = gateway.ask(
        "POST",
        "/_cors/explain",
        &json,
        question.to_string().as_bytes(),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.text(),
        String::from_utf8(explained.stdout).unwrap().trim_end()
    );
}

#[cfg(unix)]
#[test]
fn sigterm_lets_requests_in_progress_finish() {
    let mut gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let mut stream = TcpStream::connect(&gateway.server.address).unwrap();
    stream
        .write_all(b"PUT /photos/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let id = gateway.server.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        TcpStream::connect(&gateway.server.address).is_err(),
        "no new connections"
    );
    stream.write_all(b"cd").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(gateway.server.child.wait().unwrap().success());
}
