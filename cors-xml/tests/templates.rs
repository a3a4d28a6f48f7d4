//! Records and templates around the rules, YAML and Terraform: what is read, where errors are, and that
//! what is written reads back.

#![cfg(all(feature = "yaml", feature = "terraform"))]
#![expect(clippy::panic, reason = "a broken promise stops the test")]

use cors_core::{Configuration, List, Rule};
use cors_xml::{Form, Provider};
use proptest::prelude::*;

/// The origins of each rule.
fn origins(provider: &Provider, text: &str) -> Vec<Vec<String>> {
    let document = provider.form_of(text.as_bytes()).parse(text.as_bytes());
    let document = document.unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    document.with_configuration(|read| {
        let rules = read.rules.iter();
        let texts = |list: List<'_>| list.iter().map(str::to_owned).collect();
        rules.map(|rule| texts(rule.allowed_origins)).collect()
    })
}

fn errors(provider: &Provider, text: &str) -> Vec<String> {
    let form = provider.form_of(text.as_bytes());
    match form.parse(text.as_bytes()) {
        Ok(_) => panic!("accepted: {text}"),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn rules_are_found_inside_records_requests_and_templates() {
    for (provider, text) in [
        // gcloud storage buckets describe, which prints YAML.
        (
            &Provider::GCS,
            "cors_config:\n- maxAgeSeconds: 60\n  method:\n  - GET\n  origin:\n  - https://a.example\nname: media\n",
        ),
        // gcloud storage buckets list --format=json
        (
            &Provider::GCS,
            r#"[{"name": "media", "cors_config": [{"origin": ["https://a.example"], "method": ["GET"]}]}]"#,
        ),
        // A whole template, with functions around the rules.
        (
            &Provider::S3,
            "Resources:\n  Media:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub '${AWS::StackName}-media'\n      CorsConfiguration:\n        CorsRules:\n          - AllowedOrigins: [https://a.example]\n            AllowedMethods: [GET]\n            MaxAge: '60'\n",
        ),
        (
            &Provider::S3,
            r#"{"Resources": {"Media": {"Properties": {"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["GET"]}]}}}}}"#,
        ),
        // The older block inside the bucket, and JSON syntax.
        (
            &Provider::S3,
            "# ours\nresource \"aws_s3_bucket\" \"media\" {\n  tags = { a = var.b }\n  cors_rule {\n    allowed_origins = [\"https://a.example\"]\n    allowed_methods = [\"GET\"]\n    max_age_seconds = \"60\"\n    id = null\n  }\n}\n",
        ),
        (
            &Provider::S3,
            r#"{"resource": {"aws_s3_bucket_cors_configuration": {"media": {"bucket": "media", "cors_rule": [{"allowed_origins": ["https://a.example"], "allowed_methods": ["GET"]}]}}}}"#,
        ),
        (
            &Provider::S3,
            r#"{"resource": {"aws_s3_bucket": {"media": {"cors_rule": {"allowed_origins": ["https://a.example"], "allowed_methods": ["GET"]}}}}}"#,
        ),
        (
            &Provider::GCS,
            "resource \"google_storage_bucket\" \"media\" {\n  name = \"media\"\n  cors {\n    origin = [\"https://a.example\"]\n    method = [\"GET\"]\n  }\n}\n",
        ),
        (
            &Provider::AZURE,
            "resource \"azurerm_storage_account\" \"media\" {\n  blob_properties {\n    cors_rule {\n      allowed_origins = [\"https://a.example\"]\n      allowed_methods = [\"GET\"]\n      allowed_headers = [\"*\"]\n      exposed_headers = [\"*\"]\n      max_age_in_seconds = 60\n    }\n  }\n}\n",
        ),
        (
            &Provider::OSS,
            "resource \"alicloud_oss_bucket_cors\" \"media\" {\n  bucket = alicloud_oss_bucket.media.bucket\n  response_vary = true\n  cors_rule {\n    allowed_origins = [\"https://a.example\"]\n    allowed_methods = [\"GET\"]\n    expose_header = [\"ETag\"]\n    max_age_seconds = \"60\"\n  }\n}\n",
        ),
        (
            &Provider::AZURE,
            r#"{"properties": {"deleteRetentionPolicy": {}, "cors": {"corsRules": [{"allowedOrigins": ["https://a.example"], "allowedMethods": ["GET"], "allowedHeaders": [], "exposedHeaders": [], "maxAgeInSeconds": 0}]}}}"#,
        ),
        (
            &Provider::R2,
            r#"{"success": true, "errors": [], "result": {"rules": [{"allowed": {"origins": ["https://a.example"], "methods": ["GET"]}}]}}"#,
        ),
        (
            &Provider::B2,
            r#"{"buckets": [{"bucketName": "media", "corsRules": [{"corsRuleName": "uploads", "allowedOrigins": ["https://a.example"], "allowedOperations": ["s3_get"], "allowedHeaders": null, "maxAgeSeconds": 60}]}]}"#,
        ),
        (
            &Provider::S3,
            r#"{"cors_rules": [{"allowed_origin": "https://a.example", "allowed_methods": ["GET"]}], "resp_vary": "enabled"}"#,
        ),
        // The root of the XML, and a single rule in place of a list.
        (
            &Provider::OSS,
            r#"{"CORSConfiguration": {"CORSRule": {"AllowedOrigin": "https://a.example", "AllowedMethod": "GET"}}}"#,
        ),
        (
            &Provider::R2,
            "rules:\n  - allowed:\n      origins: ['https://a.example'] # ours\n      methods: [GET]\n",
        ),
    ] {
        assert_eq!(origins(provider, text), [["https://a.example"]], "{text}");
    }
}

#[test]
fn errors_are_placed_in_yaml_and_terraform_as_in_json() {
    let yaml = |value: &str| {
        let text = format!(
            "# é\r\nCorsConfiguration:\r\n  CorsRules:\r\n    - AllowedOrigins: ['https://é.example']\r\n      AllowedMethods: [GET]\r\n      {value}\r\n"
        );
        errors(&Provider::S3, &text).join("\n")
    };
    for (value, expected) in [
        (
            "ExposeHeaders: [a]",
            "line 6, column 7: rule 1, ExposeHeaders: did you mean `ExposedHeaders`?",
        ),
        (
            "MaxAge: soon",
            "line 6, column 15: rule 1, MaxAge `soon`: use a whole number of seconds",
        ),
        (
            "AllowedHeaders: '*'",
            "line 6, column 23: rule 1, AllowedHeaders: write an array, in square brackets",
        ),
        (
            "AllowedHeaders: [!Ref Name]",
            "line 6, column 24: rule 1, AllowedHeaders `!Ref Name`: write the value itself; variables, functions and references are not computed",
        ),
        (
            "AllowedHeaders: [{Ref: Name}]",
            "line 6, column 24: rule 1, AllowedHeaders `{Ref: Name}`: write the value itself; variables, functions and references are not computed",
        ),
        (
            "AllowedHeaders: !Split [',', a]",
            "line 6, column 23: rule 1, AllowedHeaders: write the value itself; variables, functions and references are not computed",
        ),
        (
            "AllowedHeaders: [12, true, ~]",
            "line 6, column 24: rule 1, AllowedHeaders `12`: write a string, in double quotes\nline 6, column 28: rule 1, AllowedHeaders `true`: write a string, in double quotes\nline 6, column 34: rule 1, AllowedHeaders `~`: write a string, in double quotes",
        ),
        (
            "AllowedMethods: [PUT]",
            "line 6, column 7: rule 1, AllowedMethods: keep only one",
        ),
    ] {
        assert_eq!(yaml(value), expected);
    }
    assert!(
        yaml("AllowedHeaders: [a").starts_with("line 7, column 1: invalid YAML from here on: ")
    );
    assert!(yaml("b: c\n---\nd: e").contains("keep only one document; this is the second"));

    let terraform = |line: &str| {
        let text = format!(
            "# é\nresource \"aws_s3_bucket_cors_configuration\" \"media\" {{\n  cors_rule {{\n    allowed_origins = [\"https://é.example\"]\n    allowed_methods = [\"GET\"]\n    {line}\n  }}\n}}\n"
        );
        errors(&Provider::S3, &text).join("\n")
    };
    for (line, expected) in [
        (
            "exposed_headers = []",
            "line 6, column 5: rule 1, exposed_headers: did you mean `expose_headers`?",
        ),
        (
            "allowed_headers = var.headers",
            "line 6, column 23: rule 1, allowed_headers: write the value itself; variables, functions and references are not computed",
        ),
        (
            "allowed_headers = [\"x-${var.name}\"]",
            "line 6, column 24: rule 1, allowed_headers `\"x-${var.name}\"`: write the value itself; variables, functions and references are not computed",
        ),
        (
            "max_age_seconds = 1.5",
            "line 6, column 23: rule 1, max_age_seconds `1.5`: use a whole number of seconds",
        ),
        (
            "allowed_headers = [\"a*b*\"]",
            "line 6, column 24: rule 1, allowed_headers `a*b*`: keep at most one `*`",
        ),
    ] {
        assert_eq!(terraform(line), expected);
    }
    let quotes = "max_age_seconds = “60”";
    assert_eq!(
        terraform(quotes),
        "line 6, column 23: write straight quotes, `\"`; this quote is typographic"
    );
    assert_eq!(
        yaml("AllowedHeaders: [“*”]"),
        "line 6, column 24: write straight quotes, `\"`; this quote is typographic"
    );
    assert!(terraform("=").starts_with("line 6, column 5: invalid Terraform from here on: "));
}

#[test]
fn what_would_have_to_be_guessed_is_refused() {
    let rule = "cors_rule {\n allowed_origins = [\"*\"]\n allowed_methods = [\"GET\"]\n}\n";
    let bucket = |name: &str| format!("resource \"aws_s3_bucket\" \"{name}\" {{\n{rule}}}\n");
    let two = [bucket("a"), bucket("b")].concat();
    assert_eq!(
        errors(&Provider::S3, &two),
        ["line 7, column 1: keep the rules of one bucket only; these are the rules of another"]
    );
    let dynamic = "resource \"aws_s3_bucket\" \"a\" {\n  dynamic \"cors_rule\" {\n    for_each = var.rules\n    content {}\n  }\n}\n";
    let reported = errors(&Provider::S3, dynamic);
    assert!(
        reported.iter().any(|error| error.ends_with(
            "line 2, column 3: rule 1: write the value itself; variables, functions and references are not computed"
        )),
        "{reported:?}"
    );
    // Rules of another service of the same account.
    let services = r#"[{"AllowedOrigins": "*", "AllowedMethods": "GET", "Service": "blob"},
        {"AllowedOrigins": "*", "AllowedMethods": "GET", "Service": "queue"}]"#;
    assert_eq!(
        errors(&Provider::AZURE, services),
        [
            "line 2, column 69: rule 2, Service `\"queue\"`: keep the rules of one bucket only; these are the rules of another"
        ]
    );
    let queue = "resource \"azurerm_storage_account\" \"a\" {\n  queue_properties {\n    cors_rule {}\n  }\n}\n";
    assert_eq!(
        errors(&Provider::AZURE, queue),
        ["line 1, column 1: write each rule as a `cors_rule` block in `blob_properties`"]
    );
    // A record without rules, and rules of something else.
    for (provider, text) in [
        (
            &Provider::GCS,
            r#"{"kind": "storage#bucket", "name": "media"}"#,
        ),
        (
            &Provider::S3,
            r#"{"HttpApi": {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}}"#,
        ),
    ] {
        let reported = errors(provider, text);
        assert!(reported[0].contains("the root of"), "{reported:?}");
    }
    // Deep nesting neither overflows nor hides the error.
    let deep = format!(
        "{{\"CorsConfiguration\": {}{}}}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    assert!(errors(&Provider::S3, &deep)[0].contains("write the rules as `CorsRules`"));
    let deep = format!("CorsConfiguration:\n {}", "- ".repeat(20_000));
    assert!(errors(&Provider::S3, &deep)[0].contains("invalid YAML from here on: nested too deep"));
    // An alias can stand for much more than it is long.
    let alias = "a: &a [\"*\"]\nCorsConfiguration:\n  CorsRules:\n  - AllowedOrigins: *a\n    AllowedMethods: [GET]\n";
    assert!(
        errors(&Provider::S3, alias)
            .concat()
            .contains("AllowedOrigins: write the value itself")
    );
    let large = format!("CorsConfiguration:\n{}", " ".repeat(1024 * 1024));
    assert_eq!(
        errors(&Provider::S3, &large),
        ["line 1, column 1: shorten the document to at most 1048576 bytes"]
    );
}

proptest! {
    #[test]
    fn every_form_that_keeps_a_rule_reads_what_it_writes(
        id in proptest::option::of("[a-z \"\\\\é😀/:#$%{}\u{80}\u{2028}\u{feff}]{0,6}"),
        origins in proptest::collection::vec("[a-z \"\\\\é😀/:#$%{}!&-]{0,3}[*]?[a-z]", 1..4),
        headers in proptest::collection::vec("[a-z\"\\\\é$%{}]{1,3}", 0..3),
        max_age_seconds in proptest::option::of(any::<i32>()),
    ) {
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let rule = Rule {
            id: id.as_deref(),
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET", "PUT"]),
            allowed_headers: List::new(&headers),
            expose_headers: List::new(&["ETag"]),
            max_age_seconds,
            allow_credentials: false,
        };
        for name in ["s3-json", "s3-console", "cloudformation", "terraform"] {
            let form = Form::named(name).unwrap();
            let mut text = String::new();
            form.write(&Configuration::new(&form.provider().dialect, &[rule, rule]), &mut text).unwrap();
            let read = form.parse(text.as_bytes());
            let read = read.map_err(|errors| TestCaseError::fail(format!("{errors}\n{text}")))?;
            prop_assert!(read.with_configuration(|read| read.rules == [rule, rule]), "{}", text);
            prop_assert_eq!(form.provider().form_of(text.as_bytes()).is_json(), form.is_json());
        }
    }

    /// Whatever the bytes, the result is a document or an error, and never a panic.
    #[test]
    fn any_yaml_and_any_terraform_is_read_or_refused(
        text in "(cors_rule|CorsRules|[-{}\\[\\]\"':=#!&*a-zA-Z0-9\r\n ]){0,60}",
    ) {
        for form in Form::all().filter(|form| !form.is_xml()) {
            let _ = form.parse(text.as_bytes());
        }
    }
}

#[test]
fn every_form_with_a_name_writes_what_it_reads() {
    let rule = Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["GET", "PUT"]),
        expose_headers: List::new(&["etag", "x-a"]),
        max_age_seconds: Some(60),
        ..Rule::EMPTY
    };
    for form in Form::all() {
        let dialect = &form.provider().dialect;
        let rules = [rule, rule];
        let configuration = Configuration::new(dialect, &rules);
        for response_vary in [false, form.provider().documents.response_vary] {
            let configuration = Configuration {
                response_vary,
                ..configuration
            };
            let mut text = String::new();
            form.write(&configuration, &mut text).unwrap();
            // B2 names every rule.
            let is_same = |read: &Rule<'_>| Rule { id: None, ..*read } == rule;
            let read = form
                .parse(text.as_bytes())
                .unwrap_or_else(|errors| panic!("{errors}\n{text}"));
            read.with_configuration(|read| {
                assert!(
                    read.rules.len() == 2 && read.rules.iter().all(is_same),
                    "{text}"
                );
                assert_eq!(read.response_vary, response_vary, "{text}");
            });
            assert!(form.recognizes(text.as_bytes()), "{text}");
        }
    }
}
