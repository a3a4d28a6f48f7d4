//! Documents within the providers' limits that are made to be expensive: the work that they cost is
//! counted, not timed, and holds the same laws as every other configuration's.

use conformance::{engine, laws};
use cors_advice::diff::diff;
use cors_core::Policy;
use cors_xml::Provider;
use reference::model::{Configuration, DialectName, Rule};

fn numbered(count: usize, prefix: &str, suffix: &str) -> Vec<String> {
    (0..count)
        .map(|number| format!("{prefix}{number:x}{suffix}"))
        .collect()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn rule(origins: Vec<String>, methods: Vec<String>, headers: Vec<String>) -> Rule {
    Rule {
        allowed_origins: origins,
        allowed_methods: methods,
        allowed_headers: headers,
        ..Rule::default()
    }
}

fn s3(rules: Vec<Rule>) -> Configuration {
    Configuration {
        dialect: DialectName::S3,
        rules,
        response_vary: false,
    }
}

/// What once cost the product of all lists: names, and the configurations.
fn documents() -> Vec<(&'static str, Configuration)> {
    let count = 1500;
    let get = || texts(&["GET"]);
    let chain =
        |letter: &'static str| (1..150).map(move |length| format!("{}*", letter.repeat(length)));
    let mut wide = numbered(count, "", "");
    wide.push("*".to_owned());
    vec![
        (
            "origins, methods and earlier origins",
            s3(vec![
                rule(wide, get(), vec![]),
                rule(
                    numbered(count, "b", ""),
                    vec!["GET".to_owned(); count],
                    vec![],
                ),
            ]),
        ),
        (
            "one list of wildcards",
            s3(vec![rule(vec!["*".to_owned(); 4 * count], get(), vec![])]),
        ),
        (
            "one list of methods",
            s3(vec![rule(get(), vec!["PUT".to_owned(); 4 * count], vec![])]),
        ),
        (
            "shapes",
            s3(vec![rule(
                chain("a").collect(),
                get(),
                chain("h").collect(),
            )]),
        ),
        (
            "every value a loss",
            s3(vec![rule(
                numbered(count, "", "*"),
                get(),
                numbered(count, "h", "*"),
            )]),
        ),
        (
            "a hundred rules",
            s3((0..100)
                .map(|number| {
                    rule(
                        numbered(15, &format!("{number}-"), ""),
                        get(),
                        numbered(15, "h", "*"),
                    )
                })
                .collect()),
        ),
    ]
}

#[test]
fn lint_and_conversion_of_hostile_documents_hold_the_laws_of_work() {
    for (name, configuration) in documents() {
        laws::lint_work_is_bounded(&configuration)
            .unwrap_or_else(|found| panic!("{name}: {found}"));
        for to in Provider::ALL {
            laws::conversion_work_is_bounded(&configuration, to)
                .unwrap_or_else(|found| panic!("{name}: {found}"));
        }
    }
}

#[test]
fn a_comparison_judges_each_set_of_rules_once() {
    let judged = |origins: usize, headers: usize| {
        let compile = |headers| {
            let methods = texts(&["GET", "PUT", "POST", "DELETE", "HEAD"]);
            let rule = rule(numbered(origins, "https://", ".example"), methods, headers);
            engine::compile(&s3(vec![rule])).unwrap()
        };
        let (old, new) = (compile(vec![]), compile(numbered(headers, "h", "")));
        laws::changes_are_true(&Provider::S3, &old, &new).unwrap();
        let [old, new] = [&old, &new].map(|image| Policy::from_bytes(image).unwrap());
        let found = diff(&Provider::S3, &old, &new);
        assert_eq!(
            found.granted,
            origins * headers * 5,
            "every header of every origin"
        );
        assert_eq!(found.more, found.granted.saturating_sub(1000));
        assert!(found.is_complete);
        found.judged
    };
    assert_eq!(
        judged(2, 300),
        judged(300, 300),
        "more origins of one rule cost nothing"
    );
    assert!(judged(300, 300) < 2000);
}
