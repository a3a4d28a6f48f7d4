//! What is written reads back as the same rules, and has the exact shape of the provider.

#![cfg(feature = "quick-xml")]
#![expect(clippy::unwrap_used, reason = "a broken promise stops the test")]

use cors_core::{List, Rule, RuleBuf};
use cors_xml::{Document, Provider};
use proptest::prelude::*;

fn written(provider: &Provider, rules: &[Rule<'_>], response_vary: bool) -> String {
    let mut document = String::new();
    provider
        .write_configuration(rules.iter().copied(), response_vary, &mut document)
        .unwrap();
    document
}

const FULL: Rule<'static> = Rule {
    id: Some("a & b"),
    allowed_origins: List::new(&["https://*.a.example", "<o>"]),
    allowed_methods: List::new(&["GET", "PUT"]),
    allowed_headers: List::new(&["Content-Type", "X-*"]),
    expose_headers: List::new(&["ETag", "x-oss-test"]),
    max_age_seconds: Some(0),
    allow_credentials: false,
};
const SMALL: Rule<'static> = Rule {
    allowed_origins: List::new(&["*"]),
    allowed_methods: List::new(&["GET"]),
    ..Rule::EMPTY
};

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

#[test]
fn oss_always_writes_response_vary_and_lower_cases_allowed_header() {
    let expected = "<CORSConfiguration><CORSRule><AllowedOrigin>https://*.a.example</AllowedOrigin><AllowedOrigin>&lt;o&gt;</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-type</AllowedHeader><AllowedHeader>x-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-test</ExposeHeader><MaxAgeSeconds>0</MaxAgeSeconds></CORSRule><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>";
    let rules = [Rule { id: None, ..FULL }, SMALL];
    assert_eq!(
        written(&Provider::OSS, &rules, true),
        format!("{PROLOG}{expected}")
    );
    assert!(
        written(&Provider::OSS, &[SMALL], false).contains("<ResponseVary>false</ResponseVary>")
    );
}

#[test]
fn s3_writes_its_namespace_and_keeps_ids_and_spelling() {
    let expected = "<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CORSRule><ID>a &amp; b</ID><AllowedOrigin>https://*.a.example</AllowedOrigin><AllowedOrigin>&lt;o&gt;</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>Content-Type</AllowedHeader><AllowedHeader>X-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-test</ExposeHeader><MaxAgeSeconds>0</MaxAgeSeconds></CORSRule></CORSConfiguration>";
    assert_eq!(
        written(&Provider::S3, &[FULL], true),
        format!("{PROLOG}{expected}")
    );
}

#[test]
fn cos_writes_no_namespace_and_a_response_vary() {
    let document = written(&Provider::COS, &[SMALL], true);
    assert!(document.starts_with(&format!("{PROLOG}<CORSConfiguration><CORSRule>")));
    assert!(document.ends_with("</CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>"));
}

#[test]
fn gcs_writes_neither_unknown_nor_empty_lists() {
    let expected = "<CorsConfig><Cors><Origins><Origin>*</Origin></Origins><Methods><Method>GET</Method></Methods></Cors></CorsConfig>";
    let rule = Rule {
        id: Some("a"),
        allowed_headers: List::new(&["x-a"]),
        ..SMALL
    };
    assert_eq!(
        written(&Provider::GCS, &[rule], false),
        format!("{PROLOG}{expected}")
    );
}

#[test]
fn only_oss_lower_cases_allowed_headers() {
    for provider in [&Provider::COS, &Provider::AZURE, &Provider::STRICT] {
        let document = written(provider, &[FULL], false);
        assert!(document.contains("Content-Type"), "{document}");
    }
}

#[test]
fn a_document_can_be_written_from_its_policy_image() {
    let document =
        Document::parse(&Provider::OSS, include_bytes!("../documents/example.xml")).unwrap();
    let image = document.compile().unwrap();
    let policy = image.as_policy();
    let mut answer = String::new();
    Provider::OSS
        .write_configuration(policy.rules(), policy.response_vary(), &mut answer)
        .unwrap();
    let read = Document::parse(&Provider::OSS, answer.as_bytes()).unwrap();
    assert!(read.with_configuration(|read| document.with_configuration(|written| read == written)));
}

/// Any rule that can be read.
fn rule_buf() -> impl Strategy<Value = RuleBuf> {
    // Spaces at the ends and all special characters of XML; no control characters, no U+FFFE or
    // U+FFFF, at most one `*`.
    let pattern = "[ &<>'\"\\]a\u{a0}é😀]{0,4}[*]?[ &<>'\"\\]A/:.-]{1,4}";
    let list =
        |item: &'static str, length| proptest::collection::vec(item.prop_map(String::from), length);
    (
        proptest::option::of("[ &<>'\"\\]a\u{a0}é😀]{0,6}".prop_map(String::from)),
        list(pattern, 1..4),
        proptest::collection::vec(
            prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "HEAD"])
                .prop_map(String::from),
            1..4,
        ),
        list(pattern, 0..4),
        list("[A-Za-z!#$%+.^_`|~0-9-]{1,5}", 0..4),
        proptest::option::of(any::<i32>()),
    )
        .prop_map(
            |(
                id,
                allowed_origins,
                allowed_methods,
                allowed_headers,
                expose_headers,
                max_age_seconds,
            )| RuleBuf {
                id,
                allowed_origins,
                allowed_methods,
                allowed_headers,
                expose_headers,
                max_age_seconds,
                allow_credentials: false,
            },
        )
}

proptest! {
    #[test]
    fn write_then_read_is_the_identity(owned in proptest::collection::vec(rule_buf(), 1..4)) {
        let rules: Vec<Rule<'_>> = owned.iter().map(RuleBuf::as_rule).collect();
        let document = written(&Provider::S3, &rules, false);
        let read = Document::parse(&Provider::S3, document.as_bytes());
        let read = read.map_err(|errors| TestCaseError::fail(format!("{errors}\n{document}")))?;
        prop_assert!(read.with_configuration(|read| read.rules == rules), "{document}");
    }

    /// The error holds a refused value as it was, whatever its content.
    #[test]
    fn any_text_survives_as_a_value(text in any::<String>(), ends in "[ \t\r\n]{0,3}") {
        let method = format!("{ends}{text}{ends}");
        let methods = [method.as_str()];
        let rule = Rule { allowed_methods: List::new(&methods), ..SMALL };
        let document = written(&Provider::S3, &[rule], false);
        let errors = Document::parse(&Provider::S3, document.as_bytes()).expect_err("no such method");
        let expected: String = method
            .chars()
            .map(|c| match c {
                '\t' | '\n' | '\r' => c,
                '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
                _ => c,
            })
            .collect();
        prop_assert_eq!(errors.first().value.as_deref(), Some(expected.as_str()), "{}", document);
    }
}
