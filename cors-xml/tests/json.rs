//! The JSON forms: what each contains, positions of errors, and that they round-trip.

#![cfg(feature = "json")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a broken promise stops the test"
)]

use cors_core::{Configuration, List, Rule};
use cors_xml::{Document, Form, FormShape, Provider};
use proptest::prelude::*;

fn form(name: &str) -> Form<'static> {
    Form::named(name).unwrap()
}

fn parse<'d>(name: &str, text: &'d str) -> Document<'d> {
    form(name)
        .parse(text.as_bytes())
        .unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

fn errors(name: &str, text: &str) -> String {
    match form(name).parse(text.as_bytes()) {
        Ok(_) => panic!("accepted: {text}"),
        Err(errors) => errors.to_string(),
    }
}

fn written(name: &str, rules: &[Rule<'_>]) -> String {
    let mut text = String::new();
    let form = form(name);
    form.write(
        &Configuration::new(&form.provider().dialect, rules),
        &mut text,
    )
    .unwrap();
    text
}

const RULE: Rule<'static> = Rule {
    id: Some("uploads"),
    allowed_origins: List::new(&["https://a.example", "*"]),
    allowed_methods: List::new(&["GET", "PUT"]),
    allowed_headers: List::new(&["x-*"]),
    expose_headers: List::new(&["ETag"]),
    max_age_seconds: Some(600),
    allow_credentials: false,
};

#[test]
fn all_forms_can_represent_the_same_rule() {
    for (form, text) in [
        (
            "s3-json",
            r#"{"CORSRules": [{"ID": "uploads", "AllowedOrigins": ["https://a.example", "*"], "AllowedMethods": ["GET", "PUT"],
                "AllowedHeaders": ["x-*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 600}]}"#,
        ),
        (
            "s3-json",
            r#"[{"MaxAgeSeconds": 600, "ID": "uploads", "AllowedOrigins": ["https:\/\/a.example", "\u002a"],
                "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["x-*"], "ExposeHeaders": ["ETag"]}]"#,
        ),
        (
            "r2",
            r#"{"rules": [{"id": "uploads", "allowed": {"origins": ["https://a.example", "*"], "methods": ["GET", "PUT"],
                "headers": ["x-*"]}, "exposeHeaders": ["ETag"], "maxAgeSeconds": 600}]}"#,
        ),
    ] {
        parse(form, text).with_configuration(|read| assert_eq!(read.rules, [RULE], "{text}"));
        let again = written(form, &[RULE]);
        parse(form, &again).with_configuration(|read| assert_eq!(read.rules, [RULE], "{again}"));
    }
    let gcs = Rule {
        id: None,
        allowed_headers: List::EMPTY,
        ..RULE
    };
    for text in [
        r#"[{"origin": ["https://a.example", "*"], "method": ["GET", "PUT"], "responseHeader": ["ETag"], "maxAgeSeconds": 600}]"#,
        r#"{"cors": [{"origin": ["https://a.example", "*"], "method": ["GET", "PUT"], "responseHeader": ["ETag"], "maxAgeSeconds": 600}]}"#,
    ] {
        parse("gcs-json", text).with_configuration(|read| assert_eq!(read.rules, [gcs]));
    }
    assert_eq!(
        written("r2", &[RULE]),
        r#"{
  "rules": [
    {
      "id": "uploads",
      "allowed": {
        "origins": ["https://a.example", "*"],
        "methods": ["GET", "PUT"],
        "headers": ["x-*"]
      },
      "exposeHeaders": ["ETag"],
      "maxAgeSeconds": 600
    }
  ]
}
"#
    );
}

#[test]
fn b2_has_scheme_origins_and_requires_a_name_and_a_max_age() {
    let whole = r#"[{"corsRuleName": "uploads", "allowedOrigins": ["https://a.example"],
        "allowedOperations": ["b2_download_file_by_name", "s3_put", "b2_download_file_by_id"],
        "allowedHeaders": ["x-*"], "exposeHeaders": ["ETag"], "maxAgeSeconds": 600}]"#;
    let rule = Rule {
        allowed_origins: List::new(&["https://a.example"]),
        ..RULE
    };
    parse("b2", whole).with_configuration(|read| assert_eq!(read.rules, [rule]));
    // B2 returns null for what is not set; the other forms do not accept null.
    let null = whole
        .replace(r#"["x-*"]"#, "null")
        .replace(r#"["ETag"]"#, "null");
    parse("b2", &null).with_configuration(|read| {
        assert!(
            read.rules[0].allowed_headers.is_empty() && read.rules[0].expose_headers.is_empty()
        );
    });
    let reported = errors("b2", &whole.replace("600", "null"));
    assert!(reported.contains("maxAgeSeconds: add it"), "{reported}");
    let reported = errors("s3-json", r#"[{"AllowedOrigins": null}]"#);
    assert!(
        reported.contains("AllowedOrigins: write an array"),
        "{reported}"
    );
    let again = written("b2", &[rule]);
    parse("b2", &again).with_configuration(|read| assert_eq!(read.rules, [rule]));
    let text = r#"[{"corsRuleName": "any-https", "allowedOrigins": ["https"], "allowedOperations": ["b2_upload_file"], "maxAgeSeconds": 0}]"#;
    parse("b2", text).with_configuration(|read| {
        assert_eq!(read.rules[0].allowed_origins, List::new(&["https://*"]));
        assert_eq!(read.rules[0].allowed_methods, List::new(&["POST"]));
    });
    let bare = Rule {
        id: None,
        max_age_seconds: None,
        ..RULE
    };
    let text = written("b2", &[bare]);
    assert!(text.contains("\"corsRuleName\": \"rule-1\"") && text.contains("\"maxAgeSeconds\": 5"));
    assert!(text.contains(r#""allowedOperations": ["s3_get", "s3_put"]"#));
}

#[test]
fn control_characters_are_escaped_by_number() {
    let rule = Rule {
        id: Some("\"\\\0\n\u{1f}\u{7f}\u{80}é"),
        ..RULE
    };
    let text = written("s3-json", &[rule]);
    let expected = r#""ID": "\"\\\u0000\u000a\u001f\u007f\u0080é""#;
    assert!(text.contains(expected), "{text}");
}

#[test]
fn each_form_has_its_names_its_object_and_its_max_ages() {
    let forms = Form::all().filter(|form| form.is_json());
    let names: Vec<_> = forms
        .map(|form| (form.name().unwrap(), form.provider().name))
        .collect();
    let expected = [
        ("oss-json", "oss"),
        ("s3-json", "s3"),
        ("s3-console", "s3"),
        ("gcs-json", "gcs"),
        ("azure-json", "azure"),
        ("azure-cli", "azure"),
        ("r2", "r2"),
        ("b2", "b2"),
    ];
    assert_eq!(names, expected);
    // Two have their own limits; S3 accepts any number, GCS none below 0.
    for (name, text, accepted) in [
        (
            "s3-json",
            r#"{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAgeSeconds": AGE}]}"#,
            [true, true, true],
        ),
        (
            "gcs-json",
            r#"{"cors": [{"origin": ["*"], "method": ["GET"], "maxAgeSeconds": AGE}]}"#,
            [false, true, true],
        ),
        (
            "r2",
            r#"{"rules": [{"allowed": {"origins": ["*"], "methods": ["GET"]}, "maxAgeSeconds": AGE}]}"#,
            [false, true, false],
        ),
        (
            "b2",
            r#"{"corsRules": [{"corsRuleName": "a-name", "allowedOrigins": ["*"], "allowedOperations": ["s3_get"], "maxAgeSeconds": AGE}]}"#,
            [false, true, false],
        ),
    ] {
        let with = |age| text.replace("AGE", age);
        let is_accepted = |text: String| form(name).parse(text.as_bytes()).is_ok();
        let ages = ["-1", "86400", "86401"];
        assert_eq!(ages.map(|age| is_accepted(with(age))), accepted, "{name}");
    }
}

/// <https://www.backblaze.com/docs/cloud-storage-cross-origin-resource-sharing-rules>
#[test]
fn b2_limits_names_wildcards_max_ages_and_the_size_of_a_rule() {
    const OK: &str = r#"{"corsRuleName": "any-https", "allowedOrigins": ["https"], "allowedOperations": ["s3_get"], "allowedHeaders": ["a"], "maxAgeSeconds": 86400}"#;
    let reported = |from: &str, to: &str| {
        let text = format!("[{}]", OK.replacen(from, to, 1));
        errors("b2", &text)
    };
    parse("b2", &format!("[{OK}]"));
    for (from, to, expected) in [
        (
            "any-https",
            "short",
            "column 19: rule 1, corsRuleName `short`: use 6 to 50 letters",
        ),
        ("any-https", "any_https", "use 6 to 50 letters"),
        ("any-https", "b2-https", "use 6 to 50 letters"),
        (
            "\"corsRuleName\": \"any-https\", ",
            "",
            "rule 1, corsRuleName: add it; every rule must have it",
        ),
        (
            ", \"maxAgeSeconds\": 86400",
            "",
            "rule 1, maxAgeSeconds: add it; every rule must have it",
        ),
        ("86400", "86401", "use a number from 0 to 86400"),
        ("86400", "-1", "use a number from 0 to 86400"),
        (
            "\"https\"",
            "\"https\", \"*\"",
            "rule 1, allowedOrigins `*`: use `*` as the only item, or remove it",
        ),
        (
            "\"a\"",
            "\"*\", \"a\"",
            "rule 1, allowedHeaders `*`: use `*` as the only item, or remove it",
        ),
        (
            "\"a\"",
            "\"*-a\"",
            "rule 1, allowedHeaders `*-a`: remove the `*`",
        ),
        (
            "\"https\"",
            "\"\"",
            "rule 1, allowedOrigins ``: add a value",
        ),
        (
            "s3_get",
            "GET",
            "rule 1, allowedOperations `GET`: write it as `s3_get`",
        ),
        (
            "s3_get",
            "s3:GetObject",
            "use s3_get, s3_head, s3_put, s3_post, s3_delete, b2_download_file_by_id",
        ),
    ] {
        let reported = reported(from, to);
        assert!(reported.contains(expected), "{reported}\n{expected}");
    }
    for unknown in ["GET", "s3:GetObject"] {
        let text = format!("[{}]", OK.replace("s3_get", unknown));
        let errors = form("b2").parse(text.as_bytes()).unwrap_err();
        assert_eq!(errors.iter().count(), 1, "{errors}");
    }
    let longest = 50 - "any-https".len();
    let name = |more: usize| reported("any-https", &format!("any-https{}", "x".repeat(more)));
    assert!(name(longest + 1).contains("at most 50 characters"));
    // Counted as written, with the names of the operations: 9 + 5 + 6 + 1 other bytes.
    let fits = OK.replacen("\"a\"", &format!("\"a\", \"{}\"", "h".repeat(999 - 21)), 1);
    parse("b2", &format!("[{fits}]"));
    let more = fits.replacen("hhh", "hhhh", 1);
    let reported = errors("b2", &format!("[{more}]"));
    assert!(
        reported.contains("rule 1: shorten the rule's values to at most 999 bytes in total"),
        "{reported}"
    );
    let twice = errors("b2", &format!("[{OK}, {OK}]"));
    assert!(
        twice.contains("rule 2, corsRuleName `any-https`: give each rule a different name"),
        "{twice}"
    );
    let other = OK.replace("any-https", "other-https");
    let hundred: Vec<String> = (0..101)
        .map(|index| OK.replace("any-https", &format!("name-{index:03}")))
        .collect();
    parse("b2", &format!("[{OK}, {other}]"));
    parse("b2", &format!("[{}]", hundred[..100].join(",")));
    assert!(errors("b2", &format!("[{}]", hundred.join(","))).contains("at most 100 rules"));
}

#[test]
fn having_no_rules_is_an_error_only_on_s3() {
    for (form, text) in [("gcs-json", "[]"), ("r2", "{\"rules\": []}"), ("b2", "[]")] {
        parse(form, text);
        assert_eq!(
            written(form, &[]).split_whitespace().collect::<String>(),
            text.replace(' ', "")
        );
    }
    assert_eq!(
        errors("s3-json", "[]"),
        "line 1, column 1: add at least one rule"
    );
}

#[test]
fn every_error_has_its_position() {
    let s3 = |text: &str| errors("s3-json", text);
    let rule = |members: &str| {
        s3(&format!(
            "[\n {{\"AllowedOrigins\": [\"*\"], \"AllowedMethods\": [\"GET\"],\n  {members}}}]"
        ))
    };
    for (actual, expected) in [
        (s3(""), "line 1, column 1: invalid JSON from here on"),
        (
            s3("[\n  {,}]"),
            "line 2, column 4: invalid JSON from here on",
        ),
        (
            s3("[{\"é\": tru}]"),
            "line 1, column 11: invalid JSON from here on",
        ),
        (s3("[] []"), "line 1, column 4: invalid JSON from here on"),
        (
            s3("7"),
            "line 1, column 1: the root of s3 is an object with `CORSRules`, or the array of rules alone",
        ),
        (
            s3("{\"Rules\": []}"),
            "line 1, column 1: the root of s3 is an object with `CORSRules`, or the array of rules alone\nline 1, column 2: Rules: remove it, or spell it as the schema does; case matters",
        ),
        (
            s3("{\"CORSRules\": {}}"),
            "line 1, column 15: write an array, in square brackets",
        ),
        (
            s3("[7]"),
            "line 1, column 2: rule 1: add `AllowedOrigins`, with at least one value\nline 1, column 2: rule 1: add `AllowedMethods`, with at least one value\nline 1, column 2: rule 1: write an object, in curly brackets",
        ),
        (
            rule("\"ExposeHeader\": []"),
            "line 3, column 3: rule 1, ExposeHeader: did you mean `ExposeHeaders`?",
        ),
        (
            rule("\"AllowedMethods\": []"),
            "line 3, column 3: rule 1, AllowedMethods: keep only one",
        ),
        (
            rule("\"AllowedHeaders\": \"*\""),
            "line 3, column 21: rule 1, AllowedHeaders: write an array, in square brackets",
        ),
        (
            rule("\"AllowedHeaders\": [\"é\", null]"),
            "line 3, column 27: rule 1, AllowedHeaders `null`: write a string, in double quotes",
        ),
        (
            rule("\"AllowedHeaders\": [\"\\ud800\"]"),
            "line 3, column 22: rule 1, AllowedHeaders `\"\\ud800\"`: write a string, in double quotes",
        ),
        (
            rule("\"AllowedHeaders\": [\"a\\n\"]"),
            "line 3, column 22: rule 1, AllowedHeaders `a\\n`: remove the control character",
        ),
        (
            rule("\"MaxAgeSeconds\": \"60\""),
            "line 3, column 20: rule 1, MaxAgeSeconds `\"60\"`: use a whole number of seconds",
        ),
        (
            rule("\"MaxAgeSeconds\": 6.5"),
            "line 3, column 20: rule 1, MaxAgeSeconds `6.5`: use a whole number of seconds",
        ),
    ] {
        assert_eq!(actual, expected);
    }
    assert!(rule("\"MaxAgeSeconds\": 99999999999").contains("MaxAgeSeconds `99999999999`"));
    assert!(errors("r2", "[]").contains("root"));
    let not_utf8 = form("s3-json").parse(b"[\"\xff\"]").unwrap_err();
    assert_eq!(
        not_utf8.to_string(),
        "line 1, column 3: write the document in UTF-8"
    );
    let rules = r#"[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]"#;
    let spaces = " ".repeat(65_536 - rules.len());
    parse("s3-json", &format!("{rules}{spaces}"));
    let large = " ".repeat(65_537);
    assert!(s3(&large).contains("at most 65536 bytes"));
    let deep = "[".repeat(60_000);
    assert!(s3(&deep).contains("invalid JSON"));
}

#[test]
fn nested_members_are_checked_like_others() {
    let r2 = |allowed: &str| {
        errors(
            "r2",
            &format!("{{\"rules\": [{{\"allowed\": {allowed}}}]}}"),
        )
    };
    assert!(r2("7").contains("write an object, in curly brackets"));
    assert!(r2("{\"origin\": []}").contains("origin: did you mean `origins` in `allowed`?"));
    assert!(r2("{\"cookies\": []}").contains("cookies: remove it"));
    let root = errors("s3-json", "{\"CORSRules\": [], \"CORSRules\": []}");
    assert!(root.contains("CORSRules: keep only one"), "{root}");
    let twice = r2("{\"methods\": [\"GET\"], \"methods\": [\"GET\"]}");
    assert!(twice.contains("methods: keep only one"), "{twice}");
}

#[test]
fn an_error_inside_a_multibyte_character_is_placed_before_it() {
    let actual = errors("s3-json", "\u{1F980}");
    assert!(
        actual.starts_with("line 1, column 1: invalid JSON"),
        "{actual}"
    );
    let actual = errors("s3-json", "[\"é\" é]");
    assert!(
        actual.starts_with("line 1, column 6: invalid JSON"),
        "{actual}"
    );
}

#[test]
fn an_empty_rule_is_written_as_an_empty_object() {
    assert!(written("s3-json", &[Rule::EMPTY]).contains("{}"));
}

#[test]
fn the_form_of_a_text_is_detected_by_its_beginning_and_its_members() {
    let s3_members = r#" [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]"#;
    for (provider, text, name, is_json) in [
        (&Provider::OSS, "<a/>", Some("oss"), false),
        (&Provider::OSS, "", Some("oss"), false),
        (&Provider::OSS, s3_members, None, true),
        (&Provider::OSS, "\u{feff}\n{", Some("oss-json"), true),
        (&Provider::S3, "<a/>", Some("s3"), false),
        (&Provider::S3, s3_members, Some("s3-json"), true),
        (&Provider::S3, "{}", Some("s3-json"), true),
        (&Provider::GCS, "[]", Some("gcs-json"), true),
        (&Provider::GCS, s3_members, Some("gcs-json"), true),
        (&Provider::AZURE, "<Cors/>", Some("azure"), false),
        (&Provider::AZURE, s3_members, Some("azure-cli"), true),
        (&Provider::R2, "<a/>", None, false),
        (&Provider::R2, "{}", Some("r2"), true),
        (&Provider::R2, s3_members, None, true),
        (&Provider::B2, "{}", Some("b2"), true),
        (
            &Provider::B2,
            r#"[{"allowedOrigins": []}]"#,
            Some("b2"),
            true,
        ),
        (&Provider::B2, s3_members, None, true),
        (&Provider::STRICT, "<a/>", None, false),
        (&Provider::STRICT, s3_members, None, true),
    ] {
        let form = provider.form_of(text.as_bytes());
        let found = (form.name(), form.is_json(), form.provider());
        assert_eq!(
            found,
            (name, is_json, provider),
            "{}: {text}",
            provider.name
        );
        if text == s3_members && provider != &Provider::GCS {
            // A member that the provider's own form requires may be missing here.
            assert!(form.parse(text.as_bytes()).is_ok(), "{}", provider.name);
        }
    }
    let bare = Provider::OSS.with_forms(&[]);
    assert!(bare.form_of(b"{").is_json());
    assert!(!bare.form_of(b"<").is_json());
}

#[test]
fn a_form_of_s3_works_for_another_provider() {
    const OURS: Provider = Provider::COS.with_forms(&[FormShape::S3_MEMBERS.named("ours", "Ours")]);
    let form = OURS.forms().next().unwrap();
    assert_eq!((form.name(), form.title()), (Some("ours"), "Ours"));
    assert_eq!(form.provider(), &OURS);
    let mut text = String::new();
    form.write(&Configuration::new(&OURS.dialect, &[RULE]), &mut text)
        .unwrap();
    assert_eq!(text, written("s3-json", &[RULE]));
    assert_eq!(form.name(), form.provider().form_of(b"[").name());
    assert_eq!(Form::named("ours"), None);
}

proptest! {
    #[test]
    fn write_then_read_is_the_identity(
        id in proptest::option::of("[a-z \"\\\\é😀/]{0,6}"),
        origins in proptest::collection::vec("[a-z \"\\\\é😀/]{0,3}[*]?[a-z]", 1..4),
        headers in proptest::collection::vec("[a-z\"\\\\é]{1,3}", 0..3),
        max_age_seconds in proptest::option::of(any::<i32>()),
    ) {
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let rule = Rule {
            id: id.as_deref(),
            allowed_origins: List::new(&origins),
            allowed_headers: List::new(&headers),
            max_age_seconds,
            ..RULE
        };
        for name in ["s3-json", "s3-console", "r2"] {
            let limits = form(name).provider().dialect.limits;
            let (min, max) = (limits.min_max_age_seconds, limits.max_max_age_seconds);
            let rule = Rule { max_age_seconds: max_age_seconds.map(|age| age.clamp(min, max)), ..rule };
            let text = written(name, &[rule, RULE]);
            let read = form(name).parse(text.as_bytes());
            let read = read.map_err(|errors| TestCaseError::fail(format!("{errors}\n{text}")))?;
            prop_assert!(read.with_configuration(|read| read.rules == [rule, RULE]), "{}", text);
        }
    }

    /// Whatever the bytes, the result is a document or an error, and never a panic.
    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}\",:a-zA-Z0-9 \n]{0,60}") {
        for form in Form::all().filter(|form| !form.is_xml()) {
            let _ = form.parse(text.as_bytes());
        }
    }
}

#[test]
fn operations_of_b2_that_are_read_as_methods_are_reported_with_their_positions() {
    let text = "[{\"corsRuleName\": \"uploads\", \"allowedOrigins\": [\"https://a.example\"],
        \"allowedOperations\": [\"s3_get\", \"b2_upload_file\"], \"maxAgeSeconds\": 60}]";
    let document = parse("b2", text);
    let readings: Vec<_> = document
        .readings()
        .map(|(rule, place, meant)| (rule, place.line, place.column, place.value, meant))
        .collect();
    assert_eq!(readings, [(0, 2, 41, Some("b2_upload_file"), "POST")]);
}
