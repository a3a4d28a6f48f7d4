//! The page at `/_cors/`: its content, its answers, and which machines may see it.

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
    // Without a dialect in the question, the gateway's own applies.
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

#[test]
fn the_page_asks_about_documents() {
    let gateway = Gateway::anonymous("memory:", "s3");
    let ask = |path: &str, question: serde_json::Value| {
        let json = ["Content-Type: application/json"];
        let answer = gateway.ask("POST", path, &json, question.to_string().as_bytes());
        let text = answer.text();
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        (answer.status, value)
    };
    let gcs = r#"[{"origin": ["https://a.example"], "method": ["GET", "PUT"], "responseHeader": ["x-a"], "maxAgeSeconds": 60}]"#;

    let (status, rules) = ask(
        "/_cors/rules",
        serde_json::json!({ "document": gcs, "dialect": "gcs" }),
    );
    assert_eq!(status, 200);
    assert_eq!(rules["CORSRules"][0]["AllowedMethods"][1], "PUT");
    // That a document has errors is an answer.
    let (status, rules) = ask("/_cors/rules", serde_json::json!({ "document": gcs }));
    assert_eq!(status, 200);
    let error = rules["error"].as_str().unwrap();
    assert!(
        error.starts_with("document: this is Google Cloud Storage, JSON"),
        "{error}"
    );

    let (status, report) = ask(
        "/_cors/lint",
        serde_json::json!({ "document": document("https://a.example/") }),
    );
    assert_eq!(
        (status, &report["findings"][0]["code"]),
        (200, &serde_json::json!("C002"))
    );

    let (status, cells) = ask(
        "/_cors/matrix",
        serde_json::json!({
            "document": gcs, "dialect": "gcs", "headers": ["x-a"], "origins": ["https://a.example", "https://b.example"], "methods": ["PUT", "CONNECT"],
        }),
    );
    let can = |row: usize, column: usize| cells[row][column]["page_can_read"].as_bool().unwrap();
    assert_eq!(status, 200);
    assert_eq!(
        (can(0, 0), can(0, 1), can(1, 0)),
        (true, false, false),
        "{cells}"
    );
    assert_eq!(cells[0][0]["rule"], 0);
    assert_eq!(cells[0][1]["reason"], "no_such_page");
    let many = vec!["https://a.example"; 33];
    let (status, refused) = ask(
        "/_cors/matrix",
        serde_json::json!({ "document": gcs, "dialect": "gcs", "origins": many, "methods": many }),
    );
    assert!(
        status == 400
            && refused["error"]
                .as_str()
                .unwrap()
                .contains("at most 1024 pairs"),
        "{refused}"
    );

    let question = serde_json::json!({ "document": gcs, "dialect": "gcs", "to": "s3-json" });
    let (status, converted) = ask("/_cors/convert", question);
    assert_eq!(status, 200);
    assert!(
        converted["document"]
            .as_str()
            .unwrap()
            .contains("\"AllowedHeaders\": [\"x-a\"]"),
        "{converted}"
    );
    let (status, unread) = ask(
        "/_cors/convert",
        serde_json::json!({ "document": "<x>", "to": "oss" }),
    );
    assert!(
        status == 200 && unread["document"].is_null() && unread["errors"][0]["line"] == 1,
        "{unread}"
    );
    assert_eq!(
        ask("/_cors/nothing", serde_json::json!({})).0,
        404,
        "no such question"
    );
}

#[test]
fn the_files_of_the_page_are_for_this_machine_only() {
    let gateway = Gateway::anonymous("memory:", "s3");
    for path in ["/_cors/page.css", "/_cors/page.js"] {
        assert_eq!(gateway.ask("GET", path, &[], b"").status, 200, "{path}");
        let rebound = gateway.ask("GET", path, &["Host: evil.example"], b"");
        assert_eq!(rebound.status, 403, "{path}");
    }
    assert_eq!(gateway.ask("GET", "/_cors/page.rs", &[], b"").status, 404);
}
