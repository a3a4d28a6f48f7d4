//! Access: preflights without a signature, everything else with one; and gateways that refuse to
//! start.

use cors_gateway::{Credentials, Options, StartError, start};

use crate::client::{Folder, Gateway, PREFLIGHT, document, options};

#[test]
fn without_a_signature_only_preflights_are_served_and_the_log_says_why() {
    let folder = Folder::new();
    let store = folder.as_str();
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
    let gateway = Gateway::start(Options {
        credentials: Credentials::parse("AKIDEXAMPLE:secret").unwrap(),
        anonymous: false,
        ..options(store, "s3")
    });
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
    let log = gateway.log();
    let lines: Vec<serde_json::Value> = log
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["reason"], "unsigned");
    assert_eq!(lines[0]["origin"], "https://a.example");
    let is_plain = |line: &String| line.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    assert!(log.iter().all(is_plain));
}

#[test]
fn a_gateway_open_to_anyone_does_not_start() {
    let no_credentials = Options {
        anonymous: false,
        ..options("memory:", "s3")
    };
    assert!(matches!(
        start(no_credentials),
        Err(StartError::NoCredentials)
    ));
    let everybody = Options {
        listen: ([0, 0, 0, 0], 0).into(),
        ..options("memory:", "s3")
    };
    assert!(matches!(
        start(everybody),
        Err(StartError::AnonymousBeyondLoopback(_))
    ));
}
