//! Comparisons: which pages gain and lose access, each with an example that deciding confirms.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::browser::{Page, judge};
use cors_advice::diff::{Change, diff};
use cors_core::{Configuration, List, PolicyVec, Rule};
use cors_xml::Provider;

const GET: List<'static> = List::new(&["GET"]);

fn compiled(provider: &Provider, rule: Rule<'_>) -> PolicyVec {
    let rules = [rule];
    let checked = Configuration::new(&provider.dialect, &rules).checked();
    checked.unwrap().compile().unwrap()
}

/// A line for each change: sign, method, pattern, header, credentials, example. Each example is
/// judged under both policies again.
#[track_caller]
fn changes(provider: &Provider, old: Rule<'_>, new: Rule<'_>) -> Vec<String> {
    let (old, new) = (compiled(provider, old), compiled(provider, new));
    let (old, new) = (old.as_policy(), new.as_policy());
    let changes = diff(provider, &old, &new).changes;
    let lines = changes.iter().map(|change| {
        let Change {
            granted,
            origin_pattern,
            origin,
            method,
            header,
            credentials,
            rule,
            ..
        } = change;
        let page = Page::new(origin, method).unwrap();
        let page = match header {
            Some(header) => page.with_header(header).unwrap(),
            None => page,
        };
        let page = page.with_credentials(*credentials);
        let [before, after] = [&old, &new].map(|policy| judge(policy, provider, &page).ok());
        let expected = if *granted {
            (None, Some(*rule))
        } else {
            (Some(*rule), None)
        };
        assert_eq!((before, after), expected, "{change:?}");
        let sign = if *granted { '+' } else { '-' };
        let header = header.as_deref().unwrap_or("-");
        format!("{sign} {method} {origin_pattern} {header} {credentials} {origin}")
    });
    lines.collect()
}

#[test]
fn patterns_methods_and_headers_that_come_and_go_are_named() {
    let old = Rule {
        allowed_origins: List::new(&["https://*.a.example"]),
        allowed_methods: GET,
        allowed_headers: List::new(&["x-*"]),
        ..Rule::EMPTY
    };
    let new = Rule {
        allowed_origins: List::new(&["https://app.a.example", "https://b.example"]),
        allowed_headers: List::new(&["*"]),
        ..old
    };
    let expected = [
        "- GET https://*.a.example - false https://a.b.a.example",
        "+ GET https://*.a.example zq7x9 false https://app.a.example",
        "+ GET https://app.a.example zq7x9 false https://app.a.example",
        "+ GET https://b.example - false https://b.example",
    ];
    assert_eq!(changes(&Provider::OSS, old, new), expected);
    assert_eq!(changes(&Provider::OSS, old, old), [""; 0]);
}

#[test]
fn credentials_are_named_where_only_they_change() {
    let named = Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: GET,
        ..Rule::EMPTY
    };
    let any = Rule {
        allowed_origins: List::new(&["*"]),
        ..named
    };
    let expected = [
        "+ GET * - false https://zq7x9.example",
        "- GET https://a.example - true https://a.example",
    ];
    assert_eq!(changes(&Provider::S3, named, any), expected);
    // OSS never allows credentials.
    let expected = ["+ GET * - false https://zq7x9.example"];
    assert_eq!(changes(&Provider::OSS, named, any), expected);
}

#[test]
fn headers_that_no_page_sends_change_nothing() {
    let without = Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["PUT"]),
        ..Rule::EMPTY
    };
    for names in [&["cookie"], &["accept"]] {
        let with = Rule {
            allowed_headers: List::new(names),
            ..without
        };
        assert_eq!(changes(&Provider::S3, without, with), [""; 0], "{names:?}");
    }
    let with = Rule {
        allowed_headers: List::new(&["content-type"]),
        ..without
    };
    let expected = ["+ PUT https://a.example content-type false https://a.example"];
    assert_eq!(changes(&Provider::S3, without, with), expected);
}

#[test]
fn a_list_that_the_browser_compares_is_compared() {
    let some = Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["PUT"]),
        expose_headers: List::new(&["x-a"]),
        ..Rule::EMPTY
    };
    let every = Rule {
        expose_headers: List::new(&["*"]),
        ..some
    };
    let expected = ["+ PUT https://a.example zq7x9 false https://a.example"];
    assert_eq!(changes(&Provider::GCS, some, every), expected);
}

#[test]
fn the_examples_are_origins_that_browsers_send() {
    let rule = |origin: &'static str| {
        let origins: &'static [&'static str] = Box::leak(Box::new([origin]));
        Rule {
            allowed_origins: List::new(origins),
            allowed_methods: GET,
            ..Rule::EMPTY
        }
    };
    let only = "https://only.example";
    for (pattern, example) in [
        ("*.example.com", "http://app.example.com"),
        ("http*.example.com", "http://app.example.com"),
        ("http://*", "http://app"),
        ("http://localhost:*", "http://localhost:8080"),
        ("*", "https://zq7x9.example"),
        ("null", "null"),
    ] {
        let lines = changes(&Provider::S3, rule(only), rule(pattern));
        let granted = format!("+ GET {pattern} - false {example}");
        assert!(lines.contains(&granted), "{pattern}: {lines:?}");
    }
    // No page has these.
    for value in [
        "www.example.com",
        "https://example.com/",
        "https://Example.com",
        "*/",
    ] {
        let lines = changes(&Provider::S3, rule(only), rule(value));
        assert_eq!(lines, [format!("- GET {only} - false {only}")], "{value}");
    }
}
