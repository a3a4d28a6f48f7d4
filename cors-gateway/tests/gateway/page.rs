//! The page at `/_cors/`: what it shows, what it answers, and to which machine.

use crate::client::{Gateway, document};

#[test]
fn the_page_answers_this_machine_only() {
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
    let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    // Asked without a dialect: the gateway's own.
    assert_eq!(answer["dialect"], "s3");
    let preflight = &answer["preflight"]["request"];
    assert_eq!(preflight["origin"], "https://x.a.example");
    assert_eq!(preflight["access_control_request_method"], "PUT");
    assert_eq!(preflight["access_control_request_headers"], "x-a");

    let unknown = gateway.ask("POST", "/_cors/explain", &json, b"{\"dialect\": \"minio\"}");
    assert_eq!(unknown.status, 400);
    assert!(
        unknown.text().contains("use one of oss, s3"),
        "{}",
        unknown.text()
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
