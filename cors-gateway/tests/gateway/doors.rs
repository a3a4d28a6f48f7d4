//! What strangers try: pages of other sites, proxies, odd hosts, documents without end, a log that
//! nobody reads.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cors_gateway::{Credentials, Options, StartError, start};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::client::{Gateway, document, options};

/// A gateway with the bucket `photos` and the object `a`.
fn prepared(dialect: &str) -> Gateway {
    let gateway = Gateway::anonymous("memory:", dialect);
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask("PUT", "/photos/a", &[], b"x");
    gateway
}

/// Begins an upload of `k` in parts.
fn upload_id(gateway: &Gateway) -> String {
    let answer = gateway.ask("POST", "/photos/k?uploads", &[], b"");
    let id = answer.text().split_once("<UploadId>").unwrap().1;
    id.split_once('<').unwrap().0.to_owned()
}

#[test]
fn a_page_of_another_site_writes_only_what_the_rules_grant() {
    let gateway = prepared("s3");
    let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>";
    gateway.ask("PUT", "/photos?cors", &[], rules.as_bytes());
    let delete = b"<Delete><Object><Key>a</Key></Object></Delete>";
    let (origin, evil) = ("Origin: https://a.example", "Origin: https://evil.example");
    let (cross, same_site) = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site");
    let own = "Sec-Fetch-Site: same-origin";
    for (method, path, headers, body, status) in [
        // As a page sends them without a preflight.
        (
            "POST",
            "/photos?delete",
            &[evil, cross][..],
            &delete[..],
            403,
        ),
        (
            "POST",
            "/photos?delete",
            &["Origin: null", cross],
            delete,
            403,
        ),
        ("POST", "/photos?delete", &[cross], delete, 403),
        ("POST", "/photos?delete", &[same_site], delete, 403),
        // A browser that does not send Sec-Fetch-Site.
        ("POST", "/photos?delete", &[evil], delete, 403),
        ("POST", "/photos/b?uploads", &[evil, cross], b"", 403),
        ("PUT", "/other", &[evil, cross], b"", 403),
        ("DELETE", "/photos/a", &[origin, cross], b"", 403),
        ("PUT", "/photos/a", &[origin, cross], b"y", 200),
        ("PUT", "/photos/a", &[origin], b"y", 200),
        ("PUT", "/photos/a", &[evil, own], b"y", 200),
        ("PUT", "/photos/a", &["Sec-Fetch-Site: none"], b"y", 200),
        ("GET", "/photos/a", &[evil, cross], b"", 200),
        ("HEAD", "/photos/a", &[evil, cross], b"", 200),
        ("POST", "/photos?delete", &[], delete, 200),
    ] {
        let answer = gateway.ask(method, path, headers, body);
        assert_eq!(answer.status, status, "{method} {path} {headers:?}");
        if status == 403 {
            assert!(answer.text().contains("<Code>AccessDenied</Code>"));
        }
    }
    assert_eq!(gateway.ask("GET", "/photos/a", &[], b"").status, 404);
    assert!(gateway.log()[3].contains("\"reason\":\"cross_site\""));
}

#[test]
fn a_name_that_was_rebound_to_this_machine_is_not_served_without_a_signature() {
    let gateway = prepared("s3");
    for host in [
        "evil.example:8333",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
    ] {
        let host = format!("Host: {host}");
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/photos/a"),
            ("PUT", "/photos?cors"),
            ("DELETE", "/photos/a"),
        ] {
            let body = document("*");
            let refused = gateway.ask(
                method,
                path,
                &[&host, "Sec-Fetch-Site: same-origin"],
                body.as_bytes(),
            );
            assert_eq!(refused.status, 403, "{host} {method} {path}");
        }
    }
    for (host, path) in [
        ("localhost", "/photos/a"),
        ("[::1]:80", "/photos/a"),
        ("photos.localhost", "/a"),
    ] {
        let host = format!("Host: {host}");
        assert_eq!(
            gateway.ask("GET", path, &[&host], b"").text(),
            "x",
            "{host}"
        );
    }
}

#[test]
fn the_page_is_off_unless_asked_for_and_never_behind_a_proxy() {
    let off = Gateway::start(Options {
        page: false,
        ..options("memory:", "s3")
    });
    for path in ["/_cors/", "/_cors/metrics", "/_cors/buckets"] {
        assert_eq!(off.ask("GET", path, &[], b"").status, 400, "{path}");
    }
    let on = prepared("s3");
    for path in ["/_cors/", "/_cors/metrics", "/_cors/buckets"] {
        assert_eq!(on.ask("GET", path, &[], b"").status, 200, "{path}");
        for header in [
            "Forwarded: for=203.0.113.9",
            "X-Forwarded-For: 203.0.113.9",
            "X-Forwarded-Proto: https",
            "Via: 1.1 proxy",
            "X-Real-IP: 203.0.113.9",
            "Host: evil.example",
        ] {
            assert_eq!(
                on.ask("GET", path, &[header], b"").status,
                403,
                "{path} {header}"
            );
        }
    }
}

#[test]
fn a_question_has_at_most_256_names() {
    let gateway = prepared("s3");
    let rule = r#"{"AllowedOrigins":["https://a.example"],"AllowedMethods":["PUT"],"AllowedHeaders":["a*"]}"#;
    let ask = |dialect: &str, rules: usize, names: usize| {
        let headers: Vec<String> = (0..names).map(|number| format!("b{number}")).collect();
        let question = serde_json::json!({
            "document": format!("[{}]", vec![rule; rules].join(",")), "origin": "https://a.example", "method": "PUT", "headers": headers, "dialect": dialect,
        });
        let json = ["Content-Type: application/json"];
        gateway.ask(
            "POST",
            "/_cors/explain",
            &json,
            question.to_string().as_bytes(),
        )
    };
    let answer = ask("strict", 700, 256);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let refused = ask("s3", 1, 257);
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("at most 256 headers"));
}

#[test]
fn a_request_names_one_host() {
    let gateway = prepared("s3");
    for (head, status) in [
        ("GET /photos/a HTTP/1.1\r\nHost: localhost\r\n", 200),
        ("GET /photos/a HTTP/1.1\r\n", 400),
        (
            "GET /photos/a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
            400,
        ),
        (
            "GET /photos/a HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
            400,
        ),
        ("GET /photos/a HTTP/1.1\r\nHost: a b\r\n", 400),
        (
            "GET http://photos.localhost/a HTTP/1.1\r\nHost: other.localhost\r\n",
            200,
        ),
        ("GET http://photos.localhost/a HTTP/1.1\r\n", 400),
        (
            "GET http://evil.example/photos/a HTTP/1.1\r\nHost: localhost\r\n",
            403,
        ),
        // Not a list of buckets.
        ("GET / HTTP/1.1\r\nHost: .localhost\r\n", 400),
        ("GET //photos/a HTTP/1.1\r\nHost: localhost\r\n", 400),
    ] {
        let request = format!("{head}Connection: close\r\n\r\n");
        assert_eq!(gateway.send(request.as_bytes()), status, "{head}");
    }
}

#[test]
fn several_lines_of_origin_or_method_are_no_origin() {
    let gateway = prepared("oss");
    gateway.ask("PUT", "/photos?cors", &[], document("*").as_bytes());
    let (a, b) = ("Origin: https://a.example", "Origin: https://b.example");
    let get = "Access-Control-Request-Method: GET";
    for (headers, status) in [
        (&[a, get][..], 200),
        (&[a, b, get], 403),
        (&[a, a, get], 403),
        (&[a, get, get], 403),
    ] {
        let answer = gateway.ask("OPTIONS", "/photos/a", headers, b"");
        assert_eq!(answer.status, status, "{headers:?}");
    }
    let answer = gateway.ask("GET", "/photos/a", &[a, b], b"");
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn an_object_is_sent_as_its_type_with_its_own_providers_metadata() {
    for (dialect, kept, other) in [
        ("s3", "x-amz-meta-a", "x-oss-meta-a"),
        ("oss", "x-oss-meta-a", "x-amz-meta-a"),
    ] {
        let gateway = prepared(dialect);
        let headers = [&*format!("{kept}: 1"), &format!("{other}: 1")];
        gateway.ask("PUT", "/photos/a", &headers, b"<script>");
        for method in ["GET", "HEAD"] {
            let got = gateway.ask(method, "/photos/a", &[], b"");
            assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
            assert_eq!((got.header(kept), got.header(other)), (Some("1"), None));
        }
    }
}

#[test]
fn a_deep_document_is_refused_in_linear_time() {
    let gateway = prepared("s3");
    let deep = 200_000;
    let nested = ["<a>".repeat(deep), "</a>".repeat(deep)].concat();
    let began = Instant::now();
    let body = format!("<Delete>{nested}</Delete>");
    let refused = gateway.ask("POST", "/photos?delete", &[], body.as_bytes());
    assert!(refused.status == 400 && refused.text().contains("<Code>MalformedXML</Code>"));
    let id = upload_id(&gateway);
    let body = format!("<CompleteMultipartUpload>{nested}</CompleteMultipartUpload>");
    let refused = gateway.ask(
        "POST",
        &format!("/photos/k?uploadId={id}"),
        &[],
        body.as_bytes(),
    );
    assert!(refused.status == 400 && refused.text().contains("<Code>MalformedXML</Code>"));
    // It took half a minute of a release build when closing an element cost its depth.
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_log_that_nobody_reads_delays_no_answer_and_its_lines_are_counted() {
    let blocked = Arc::new(AtomicBool::new(true));
    let wait = Arc::clone(&blocked);
    let server = start(Options {
        log: Arc::new(move |_| {
            while wait.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(10));
            }
        }),
        ..options("memory:", "s3")
    })
    .unwrap();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut reading = stream.try_clone().unwrap();
    let count = 5000;
    let requests = std::thread::spawn(move || {
        let one = b"GET /photos/a HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(&one.repeat(count)).unwrap();
        let last = b"GET /_cors/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(last).unwrap();
    });
    let mut answers = String::new();
    reading.read_to_string(&mut answers).unwrap();
    requests.join().unwrap();
    assert_eq!(answers.matches("HTTP/1.1 404").count(), count);
    let (_, dropped) = answers
        .split_once("\ncors_log_lines_dropped_total ")
        .unwrap();
    let dropped: usize = dropped.trim().parse().unwrap();
    assert!((1..count).contains(&dropped), "{dropped}");
    blocked.store(false, Ordering::Relaxed);
    server.stop();
}

#[test]
fn bodies_that_stop_midway_share_a_bounded_memory() {
    let gateway = prepared("s3");
    let id = upload_id(&gateway);
    // Lists of parts of 8 MB each, without their last bytes: 32 of them fill the memory for all.
    let request = format!(
        "POST /photos/k?uploadId={id} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8388608\r\n\r\n"
    );
    let block = vec![b'x'; 8_388_600];
    let begin = || {
        let mut stream = TcpStream::connect(&gateway.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        // One that is refused is not read to its end.
        let _ = stream.write_all(&block);
        stream
    };
    let is_refused = |stream: &TcpStream| {
        let patience = Some(Duration::from_millis(25));
        stream.set_read_timeout(patience).unwrap();
        let mut status = [0; 12];
        stream
            .peek(&mut status)
            .is_ok_and(|length| length == 12 && &status[9..] == b"503")
    };
    let mut waiting: Vec<TcpStream> = (0..31).map(|_| begin()).collect();
    // The last ones share what is left, and not all of them have room.
    let late: Vec<TcpStream> = (0..4).map(|_| begin()).collect();
    assert!((0..200).any(|_| late.iter().any(is_refused)));
    drop(late);
    waiting.clear();
    for _ in 0..200 {
        if gateway.ask("PUT", "/photos/k", &[], &block).status == 200 {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the memory is not returned");
}

#[test]
fn a_signature_is_for_the_host_that_is_asked() {
    let gateway = Gateway::start(Options {
        credentials: Credentials::parse("AKIDEXAMPLE:secret").unwrap(),
        anonymous: false,
        ..options("memory:", "s3")
    });
    for bucket in ["one", "two"] {
        let host = format!("{bucket}.localhost");
        let put = |path: &str, body: &[u8]| {
            let url = presigned("PUT", &host, path);
            gateway
                .ask("PUT", &url, &[&format!("Host: {host}")], body)
                .status
        };
        assert_eq!((put("/", b""), put("/k", bucket.as_bytes())), (200, 200));
    }
    let url = presigned("GET", "one.localhost", "/k");
    for (line, host, status) in [
        (url.clone(), "one.localhost", 200),
        (format!("http://one.localhost{url}"), "one.localhost", 200),
        (format!("http://one.localhost{url}"), "two.localhost", 200),
        (format!("http://two.localhost{url}"), "one.localhost", 403),
        (url, "two.localhost", 403),
    ] {
        let request = format!("GET {line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(gateway.send(request.as_bytes()), status, "{host} {line}");
    }
}

/// A URL signed with AWS V4 now, for an hour.
fn presigned(method: &str, host: &str, path: &str) -> String {
    let mac = |key: &[u8], text: &str| -> Vec<u8> {
        let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.chain_update(text).finalize().into_bytes().to_vec()
    };
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    };
    let time = chrono::Utc::now().format("%Y%m%dT%H%M%SZ").to_string();
    let scope = format!("{}/us-east-1/s3/aws4_request", &time[..8]);
    let credential = format!("AKIDEXAMPLE/{scope}").replace('/', "%2F");
    let query = format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={time}&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
    );
    let canonical = format!("{method}\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD");
    let digest = hex(&Sha256::digest(canonical));
    let parts = [&time[..8], "us-east-1", "s3", "aws4_request"];
    let key = parts
        .iter()
        .fold(b"AWS4secret".to_vec(), |key, part| mac(&key, part));
    let signature = hex(&mac(
        &key,
        &format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}"),
    ));
    format!("{path}?{query}&X-Amz-Signature={signature}")
}

#[test]
fn an_option_that_means_nothing_is_refused() {
    let wrong = Options {
        v1_signatures: true,
        ..options("memory:", "s3")
    };
    assert!(matches!(
        start(wrong),
        Err(StartError::NoV1Signatures("s3"))
    ));
}
