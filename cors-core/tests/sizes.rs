//! The same answers on both sides of the sizes at which deciding goes another way: blocks of 64 rules, few entries and many.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_core::{
    BadRequest, Configuration, Dialect, Furthest, Limit, List, MAX_REQUEST_HEADER_NAMES, Policy,
    Refusal, Request, Rule, compile,
};

/// As many rules as a test wants, in the dialects that it wants.
fn compiled<'b>(dialect: &Dialect, rules: &[Rule<'_>], buffer: &'b mut Vec<u8>) -> Policy<'b> {
    let limit = u16::try_from(rules.len()).unwrap();
    let dialect = dialect.with_max_rules(limit);
    buffer.resize(1 << 20, 0);
    compile(&Configuration::new(&dialect, rules), buffer).unwrap()
}

fn asked<'r>(
    policy: &Policy<'_>,
    origin: &'r str,
    lines: &'r [&'r [u8]],
) -> Result<usize, Refusal> {
    let decision = policy.decide(&Request {
        method: b"OPTIONS",
        origin: Some(origin.as_bytes()),
        access_control_request_method: Some(b"GET"),
        access_control_request_headers: lines,
    });
    match decision.grant() {
        Some(grant) => Ok(grant.rule_index()),
        None => Err(decision.refusal().unwrap()),
    }
}

const RULE: Rule<'static> = Rule {
    allowed_methods: List::new(&["GET"]),
    ..Rule::EMPTY
};

fn refused(furthest: Furthest) -> Result<usize, Refusal> {
    Err(Refusal::NoRuleMatched { furthest })
}

#[test]
fn each_rule_is_found_whatever_block_it_is_in() {
    for count in [1, 63, 64, 65, 127, 128, 129, 200, 1024] {
        let origins: Vec<String> = (0..count)
            .map(|rule| format!("https://r{rule}.example"))
            .collect();
        let lists: Vec<[&str; 2]> = origins
            .iter()
            .map(|origin| [&**origin, "http://*.all.example"])
            .collect();
        let rules: Vec<Rule<'_>> = lists
            .iter()
            .map(|list| Rule {
                allowed_origins: List::new(list),
                ..RULE
            })
            .collect();
        let mut buffer = Vec::new();
        let policy = compiled(&Dialect::S3, &rules, &mut buffer);
        for (rule, origin) in origins.iter().enumerate() {
            assert_eq!(asked(&policy, origin, &[]), Ok(rule), "{count}");
            let explanation = policy.explain(&Request {
                method: b"GET",
                origin: Some(origin.as_bytes()),
                ..Request::EMPTY
            });
            let matched: Vec<usize> = explanation
                .rules()
                .filter(cors_core::RuleExplanation::is_match)
                .map(|rule| rule.rule_index)
                .collect();
            assert_eq!(matched, [rule], "{count}");
        }
        assert_eq!(
            asked(&policy, "http://x.all.example", &[]),
            Ok(0),
            "{count}"
        );
        assert_eq!(
            asked(&policy, "https://other.example", &[]),
            refused(Furthest::Origin)
        );
    }
}

/// Rules that allow any origin; `of` changes those of some numbers.
fn any_origin<'c>(count: usize, of: impl Fn(usize, Rule<'c>) -> Rule<'c>) -> Vec<Rule<'c>> {
    let rule = Rule {
        allowed_origins: List::new(&["*"]),
        ..RULE
    };
    (0..count).map(|number| of(number, rule)).collect()
}

#[test]
fn a_rule_of_a_later_block_answers_where_the_earlier_ones_do_not() {
    let mut buffer = Vec::new();
    for wanted in [0, 63, 64, 127, 128, 149] {
        let rules = any_origin(150, |number, rule| Rule {
            allowed_methods: if number < wanted {
                List::new(&["PUT"])
            } else {
                rule.allowed_methods
            },
            ..rule
        });
        let policy = compiled(&Dialect::STRICT, &rules, &mut buffer);
        assert_eq!(asked(&policy, "https://a", &[]), Ok(wanted));

        let rules = any_origin(150, |number, rule| Rule {
            allowed_headers: if number == wanted {
                List::new(&["x-*", "other"])
            } else {
                List::new(&["x-b"])
            },
            ..rule
        });
        let policy = compiled(&Dialect::STRICT, &rules, &mut buffer);
        assert_eq!(
            asked(&policy, "https://a", &[b"x-a,x-b", b"OTHER"]),
            Ok(wanted)
        );
        assert_eq!(asked(&policy, "https://a", &[b"x-b"]), Ok(0));
    }
}

#[test]
fn a_refusal_tells_how_far_the_best_rule_of_any_block_came() {
    let mut buffer = Vec::new();
    for best in [0, 63, 64, 149] {
        let rules = any_origin(150, |number, rule| Rule {
            allowed_headers: if number == best {
                List::new(&["x-a", "x-b"])
            } else {
                List::new(&["x-a"])
            },
            ..rule
        });
        let policy = compiled(&Dialect::STRICT, &rules, &mut buffer);
        let furthest = Furthest::Header(2);
        assert_eq!(
            asked(&policy, "https://a", &[b"x-a,x-b,x-c"]),
            refused(furthest),
            "{best}"
        );

        let rules = any_origin(150, |number, rule| Rule {
            allowed_origins: if number == best {
                rule.allowed_origins
            } else {
                List::new(&["https://b"])
            },
            allowed_methods: List::new(&["PUT"]),
            ..rule
        });
        let policy = compiled(&Dialect::STRICT, &rules, &mut buffer);
        assert_eq!(
            asked(&policy, "https://a", &[]),
            refused(Furthest::Method),
            "{best}"
        );
    }
}

#[test]
fn a_dialect_that_takes_the_first_rule_looks_at_no_later_block() {
    let mut buffer = Vec::new();
    for first in [0, 63, 64, 149] {
        let rules = any_origin(150, |number, rule| Rule {
            allowed_methods: if number < first {
                List::new(&["PUT"])
            } else {
                rule.allowed_methods
            },
            allowed_headers: if number == first {
                List::EMPTY
            } else {
                List::new(&["x-a"])
            },
            ..rule
        });
        let policy = compiled(&Dialect::AZURE, &rules, &mut buffer);
        assert_eq!(asked(&policy, "https://a", &[]), Ok(first));
        assert_eq!(
            asked(&policy, "https://a", &[b"x-a"]),
            refused(Furthest::Header(0)),
            "{first}"
        );
    }
}

#[test]
fn names_are_checked_though_no_rule_is_left_in_any_block() {
    let mut buffer = Vec::new();
    let rules = any_origin(150, |_, rule| Rule {
        allowed_origins: List::new(&["https://b"]),
        ..rule
    });
    let policy = compiled(&Dialect::S3, &rules, &mut buffer);
    let invalid = Err(Refusal::BadRequest(BadRequest::InvalidHeaderName));
    let too_many = "x,".repeat(MAX_REQUEST_HEADER_NAMES + 1);
    let most = "x,".repeat(MAX_REQUEST_HEADER_NAMES);
    for origin in ["https://a", "https://b"] {
        assert_eq!(asked(&policy, origin, &[b"x-a,two words"]), invalid);
        let limit = Err(Refusal::LimitExceeded(Limit::HeaderNames));
        assert_eq!(asked(&policy, origin, &[too_many.as_bytes()]), limit);
    }
    assert_eq!(
        asked(&policy, "https://a", &[most.as_bytes()]),
        refused(Furthest::Origin)
    );
    assert_eq!(
        asked(&policy, "https://b", &[most.as_bytes()]),
        refused(Furthest::Header(0))
    );
}

#[test]
fn an_index_of_few_entries_and_one_of_many_find_the_same() {
    let origins = [
        "https://a.example",
        "https://*.a.example",
        "b",
        "http://localhost:*",
        "https://c.example",
        "*d",
        "null",
    ];
    let names = [
        "content-type",
        "x-*",
        "a",
        "*-end",
        "authorization",
        "x-y-*",
        "b",
    ];
    for count in 1..=origins.len() {
        let rules: Vec<Rule<'_>> = (0..count)
            .map(|rule| Rule {
                allowed_origins: List::new(&origins[rule..=rule]),
                allowed_headers: List::new(&names[..count]),
                ..RULE
            })
            .collect();
        let mut buffer = Vec::new();
        let policy = compiled(&Dialect::S3, &rules, &mut buffer);
        for origin in [
            "https://a.example",
            "https://x.a.example",
            "https://.a.example",
            "b",
            "B",
            "http://localhost:80",
            "https://c.example",
            "https://c.exampl",
            "xd",
            "d",
            "null",
            "https://*.a.example",
            "other",
            "https://a.exampleX",
        ] {
            let allows = |text: &str| {
                cors_core::Pattern::parse(text)
                    .unwrap()
                    .matches(origin.as_bytes())
            };
            let expected = origins[..count].iter().position(|text| allows(text));
            assert_eq!(
                asked(&policy, origin, &[]).ok(),
                expected,
                "{origin} of {count}"
            );
        }
        for name in [
            "content-type",
            "CONTENT-TYPE",
            "content-typ",
            "x-",
            "X-Q",
            "a",
            "an-END",
            "-end",
            "end",
            "authorization",
            "x-y-z",
            "b",
            "x-*",
            "other",
        ] {
            let allows = |text: &str| {
                cors_core::Pattern::parse(text)
                    .unwrap()
                    .matches_ignoring_case(name.as_bytes())
            };
            let is_allowed = names[..count].iter().any(|text| allows(text));
            let answer = asked(&policy, "https://a.example", &[name.as_bytes()]);
            assert_eq!(answer.is_ok(), is_allowed, "{name} of {count}");
        }
    }
}
