//! The program as people and scripts use it: exact output and exit status for real documents, wrong
//! input first.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test may stop at a broken promise"
)]

mod program;

use serde_json::{Value, json};

use program::run;

const EXAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../cors-xml/documents/example.xml"
);
const AS_PRINTED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../cors-xml/documents/seed-as-printed.xml"
);

fn document(rules: &str) -> String {
    format!("<CORSConfiguration>{rules}</CORSConfiguration>")
}

fn explain_json(input: &str, arguments: &[&str]) -> (i32, Value) {
    let all = [&["explain", "-", "--json"], arguments].concat();
    let (status, out, _) = run(&all, input);
    (status, serde_json::from_str(&out).unwrap())
}

#[test]
fn usage_errors_end_with_2_and_say_what_to_do() {
    for (arguments, input, message) in [
        (&["explain"][..], "", "--origin <ORIGIN>"),
        (
            &[
                "explain",
                "/no/such/file",
                "--origin",
                "https://a",
                "--method",
                "GET",
            ],
            "",
            "give the path of a CORS document",
        ),
        (
            &["explain", EXAMPLE, "--origin", "", "--method", "GET"],
            "",
            "give one such as https://app.example",
        ),
        (
            &[
                "explain",
                EXAMPLE,
                "--origin",
                "https://a",
                "--method",
                "TRACE",
            ],
            "",
            "forbidden to pages",
        ),
        (
            &[
                "explain",
                EXAMPLE,
                "--origin",
                "https://a",
                "--method",
                "G T",
            ],
            "",
            "not an HTTP method",
        ),
        (
            &[
                "explain",
                EXAMPLE,
                "--origin",
                "https://a",
                "--method",
                "GET",
                "--header",
                "a b",
            ],
            "",
            "not a header name",
        ),
        (
            &[
                "explain",
                EXAMPLE,
                "--origin",
                "https://a",
                "--method",
                "GET",
                "--dialect",
                "aws",
            ],
            "",
            "possible values: oss, s3",
        ),
        (
            &["explain", "-", "--origin", "https://a", "--method", "GET"],
            "<a/>",
            "1:1:",
        ),
        (&["decide", "--requests", "-"], "", "CONFIG"),
        (
            &["decide", EXAMPLE, "--not-configured", "--requests", "-"],
            "",
            "cannot be used with",
        ),
        (
            &["decide", "-", "--requests", "-"],
            "",
            "cannot both be standard input",
        ),
        (
            &["decide", EXAMPLE, "--requests", "/no/such/file"],
            "",
            "give a file of JSON lines",
        ),
        (
            &["decide", EXAMPLE, "--requests", "-"],
            "{\"method\": \"\u{100}\"}\n",
            "above U+00FF",
        ),
        (
            &["decide", EXAMPLE, "--requests", "-"],
            "{}",
            "line 1: missing field `method`",
        ),
        (&["nothing"], "", "unrecognized subcommand"),
    ] {
        let (status, out, err) = run(arguments, input);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn help_has_examples() {
    for command in ["explain", "decide", "parse", "write"] {
        let (status, out, _) = run(&[command, "--help"], "");
        assert_eq!(status, 0);
        assert!(
            out.contains("Example") && out.contains("Exit status"),
            "{command}"
        );
    }
}

#[test]
fn explain_names_the_rule_that_answers_and_prints_no_colour_to_a_pipe() {
    let arguments = [
        "explain",
        EXAMPLE,
        "--origin",
        "http://www.a.com",
        "--method",
        "GET",
        "--header",
        "authorization",
    ];
    let (status, out, err) = run(&arguments, "");
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(out, include_str!("explain-granted.txt"));
}

#[test]
fn explain_suggests_what_would_allow_a_refused_request() {
    let arguments = [
        "explain",
        EXAMPLE,
        "--origin",
        "http://www.b.com",
        "--method",
        "PUT",
        "--header",
        "x-a",
    ];
    let (status, out, _) = run(&arguments, "");
    assert_eq!(status, 1);
    assert_eq!(out, include_str!("explain-refused.txt"));
}

#[test]
fn explain_takes_credentials_and_dialect_into_account() {
    let any = document(
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>",
    );
    let page = ["--origin", "https://a.example", "--method", "GET"];
    let (status, report) = explain_json(&any, &page);
    assert_eq!((status, &report["suggestion"]), (0, &Value::Null));
    for (dialect, change) in [("s3", "add_rule"), ("oss", "drop_credentials")] {
        let more = ["--credentials", "--dialect", dialect];
        let (status, report) = explain_json(&any, &[&page[..], &more].concat());
        assert_eq!(status, 1);
        assert_eq!(report["suggestion"]["change"], json!(change));
    }
}

#[test]
fn explain_as_json_reports_preflight_actual_request_and_verdict() {
    let (status, report) = explain_json(
        &std::fs::read_to_string(EXAMPLE).unwrap(),
        &[
            "--origin",
            "https://x.example",
            "--method",
            "put",
            "--header",
            "Authorization: x",
            "--header",
            "Cookie",
        ],
    );
    assert_eq!(status, 0);
    assert_eq!(report["preflight_needed"], json!(true));
    assert_eq!(report["preflight_reason"], json!("method_and_headers"));
    assert_eq!(
        report["preflight"]["request"],
        json!({"method": "OPTIONS", "origin": "https://x.example", "access_control_request_method": "PUT",
               "access_control_request_headers": "authorization"})
    );
    assert_eq!(report["preflight"]["status"], json!(200));
    assert_eq!(report["actual"]["outcome"], json!("actual_granted"));
    assert_eq!(report["verdict"]["page_can_read"], json!(true));
    assert_eq!(report["verdict"]["reason"], json!("readable"));
    assert_eq!(report["rules"][1]["origin_matched"], Value::Null);

    let simple = [
        "--origin",
        "http://www.b.com",
        "--method",
        "POST",
        "--header",
        "content-type: text/plain",
    ];
    let (_, report) = explain_json(&std::fs::read_to_string(EXAMPLE).unwrap(), &simple);
    assert_eq!(
        (&report["preflight_needed"], &report["preflight"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(report["verdict"]["reason"], json!("no_allow_origin"));
}

#[test]
fn decide_keeps_to_its_contract() {
    let input = concat!(
        r#"{"method": "OPTIONS", "origin": "https://a.example", "access_control_request_method": "PUT", "access_control_request_headers": "AUTHORIZATION, authorization"}"#,
        "\n\n",
        r#"{"method": "GET", "origin": null}"#,
        "\n",
        r#"{"method": "GET", "origin": "http://www.a.com", "access_control_request_headers": ["x-a", "x-b"]}"#,
        "\n",
        r#"{"method": "OPTIONS", "origin": "https://a.example", "access_control_request_method": "PUT", "access_control_request_headers": ["authorization", "x-b,x-c"]}"#,
        "\n",
        r#"{"method": "OPTIONS"}"#,
        "\n",
        r#"{"method": "GET", "origin": "https://ÿ"}"#,
    );
    let (status, out, err) = run(&["decide", EXAMPLE, "--requests", "-"], input);
    assert_eq!((status, err.as_str()), (0, ""));
    let answers: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let refused = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / \
                   Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.";
    assert_eq!(
        answers,
        [
            json!({"outcome": "preflight_granted", "rule": 0, "status": 200, "error": null, "refusal": null, "headers": [
                ["access-control-allow-origin", "*"], ["access-control-allow-methods", "PUT, GET"],
                ["access-control-allow-headers", "AUTHORIZATION, authorization"]]}),
            json!({"outcome": "not_cors", "rule": null, "status": null, "error": null, "refusal": null, "headers": []}),
            json!({"outcome": "actual_granted", "rule": 0, "status": null, "error": null, "refusal": null, "headers": [
                ["access-control-allow-origin", "*"], ["access-control-allow-methods", "PUT, GET"]]}),
            json!({"outcome": "preflight_refused", "rule": null, "status": 403,
                   "error": {"code": "AccessForbidden", "message": refused},
                   "refusal": {"step": "header", "name": "x-b", "index": 1}, "headers": []}),
            json!({"outcome": "bad_request", "rule": null, "status": 400,
                   "error": {"code": "BadRequest", "message": "Insufficient information. Origin request header needed."},
                   "refusal": {"step": "missing_origin"}, "headers": []}),
            json!({"outcome": "actual_refused", "rule": null, "status": null, "error": null,
                   "refusal": {"step": "origin"}, "headers": []}),
        ]
    );
}

#[test]
fn decide_names_each_step_of_a_refusal() {
    let config = document(
        "<CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>",
    );
    let path = std::env::temp_dir().join(format!("cors-decide-{}.xml", std::process::id()));
    std::fs::write(&path, config).unwrap();
    let path = path.to_str().unwrap();
    let long = "a".repeat(4097);
    let commas = ",".repeat(16_385);
    let names = "x,".repeat(257);
    let preflight = |origin: &str, method: Option<&str>, headers: &str| {
        json!({"method": "OPTIONS", "origin": origin, "access_control_request_method": method,
               "access_control_request_headers": headers})
        .to_string()
    };
    for (line, dialect, expected) in [
        (
            preflight("https://b.example", Some("GET"), ""),
            "s3",
            ("preflight_refused", "origin"),
        ),
        (
            preflight("https://a.example", Some("PUT"), ""),
            "s3",
            ("preflight_refused", "method"),
        ),
        (
            preflight("https://a.example", Some("GET"), "x-a"),
            "s3",
            ("preflight_refused", "header"),
        ),
        (
            preflight("https://a.example", None, ""),
            "s3",
            ("bad_request", "missing_method"),
        ),
        (
            preflight("", Some("GET"), ""),
            "oss",
            ("bad_request", "missing_origin"),
        ),
        (
            preflight("https://a.example", Some("PATCH"), ""),
            "s3",
            ("bad_request", "bad_method"),
        ),
        (
            preflight("https://a.example", Some("PATCH"), ""),
            "oss",
            ("preflight_refused", "method"),
        ),
        (
            preflight("https://a.example", Some("GET"), "x y"),
            "s3",
            ("bad_request", "bad_header"),
        ),
        (
            preflight("https://a.example", Some("GET"), "x y"),
            "oss",
            ("preflight_refused", "bad_header"),
        ),
        (
            preflight(&long, Some("GET"), ""),
            "s3",
            ("preflight_refused", "limit"),
        ),
        (
            preflight("https://a.example", Some("GET"), &commas),
            "s3",
            ("preflight_refused", "limit"),
        ),
        (
            preflight("https://a.example", Some("GET"), &names),
            "strict",
            ("preflight_refused", "header"),
        ),
    ] {
        let (status, out, err) = run(
            &["decide", path, "--requests", "-", "--dialect", dialect],
            &line,
        );
        assert_eq!(status, 0, "{err}");
        let answer: Value = serde_json::from_str(&out).unwrap();
        let given = (
            answer["outcome"].as_str().unwrap(),
            answer["refusal"]["step"].as_str().unwrap(),
        );
        // Too many names are detected before the first of them is refused because no rule allows
        // it.
        let expected = if line.contains("x,x,x") {
            ("preflight_refused", "limit")
        } else {
            expected
        };
        assert_eq!(given, expected, "{dialect}");
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn decide_repeats_bytes_of_the_request_as_characters() {
    let line = "{\"method\": \"OPTIONS\", \"origin\": \"http://www.a.com\", \"access_control_request_method\": \"P\u{ff}\"}";
    let (_, out, _) = run(
        &["decide", EXAMPLE, "--dialect", "s3", "--requests", "-"],
        line,
    );
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        answer["error"]["message"],
        json!("Invalid Access-Control-Request-Method: P\u{ff}")
    );
}

#[test]
fn decide_answers_for_a_bucket_without_rules() {
    let line = r#"{"method": "OPTIONS", "origin": "https://a.example", "access_control_request_method": "PUT"}"#;
    let (status, out, _) = run(
        &[
            "decide",
            "--not-configured",
            "--dialect",
            "s3",
            "--requests",
            "-",
        ],
        line,
    );
    assert_eq!(status, 0);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["refusal"], json!({"step": "not_enabled"}));
    assert_eq!(
        answer["error"]["message"],
        json!("CORSResponse: CORS is not enabled for this bucket.")
    );
}

#[test]
fn decide_has_answered_every_line_before_the_one_it_cannot_read() {
    let (status, out, err) = run(
        &["decide", EXAMPLE, "--requests", "-"],
        "{\"method\": \"GET\"}\n{\"method\": \n",
    );
    assert_eq!((status, out.lines().count()), (2, 1));
    assert!(err.contains("standard input, line 2:"), "{err}");
}

#[test]
fn parse_prints_the_rules_of_a_document() {
    let (status, out, err) = run(&["parse", EXAMPLE], "");
    assert_eq!((status, err.as_str()), (0, ""));
    let parsed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&parsed["ok"], &parsed["response_vary"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        parsed["rules"][1],
        json!({"id": null, "allowed_origins": ["http://www.a.com", "http://www.b.com"], "allowed_methods": ["GET"],
               "allowed_headers": ["authorization"], "expose_headers": ["x-oss-test", "x-oss-test1"], "max_age_seconds": 100})
    );
    assert!(parsed["image_bytes"].as_u64().unwrap() > 100);
}

#[test]
fn parse_lists_every_error_with_the_providers_code_and_its_place() {
    let (status, out, err) = run(&["parse", AS_PRINTED], "");
    assert_eq!(status, 1);
    let parsed: Value = serde_json::from_str(&out).unwrap();
    let error = &parsed["error"];
    assert_eq!(
        (&error["status"], &error["code"]),
        (&json!(400), &json!("MalformedXML"))
    );
    assert_eq!((&error["line"], &error["column"]), (&json!(1), &json!(3)));
    assert!(err.contains("seed-as-printed.xml:1:3: "), "{err}");

    let input = document(
        "\n<CORSRule><AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule>\n\
         <CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>x-*</ExposeHeader></CORSRule>",
    );
    let (status, out, err) = run(&["parse", "-", "--dialect", "s3"], &input);
    assert_eq!(status, 1);
    let parsed: Value = serde_json::from_str(&out).unwrap();
    let errors = parsed["errors"].as_array().unwrap();
    let messages: Vec<&str> = errors
        .iter()
        .map(|error| error["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "AllowedOrigin \"*.*\" can not have more than one wildcard.",
            "Found unsupported HTTP method in CORS config. Unsupported method is PATCH",
            "ExposeHeader \"x-*\" contains wildcard. We currently do not support wildcard for ExposeHeader.",
        ]
    );
    assert_eq!(
        (
            &errors[2]["line"],
            &errors[2]["rule"],
            &errors[2]["element"]
        ),
        (&json!(3), &json!(1), &json!("ExposeHeader"))
    );
    assert!(err.contains("standard input:3:"), "{err}");
}

#[test]
fn write_prints_what_get_cors_returns_and_reads_it_back() {
    let (status, out, _) = run(&["write", EXAMPLE], "");
    assert_eq!(status, 0);
    assert!(
        out.starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration><CORSRule>"
        )
    );
    assert!(out.ends_with("<ResponseVary>false</ResponseVary></CORSConfiguration>"));
    let (_, first, _) = run(&["parse", EXAMPLE], "");
    let (_, second, _) = run(&["parse", "-"], &out);
    assert_eq!(first, second);
    let (status, out, err) = run(&["write", AS_PRINTED], "");
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains(":1:3:"));
}

#[test]
fn text_from_documents_and_requests_cannot_control_a_terminal() {
    let input = document(
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>",
    );
    let arguments = [
        "explain",
        "-",
        "--origin",
        "https://a.example",
        "--method",
        "GET",
        "--header",
        "x-a: \u{1b}[31m",
    ];
    let (_, out, _) = run(&arguments, &input);
    assert!(
        !out.contains('\u{1b}') && out.contains("\\u{1b}[31m"),
        "{out}"
    );
}

#[test]
fn strict_reads_the_shape_of_s3_with_methods_of_its_own() {
    let rule = "<CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule>";
    let page = [
        "--origin",
        "https://a.example",
        "--method",
        "PATCH",
        "--dialect",
        "strict",
    ];
    let (status, report) = explain_json(&document(rule), &page);
    assert_eq!(
        (status, &report["verdict"]["reason"]),
        (0, &json!("readable"))
    );
    let (status, _, err) = run(
        &[&["explain", "-"], &page[..5], &["s3"]].concat(),
        &document(rule),
    );
    assert_eq!(status, 2);
    assert!(err.contains("standard input:1:"), "{err}");
}

#[test]
fn the_place_of_an_error_in_a_long_line_is_shown() {
    let origin = format!("<AllowedOrigin>https://{}</AllowedOrigin>", "a".repeat(200));
    let rule = format!("<CORSRule>{origin}<AllowedMethod>Get</AllowedMethod></CORSRule>");
    let (status, _, message) = run(&["parse", "-"], &document(&rule));
    assert_eq!(status, 1, "{message}");
    let lines: Vec<&str> = message.lines().collect();
    let (shown, mark) = (lines[1], lines[2]);
    let at = mark.find('^').unwrap();
    assert!(shown.contains("| ...") && shown.len() < 180, "{message}");
    assert!(shown[at..].starts_with("<AllowedMethod>Get<"), "{message}");
}
