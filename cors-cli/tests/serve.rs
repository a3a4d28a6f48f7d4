//! `cors serve` from outside: what clients see, two processes on one store, kill -9 in the middle of writes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A gateway process, killed at the end.
struct Gateway {
    child: Child,
    address: String,
    /// What it logs, line by line.
    log: BufReader<std::process::ChildStderr>,
}

impl Gateway {
    fn start(store: &str, arguments: &[&str]) -> Gateway {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cors"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store", store])
            .args(arguments)
            .env_remove("CORS_ACCESS_KEY_ID")
            .env_remove("CORS_ACCESS_KEY_SECRET")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim_end()
            .strip_prefix("listening on http://")
            .unwrap_or_else(|| panic!("ready line: {line:?}"))
            .to_owned();
        let log = BufReader::new(child.stderr.take().unwrap());
        Gateway {
            child,
            address,
            log,
        }
    }

    fn anonymous(store: &str, dialect: &str) -> Gateway {
        Gateway::start(store, &["--anonymous", "--dialect", dialect])
    }

    fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        ask(&self.address, method, path, headers, body).unwrap()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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

/// Of a body that the test frames itself.
const CHUNKED: &str = "Transfer-Encoding: chunked";

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
    // A refusal may come, and the connection go, before all of a body was read.
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

const PREFLIGHT: [&str; 2] = [
    "Origin: https://a.example",
    "Access-Control-Request-Method: GET",
];

#[test]
fn a_configuration_is_put_obeyed_returned_and_removed() {
    let gateway = Gateway::anonymous("memory:", "oss");
    assert_eq!(gateway.ask("PUT", "/photos?cors", &[], b"x").status, 404);
    assert_eq!(gateway.ask("PUT", "/photos", &[], b"").status, 200);
    let refused = gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"");
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("<Code>AccessForbidden</Code>"));

    let put = gateway.ask(
        "PUT",
        "/photos?cors",
        &[],
        document("https://a.example").as_bytes(),
    );
    assert_eq!((put.status, put.body.len()), (200, 0), "{}", put.text());
    assert_eq!(put.header("content-length"), Some("0"));
    assert!(put.header("x-oss-request-id").is_some() && put.header("date").is_some());

    let granted = gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"");
    assert_eq!(granted.status, 200);
    assert_eq!(
        granted.header("access-control-allow-origin"),
        Some("https://a.example")
    );
    let missing = gateway.ask("GET", "/photos/k", &PREFLIGHT[..1], b"");
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.header("access-control-allow-origin"),
        Some("https://a.example")
    );
    let by_host = gateway.ask("GET", "/?cors=", &["Host: photos.localhost"], b"");
    assert!(
        by_host
            .text()
            .contains("<AllowedOrigin>https://a.example</AllowedOrigin>")
    );

    // Refused for its text, its digest and its size: the old one stays in force.
    for (headers, body, code) in [
        (
            &[][..],
            document("https://*.*").into_bytes(),
            "InvalidArgument",
        ),
        (&[][..], b"<CORSConfiguration>".to_vec(), "MalformedXML"),
        (
            &["Content-MD5: AAAAAAAAAAAAAAAAAAAAAA=="][..],
            document("*").into_bytes(),
            "InvalidDigest",
        ),
        (&[][..], vec![b' '; 16 * 1024 + 1], "EntityTooLarge"),
    ] {
        let refused = gateway.ask("PUT", "/photos?cors", headers, &body);
        assert_eq!(refused.status, 400, "{code}");
        assert!(
            refused.text().contains(&format!("<Code>{code}</Code>")),
            "{}",
            refused.text()
        );
        assert_eq!(
            gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
            200
        );
    }

    assert_eq!(gateway.ask("DELETE", "/photos?cors", &[], b"").status, 204);
    assert_eq!(gateway.ask("DELETE", "/photos?cors", &[], b"").status, 204);
    assert!(
        gateway
            .ask("GET", "/photos?cors", &[], b"")
            .text()
            .contains("NoSuchCORSConfiguration")
    );
    assert_eq!(
        gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
        403
    );
}

#[test]
fn a_configuration_is_checked_against_every_digest_that_its_provider_has() {
    // What follows is of this document; made by Python's hashlib and zlib.
    let body = document("https://a.example");
    let (md5, crc32) = (
        "Content-MD5: yXiDbj7tqOdsPvhVWdvrVQ==",
        "x-amz-checksum-crc32: C+1iUw==",
    );
    let sha256 = "x-amz-checksum-sha256: x1yjF3msAiXNwrO5LaMYtICCqr/yQt1N70jX7VmeXGU=";
    let wrong_sha256 = "x-amz-checksum-sha256: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let several = "InvalidRequest</Code><Message>Expecting a single x-amz-checksum- header.";
    for (headers, said) in [
        (&[md5, crc32][..], ""),
        (&[md5, sha256], ""),
        (&[crc32, wrong_sha256], several),
        (&[crc32, sha256], several),
        (&[crc32, crc32], several),
        (&[md5, md5], "InvalidDigest"),
        (
            &["x-amz-checksum-crc32: AAAAAA=="],
            "BadDigest</Code><Message>The CRC32 you specified did not match",
        ),
        (
            &["x-amz-checksum-crc32c: x"],
            "InvalidRequest</Code><Message>Value for x-amz-checksum-crc32c header is invalid.",
        ),
    ] {
        gateway.ask("DELETE", "/photos?cors", &[], b"");
        let put = gateway.ask("PUT", "/photos?cors", headers, body.as_bytes());
        let stored = gateway.ask("GET", "/photos?cors", &[], b"").status;
        if said.is_empty() {
            assert_eq!(
                (put.status, stored),
                (200, 200),
                "{headers:?} {}",
                put.text()
            );
        } else {
            assert_eq!((put.status, stored), (400, 404), "{headers:?}");
            assert!(put.text().contains(said), "{headers:?} {}", put.text());
        }
        // An object is checked in the same way.
        let object = gateway.ask("PUT", "/photos/k", headers, body.as_bytes());
        assert_eq!(object.status, put.status, "{headers:?} {}", object.text());
        assert!(
            object.text().contains(said),
            "{headers:?} {}",
            object.text()
        );
    }
    // The checksum may come behind the body, if it was announced.
    let chunked = [
        "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-trailer: x-amz-checksum-crc32",
    ];
    for (trailer, headers, said) in [
        ("x-amz-checksum-crc32:C+1iUw==", &chunked[..], ""),
        ("x-amz-checksum-crc32:AAAAAA==", &chunked[..], "BadDigest"),
        ("", &chunked[..], "MalformedTrailerError"),
        (
            "x-amz-checksum-crc32:C+1iUw==",
            &chunked[..1],
            "MalformedTrailerError",
        ),
        (
            "x-amz-checksum-crc32:C+1iUw==",
            &[chunked[0], chunked[1], sha256][..],
            several,
        ),
    ] {
        let end = if trailer.is_empty() { "" } else { "\r\n" };
        let framed = format!("{:x}\r\n{body}\r\n0\r\n{trailer}{end}\r\n", body.len());
        for path in ["/photos?cors", "/photos/k"] {
            let put = gateway.ask("PUT", path, headers, framed.as_bytes());
            assert_eq!(
                put.status == 200,
                said.is_empty(),
                "{trailer} {}",
                put.text()
            );
            assert!(put.text().contains(said), "{trailer} {}", put.text());
        }
    }

    let gateway = Gateway::anonymous("memory:", "oss");
    gateway.ask("PUT", "/photos", &[], b"");
    // OSS has no such headers, and does not look at them.
    for path in ["/photos?cors", "/photos/k"] {
        let put = gateway.ask("PUT", path, &[wrong_sha256], body.as_bytes());
        assert_eq!(put.status, 200, "{}", put.text());
    }
    // Size comes before digest, also where it is known only when the body has come.
    let bad = "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==";
    let large = format!("4001\r\n{}\r\n0\r\n\r\n", " ".repeat(0x4001));
    let put = gateway.ask("PUT", "/photos?cors", &[CHUNKED, bad], large.as_bytes());
    assert!(put.text().contains("EntityTooLarge"), "{}", put.text());
    assert!(put.text().contains("at most 16384 bytes"), "{}", put.text());
    let small = "4\r\n<a/>\r\n0\r\n\r\n";
    let put = gateway.ask("PUT", "/photos?cors", &[CHUNKED, bad], small.as_bytes());
    assert!(put.text().contains("InvalidDigest"), "{}", put.text());
}

#[test]
fn an_object_keeps_its_bytes_type_and_metadata_and_gives_ranges() {
    let folder = Folder::new();
    for store in ["memory:", folder.as_str()] {
        let gateway = Gateway::anonymous(store, "s3");
        gateway.ask("PUT", "/photos", &[], b"");
        let headers = ["Content-Type: image/x", "x-amz-meta-colour: red"];
        let put = gateway.ask("PUT", "/photos/a/b%20c", &headers, b"0123456789");
        assert_eq!(
            put.header("etag"),
            Some("\"781e5e245d69b566979b86e28d23f2c7\"")
        );
        let got = gateway.ask("GET", "/photos/a/b%20c", &[], b"");
        assert_eq!((got.status, got.text()), (200, "0123456789"));
        assert_eq!(got.header("content-type"), Some("image/x"));
        assert_eq!(got.header("x-amz-meta-colour"), Some("red"));
        let head = gateway.ask("HEAD", "/photos/a/b%20c", &[], b"");
        assert_eq!(
            (head.header("content-length"), head.body.len()),
            (Some("10"), 0)
        );
        let part = gateway.ask("GET", "/photos/a/b%20c", &["Range: bytes=2-4"], b"");
        assert_eq!((part.status, part.text()), (206, "234"));
        assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
        assert_eq!(
            gateway
                .ask("GET", "/photos/a/b%20c", &["Range: bytes=10-"], b"")
                .status,
            416
        );

        let large: Vec<u8> = (0..20_000_000u32)
            .map(|number| number.to_le_bytes()[1])
            .collect();
        assert_eq!(gateway.ask("PUT", "/photos/large", &[], &large).status, 200);
        assert!(gateway.ask("GET", "/photos/large", &[], b"").body == large);
        let part = gateway.ask(
            "GET",
            "/photos/large",
            &["Range: bytes=9999990-10000009"],
            b"",
        );
        assert_eq!(part.body, large[9_999_990..10_000_010]);

        let list = gateway.ask("GET", "/photos?list-type=2&delimiter=/", &[], b"");
        assert!(
            list.text()
                .contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>")
        );
        assert!(
            list.text().contains("<Size>20000000</Size>"),
            "{}",
            list.text()
        );
        assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 409);
        for key in ["a/b%20c", "large", "none"] {
            assert_eq!(
                gateway
                    .ask("DELETE", &format!("/photos/{key}"), &[], b"")
                    .status,
                204
            );
        }
        assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 204);
    }
}

#[test]
fn an_object_may_come_in_parts_and_is_there_all_at_once() {
    let folder = Folder::new();
    let part = |number: u8| vec![number; 5 * 1024 * 1024];
    let (first, second, last) = (part(1), part(2), b"the end".to_vec());
    let whole = [&first[..], &second, &last].concat();
    for (store, dialect) in [
        ("memory:", "s3"),
        (folder.as_str(), "s3"),
        ("memory:", "oss"),
    ] {
        let gateway = Gateway::anonymous(store, dialect);
        gateway.ask("PUT", "/photos", &[], b"");
        gateway.ask("PUT", "/photos/a/b", &[], b"old");
        let begin = || {
            let headers = ["Content-Type: image/x", "x-amz-meta-a: b"];
            let begun = gateway.ask("POST", "/photos/a/b?uploads", &headers, b"");
            let id = begun.text().split_once("<UploadId>").unwrap().1;
            id.split_once('<').unwrap().0.to_owned()
        };
        let id = begin();
        let at = |rest: &str| format!("/photos/a/b?uploadId={id}{rest}");
        let put = |number: &str, bytes: &[u8]| {
            let put = gateway.ask("PUT", &at(&format!("&partNumber={number}")), &[], bytes);
            (
                put.status,
                put.header("etag").unwrap_or_default().to_owned(),
            )
        };
        // In another order, one of them twice.
        let (_, tag_3) = put("3", &last);
        put("1", b"wrong");
        let ((_, tag_1), (status, tag_2)) = (put("1", &first), put("2", &second));
        assert_eq!(status, 200);
        assert_eq!(
            (put("0", b"").0, put("10001", b"").0, put("x", b"").0),
            (400, 400, 400)
        );
        parts_are_listed(&gateway, &at(""));
        let complete = |parts: &[(u32, &str)]| {
            let parts = parts.iter().map(|(number, tag)| {
                format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>")
            });
            let parts: String = parts.collect();
            let document = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
            gateway.ask("POST", &at(""), &[], document.as_bytes())
        };
        for (parts, code) in [
            (&[(1, tag_1.as_str()), (2, &tag_1)][..], "InvalidPart"),
            (&[(1, &tag_1), (4, &tag_2)], "InvalidPart"),
            (&[(2, &tag_2), (1, &tag_1)], "InvalidPartOrder"),
            (&[], "MalformedXML"),
        ] {
            let refused = complete(parts);
            assert_eq!(refused.status, 400);
            assert!(refused.text().contains(&format!("<Code>{code}</Code>")));
        }
        let other = gateway.ask("DELETE", &at("").replace("a/b", "a/c"), &[], b"");
        assert!(
            other.text().contains("NoSuchUpload"),
            "an upload is of one key"
        );
        assert_eq!(gateway.ask("GET", "/photos/a/b", &[], b"").text(), "old");

        let done = complete(&[(1, &tag_1), (2, &tag_2), (3, &tag_3)]);
        assert_eq!(done.status, 200, "{}", done.text());
        let got = gateway.ask("GET", "/photos/a/b", &[], b"");
        assert!(got.body == whole);
        let tag = got.header("etag").unwrap().to_ascii_lowercase();
        // Made by Python's hashlib: the MD5 of the parts' MD5s.
        assert_eq!(tag, "\"847e6d7bd7f5bcb86a1dfcbeb47aa465-3\"");
        assert!(
            done.text()
                .to_ascii_lowercase()
                .contains("847e6d7bd7f5bcb86a1dfcbeb47aa465-3")
        );
        assert_eq!(got.header("content-type"), Some("image/x"));
        assert_eq!(got.header("x-amz-meta-a"), Some("b"));
        assert!(complete(&[(1, &tag_1)]).text().contains("NoSuchUpload"));

        an_upload_is_given_up(&gateway, dialect, &begin());
        assert!(gateway.ask("GET", "/photos/a/b", &[], b"").body == whole);
        begin();
        gateway.ask("DELETE", "/photos/a/b", &[], b"");
        assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 204);
    }
    let left = std::fs::read_dir(folder.0.join("uploads/photos"));
    assert!(left.map_or(true, |mut left| left.all(|entry| {
        std::fs::read_dir(entry.unwrap().path())
            .unwrap()
            .next()
            .is_none()
    })));
}

/// The second and the third part of an upload, and the first two as a page.
fn parts_are_listed(gateway: &Gateway, upload: &str) {
    let list = |rest: &str| gateway.ask("GET", &format!("{upload}{rest}"), &[], b"");
    let listed = list("&max-parts=2&part-number-marker=1");
    let names = [
        "PartNumber>2<",
        "PartNumber>3<",
        "Size>7<",
        "IsTruncated>false<",
    ];
    assert!(names.iter().all(|name| listed.text().contains(name)));
    assert!(!listed.text().contains("PartNumber>1<"));
    let listed = list("&max-parts=2");
    let names = ["NextPartNumberMarker>2<", "IsTruncated>true<"];
    assert!(names.iter().all(|name| listed.text().contains(name)));
}

/// Parts that S3 finds too small, and an upload that is there until it is given up.
fn an_upload_is_given_up(gateway: &Gateway, dialect: &str, id: &str) {
    let at = |rest: &str| format!("/photos/a/b?uploadId={id}{rest}");
    let tag = gateway.ask("PUT", &at("&partNumber=1"), &[], b"a");
    let tag = tag.header("etag").unwrap();
    gateway.ask("PUT", &at("&partNumber=2"), &[], b"a");
    let document = [1, 2]
        .map(|number| format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"));
    let document = format!(
        "<CompleteMultipartUpload>{}</CompleteMultipartUpload>",
        document.concat()
    );
    if dialect == "s3" {
        let refused = gateway.ask("POST", &at(""), &[], document.as_bytes());
        assert!(
            refused.text().contains("EntityTooSmall"),
            "{}",
            refused.text()
        );
    }
    assert_eq!(gateway.ask("DELETE", &at(""), &[], b"").status, 204);
    assert_eq!(gateway.ask("DELETE", &at(""), &[], b"").status, 404);
}

#[test]
fn a_body_that_is_not_what_was_promised_is_not_stored() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask("PUT", "/photos/k", &[], b"old");
    // The check values of the checksums, for the digits 1 to 9.
    for (name, good) in [
        ("Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw=="),
        ("x-amz-checksum-crc32", "y/Q5Jg=="),
        ("x-amz-checksum-crc32c", "4waSgw=="),
        ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
        (
            "x-amz-checksum-sha256",
            "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
        ),
    ] {
        let header = format!("{name}: {good}");
        let wrong = gateway.ask("PUT", "/photos/k", &[&header], b"123456780");
        assert_eq!(wrong.status, 400, "{name}");
        assert!(
            wrong.text().contains("<Code>BadDigest</Code>"),
            "{}",
            wrong.text()
        );
        assert_eq!(
            gateway.ask("GET", "/photos/k", &[], b"").text(),
            "old",
            "{name}"
        );
        let right = gateway.ask("PUT", "/photos/k2", &[&header], b"123456789");
        assert_eq!(right.status, 200, "{name}: {}", right.text());
    }
    let chunked = [
        "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "Content-Encoding: aws-chunked",
        "x-amz-trailer: x-amz-checksum-crc32",
        "x-amz-decoded-content-length: 9",
    ];
    for (body, status) in [
        (
            &b"4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"[..],
            200,
        ),
        (
            b"9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jh==\r\n\r\n",
            400,
        ),
        (b"9\r\n123456789\r\n0\r\n\r\n", 400),
        (
            b"8\r\n12345678\r\n0\r\nx-amz-checksum-crc32:mgYRmQ==\r\n\r\n",
            400,
        ),
        (
            b"9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\nmore",
            400,
        ),
        (b"9\r\n123456789", 400),
        (b"9\r\n1234567890\r\n0\r\n\r\n", 400),
        (b"zz\r\n", 400),
        (b"fffffffffffffffff\r\n", 400),
    ] {
        gateway.ask("PUT", "/photos/k", &[], b"old");
        let answer = gateway.ask("PUT", "/photos/k", &chunked, body);
        assert_eq!(
            answer.status,
            status,
            "{} {}",
            body.escape_ascii(),
            answer.text()
        );
        let stored = gateway.ask("GET", "/photos/k", &[], b"");
        assert_eq!(
            stored.text(),
            if status == 200 { "123456789" } else { "old" }
        );
        assert_eq!(stored.header("content-encoding"), None);
    }
    assert_eq!(
        gateway
            .ask("PUT", "/_cors/k", &["Host: photos.localhost"], b"x")
            .status,
        200
    );
    assert_eq!(gateway.ask("GET", "/photos/_cors/k", &[], b"").text(), "x");
}

#[test]
fn without_a_signature_only_preflights_are_served_and_the_log_says_why() {
    let folder = Folder::new();
    let keys = folder.0.join("keys");
    std::fs::write(&keys, "AKIDEXAMPLE:secret\n").unwrap();
    let store = folder.0.join("store");
    let store = store.to_str().unwrap();
    {
        let open = Gateway::anonymous(store, "s3");
        open.ask("PUT", "/photos", &[], b"");
        open.ask(
            "PUT",
            "/photos?cors",
            &[],
            document("https://a.example").as_bytes(),
        );
    }
    let mut gateway = Gateway::start(
        store,
        &["--dialect", "s3", "--credentials", keys.to_str().unwrap()],
    );
    for (method, path) in [
        ("PUT", "/photos/k"),
        ("PUT", "/photos?cors"),
        ("DELETE", "/photos?cors"),
        ("GET", "/photos?cors"),
        ("PUT", "/other"),
        ("DELETE", "/photos"),
        ("GET", "/photos/k"),
        ("GET", "/"),
    ] {
        let refused = gateway.ask(method, path, &PREFLIGHT[..1], b"x");
        assert_eq!(refused.status, 403, "{method} {path}");
        assert!(refused.text().contains("<Code>AccessDenied</Code>"));
    }
    let refused = gateway.ask(
        "GET",
        "/photos/k%1b%5b2J?x=%0a",
        &["Authorization: OSS \u{1b}[2J"],
        b"",
    );
    assert_eq!(refused.status, 400);
    assert_eq!(
        gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
        200
    );
    let metrics = gateway.ask("GET", "/_cors/metrics", &[], b"");
    assert!(
        metrics
            .text()
            .contains("cors_answers_total{status=\"403\",reason=\"unsigned\"} 8"),
        "{}",
        metrics.text()
    );
    assert!(
        metrics
            .text()
            .contains("cors_decisions_total{outcome=\"preflight_granted\",reason=\"\"} 1")
    );
    gateway.child.kill().unwrap();
    let mut log = String::new();
    gateway.log.read_to_string(&mut log).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["reason"], "unsigned");
    assert_eq!(lines[0]["origin"], "https://a.example");
    assert!(
        log.bytes()
            .all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte))
    );
}

#[test]
fn a_gateway_that_would_serve_everybody_does_not_start() {
    for arguments in [&[][..], &["--anonymous", "--listen", "0.0.0.0:0"]] {
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
fn two_gateways_on_one_store_agree_within_two_seconds() {
    let folder = Folder::new();
    let one = Gateway::anonymous(folder.as_str(), "oss");
    let other = Gateway::anonymous(folder.as_str(), "oss");
    one.ask("PUT", "/photos", &[], b"");
    let mut granted = false;
    for _ in 0..3 {
        // The other one has just looked, so that it believes what it knows for the whole time.
        let before = other.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status;
        assert_eq!(before == 200, granted);
        let change = if granted {
            one.ask("DELETE", "/photos?cors", &[], b"")
        } else {
            one.ask(
                "PUT",
                "/photos?cors",
                &[],
                document("https://a.example").as_bytes(),
            )
        };
        let changed = Instant::now();
        assert!(change.status == 200 || change.status == 204);
        granted = !granted;
        assert_eq!(
            one.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status == 200,
            granted
        );
        std::thread::sleep(Duration::from_millis(2_010).saturating_sub(changed.elapsed()));
        assert_eq!(
            other.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status == 200,
            granted
        );
    }
}

#[test]
fn kill_nine_loses_nothing_acknowledged_and_leaves_nothing_half_written() {
    let folder = Folder::new();
    let big = |number: u32| vec![b'a' + u8::try_from(number % 26).unwrap(); 300_000];
    let mut acknowledged = (0u32, 0u32);
    // Eight kills, and more where the machine is so slow that few writes come in between.
    for round in 0..60u64 {
        if round >= 8 && acknowledged.0 > 8 && acknowledged.1 > 8 {
            break;
        }
        let mut gateway = Gateway::anonymous(folder.as_str(), "s3");
        gateway.ask("PUT", "/photos", &[], b"");
        let address = gateway.address.clone();
        let stop = AtomicBool::new(false);
        let (configuration, object) = std::thread::scope(|scope| {
            // Each writer counts up and tells the last number that was acknowledged and the last that was sent.
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
            gateway.child.kill().unwrap();
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
fn the_page_answers_as_explain_does_and_to_this_machine_only() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask(
        "PUT",
        "/photos?cors",
        &[],
        document("https://a.example").as_bytes(),
    );
    let page = gateway.ask("GET", "/_cors/", &[], b"");
    assert!(page.status == 200 && page.text().contains("<form"));
    assert!(page.header("content-security-policy").is_some());
    let buckets = gateway.ask("GET", "/_cors/buckets", &[], b"");
    let buckets: serde_json::Value = serde_json::from_slice(&buckets.body).unwrap();
    assert_eq!(buckets["buckets"][0]["bucket"], "photos");
    assert!(
        buckets["buckets"][0]["document"]
            .as_str()
            .unwrap()
            .contains("https://a.example")
    );

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

    let bad = gateway.ask(
        "POST",
        "/_cors/explain",
        &json,
        b"{\"document\": \"<x>\", \"origin\": \"a\", \"method\": \"GET\"}",
    );
    assert!(
        bad.status == 400 && bad.text().contains("error"),
        "{}",
        bad.text()
    );
    assert_eq!(
        gateway.ask("POST", "/_cors/explain", &[], b"{}").status,
        415
    );
    for path in ["/_cors/", "/_cors/buckets"] {
        let rebound = gateway.ask("GET", path, &["Host: evil.example"], b"");
        assert_eq!(rebound.status, 403, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn sigterm_lets_what_has_begun_finish() {
    let mut gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let mut stream = TcpStream::connect(&gateway.address).unwrap();
    stream
        .write_all(b"PUT /photos/k HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let id = gateway.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        TcpStream::connect(&gateway.address).is_err(),
        "no new connections"
    );
    stream.write_all(b"cd").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(gateway.child.wait().unwrap().success());
}

#[test]
fn a_head_beyond_the_limits_is_refused() {
    let gateway = Gateway::anonymous("memory:", "s3");
    let long = format!("X-Long: {}", "x".repeat(300 * 1024));
    assert_eq!(gateway.ask("GET", "/", &[&long], b"").status, 431);
    let many = ["X-A: b"; 200];
    assert_eq!(gateway.ask("GET", "/", &many, b"").status, 431);
    // The longest names that CORS itself takes are still answered by CORS.
    let names = format!("Access-Control-Request-Headers: {}", "x".repeat(20 * 1024));
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask("PUT", "/photos?cors", &[], document("*").as_bytes());
    let refused = gateway.ask(
        "OPTIONS",
        "/photos/k",
        &[PREFLIGHT[0], PREFLIGHT[1], &names],
        b"",
    );
    assert_eq!(refused.status, 403);
}
