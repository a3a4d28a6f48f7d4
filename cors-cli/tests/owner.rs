//! What a bucket owner reaches for: lint, convert, diff, compile, inspect, completions, the manual page.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

mod program;

use std::fmt::Write as _;

use serde_json::Value;

use program::run;

const CARELESS: &str = "<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://*example.com</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>
  <CORSRule>
    <AllowedOrigin>https://app.example.com</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <MaxAgeSeconds>3600</MaxAgeSeconds>
  </CORSRule>
</CORSConfiguration>
";

#[test]
fn lint_shows_a_person_the_line_what_is_wrong_and_what_to_change() {
    let (status, out, told) = run(&["lint", "-"], CARELESS);
    assert_eq!((status, told.as_str()), (1, ""));
    let expected = "\
standard input:3:5: warning C007: rule 1, AllowedOrigin `https://*example.com`: the `*` is not at a label boundary, so it lets in other owners' hosts
      3 |     <AllowedOrigin>https://*example.com</AllowedOrigin>
        |     ^
      put a dot after the `*`, as in https://*.example.com

standard input:6:3: error C012: rule 2: earlier rules match whatever this rule matches, so it never wins
      6 |   <CORSRule>
        |   ^
      remove it, move it up, or merge it into the rule that wins

standard input:9:5: note C017: rule 2, MaxAgeSeconds: browsers cut this down
      9 |     <MaxAgeSeconds>3600</MaxAgeSeconds>
        |     ^
      expect at most 86400 seconds in Firefox, 7200 in Chromium, 600 in Safari

errors: 1, warnings: 1, notes: 1
";
    assert_eq!(out, expected);
}

#[test]
fn lint_fails_from_the_severity_that_it_is_told() {
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
    let (status, _, told) = run(&["lint", "-"], "<CORSConfiguration/>");
    assert!(
        status == 1 && told.contains("add at least one rule"),
        "{told}"
    );
    assert_eq!(run(&["lint", "/no/such/file"], "").0, 2);
    assert_eq!(run(&["lint", "-", "--json", "--sarif"], "").0, 2);
}

#[test]
fn lint_speaks_json_and_sarif() {
    let (_, out, _) = run(&["lint", "-", "--json"], CARELESS);
    let report: Value = serde_json::from_str(&out).unwrap();
    let first = &report["findings"][0];
    assert_eq!(first["code"], "C007");
    assert_eq!(first["value"], "https://*example.com");
    assert_eq!(
        (first["line"].as_u64(), first["column"].as_u64()),
        (Some(3), Some(5))
    );
    assert_eq!(first["page"], "docs/lint.md#c007");
    let (status, out, _) = run(&["lint", "-", "--sarif"], CARELESS);
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
fn a_refused_document_is_told_to_programs_and_code_review_too() {
    let text = CARELESS.replace("GET", "get");
    let (status, out, told) = run(&["lint", "-", "--json"], &text);
    assert!(status == 1 && told.contains("standard input:4:5"), "{told}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["errors"][0]["element"], "AllowedMethod");
    assert_eq!(report["errors"][1]["line"], 8);
    let (status, out, _) = run(&["lint", "-", "--sarif"], &text);
    assert_eq!(status, 1);
    let log: Value = serde_json::from_str(&out).unwrap();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(
        run["tool"]["driver"]["rules"][index]["id"],
        result["ruleId"]
    );
    assert_eq!(result["level"], "error");
    let (status, out, _) = self::run(&["lint", "-"], &text);
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

/// A document of the rules that an example stands for.
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
    let all: Vec<&str> = cors_core::LintCode::ALL
        .iter()
        .map(|code| code.id())
        .collect();
    assert_eq!(ids, all);
    for ((id, severity, bad, good), code) in sections.into_iter().zip(cors_core::LintCode::ALL) {
        assert_eq!(severity, code.severity().name(), "{id}");
        for text in [code.summary(), code.hint()] {
            assert!(page.contains(text), "{id}: {text}");
        }
        for (example, is_reported) in [(bad, true), (good, false)] {
            let (dialect, rules) = example.split_once(": ").unwrap_or(("oss", example));
            let (_, out, told) = run(
                &["lint", "-", "--json", "--dialect", dialect],
                &document(rules),
            );
            let report: Value =
                serde_json::from_str(&out).unwrap_or_else(|_| panic!("{id}: {told}"));
            let findings = report["findings"].as_array().unwrap();
            let found = findings.iter().any(|finding| finding["code"] == id);
            assert_eq!(found, is_reported, "{id}: {example}: {out}");
        }
    }
}

#[test]
fn convert_writes_every_form_and_tells_what_is_lost_with_its_place() {
    let plain = r#"{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 5}]}"#;
    for to in [
        "oss", "s3", "s3-json", "cos", "gcs", "gcs-json", "azure", "r2",
    ] {
        let (status, out, told) = run(
            &["convert", "-", "--from", "s3-json", "--to", to, "--strict"],
            plain,
        );
        assert_eq!((status, told.as_str()), (0, ""), "{to}");
        let (status, back, told) = run(
            &["convert", "-", "--from", to, "--to", "s3-json", "--strict"],
            &out,
        );
        assert_eq!((status, told.as_str()), (0, ""), "{to}");
        assert!(back.contains(r#""AllowedOrigins": ["*"]"#), "{to}: {back}");
    }
    // Native names and ages come and go with B2.
    let (status, out, told) = run(&["convert", "-", "--from", "s3-json", "--to", "b2"], plain);
    assert_eq!((status, told.as_str()), (0, ""));
    assert!(
        out.contains(r#""corsRuleName": "rule-1""#) && out.contains("s3_get"),
        "{out}"
    );
    // What B2's own API allows is not what its S3 API does.
    let native = r#"[{"corsRuleName": "uploads", "allowedOrigins": ["https://*.a.example"],
  "allowedOperations": ["s3_get", "b2_upload_file"], "maxAgeSeconds": 5}]"#;
    for to in ["b2", "s3-json"] {
        let (status, _, told) = run(&["convert", "-", "--from", "b2", "--to", to], native);
        let expected = "standard input:2:35: rule 1, allowedOperations `b2_upload_file`: read as POST, and written as that\n";
        assert!(status == 0 && told.contains(expected), "{to}: {told}");
        assert!(!told.contains("s3_get`"), "{told}");
    }
    let (status, out, told) = run(
        &["convert", "-", "--from", "oss", "--to", "gcs-json"],
        CARELESS,
    );
    assert_eq!(status, 0);
    assert!(
        out.contains("https://app.example.com") && !out.contains('*'),
        "{out}"
    );
    assert!(
        told.contains(
            "standard input:3:5: rule 1, AllowedOrigin `https://*example.com`: left out; gcs says"
        ),
        "{told}"
    );
    assert!(
        told.contains("rule 1, AllowedOrigin: the rule is left out"),
        "{told}"
    );
    let (status, out, told) = run(
        &[
            "convert", "-", "--from", "oss", "--to", "gcs-json", "--strict",
        ],
        CARELESS,
    );
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(told.contains("nothing was written, as --strict says"));
    let vary = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>";
    let (_, _, told) = run(&["convert", "-", "--from", "oss", "--to", "s3"], vary);
    assert!(told.contains("ResponseVary"), "{told}");
    let rule =
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    let eleven = format!("<CORSConfiguration>{}</CORSConfiguration>", rule.repeat(11));
    let (_, _, told) = run(&["convert", "-", "--from", "s3", "--to", "oss"], &eleven);
    assert!(told.contains("rule 11: the rule is left out"), "{told}");
}

#[test]
fn convert_tells_rule_by_rule_who_gains_and_who_loses_credentials() {
    let named = |origin: &str| {
        format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>\n<CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>"
        )
    };
    let told = |from: &str, to: &str, text: &str| {
        let (status, _, told) = run(&["convert", "-", "--from", from, "--to", to], text);
        assert_eq!(status, 0);
        told
    };
    let text = named("https://a.example");
    for (from, to, what) in [
        (
            "oss",
            "s3",
            "pages could not send credentials, and can under s3",
        ),
        (
            "oss",
            "azure",
            "pages could not send credentials, and can under azure",
        ),
        (
            "oss",
            "r2",
            "pages could not send credentials, and can under r2",
        ),
        (
            "s3",
            "oss",
            "pages could send credentials, and cannot under oss",
        ),
        (
            "s3",
            "gcs",
            "pages could send credentials, and cannot under gcs",
        ),
    ] {
        let told = told(from, to, &text);
        let expected = format!("cors: standard input:2:1: rule 2: {what}\n");
        assert!(told.starts_with(&expected), "{from} {to}: {told}");
        assert_eq!(told.matches("credentials").count(), 1, "{told}");
    }
    for (from, to) in [
        ("oss", "cos"),
        ("s3", "azure"),
        ("s3", "s3-json"),
        ("cos", "gcs-json"),
    ] {
        assert_eq!(told(from, to, &text), "", "{from} {to}");
    }
    // Beside `*` a named origin gets them on Azure alone.
    let both = named("*</AllowedOrigin><AllowedOrigin>https://a.example");
    let told = told("s3", "azure", &both);
    assert!(
        told.contains("rule 2: pages could not send credentials"),
        "{told}"
    );
    let (status, out, _) = run(
        &["convert", "-", "--from", "oss", "--to", "s3", "--strict"],
        &text,
    );
    assert_eq!((status, out.as_str()), (1, ""));
}

#[test]
fn diff_names_who_gains_and_who_loses_with_an_example_that_is_true() {
    let directory = std::env::temp_dir().join(format!("cors-diff-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = |name: &str, rule: &str| {
        let path = directory.join(name);
        let text = format!("<CORSConfiguration><CORSRule>{rule}</CORSRule></CORSConfiguration>");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = path(
        "old.xml",
        "<AllowedOrigin>https://*.a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>x-*</AllowedHeader>",
    );
    let new = path(
        "new.xml",
        "<AllowedOrigin>https://app.a.example</AllowedOrigin><AllowedOrigin>https://b.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>",
    );
    let (status, out, _) = run(&["diff", &old, &new], "");
    assert_eq!(status, 1);
    let expected = "\
- GET from https://*.a.example: refused, was granted by old rule 1, for instance https://a.b.a.example
+ GET from https://*.a.example with zq7x9: granted by new rule 1, for instance https://app.a.example
+ GET from https://app.a.example with zq7x9: granted by new rule 1, for instance https://app.a.example
+ GET from https://b.example: granted by new rule 1, for instance https://b.example
newly granted: 3, newly refused: 1
";
    assert_eq!(out, expected);
    // Deciding says the same.
    let verdict = |config: &str, origin: &str| {
        run(
            &["explain", config, "--origin", origin, "--method", "GET"],
            "",
        )
        .0
    };
    assert_eq!(
        (
            verdict(&old, "https://a.b.a.example"),
            verdict(&new, "https://a.b.a.example")
        ),
        (0, 1)
    );
    assert_eq!(
        (
            verdict(&old, "https://b.example"),
            verdict(&new, "https://b.example")
        ),
        (1, 0)
    );
    let (status, out, _) = run(&["diff", &old, &old], "");
    assert_eq!(
        (status, out.as_str()),
        (0, "newly granted: 0, newly refused: 0\n")
    );
    let (_, out, _) = run(&["diff", &old, &new, "--json"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["changes"].as_array().unwrap().len(), 4);
    assert_eq!(run(&["diff", "-", "-"], "").0, 2);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn diff_tells_who_gains_and_who_loses_credentials() {
    let directory =
        std::env::temp_dir().join(format!("cors-diff-credentials-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = |name: &str, origin: &str| {
        let path = directory.join(name);
        let text = format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
        );
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = path("old.xml", "https://a.example");
    let new = path("new.xml", "*");
    let (status, out, _) = run(&["diff", &old, &new, "--dialect", "s3"], "");
    let expected = "\
+ GET from *: granted by new rule 1, for instance https://zq7x9.example
- GET from https://a.example with credentials: refused, was granted by old rule 1, for instance https://a.example
newly granted: 1, newly refused: 1
";
    assert_eq!((status, out.as_str()), (1, expected));
    let (_, out, _) = run(&["diff", &old, &new, "--dialect", "s3", "--json"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["changes"][1]["credentials"], true);
    // OSS never allows them.
    let (_, out, _) = run(&["diff", &old, &new], "");
    assert!(!out.contains("credentials"), "{out}");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn an_image_is_written_and_shown_part_by_part() {
    let path = std::env::temp_dir().join(format!("cors-image-{}", std::process::id()));
    let path = path.to_str().unwrap();
    let (status, _, told) = run(&["compile", "-", "-o", path], CARELESS);
    assert_eq!(status, 0, "{told}");
    let image = std::fs::read(path).unwrap();
    assert_eq!(cors_core::Policy::from_bytes(&image).unwrap().len(), 2);
    let (status, out, _) = run(&["inspect", path], "");
    assert_eq!(status, 0);
    let mut end = "0".to_owned();
    let mut names = Vec::new();
    for line in out.lines().filter(|line| line.contains("..")) {
        let (range, rest) = line.trim().split_once(' ').unwrap();
        let (start, until) = range.split_once("..").unwrap();
        assert_eq!(start, end, "{line}");
        until.clone_into(&mut end);
        names.push(rest.trim().split_once("  ").unwrap().1.to_owned());
    }
    assert_eq!(end, image.len().to_string());
    assert_eq!((names[0].as_str(), names.len()), ("header", 11));
    assert!(
        out.contains("AllowedOrigin   https://*example.com"),
        "{out}"
    );
    let (status, _, told) = run(&["inspect", "-"], "CORS, but no image");
    assert_eq!(status, 1);
    assert!(told.contains("policy image"), "{told}");
    assert_eq!(
        run(&["compile", "-", "-o", "/no/such/folder/x"], CARELESS).0,
        2
    );
    std::fs::remove_file(path).unwrap();
}

#[test]
fn completions_and_manual_pages_come_out_for_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (status, out, _) = run(&["completions", shell], "");
        assert!(status == 0 && out.contains("fail-on"), "{shell}");
    }
    let (status, page, _) = run(&["man"], "");
    assert!(status == 0 && page.contains(".TH cors 1"), "{page}");
    for command in [
        "explain",
        "decide",
        "parse",
        "write",
        "serve",
        "lint",
        "convert",
        "diff",
        "compile",
        "inspect",
        "completions",
        "man",
    ] {
        let (status, page, _) = run(&["man", command], "");
        assert!(
            status == 0 && (page.contains("Examples") || page.contains("Try it")),
            "{command}: {page}"
        );
        let (status, help, _) = run(&[command, "--help"], "");
        assert!(
            status == 0 && (help.contains("Examples:") || help.contains("Try it:")),
            "{command}"
        );
    }
    assert_eq!(run(&["man", "nothing"], "").0, 2);
}
