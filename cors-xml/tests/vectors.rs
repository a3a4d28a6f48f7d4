//! The vectors that put or get a configuration: bodies of real clients, and rows recorded or transcribed elsewhere.

#![cfg(feature = "quick-xml")]
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a broken data file stops the test"
)]

use std::fs;
use std::path::PathBuf;

use cors_core::{List, Rule};
use cors_xml::{Document, Provider, Subject};
use serde_json::Value;

/// Rows in which this project differs from the row's source, each with the reason. The specification, `docs/semantics.md`, decides.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "oss-generated-11-rules.xml",
        "the row guesses InvalidArgument; OSS documents CORSRuleBeyondLimit",
    ),
    (
        "putcors_invalid_hostname empty origin",
        "S3 accepts an empty origin (recorded), Ceph does not",
    ),
    (
        "validator: two \"*\" AllowedOrigin elements in one rule",
        "one of two readings; an option, off by default",
    ),
    (
        "validator: two \"*\" AllowedHeader elements in one rule",
        "one of two readings; an option, off by default",
    ),
    (
        "validator: origin list with \"*\" and empty string (Java accepts)",
        "an empty origin is refused on OSS (choice)",
    ),
];

fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../reference/vectors")
}

fn rows(file: &str) -> Vec<Value> {
    let path = vectors().join(file);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn provider(row: &Value) -> &'static Provider {
    row["dialect"]
        .as_str()
        .and_then(Provider::named)
        .expect("a provider")
}

fn is_a_known_difference(name: &Value) -> bool {
    DIFFERENCES.iter().any(|(known, _)| name == *known)
}

#[test]
fn the_bodies_of_real_clients_and_at_the_limits_are_taken_or_refused() {
    let mut differing = Vec::new();
    for row in rows("xml/index.jsonl") {
        let name = row["file"].as_str().unwrap();
        let body = fs::read(vectors().join("xml").join(name)).unwrap();
        let provider = provider(&row);
        let code = match Document::parse(provider, &body) {
            Ok(_) => Value::Null,
            Err(errors) => {
                let error = errors.answered();
                let wire = provider.error(error.cause(), Subject::Document(error));
                wire.code.into()
            }
        };
        let expected = row["error"]["code"].clone();
        assert_eq!(expected.is_null(), row["outcome"] == "accept", "{name}");
        if is_a_known_difference(&row["file"]) {
            differing.push(name.to_owned());
            assert_ne!(code, expected, "{name} no longer differs");
            assert!(!code.is_null(), "{name}");
        } else {
            assert_eq!(code, expected, "{name}");
        }
    }
    assert_eq!(differing, ["oss-generated-11-rules.xml"]);
}

/// Calls with the rules of a row.
fn with_rules<T>(config: &Value, read: impl FnOnce(&[Rule<'_>]) -> T) -> T {
    let texts = |list: &'_ Value| -> Vec<String> {
        list.as_array()
            .into_iter()
            .flatten()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect()
    };
    let owned: Vec<[Vec<String>; 4]> = config
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            [
                "allowed_origins",
                "allowed_methods",
                "allowed_headers",
                "expose_headers",
            ]
            .map(|key| texts(&rule[key]))
        })
        .collect();
    let lists: Vec<[Vec<&str>; 4]> = owned
        .iter()
        .map(|rule| {
            rule.each_ref()
                .map(|list| list.iter().map(String::as_str).collect())
        })
        .collect();
    let rules: Vec<Rule<'_>> = lists
        .iter()
        .zip(config.as_array().unwrap())
        .map(|([origins, methods, headers, exposed], rule)| Rule {
            id: rule["id"].as_str(),
            allowed_origins: List::new(origins),
            allowed_methods: List::new(methods),
            allowed_headers: List::new(headers),
            expose_headers: List::new(exposed),
            max_age_seconds: rule["max_age_seconds"]
                .as_i64()
                .map(|seconds| seconds.try_into().unwrap()),
            allow_credentials: false,
        })
        .collect();
    read(&rules)
}

#[test]
fn the_rows_that_put_or_get_a_configuration_hold() {
    let files = [
        "ceph_rgw_unit.jsonl",
        "localstack_aws_snapshot.jsonl",
        "oss_sdk_integration.jsonl",
        "scality_cloudserver.jsonl",
    ];
    let (mut count, mut differing) = (0, 0);
    for row in files.into_iter().flat_map(rows) {
        let (provider, config, expect, name) =
            (provider(&row), &row["config"], &row["expect"], &row["case"]);
        if config.is_null()
            || row["bucket"] == "missing"
            || !matches!(row["op"].as_str(), Some("put_cors" | "get_cors"))
        {
            continue;
        }
        count += 1;
        let document = with_rules(config, |rules| {
            let mut document = String::new();
            provider
                .write_configuration(rules.iter().copied(), false, &mut document)
                .unwrap();
            document
        });
        let parsed = Document::parse(provider, document.as_bytes());
        let accepts = expect["status"] == 200 || expect["accept"] == true;
        if is_a_known_difference(name) {
            differing += 1;
            assert_ne!(parsed.is_ok(), accepts, "{name} no longer differs");
            continue;
        }
        match &parsed {
            Ok(read) => {
                assert!(accepts, "{name}: accepted {document}");
                let expected = if expect["config"].is_null() {
                    config
                } else {
                    &expect["config"]
                };
                assert!(
                    with_rules(expected, |rules| read
                        .with_configuration(|read| same_rules(read.rules, rules))),
                    "{name}: {document}"
                );
                if let Some(response_vary) = expect["response_vary"].as_bool() {
                    assert!(
                        document.contains(&format!("<ResponseVary>{response_vary}</ResponseVary>")),
                        "{name}"
                    );
                }
            }
            Err(errors) => {
                assert!(!accepts, "{name}: {errors}");
                let answered = errors.answered();
                let error = provider.error(answered.cause(), Subject::Document(answered));
                if let Some(status) = expect["status"].as_u64() {
                    assert_eq!(u64::from(error.status), status, "{name}");
                }
                let told = &expect["error"];
                assert!(
                    told["code"].is_null() || told["code"] == error.code,
                    "{name}: {}",
                    error.code
                );
                assert!(
                    told["message"].is_null() || told["message"] == error.message.to_string(),
                    "{name}: {}",
                    error.message
                );
            }
        }
    }
    assert!(count > 25, "only {count} rows");
    assert_eq!(differing, DIFFERENCES.len() - 1);
}

/// Whether the rules are the same but for the case of AllowedHeader, which OSS does not keep.
fn same_rules(read: &[Rule<'_>], expected: &[Rule<'_>]) -> bool {
    read.len() == expected.len()
        && read.iter().zip(expected).all(|(read, expected)| {
            let headers = read.allowed_headers.iter().zip(&expected.allowed_headers);
            read.allowed_headers.iter().count() == expected.allowed_headers.iter().count()
                && headers
                    .into_iter()
                    .all(|(read, expected)| read.eq_ignore_ascii_case(expected))
                && *read
                    == Rule {
                        allowed_headers: read.allowed_headers,
                        ..*expected
                    }
        })
}
