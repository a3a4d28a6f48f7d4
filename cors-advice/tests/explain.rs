//! Explanations: the change that helps, and the reported requests, rules and verdict.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::browser::{Failure, Page, judge};
use cors_advice::explain::{PageExplanation, explain};
use cors_core::dialect::RuleSelection;
use cors_core::{Configuration, List, PolicyVec, Rule};
use cors_xml::Provider;

const ONE: Rule<'static> = Rule {
    allowed_origins: List::new(&["https://a.example"]),
    allowed_methods: List::new(&["GET"]),
    allowed_headers: List::new(&["x-a"]),
    ..Rule::EMPTY
};
const ANY: Rule<'static> = Rule {
    allowed_origins: List::new(&["*"]),
    allowed_headers: List::EMPTY,
    ..ONE
};

fn compiled(provider: &Provider, rules: &[Rule<'_>]) -> PolicyVec {
    let checked = Configuration::new(&provider.dialect, rules).checked();
    checked.unwrap().compile().unwrap()
}

fn page(origin: &str, method: &str, headers: &[&str]) -> Page {
    let page = Page::new(origin, method).unwrap();
    let mut headers = headers.iter();
    headers
        .try_fold(page, |page, header| page.with_header(header))
        .unwrap()
}

#[test]
fn the_smallest_change_of_each_kind_is_suggested() {
    let a = "https://a.example";
    let b = "https://b.example";
    let credentials = |page: Page| page.with_credentials(true);
    for (rule, provider, page, change, of_rule, values) in [
        (
            ONE,
            &Provider::OSS,
            page(b, "GET", &[]),
            "add_allowed_origin",
            Some(0),
            &[b][..],
        ),
        (
            ONE,
            &Provider::OSS,
            page(a, "DELETE", &[]),
            "add_allowed_method",
            Some(0),
            &["DELETE"],
        ),
        (
            ONE,
            &Provider::OSS,
            page(a, "GET", &["X-C", "x-a", "x-b"]),
            "add_allowed_header",
            Some(0),
            &["x-b", "x-c"],
        ),
        (
            ONE,
            &Provider::OSS,
            page(b, "PUT", &[]),
            "add_rule",
            None,
            &[b, "PUT"],
        ),
        (
            ONE,
            &Provider::OSS,
            page(b, "PUT", &["x-b"]),
            "add_rule",
            None,
            &[b, "PUT", "x-b"],
        ),
        (
            ANY,
            &Provider::S3,
            credentials(page(a, "GET", &[])),
            "name_origin",
            Some(0),
            &[a],
        ),
        (
            ANY,
            &Provider::OSS,
            credentials(page(a, "GET", &[])),
            "drop_credentials",
            None,
            &[],
        ),
    ] {
        let image = compiled(provider, &[rule]);
        let explanation = explain(&image.as_policy(), provider, &page);
        let suggestion = explanation.suggestion.unwrap();
        assert_eq!((suggestion.change, suggestion.rule), (change, of_rule));
        assert_eq!(suggestion.values, values, "{change}");
    }
}

#[test]
fn a_rule_is_completed_where_a_new_one_does_not_fit() {
    let rules = [Rule {
        allowed_headers: List::EMPTY,
        ..ONE
    }; 10];
    let image = compiled(&Provider::OSS, &rules);
    let page = page("https://b.example", "PUT", &[]);
    let explanation = explain(&image.as_policy(), &Provider::OSS, &page);
    let suggestion = explanation.suggestion.unwrap();
    assert_eq!(
        (suggestion.change, suggestion.rule),
        ("complete_rule", Some(0))
    );
    let text = "add <AllowedOrigin>https://b.example</AllowedOrigin>, <AllowedMethod>PUT</AllowedMethod> to rule 1";
    assert_eq!(suggestion.text, text);
}

#[test]
fn where_nothing_helps_nothing_is_suggested() {
    // OSS does not have this method.
    let image = compiled(&Provider::OSS, &[ONE]);
    let page = page("https://a.example", "PATCH", &[]);
    let explanation = explain(&image.as_policy(), &Provider::OSS, &page);
    assert_eq!(explanation.suggestion, None);
    let text = explanation.to_string();
    assert!(
        text.ends_with("\nNo single change to these rules would allow it."),
        "{text}"
    );
}

#[test]
fn one_list_of_names_is_completed_as_the_browser_compares_it() {
    let rule = Rule {
        allowed_headers: List::EMPTY,
        expose_headers: List::new(&["*"]),
        ..ONE
    };
    let image = compiled(&Provider::GCS, &[rule]);
    let policy = image.as_policy();
    assert_eq!(
        judge(
            &policy,
            &Provider::GCS,
            &page("https://a.example", "GET", &["x-b"])
        ),
        Ok(0)
    );
    let page = page("https://a.example", "GET", &["authorization"]);
    let explanation = explain(&policy, &Provider::GCS, &page);
    assert_eq!(
        explanation.failure,
        Some(Failure::Header("authorization".to_owned()))
    );
    let suggestion = explanation.suggestion.unwrap();
    assert_eq!(
        suggestion.text,
        "add <ResponseHeader>authorization</ResponseHeader> to rule 1"
    );
    let image = compiled(&Provider::GCS, &[]);
    let explanation = explain(&image.as_policy(), &Provider::GCS, explanation.page);
    let suggestion = explanation.suggestion.unwrap();
    let text = "add a rule with Origin https://a.example, Method GET, ResponseHeader authorization";
    assert_eq!(suggestion.text, text);
}

#[test]
fn values_are_escaped_where_elements_hold_them_and_named_where_a_list_does() {
    let suggested = |provider: &'static Provider, rule: Rule<'_>, page: &Page| {
        let image = compiled(provider, &[rule]);
        explain(&image.as_policy(), provider, page)
            .suggestion
            .unwrap()
            .text
    };
    let page = page("https://a&b.example", "GET", &[]);
    let text = "add <AllowedOrigin>https://a&amp;b.example</AllowedOrigin> to rule 1";
    assert_eq!(suggested(&Provider::S3, ONE, &page), text);
    let text = "add https://a&b.example to AllowedOrigins in rule 1";
    assert_eq!(suggested(&Provider::AZURE, ONE, &page), text);
}

#[test]
fn requests_rules_and_verdict_are_reported() {
    let rules = [
        Rule {
            id: Some("uploads"),
            ..ONE
        },
        ANY,
    ];
    let image = compiled(&Provider::S3, &rules);
    let page = page("https://a.example", "get", &["X-A: 1", "Cookie"]);
    let explanation = explain(&image.as_policy(), &Provider::S3, &page);
    let PageExplanation {
        preflight,
        actual,
        failure,
        rules,
        ..
    } = &explanation;
    let preflight = preflight.as_ref().unwrap();
    assert_eq!(
        preflight.request.access_control_request_headers.as_deref(),
        Some("x-a")
    );
    assert_eq!(
        preflight.request.access_control_request_method.as_deref(),
        Some("GET")
    );
    assert_eq!(
        (preflight.answer.outcome, preflight.answer.status),
        ("preflight_granted", Some(200))
    );
    assert_eq!(
        (actual.answer.outcome, actual.answer.rule),
        ("actual_granted", Some(0))
    );
    assert_eq!(actual.request.origin, "https://a.example");
    assert_eq!(failure, &None);
    let matches: Vec<_> = rules
        .iter()
        .map(|rule| {
            (
                rule.id.as_deref(),
                rule.matches,
                rule.header_refused.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        matches,
        [(Some("uploads"), true, None), (None, false, Some("x-a"))]
    );
    assert_eq!(
        (explanation.winner(), explanation.final_rule()),
        (Some(0), None)
    );
    assert_eq!(page.dropped(), ["Cookie"]);
    let text = "The page can read the response.\nHeaders it can read: cache-control, content-language, content-length, content-type, expires, last-modified, pragma";
    assert_eq!(explanation.to_string(), text);
}

#[test]
fn the_first_rule_for_origin_and_method_is_final_where_headers_do_not_choose() {
    let provider = &Provider::AZURE;
    assert_eq!(
        provider.dialect.evaluation.rule_selection,
        RuleSelection::FirstForOriginAndMethod
    );
    let image = compiled(provider, &[ANY, ONE]);
    let page = page("https://a.example", "GET", &["x-a"]);
    let explanation = explain(&image.as_policy(), provider, &page);
    assert_eq!(
        (explanation.winner(), explanation.final_rule()),
        (None, Some(0))
    );
    assert_eq!(explanation.failure, Some(Failure::PreflightStatus(403)));
}

#[test]
fn without_a_preflight_the_page_misses_the_header_of_the_response() {
    let image = compiled(&Provider::S3, &[]);
    let page = page("https://a.example", "POST", &["content-type: text/plain"]);
    let explanation = explain(&image.as_policy(), &Provider::S3, &page);
    assert_eq!(explanation.preflight, None);
    assert_eq!(
        explanation.failure.as_ref().unwrap().reason(),
        "no_allow_origin"
    );
    let text = explanation.to_string();
    assert!(
        text.contains("the server performs the request, but the page cannot see the result"),
        "{text}"
    );
}
