//! `cors lint`: what it prints for people, programs and code review, and that docs/lint.md is true.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

mod program;

use std::fmt::Write as _;

use cors_advice::lint::LintCode;
use serde_json::Value;

use program::run;

const CARELESS: &str = include_str!("documents/careless.xml");

#[test]
fn lint_shows_a_person_the_line_what_is_wrong_and_what_to_change() {
    let (status, out, stderr) = run(&["lint", "-", "--dialect", "s3"], CARELESS);
    assert_eq!((status, stderr.as_str()), (1, ""));
    let expected = "\
standard input:3:5: warning C007: rule 1, AllowedOrigin `https://*example.com`: the `*` is not at a label boundary, so it also matches hosts of other owners
      3 |     <AllowedOrigin>https://*example.com</AllowedOrigin>
        |     ^
      put a dot after the `*`, as in https://*.example.com, and list https://example.com too; other hosts can then no longer read: https://*.example.com https://example.com

standard input:6:3: error C012: rule 2: earlier rules match everything that this rule matches, so it never wins
      6 |   <CORSRule>
        |   ^
      remove it, move it up, or merge it into the rule that wins

standard input:9:5: note C017: rule 2, MaxAgeSeconds: browsers cap this at a lower value
      9 |     <MaxAgeSeconds>3600</MaxAgeSeconds>
        |     ^
      expect at most 86400 seconds in Firefox, 7200 in Chromium, 600 in Safari

errors: 1, warnings: 1, notes: 1
";
    assert_eq!(out, expected);
}

#[test]
fn lint_fails_from_the_given_severity() {
    let with = |origin: &str, more: &str| {
        format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod>{more}</CORSRule></CORSConfiguration>"
        )
    };
    let clean = with("https://a.example", "");
    let note = with("https://a.example", "<MaxAgeSeconds>0</MaxAgeSeconds>");
    let warning = with("null", "");
    let error = with("localhost", "");
    for (fail_on, failing) in [("note", 1), ("warning", 2), ("error", 3), ("never", 4)] {
        for (severity, text) in [&clean, &note, &warning, &error].into_iter().enumerate() {
            let (status, _, _) = run(&["lint", "-", "--fail-on", fail_on], text);
            assert_eq!(
                status,
                i32::from(severity >= failing),
                "{fail_on} {severity}"
            );
        }
    }
    let (status, _, stderr) = run(&["lint", "-"], "<CORSConfiguration/>");
    assert!(
        status == 1 && stderr.contains("add at least one rule"),
        "{stderr}"
    );
    assert_eq!(run(&["lint", "/no/such/file"], "").0, 2);
    assert_eq!(run(&["lint", "-", "--json", "--sarif"], "").0, 2);
}

#[test]
fn lint_writes_json_and_sarif() {
    let (_, out, _) = run(&["lint", "-", "--json", "--dialect", "s3"], CARELESS);
    let report: Value = serde_json::from_str(&out).unwrap();
    let first = &report["findings"][0];
    assert_eq!(first["code"], "C007");
    assert_eq!(first["value"], "https://*example.com");
    assert_eq!(
        (first["line"].as_u64(), first["column"].as_u64()),
        (Some(3), Some(5))
    );
    assert_eq!(first["page"], "docs/lint.md#c007");
    let (status, out, _) = run(&["lint", "-", "--sarif", "--dialect", "s3"], CARELESS);
    assert_eq!(status, 1);
    let log: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "standard%20input");
        assert!(place["region"]["startLine"].as_u64().unwrap() > 1);
    }
}

#[test]
fn errors_of_an_invalid_document_are_in_json_and_sarif_too() {
    let text = CARELESS.replace("GET", "get");
    let (status, out, stderr) = run(&["lint", "-", "--json"], &text);
    assert!(
        status == 1 && stderr.contains("standard input:4:5"),
        "{stderr}"
    );
    let report: Value = serde_json::from_str(&out).unwrap();
    // What is not wrong with the document is linted, and the rest is not said twice.
    let findings = report["findings"].as_array().unwrap();
    let codes: Vec<&Value> = findings.iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["C007", "C017"]);
    assert_eq!(findings[0]["line"], 3);
    assert_eq!(report["errors"][0]["element"], "AllowedMethod");
    assert_eq!(report["errors"][1]["line"], 8);
    let (status, out, _) = run(&["lint", "-", "--sarif"], &text);
    assert_eq!(status, 1);
    let log: Value = serde_json::from_str(&out).unwrap();
    let run = &log["runs"][0];
    let mut results = run["results"].as_array().unwrap().iter();
    let result = results.find(|result| result["level"] == "error").unwrap();
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(
        run["tool"]["driver"]["rules"][index]["id"],
        result["ruleId"]
    );
    let (status, out, _) = self::run(&["lint", "-"], &text);
    assert!(
        status == 1 && out.starts_with("standard input:3:5: warning C007: "),
        "{out}"
    );
    let (status, out, _) = self::run(&["lint", "-"], "<CORSConfiguration>");
    assert_eq!((status, out.as_str()), (1, ""));
}

#[test]
fn lint_reads_json_forms_and_their_names() {
    let text = r#"[{"origin": ["https://a.example/"], "method": ["GET"]}]"#;
    let (status, out, _) = run(&["lint", "-", "--dialect", "gcs", "--json"], text);
    let report: Value = serde_json::from_str(&out).unwrap();
    let first = &report["findings"][0];
    assert_eq!((status, &first["code"]), (1, &Value::from("C002")));
    assert_eq!(
        (&first["element"], first["column"].as_u64()),
        (&Value::from("origin"), Some(14))
    );
}

/// Each finding of a document as its code and value, and what is advised.
fn findings(dialect: &str, text: &str) -> Vec<(String, String, String)> {
    let (_, out, _) = run(&["lint", "-", "--json", "--dialect", dialect], text);
    let report: Value = serde_json::from_str(&out).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |finding: &Value| {
        let with = &finding["edit"]["with"][0];
        (text(&finding["code"]), text(&finding["value"]), text(with))
    };
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(of)
        .collect()
}

fn origins(origins: &[&str]) -> String {
    let origins = serde_json::json!(origins);
    format!(r#"[{{"AllowedOrigins": {origins}, "AllowedMethods": ["GET"]}}]"#)
}

#[test]
fn what_no_browser_sends_is_reported_with_what_it_sends_instead() {
    let expected = [
        ("\"https://a.example.com\"", "C027", "https://a.example.com"),
        (">https://b.example.com", "C027", "https://b.example.com"),
        ("https://(www|app).example.com", "C028", ""),
        ("https://<domain>", "C028", ""),
        ("https://%65xample.com", "C028", ""),
        ("https://c.example.com:99999", "C029", ""),
        (
            "https://d.example.com:0443",
            "C029",
            "https://d.example.com",
        ),
        ("http://localhost:3000-3010", "C029", ""),
        (
            "https://[2001:db8:0:0:0:0:0:1]",
            "C030",
            "https://[2001:db8::1]",
        ),
        ("https://e.example.com'", "C031", "https://e.example.com"),
        ("https://.example.com", "C031", ""),
        ("https://f..example.com", "C031", ""),
        ("localhost:3000", "C005", "http://localhost:3000"),
        ("https:/g.example.com", "C005", "https://g.example.com"),
        ("//h.example.com", "C005", "https://h.example.com"),
        ("Null", "C003", "null"),
        (
            "https://i.example.com,https://j.example.com",
            "C026",
            "https://i.example.com",
        ),
        (
            "https://k.example.com, https://l.example.com",
            "C026",
            "https://k.example.com",
        ),
        ("*.m.example.com", "C032", "https://*.m.example.com"),
        ("https://*.vercel.app", "C034", ""),
        ("https://*.netlify.app", "C034", ""),
        ("https://*.github.io", "C034", ""),
        ("https://*.pages.dev", "C034", ""),
        ("https://*.co.uk", "C011", ""),
        ("moz-extension://*", "C036", ""),
    ];
    let values = expected.map(|(value, ..)| value);
    let expected = expected.map(|(value, code, with)| (code.into(), value.into(), with.into()));
    assert_eq!(findings("s3", &origins(&values)), expected);
}

#[test]
fn lint_says_what_to_set_on_oss_and_what_to_leave_out() {
    let with = |more: &str| {
        format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example.com</AllowedOrigin>\
             <AllowedOrigin>https://b.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod>\
             <AllowedHeader>*</AllowedHeader></CORSRule>{more}</CORSConfiguration>"
        )
    };
    let codes = |dialect, text: &str| -> Vec<String> {
        let found = findings(dialect, text).into_iter();
        found.map(|(code, ..)| code).collect()
    };
    assert_eq!(codes("oss", &with("")), ["C033"]);
    assert_eq!(
        codes("oss", &with("<ResponseVary>true</ResponseVary>")),
        [""; 0]
    );
    assert_eq!(codes("s3", &with("")), [""; 0]);
    let rule = |more: &str| {
        format!(
            r#"{{"CORSRules": [{{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], {more}}}]}}"#
        )
    };
    let exposed = rule(r#""ExposeHeaders": ["Access-Control-Allow-Origin"]"#);
    assert_eq!(codes("s3", &exposed), ["C035"]);
    assert_eq!(
        codes("s3", &rule(r#""AllowedHeaders": ["Accept"]"#)),
        [""; 0]
    );
}

#[test]
fn characters_that_are_not_seen_are_escaped_in_every_output() {
    let text = origins(&["https://a.example\u{202e}\u{9b}1m"]);
    for arguments in [
        &["lint", "-", "--dialect", "s3"][..],
        &["lint", "-", "--dialect", "s3", "--json"],
        &["lint", "-", "--dialect", "s3", "--sarif"],
        &["parse", "-", "--dialect", "s3"],
        &["write", "-", "--dialect", "s3"],
        &["convert", "-", "--from", "s3-json", "--to", "s3-json"],
        &["parse", "-", "--dialect", "b2"],
    ] {
        let (_, out, stderr) = run(arguments, &text);
        let shown = out + &stderr;
        assert!(
            !shown.contains(['\u{202e}', '\u{9b}']),
            "{arguments:?}: {shown}"
        );
        assert!(
            shown.to_lowercase().contains("202e"),
            "{arguments:?}: {shown}"
        );
    }
}

#[test]
fn a_sarif_message_has_neither_links_nor_placeholders() {
    let text = origins(&[
        "https://[click](https://evil.example)",
        "https://{0}.example/",
    ]);
    let (_, out, _) = run(&["lint", "-", "--sarif", "--dialect", "s3"], &text);
    let log: Value = serde_json::from_str(&out).unwrap();
    let message = |index: usize| log["runs"][0]["results"][index]["message"]["text"].to_string();
    assert!(
        message(0).contains(r"`https://\\[click\\](https"),
        "{}",
        message(0)
    );
    assert!(
        message(1).contains("`https://{{0}}.example/`"),
        "{}",
        message(1)
    );
}

/// Every section of the page: identifier, severity, reported example, other example.
fn sections(page: &str) -> Vec<(&str, &str, &str, &str)> {
    page.split("\n## ")
        .skip(1)
        .map(|section| {
            let (id, rest) = section.split_once('\n').unwrap();
            let severity = rest.split("**").nth(1).unwrap();
            let row = rest.lines().find(|line| line.starts_with("| `")).unwrap();
            let (bad, good) = row.trim_matches(['|', ' ']).split_once(" | ").unwrap();
            (id, severity, bad.trim_matches('`'), good.trim_matches('`'))
        })
        .collect()
}

/// The document with an example's rules.
fn document(example: &str) -> String {
    let mut text = "<CORSConfiguration>".to_owned();
    for rule in example.split(" / ") {
        let mut elements = String::new();
        for element in rule.split("; ") {
            let (name, value) = element.split_once('=').unwrap();
            write!(elements, "<{name}>{value}</{name}>").unwrap();
        }
        for (name, value) in [
            ("AllowedOrigin", "https://a.example"),
            ("AllowedMethod", "GET"),
        ] {
            if !elements.contains(name) {
                write!(elements, "<{name}>{value}</{name}>").unwrap();
            }
        }
        write!(text, "<CORSRule>{elements}</CORSRule>").unwrap();
    }
    text + "</CORSConfiguration>"
}

#[test]
fn every_identifier_has_a_section_whose_examples_are_true() {
    let page = include_str!("../../docs/lint.md");
    let sections = sections(page);
    let ids: Vec<&str> = sections.iter().map(|(id, ..)| *id).collect();
    let all: Vec<&str> = LintCode::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids, all);
    for ((id, severity, bad, good), code) in sections.into_iter().zip(LintCode::ALL) {
        assert_eq!(severity, code.severity().name(), "{id}");
        for text in [code.summary(), code.hint()] {
            assert!(page.contains(text), "{id}: {text}");
        }
        for (example, is_reported) in [(bad, true), (good, false)] {
            let (dialect, rules) = example.split_once(": ").unwrap_or(("oss", example));
            let (_, out, stderr) = run(
                &["lint", "-", "--json", "--dialect", dialect],
                &document(rules),
            );
            let report: Value =
                serde_json::from_str(&out).unwrap_or_else(|_| panic!("{id}: {stderr}"));
            let findings = report["findings"].as_array().unwrap();
            let found = findings.iter().any(|finding| finding["code"] == id);
            assert_eq!(found, is_reported, "{id}: {example}: {out}");
        }
    }
}
