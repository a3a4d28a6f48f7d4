//! Questions about documents: answers as JSON, and errors with the line they are in.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::explain::{Question, QuestionError, answer_json};
use cors_advice::source::Source;
use cors_xml::{Document, Provider};

const DOCUMENT: &[u8] =
    b"<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin>\
    <AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>";

fn answer(origin: &str, method: &str, headers: &[String]) -> Result<String, QuestionError> {
    answer_json(&Question {
        document: Source {
            name: "bucket.xml",
            bytes: DOCUMENT,
        },
        provider: &Provider::S3,
        origin,
        method,
        headers,
        credentials: false,
    })
}

#[test]
fn an_answer_has_its_members_in_their_order() {
    let expected = concat!(
        r#"{"dialect":"s3","preflight_needed":true,"preflight_reason":"method_and_headers","#,
        r#""preflight":{"request":{"method":"OPTIONS","origin":"https://a.example","access_control_request_method":"PUT","#,
        r#""access_control_request_headers":"x-a"},"outcome":"preflight_refused","rule":null,"status":403,"#,
        r#""error":{"code":"AccessForbidden","message":"CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."},"#,
        r#""refusal":{"step":"header","name":"x-a","index":0},"headers":[]},"#,
        r#""actual":{"request":{"method":"PUT","origin":"https://a.example"},"outcome":"actual_granted","rule":0,"status":null,"#,
        r#""error":null,"refusal":null,"headers":[["access-control-allow-origin","https://a.example"],["access-control-allow-credentials","true"],"#,
        r#"["access-control-allow-methods","PUT"],["vary","Origin, Access-Control-Request-Headers, Access-Control-Request-Method"]]},"#,
        r#""verdict":{"page_can_read":false,"reason":"preflight_status","readable_headers":[]},"selection":"conjunct","#,
        r#""rules":[{"rule":0,"id":null,"matches":false,"origin_matched":"https://a.example","method_matched":true,"header_refused":"x-a"}],"#,
        r#""suggestion":{"change":"add_allowed_header","rule":0,"values":["x-a"],"text":"add <AllowedHeader>x-a</AllowedHeader> to rule 1","page":[],"#,
        r#""edits":[{"edit":"add","rule":0,"field":"AllowedHeader","values":["x-a"]}]},"obstacle":null,"notes":[]}"#,
    );
    assert_eq!(
        answer("https://a.example", "PUT", &["x-a".to_owned()]).unwrap(),
        expected
    );
}

#[test]
fn a_request_that_no_page_can_make_is_an_error() {
    let error = |origin: &str, method: &str, header: &str| {
        answer(origin, method, &[header.to_owned()])
            .unwrap_err()
            .to_string()
    };
    assert!(error("", "GET", "x-a").starts_with("origin is empty"));
    assert!(error("null", "TRACE", "x-a").starts_with("method TRACE is forbidden"));
    assert!(error("null", "GET", "x a").starts_with("header \"x a\" is not a header name"));
}

#[test]
fn each_error_of_a_document_is_quoted_with_its_line() {
    let bytes = b"<CORSConfiguration>\r\n<CORSRule>\n  <AllowedMethod>get</AllowedMethod></CORSRule></CORSConfiguration>";
    let source = Source {
        name: "bucket.xml",
        bytes,
    };
    let errors = Document::parse(&Provider::S3, bytes).unwrap_err();
    let text = source.describe(&errors);
    assert!(text.starts_with("bucket.xml:2:1: rule 1, "), "{text}");
    assert!(text.contains("\n      2 | <CORSRule>\n        | ^\n      bucket.xml:3:3: rule 1, AllowedMethod `get`: "), "{text}");
    assert_eq!(source.snippet(4, 1), "");
    assert_eq!(source.snippet(0, 1), "");
}

#[test]
fn the_part_of_a_long_line_around_the_column_is_shown() {
    let bytes = "a".repeat(1000) + "\tb";
    let source = Source {
        name: "x",
        bytes: bytes.as_bytes(),
    };
    let snippet = source.snippet(1, 1001);
    assert!(
        snippet.starts_with(&format!("\n      1 | ...{} b\n", "a".repeat(79))),
        "{snippet}"
    );
    assert!(
        snippet.ends_with(&format!("| {}^", " ".repeat(82))),
        "{snippet}"
    );
    assert_eq!(
        Source {
            name: "x",
            bytes: b"\xff"
        }
        .snippet(1, 1),
        ""
    );
}

#[test]
fn a_document_in_another_form_is_named() {
    let error = answer_json(&Question {
        document: Source {
            name: "bucket.xml",
            bytes: DOCUMENT,
        },
        provider: &Provider::GCS,
        origin: "null",
        method: "GET",
        headers: &[],
        credentials: false,
    });
    let text = error.unwrap_err().to_string();
    let expected = "bucket.xml: this is OSS, XML\n      bucket.xml:1:1: CORSConfiguration: the root of gcs is `CorsConfig`\n";
    assert!(text.starts_with(expected), "{text}");
}
