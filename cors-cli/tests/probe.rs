//! `cors probe` against `cors serve`, and against scripted servers with one fault each.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

mod program;
mod server;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use program::run;
use serde_json::Value;
use server::Server;

/// A server of a function from the head of a request, in lower case, to the response; an empty one
/// closes the connection.
struct Scripted {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.push(byte[0]);
                    // TLS, which no script speaks.
                    if head[0] < b'A' {
                        break;
                    }
                }
                let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
                seen.lock().unwrap().push(head.clone());
                let _ = stream.write_all(answer(&head).as_bytes());
            }
        });
        Scripted { address, heads }
    }

    fn url(&self) -> String {
        format!("http://{}/a.txt", self.address)
    }
}

/// The value of a request's header.
fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn response(status: &str, lines: &[&str]) -> String {
    let lines = [&[status], lines].concat().join("\r\n");
    format!("HTTP/1.1 {lines}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// What a right server answers: every origin, each by name.
fn granted(head: &str, lines: &[&str]) -> String {
    let origin =
        header(head, "origin").map(|origin| format!("Access-Control-Allow-Origin: {origin}"));
    let lines: Vec<&str> = origin
        .as_deref()
        .into_iter()
        .chain(lines.iter().copied())
        .collect();
    response("200 OK", &lines)
}

/// A cache that keeps the first answer to each method.
fn cached(inner: impl Fn(&str) -> String) -> impl Fn(&str) -> String {
    let (get, head_answer) = (OnceLock::new(), OnceLock::new());
    move |head| {
        let stored = if head.starts_with("get") {
            &get
        } else {
            &head_answer
        };
        let is_stored = stored.get().is_some();
        let answer: &String = stored.get_or_init(|| inner(head));
        if is_stored {
            answer.replacen("\r\n", "\r\nX-Cache: HIT\r\n", 1)
        } else {
            answer.clone()
        }
    }
}

/// Runs the probe. Returns exit status, the kinds of the findings, and the JSON object.
fn probe(arguments: &[&str]) -> (i32, Vec<String>, Value) {
    let (status, out, err) = run(&[&["probe", "--json"], arguments].concat(), "");
    let value: Value =
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    assert!(err.starts_with("Requests to http://"), "{err}");
    let findings = value["findings"].as_array().unwrap().iter();
    let kinds = findings.map(|finding| finding["kind"].as_str().unwrap().to_owned());
    (status, kinds.collect(), value)
}

const OWN: [&str; 2] = ["--origin", "https://app.example"];

#[expect(clippy::too_many_lines, reason = "a row for each fault")]
#[test]
fn each_fault_is_found_and_nothing_else_is_sent() {
    type Answer = Box<dyn Fn(&str) -> String + Send>;
    let preflighted = &["--method", "PUT", "--header", "x-a: 1"][..];
    let get = &["--method", "GET"][..];
    let status_of_options = |status: &'static str| -> Answer {
        Box::new(move |head| {
            if head.starts_with("options") {
                response(status, &[])
            } else {
                granted(head, &["Vary: Origin"])
            }
        })
    };
    let cases: Vec<(&str, &[&str], Answer)> = vec![
        ("", &[], Box::new(|head| granted(head, &["Vary: Origin"]))),
        (
            "",
            get,
            Box::new(|_| response("200 OK", &["Access-Control-Allow-Origin: *"])),
        ),
        (
            "no_allow_origin",
            get,
            Box::new(|_| response("200 OK", &[])),
        ),
        ("vary_missing", get, Box::new(|head| granted(head, &[]))),
        (
            "doubled_header",
            get,
            Box::new(|_| {
                response(
                    "200 OK",
                    &[
                        "Access-Control-Allow-Origin: *",
                        "Access-Control-Allow-Origin: *",
                    ],
                )
            }),
        ),
        (
            "redirected",
            get,
            Box::new(|head| {
                granted(
                    head,
                    &["Vary: Origin", "Location: https://elsewhere.example/"],
                )
                .replace("200 OK", "302 Found")
            }),
        ),
        (
            "star_with_credentials",
            &["--method", "GET", "--credentials"],
            Box::new(|_| {
                response(
                    "200 OK",
                    &[
                        "Access-Control-Allow-Origin: *",
                        "Access-Control-Allow-Credentials: true",
                    ],
                )
            }),
        ),
        (
            "any_origin_with_credentials",
            get,
            Box::new(|head| {
                granted(
                    head,
                    &["Vary: Origin", "Access-Control-Allow-Credentials: true"],
                )
            }),
        ),
        (
            "cache_mixes_origins",
            get,
            Box::new(cached(|head| granted(head, &[]))),
        ),
        (
            "cache_mixes_origins",
            get,
            Box::new(cached(|head| granted(head, &["Vary: Origin"]))),
        ),
        (
            "preflight_authenticated",
            preflighted,
            status_of_options("401 Unauthorized"),
        ),
        (
            "preflight_refused",
            preflighted,
            status_of_options("403 Forbidden"),
        ),
        (
            "preflight_not_handled",
            preflighted,
            status_of_options("405 Method Not Allowed"),
        ),
        (
            "preflight_redirected",
            preflighted,
            status_of_options("301 Moved Permanently"),
        ),
        (
            "method_not_allowed",
            preflighted,
            Box::new(|head| granted(head, &["Access-Control-Allow-Methods: GET"])),
        ),
        (
            "no_answer",
            &["--method", "GET", "--header", "x-a: 1"],
            Box::new(|head| {
                if head.starts_with("options") {
                    String::new()
                } else {
                    granted(head, &["Vary: Origin"])
                }
            }),
        ),
    ];
    for (kind, arguments, answer) in cases {
        let server = Scripted::start(answer);
        let url = server.url();
        let (status, kinds, value) = probe(&[&[url.as_str()], &OWN[..], arguments].concat());
        let wanted: Vec<&str> = Some(kind)
            .filter(|kind| !kind.is_empty())
            .into_iter()
            .collect();
        assert_eq!(kinds, wanted, "{value}");
        assert_eq!(status, i32::from(!kind.is_empty()));
        let listed: Vec<String> = value["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|request| request["method"].as_str().unwrap().to_ascii_lowercase())
            .collect();
        let heads = server.heads.lock().unwrap();
        let sent: Vec<&str> = heads
            .iter()
            .map(|head| head.split(' ').next().unwrap())
            .collect();
        assert_eq!(sent, listed, "{kind}");
    }
}

#[test]
fn what_may_change_something_is_sent_once_and_only_if_the_preflight_passes() {
    for (methods, sent) in [("GET", 0), ("PUT", 1)] {
        let allow = format!("Access-Control-Allow-Methods: {methods}");
        let server = Scripted::start(move |head| granted(head, &["Vary: Origin", &allow]));
        let url = server.url();
        probe(&[&[url.as_str()], &OWN[..], &["--method", "PUT", "--write"]].concat());
        let heads = server.heads.lock().unwrap();
        let puts: Vec<&String> = heads
            .iter()
            .filter(|head| head.starts_with("put"))
            .collect();
        assert_eq!(puts.len(), sent, "{heads:?}");
        assert!(
            puts.iter()
                .all(|head| head.contains("\r\ncontent-length: 0\r\n"))
        );
    }
}

#[test]
fn what_cannot_be_asked_is_said_with_what_to_change() {
    let mail = Scripted::start(|_| "220 mail.example ESMTP\r\n".to_owned());
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let closed = format!("http://{closed}/");
    let (mail, secure) = (mail.url(), mail.url().replace("http:", "https:"));
    for (arguments, why) in [
        (
            &["bucket.example/a"][..],
            "has no scheme; give a whole URL such as https://bucket.example/a",
        ),
        (
            &["ftp://bucket.example/a"],
            "begins with http:// or https://",
        ),
        (
            &["http://no-such-host..invalid/"],
            "the host is not known; check its spelling",
        ),
        (
            &[closed.as_str()],
            "connection refused; check host and port",
        ),
        (&[mail.as_str()], "is not HTTP/1.1"),
        (&[secure.as_str()], "TLS failed"),
        (
            &[mail.as_str(), "--origin", "https://app.example/path"],
            "and this one has a path; give scheme, host and port",
        ),
        (
            &[mail.as_str(), "--origin", ""],
            "--origin is empty; give one such as https://app.example",
        ),
        (&[mail.as_str(), "--method", "POST"], "add --write"),
        (
            &[mail.as_str(), "--config", "absent.xml"],
            "give the path of a CORS document",
        ),
    ] {
        let (status, _, err) = run(&[&["probe"], arguments].concat(), "");
        assert_eq!(status, 2, "{arguments:?}: {err}");
        assert!(
            err.starts_with("cors: ") && err.contains(why),
            "{arguments:?}: {err}"
        );
    }
}

#[test]
fn the_page_shows_what_the_program_prints() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/probe.md");
    let page = fs::read_to_string(page).unwrap();
    let shown = page
        .split("```text\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let behind = |head: &str| {
        let origin = header(head, "origin").unwrap_or("none");
        let grant = format!("Access-Control-Allow-Origin: {origin}");
        let grant = if origin == "https://app.example" {
            &grant
        } else {
            "Server: store"
        };
        response(
            "200 OK",
            &["Content-Type: text/plain", "ETag: \"1\"", grant],
        )
    };
    let server = Scripted::start(cached(behind));
    let url = server.url();
    let (status, out, err) = run(
        &[&["probe", &url], &OWN[..], &["--method", "GET"]].concat(),
        "",
    );
    assert_eq!((status, err.as_str()), (1, ""));
    assert_eq!(
        out.replace(
            &format!("http://{}", server.address),
            "https://bucket.example"
        ),
        shown
    );
}

/// `cors serve` with one bucket.
struct Gateway(Server);

impl Gateway {
    fn start(dialect: &str, rules: Option<&str>) -> Gateway {
        let arguments = ["--anonymous", "--dialect", dialect];
        let gateway = Gateway(Server::start("memory:", &arguments, &[], Stdio::null()));
        gateway.put("/photos", "");
        gateway.put("/photos/a.txt", "text");
        if let Some(rules) = rules {
            gateway.put("/photos?cors", rules);
        }
        gateway
    }

    fn put(&self, target: &str, body: &str) {
        let mut stream = TcpStream::connect(&self.0.address).unwrap();
        let head = format!(
            "PUT {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.0.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn url(&self) -> String {
        format!("http://{}/photos/a.txt", self.0.address)
    }
}

#[test]
fn the_gateway_answers_as_its_rules_say_and_other_rules_differ() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/bucket.xml");
    let rules = fs::read_to_string(&path).unwrap();
    let path = path.to_str().unwrap();
    for (dialect, with_vary) in [("s3", false), ("oss", false)] {
        let gateway = Gateway::start(dialect, Some(&rules));
        let url = gateway.url();
        let with_config = ["--config", path, "--dialect", dialect];
        let ask = [
            &[url.as_str()],
            &OWN[..],
            &[
                "--method",
                "GET",
                "--method",
                "PUT",
                "--header",
                "content-type: image/png",
            ],
            &with_config,
        ]
        .concat();
        let (_, kinds, value) = probe(&ask);
        // Both providers leave Vary out where the request has no Origin.
        let rest: Vec<&String> = kinds
            .iter()
            .filter(|kind| *kind != "vary_missing")
            .collect();
        assert_eq!(rest, Vec::<&String>::new(), "{value}");
        assert_eq!(kinds.is_empty(), with_vary, "{value}");
        assert_eq!(value["requests"][0]["verdict"], "passes");
        // A bucket that has no rules yet.
        let empty = Gateway::start(dialect, None);
        let url = empty.url();
        let (status, kinds, value) = probe(
            &[
                &[url.as_str()],
                &OWN[..],
                &["--method", "GET"],
                &with_config,
            ]
            .concat(),
        );
        assert_eq!(status, 1);
        assert!(
            kinds.contains(&"differs_from_rules".to_owned())
                && kinds.contains(&"no_allow_origin".to_owned()),
            "{kinds:?}"
        );
        assert!(
            value.to_string().contains("the rules are not in force"),
            "{value}"
        );
    }
}
