//! A gateway in this process, and a minimal client that sends requests byte for byte.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cors_gateway::{Credentials, Options, Server, start};
use cors_xml::Provider;

/// A gateway that stops at the end of its test.
pub(crate) struct Gateway {
    pub(crate) server: Server,
    pub(crate) address: String,
    log: Arc<Mutex<Vec<String>>>,
    asked: AtomicUsize,
}

/// The options of a gateway that serves unsigned requests on a free port.
pub(crate) fn options(store: &str, dialect: &str) -> Options {
    Options {
        provider: match dialect {
            "oss" => &Provider::OSS,
            _ => &Provider::S3,
        },
        listen: ([127, 0, 0, 1], 0).into(),
        store: store.to_owned(),
        credentials: Credentials::default(),
        anonymous: true,
        v1_signatures: false,
        page: true,
        domains: vec!["localhost".to_owned()],
        log: Arc::new(|_| {}),
    }
}

impl Gateway {
    pub(crate) fn start(options: Options) -> Gateway {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        let server = start(Options {
            log: Arc::new(move |line| lines.lock().unwrap().push(line.to_owned())),
            ..options
        })
        .unwrap();
        let address = server.address().to_string();
        Gateway {
            server,
            address,
            log,
            asked: AtomicUsize::new(0),
        }
    }

    pub(crate) fn anonymous(store: &str, dialect: &str) -> Gateway {
        Gateway::start(options(store, dialect))
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.asked.fetch_add(1, Ordering::Relaxed);
        ask(&self.address, method, path, headers, body).unwrap()
    }

    /// Sends bytes, and returns the status of the answer.
    pub(crate) fn send(&self, bytes: &[u8]) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(bytes).unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        std::str::from_utf8(&status[9..]).unwrap().parse().unwrap()
    }

    /// The lines that it has logged: one for each request that was asked.
    pub(crate) fn log(&self) -> Vec<String> {
        for _ in 0..1000 {
            let lines = self.log.lock().unwrap().clone();
            if lines.len() >= self.asked.load(Ordering::Relaxed) {
                return lines;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("some requests were not logged");
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (other, value) = line.split_once(": ")?;
            other.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Sends a request whose body the test frames itself.
pub(crate) const CHUNKED: &str = "Transfer-Encoding: chunked";

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
    if !headers.iter().any(|header| header.starts_with("Host:")) {
        head += &["Host: ", address, "\r\n"].concat();
    }
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    if !headers.contains(&CHUNKED) {
        head += &["Content-Length: ", &body.len().to_string(), "\r\n"].concat();
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    // The gateway may refuse and close the connection before it has read the whole body.
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

/// A separate folder for each test, removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("gateway-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn document(origin: &str) -> String {
    format!(
        "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
    )
}

pub(crate) const PREFLIGHT: [&str; 2] = [
    "Origin: https://a.example",
    "Access-Control-Request-Method: GET",
];
