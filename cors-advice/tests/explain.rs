//! Explanations: the change that helps, and the reported requests, rules and verdict.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

use cors_advice::browser::{Failure, Page, judge};
use cors_advice::explain::{PageExplanation, explain};
use cors_core::dialect::RuleSelection;
use cors_core::{Configuration, List, PolicyVec, Rule};
use cors_xml::{Form, Provider};

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

fn xml(provider: &Provider) -> Form<'_> {
    provider.form_of(b"<")
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
            "add_rule",
            None,
            &[a, "GET"],
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
        let explanation = explain(&image.as_policy(), xml(provider), &page);
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
    let explanation = explain(&image.as_policy(), xml(&Provider::OSS), &page);
    let suggestion = explanation.suggestion.unwrap();
    assert_eq!(
        (suggestion.change, suggestion.rule),
        ("complete_rule", Some(0))
    );
    let text = "add <AllowedOrigin>https://b.example</AllowedOrigin> to rule 1, and add <AllowedMethod>PUT</AllowedMethod> to rule 1";
    assert_eq!(suggestion.text, text);
}

/// What is said about a page and one rule, in a form.
fn said(form: &str, rule: Rule<'_>, page: &Page) -> String {
    let form = Form::named(form).unwrap();
    let image = compiled(form.provider(), &[rule]);
    let text = explain(&image.as_policy(), form, page).to_string();
    let (_, advice) = text.split_once('\n').unwrap();
    advice.to_owned()
}

#[test]
fn a_method_that_the_dialect_does_not_have_is_explained() {
    let said = |form, method| said(form, ONE, &page("https://a.example", method, &[]));
    assert_eq!(
        said("s3", "PATCH"),
        "No rule can allow it: there is no PATCH on s3; use GET, PUT, POST, DELETE or HEAD."
    );
    assert_eq!(
        said("oss", "OPTIONS"),
        "No rule can allow it: OPTIONS needs no rule on oss: preflights are answered by the rules of the method that they ask for, GET, PUT, POST, DELETE or HEAD."
    );
    let rule = Rule {
        allowed_methods: List::new(&["PATCH"]),
        allowed_headers: List::EMPTY,
        ..ONE
    };
    let image = compiled(&Provider::GCS, &[rule]);
    let page = page("https://a.example", "patch", &[]);
    let suggestion = explain(&image.as_policy(), xml(&Provider::GCS), &page)
        .suggestion
        .unwrap();
    assert_eq!(suggestion.change, "correct_method");
    assert_eq!(
        suggestion.text,
        "send PATCH in upper case: fetch() leaves this method as it is"
    );
}

#[test]
fn advice_is_for_an_origin_that_a_browser_sends_or_there_is_none() {
    let said = |rule, origin| said("s3-json", rule, &page(origin, "GET", &[]));
    for origin in [
        "https://b.example/",
        "https://b.example/login?next=a",
        "https://b.example:443",
        "HTTPS://B.Example",
    ] {
        assert_eq!(
            said(ONE, origin),
            "To allow it: take https://b.example: that is what a browser sends, and add \"https://b.example\" to AllowedOrigins of rule 1.",
        );
    }
    assert_eq!(
        said(ONE, "https://a.example/"),
        "To allow it: take https://a.example: that is what a browser sends."
    );
    assert_eq!(
        said(ONE, "b.example"),
        "No rule can allow it: a browser does not send the origin b.example: it has no scheme; a browser sends one such as https://b.example."
    );
    let null = said(ONE, "null");
    assert!(
        null.contains("null is the origin of local files and of frames with a sandbox"),
        "{null}"
    );
    assert_eq!(said(ONE, "file:///tmp/a.html"), null);
}

#[test]
fn a_response_header_is_left_out_of_the_request() {
    let header = "Access-Control-Allow-Origin: *";
    let a = page("https://a.example", "GET", &[header]);
    assert_eq!(
        said("s3-json", ONE, &a),
        "To allow it: leave access-control-allow-origin out of the request: it is a response header."
    );
    let b = page(
        "https://b.example",
        "GET",
        &[header, "X-Frame-Options: DENY", "x-a"],
    );
    let text = "To allow it: leave access-control-allow-origin, x-frame-options out of the request: these are response headers, and add \"https://b.example\" to AllowedOrigins of rule 1.";
    assert_eq!(said("s3-json", ONE, &b), text);
}

#[test]
fn credentials_beside_a_wildcard_need_a_rule_of_their_own_before_it() {
    let any = Rule {
        id: Some("all"),
        allowed_methods: List::new(&["GET", "PUT"]),
        allowed_headers: List::new(&["x-*"]),
        expose_headers: List::new(&["ETag"]),
        ..ANY
    };
    let page = page("https://a.example", "GET", &["x-b"]).with_credentials(true);
    assert_eq!(
        said("s3-json", any, &page),
        "To allow it: add a rule as rule 1: {\"AllowedOrigins\": [\"https://a.example\"], \"AllowedMethods\": [\"GET\"], \"AllowedHeaders\": [\"x-*\"], \"ExposeHeaders\": [\"ETag\"]}."
    );
    // Azure has room for five rules.
    let form = xml(&Provider::AZURE);
    let image = compiled(&Provider::AZURE, &[ANY; 5]);
    let page = self::page("https://a.example", "GET", &[]).with_credentials(true);
    let suggestion = explain(&image.as_policy(), form, &page).suggestion.unwrap();
    assert_eq!(
        (suggestion.change, suggestion.rule),
        ("name_origin", Some(0))
    );
    assert_eq!(
        suggestion.text,
        "in <AllowedOrigins> of rule 1, replace * with https://a.example (every other origin is then refused)"
    );
}

#[test]
fn no_addition_takes_a_page_from_a_later_rule_that_offers_more() {
    let wide = Rule {
        allowed_methods: List::new(&["PUT"]),
        ..ANY
    };
    let exposing = Rule {
        expose_headers: List::new(&["ETag"]),
        ..ONE
    };
    let image = compiled(&Provider::S3, &[wide, exposing]);
    let page = page("https://b.example", "GET", &[]);
    let suggestion = explain(&image.as_policy(), xml(&Provider::S3), &page)
        .suggestion
        .unwrap();
    // GET in rule 1 would answer https://a.example without credentials and without ETag.
    assert_eq!(
        (suggestion.change, suggestion.rule),
        ("add_allowed_origin", Some(1))
    );
}

#[test]
fn a_header_added_to_the_rule_that_is_final_takes_nothing_from_later_rules() {
    let later = Rule {
        expose_headers: List::new(&["ETag"]),
        ..ONE
    };
    let image = compiled(&Provider::AZURE, &[ANY, later]);
    let page = page("https://a.example", "GET", &["x-a"]);
    let suggestion = explain(&image.as_policy(), xml(&Provider::AZURE), &page)
        .suggestion
        .unwrap();
    assert_eq!(suggestion.text, "add x-a to <AllowedHeaders> of rule 1");
}

#[test]
fn the_advice_is_in_the_words_of_the_document() {
    let a = page("https://a.example", "DELETE", &[]);
    for (form, text) in [
        ("b2", "add \"s3_delete\" to allowedOperations of rule 1"),
        ("r2", "add \"DELETE\" to allowed.methods of rule 1"),
        ("gcs-json", "add \"DELETE\" to method of rule 1"),
        ("gcs", "add <Method>DELETE</Method> to <Methods> of rule 1"),
        ("azure", "add DELETE to <AllowedMethods> of rule 1"),
        ("s3-json", "add \"DELETE\" to AllowedMethods of rule 1"),
    ] {
        let rule = Rule {
            allowed_headers: List::EMPTY,
            id: (form == "b2").then_some("rule-1"),
            max_age_seconds: Some(60),
            ..ONE
        };
        assert_eq!(said(form, rule, &a), format!("To allow it: {text}."));
    }
    let b = page("https://b.example", "PUT", &[]);
    let rule = Rule {
        id: Some("rule-2"),
        max_age_seconds: Some(60),
        ..ONE
    };
    assert_eq!(
        said("b2", rule, &b),
        "To allow it: add a rule as rule 2: {\"corsRuleName\": \"rule-3\", \"allowedOrigins\": [\"https://b.example\"], \"allowedOperations\": [\"s3_put\"], \"maxAgeSeconds\": 5}."
    );
}

#[test]
fn an_origin_that_almost_matches_is_shown() {
    let rule = Rule {
        allowed_origins: List::new(&[
            "https://b.example",
            "http://a.example/",
            "https://a.example:8443",
        ]),
        ..ONE
    };
    let image = compiled(&Provider::S3, &[rule]);
    let page = page("https://a.example", "GET", &[]);
    let explanation = explain(&image.as_policy(), xml(&Provider::S3), &page);
    let near = explanation.rules[0].near_miss.clone().unwrap();
    assert_eq!(
        (near.allowed_origin.as_str(), near.difference.as_str()),
        ("https://a.example:8443", "a port")
    );
}

#[test]
fn notes_say_what_caches_and_resumable_uploads_do() {
    let notes = |provider: &'static Provider, rule: Rule<'_>, page: &Page| {
        let rule = Rule {
            allowed_headers: List::EMPTY,
            ..rule
        };
        let image = compiled(provider, &[rule]);
        let notes = explain(&image.as_policy(), xml(provider), page).notes;
        let shown = notes.into_iter().map(|note| (note.kind, note.text));
        shown.collect::<Vec<_>>()
    };
    let get = page("https://a.example", "GET", &[]);
    for (provider, rule, stored) in [
        (
            &Provider::S3,
            ONE,
            Some("stored for a request without Origin, which has no"),
        ),
        (
            &Provider::S3,
            ANY,
            Some("stored for a request without Origin, which has no"),
        ),
        (
            &Provider::OSS,
            ONE,
            Some("stored for a request without Origin or with another one"),
        ),
        (
            &Provider::OSS,
            ANY,
            Some("stored for a request without Origin, which has no"),
        ),
        (&Provider::GCS, ONE, None),
        (&Provider::STRICT, ONE, None),
    ] {
        let found = notes(provider, rule, &get);
        assert_eq!(found.len(), usize::from(stored.is_some()), "{found:?}");
        if let Some(stored) = stored {
            assert_eq!(found[0].0, "cache");
            assert!(found[0].1.contains(stored), "{}: {found:?}", provider.name);
        }
    }
    let oss = notes(&Provider::OSS, ONE, &get);
    assert!(
        oss[0]
            .1
            .contains("set <ResponseVary>true</ResponseVary> in <CORSConfiguration>"),
        "{oss:?}"
    );
    // Nothing is kept of other methods, and an answer that the page cannot read is another matter.
    let put = page("https://a.example", "PUT", &[]);
    assert_eq!(notes(&Provider::S3, ONE, &put), []);
    let gcs = notes(&Provider::GCS, ONE, &put);
    assert_eq!(gcs[0].0, "resumable_upload");
    assert!(
        gcs[0].1.contains("send Origin: https://a.example"),
        "{gcs:?}"
    );
}

#[test]
fn notes_say_what_is_unusual_about_a_request() {
    let image = compiled(&Provider::S3, &[ONE]);
    let page = page(
        "https://A.example/",
        "GET",
        &[
            "cookie: a",
            "vary",
            "access-control-allow-headers: x-a",
            "range",
            "accept: application/ld+json;profile=\"b\"",
            "accept-language: de",
            "accept-language: en",
        ],
    );
    let explanation = explain(&image.as_policy(), xml(&Provider::S3), &page);
    let notes: Vec<&str> = explanation
        .page_notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "a browser does not send this origin: it sends https://a.example, and this one has a slash at the end, and letters of another case",
            "a page cannot set cookie; the browser drops it",
            "access-control-allow-headers is a response header; leave it out of the request",
            "whether range needs a preflight depends on its value; pass it as 'range: VALUE'",
            "accept needs a preflight because of its value: it has a control character or one of `\"():<>?@[\\]{}`",
            "accept-language is set several times; Chromium joins the values before it judges them, here with the same result",
        ]
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
    let explanation = explain(&policy, xml(&Provider::GCS), &page);
    assert_eq!(
        explanation.failure,
        Some(Failure::Header("authorization".to_owned()))
    );
    let suggestion = explanation.suggestion.unwrap();
    assert_eq!(
        suggestion.text,
        "add <ResponseHeader>authorization</ResponseHeader> to <ResponseHeaders> of rule 1"
    );
    let image = compiled(&Provider::GCS, &[]);
    let explanation = explain(&image.as_policy(), xml(&Provider::GCS), explanation.page);
    let suggestion = explanation.suggestion.unwrap();
    let text = "add a rule as rule 1: <Cors><Origins><Origin>https://a.example</Origin></Origins>\
                <Methods><Method>GET</Method></Methods>\
                <ResponseHeaders><ResponseHeader>authorization</ResponseHeader></ResponseHeaders></Cors>";
    assert_eq!(suggestion.text, text);
}

#[test]
fn values_are_escaped_where_elements_hold_them_and_named_where_a_list_does() {
    let suggested = |provider: &'static Provider, rule: Rule<'_>, page: &Page| {
        let image = compiled(provider, &[rule]);
        explain(&image.as_policy(), xml(provider), page)
            .suggestion
            .unwrap()
            .text
    };
    let page = page("https://a&b.example", "GET", &[]);
    let text = "add <AllowedOrigin>https://a&amp;b.example</AllowedOrigin> to rule 1";
    assert_eq!(suggested(&Provider::S3, ONE, &page), text);
    let text = "add https://a&amp;b.example to <AllowedOrigins> of rule 1";
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
    let explanation = explain(&image.as_policy(), xml(&Provider::S3), &page);
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
    let explanation = explain(&image.as_policy(), xml(provider), &page);
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
    let explanation = explain(&image.as_policy(), xml(&Provider::S3), &page);
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
