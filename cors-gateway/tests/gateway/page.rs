//! The page at `/_cors/`: its content, its answers, and which machines may see it.

use std::sync::Arc;

use cors_gateway::Options;

use crate::client::{Gateway, document, options};

#[test]
fn the_page_answers_this_machine_only() {
    let gateway = Gateway::start(Options {
        explain: Arc::new(|question| match question.origin.as_str() {
            "a" => Err("no origin".to_owned()),
            _ => Ok(format!("{question:?}")),
        }),
        ..options("memory:", "s3")
    });
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
    for asked in ["https://*.a.example", "https://x.a.example", "PUT", "x-a"] {
        assert!(answer.text().contains(asked), "{}", answer.text());
    }
    // Without a dialect in the question, the gateway's own applies.
    assert!(answer.text().contains("dialect: \"s3\""));

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
