//! Advice is followed, in every form of every provider, with questions that people ask.

use std::cell::Cell;

use conformance::laws::following_advice_helps;
use cors_advice::browser::Page;
use cors_advice::edit::Draft;
use cors_core::RuleBuf;
use cors_xml::{Form, Provider};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::runner;

const RULE_ORIGINS: [&str; 10] = [
    "*",
    "https://app.example",
    "https://*.shop.example",
    "http://www.app.example/",
    "https://shop.example",
    "https://app.example:443",
    "http://app.example",
    "http://localhost:3000",
    "null",
    "https://other.example",
];
const PAGE_ORIGINS: [&str; 11] = [
    "https://app.example",
    "https://app.example/",
    "https://app.example:443/cart?a=b",
    "HTTPS://App.Example",
    "app.example",
    "https://shop.example",
    "https://www.shop.example",
    "http://localhost:3000",
    "http://app.example",
    "null",
    "https://new.example",
];
const METHODS: [&str; 9] = [
    "GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "patch", "OPTIONS", "MERGE",
];
const RULE_METHODS: [&str; 7] = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "*"];
const RULE_HEADERS: [&str; 6] = ["*", "x-a", "x-*", "content-type", "Authorization", "x-b"];
const EXPOSED: [&str; 4] = ["ETag", "x-a", "content-type", "x-request-id"];
const PAGE_HEADERS: [&str; 8] = [
    "x-a",
    "X-B: 1",
    "content-type: application/json",
    "content-type: text/plain",
    "authorization: Bearer a",
    "Access-Control-Allow-Origin: *",
    "accept: application/ld+json;profile=\"https://a.example/b\"",
    "x-c",
];

fn strings(from: &'static [&'static str], least: usize) -> impl Strategy<Value = Vec<String>> {
    let texts = subsequence(from, least..=3).prop_shuffle();
    texts.prop_map(|texts| texts.into_iter().map(str::to_owned).collect())
}

fn rule() -> impl Strategy<Value = RuleBuf> {
    let lists = (
        strings(&RULE_ORIGINS, 1),
        strings(&RULE_METHODS, 1),
        strings(&RULE_HEADERS, 0),
        strings(&EXPOSED, 0),
    );
    lists.prop_map(|(origins, methods, headers, exposed)| RuleBuf {
        allowed_origins: origins,
        allowed_methods: methods,
        allowed_headers: headers,
        expose_headers: exposed,
        ..RuleBuf::default()
    })
}

fn page() -> impl Strategy<Value = Page> {
    let parts = (
        select(&PAGE_ORIGINS[..]),
        select(&METHODS[..]),
        subsequence(&PAGE_HEADERS[..], 0..=3),
        any::<bool>(),
    );
    parts.prop_map(|(origin, method, headers, credentials)| {
        let page = Page::new(origin, method).unwrap();
        let mut headers = headers.into_iter();
        let page = headers.try_fold(page, Page::with_header);
        page.unwrap().with_credentials(credentials)
    })
}

type List = fn(&mut RuleBuf) -> &mut Vec<String>;
const LISTS: [List; 4] = [
    |rule| &mut rule.allowed_origins,
    |rule| &mut rule.allowed_methods,
    |rule| &mut rule.allowed_headers,
    |rule| &mut rule.expose_headers,
];

/// Leaves out what the form's provider does not accept, so that most cases have a document.
fn fitted(form: Form<'_>, mut rules: Vec<RuleBuf>) -> Draft {
    let provider = form.provider();
    for (index, rule) in rules.iter_mut().enumerate() {
        let is_accepted = |rule: &RuleBuf| {
            let rules = vec![rule.clone()];
            let draft = Draft {
                rules,
                response_vary: false,
            };
            draft.compile(&provider.dialect).is_ok()
        };
        for list in LISTS {
            let items = std::mem::take(list(rule));
            for item in items {
                let mut alone = RuleBuf {
                    allowed_origins: vec!["https://a.example".to_owned()],
                    allowed_methods: vec!["GET".to_owned()],
                    ..RuleBuf::default()
                };
                *list(&mut alone) = vec![item.clone()];
                if is_accepted(&alone) {
                    list(rule).push(item);
                }
            }
        }
        if rule.allowed_methods.is_empty() {
            rule.allowed_methods.push("GET".to_owned());
        }
        if rule.allowed_origins.is_empty() {
            rule.allowed_origins.push("https://app.example".to_owned());
        }
        rule.id = form
            .requires(cors_core::Field::Id)
            .then(|| format!("rule-{}", index * 2));
        rule.max_age_seconds = form.requires(cors_core::Field::MaxAgeSeconds).then_some(60);
    }
    Draft {
        rules,
        response_vary: false,
    }
}

#[test]
fn following_advice_makes_the_page_read_and_keeps_nobody_out() {
    for provider in Provider::ALL {
        let forms = provider.forms();
        for form in forms.filter(|form| form.is_xml() || form.is_json()) {
            let mut runner = runner(60);
            let cases = runner.config().cases;
            let followed = Cell::new(0);
            let questions = (prop::collection::vec(rule(), 0..4), page());
            runner
                .run(&questions, |(rules, page)| {
                    let draft = fitted(form, rules);
                    let verdict = draft.with_configuration(&provider.dialect, |rules| {
                        following_advice_helps(form, rules, &page)
                    });
                    let had_advice = verdict.map_err(TestCaseError::fail)?;
                    followed.set(followed.get() + u32::from(had_advice));
                    Ok(())
                })
                .unwrap();
            let name = form
                .name()
                .unwrap_or(if form.is_json() { "JSON" } else { "XML" });
            println!(
                "{}, {name}: {} of {cases} had advice",
                provider.name,
                followed.get()
            );
            assert!(followed.get() > cases / 4, "{}, {name}", provider.name);
        }
    }
}
