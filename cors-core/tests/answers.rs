//! What a caller learns from each part of an answer: grant, refusal, headers, explanation, and the policy that they come from.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_core::{
    Configuration, Dialect, Furthest, Limit, List, MAX_ORIGIN_BYTES, MAX_REQUEST_HEADER_BYTES,
    MAX_REQUEST_HEADER_NAMES, MAX_VALUE_BYTES, Policy, PolicyBuf, Refusal, Request, ResponseHeader,
    Rule,
};

const RULES: [Rule<'static>; 2] = [
    Rule {
        id: Some("uploads"),
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["PUT", "GET"]),
        allowed_headers: List::new(&["x-*"]),
        expose_headers: List::new(&["ETag"]),
        max_age_seconds: Some(600),
        ..Rule::EMPTY
    },
    Rule {
        allowed_origins: List::new(&["https://b.example", "*"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    },
];

const PREFLIGHT: Request<'static> = Request {
    method: b"OPTIONS",
    origin: Some(b"https://a.example"),
    access_control_request_method: Some(b"PUT"),
    access_control_request_headers: &[b"x-a"],
};

fn policy(response_vary: bool) -> PolicyBuf<1024> {
    let dialect = if response_vary {
        &Dialect::OSS
    } else {
        &Dialect::S3
    };
    let rules = RULES.map(|rule| Rule {
        id: rule.id.filter(|_| !response_vary),
        ..rule
    });
    PolicyBuf::compile(&Configuration {
        response_vary,
        ..Configuration::new(dialect, &rules)
    })
    .unwrap()
}

#[test]
fn a_grant_tells_the_rule_its_name_and_its_age() {
    let owner = policy(false);
    let policy = owner.as_policy();
    let decision = policy.decide(&PREFLIGHT);
    let grant = decision.grant().unwrap();
    assert_eq!(
        (grant.rule_index(), grant.rule_id(), grant.max_age_seconds()),
        (0, Some("uploads"), Some(600))
    );
    assert_eq!(grant.allow_origin(), b"https://a.example");
    assert!(!grant.allows_any_origin());
    assert_eq!(decision.refusal(), None);

    let other = policy.decide(&Request {
        origin: Some(b"https://b.example"),
        access_control_request_method: Some(b"GET"),
        access_control_request_headers: &[],
        ..PREFLIGHT
    });
    let grant = other.grant().unwrap();
    assert_eq!(
        (grant.rule_index(), grant.rule_id(), grant.max_age_seconds()),
        (1, None, None)
    );
    assert_eq!(grant.allow_origin(), b"*");
    assert!(grant.allows_any_origin());
}

#[test]
fn a_refusal_tells_how_far_a_rule_came() {
    let owner = policy(false);
    let decision = owner.as_policy().decide(&Request {
        access_control_request_headers: &[b"x-a, other"],
        ..PREFLIGHT
    });
    assert!(decision.grant().is_none());
    assert_eq!(
        decision.refusal(),
        Some(Refusal::NoRuleMatched {
            furthest: Furthest::Header(1)
        })
    );
    assert!(decision.headers().is_empty());
    assert_eq!(decision.headers().len(), 0);
}

#[test]
fn headers_are_counted_and_those_that_are_stored_are_text() {
    let owner = policy(false);
    let headers = owner.as_policy().decide(&PREFLIGHT).headers();
    assert!(!headers.is_empty());
    assert_eq!(headers.len(), headers.iter().count());
    let value = |wanted| headers.iter().find(|(name, _)| *name == wanted).unwrap().1;
    let methods = value(ResponseHeader::AccessControlAllowMethods);
    assert_eq!(methods.as_str(), Some("PUT, GET"));
    let name = ResponseHeader::AccessControlAllowMethods.to_string();
    assert_eq!(name, "access-control-allow-methods");
    assert_eq!(methods.as_bytes(), Some(&b"PUT, GET"[..]));
    let names = value(ResponseHeader::AccessControlAllowHeaders);
    assert_eq!((names.as_str(), names.as_bytes()), (None, None));
    assert_eq!(names.to_string(), "x-a");
}

#[test]
fn an_explanation_tells_what_was_asked_and_what_each_rule_says() {
    let owner = policy(false);
    let policy = owner.as_policy();
    let explanation = policy.explain(&PREFLIGHT);
    assert_eq!(explanation.effective_method(), Some(&b"PUT"[..]));
    let matches: Vec<bool> = explanation.rules().map(|rule| rule.is_match()).collect();
    assert_eq!(matches, [true, false]);
    let second = explanation.rules().nth(1).unwrap();
    assert_eq!(
        (
            second.origin_matched,
            second.method_matched,
            second.header_refused
        ),
        (Some(1), false, Some(&b"x-a"[..]))
    );
    let text = format!("{explanation:?}");
    assert!(
        text.contains("rule_index: 1") && text.contains("method_matched: false"),
        "{text}"
    );
    // No pattern matches what no browser sends, `*` neither.
    let unprintable = Request {
        origin: Some(b"https://c\x7f"),
        ..PREFLIGHT
    };
    let second = policy.explain(&unprintable).rules().nth(1).unwrap();
    assert_eq!(second.origin_matched, None);
    // Each of the three alone keeps a rule from matching.
    let requests = [
        Request {
            origin: Some(b"https://c.example"),
            ..PREFLIGHT
        },
        Request {
            access_control_request_method: Some(b"DELETE"),
            ..PREFLIGHT
        },
        Request {
            access_control_request_headers: &[b"other"],
            ..PREFLIGHT
        },
    ];
    for request in requests {
        let first = policy.explain(&request).rules().next().unwrap();
        let conditions = [
            first.origin_matched.is_some(),
            first.method_matched,
            first.header_refused.is_none(),
        ];
        assert_eq!(conditions.iter().filter(|holds| **holds).count(), 2);
        assert!(!first.is_match());
    }
}

#[test]
fn a_policy_tells_its_size_its_switch_and_its_parts() {
    let owners = [policy(false), policy(true)];
    for (owner, response_vary) in owners.iter().zip([false, true]) {
        let policy = owner.as_policy();
        assert_eq!((policy.len(), policy.is_empty()), (2, false));
        assert_eq!(policy.response_vary(), response_vary);
        assert_eq!(owner.as_bytes(), policy.as_bytes());
        let bytes = policy.as_bytes().len();
        assert_eq!(
            format!("{policy:?}"),
            format!("Policy {{ rules: 2, bytes: {bytes} }}")
        );
        let mut end = 0;
        for (name, part) in policy.parts() {
            assert_eq!(part.start, end, "{name}");
            end = part.end;
        }
        assert_eq!(end, bytes);
        assert_eq!(policy.parts().nth(1), Some(("record offsets", 64..72)));
    }
    let nothing = PolicyBuf::<128>::compile(&Configuration::new(&Dialect::OSS, &[])).unwrap();
    assert_eq!(nothing.as_policy().len(), 0);
    assert!(nothing.as_policy().is_empty());
}

#[test]
fn a_list_is_made_from_slices_and_shown_as_its_items() {
    const ITEMS: [&str; 2] = ["GET", "PUT"];
    let list = List::from(&ITEMS);
    assert_eq!(list, List::from(&ITEMS[..]));
    assert_ne!(list, List::new(&["GET"]));
    assert_eq!((&list).into_iter().collect::<Vec<_>>(), ITEMS);
    assert_eq!(format!("{list:?}"), r#"["GET", "PUT"]"#);
    assert_eq!(format!("{:?}", list.iter()), r#"ListIter(["GET", "PUT"])"#);
}

#[test]
fn a_star_among_the_methods_is_every_method_on_gcs_alone() {
    let rules = [
        Rule {
            allowed_methods: List::new(&["GET"]),
            allowed_origins: List::new(&["https://a.example"]),
            ..Rule::EMPTY
        },
        Rule {
            allowed_methods: List::new(&["*", "HEAD"]),
            allowed_origins: List::new(&["https://a.example"]),
            ..Rule::EMPTY
        },
    ];
    for (dialect, is_any) in [(&Dialect::GCS, true), (&Dialect::STRICT, false)] {
        let owner = PolicyBuf::<1024>::compile(&Configuration::new(dialect, &rules)).unwrap();
        let policy = owner.as_policy();
        for (method, rule) in [
            ("GET", Some(0)),
            ("HEAD", Some(1)),
            ("PATCH", is_any.then_some(1)),
            ("*", Some(1)),
            ("no token", None),
            ("", None),
        ] {
            let request = Request {
                method: b"OPTIONS",
                origin: Some(b"https://a.example"),
                access_control_request_method: Some(method.as_bytes()),
                ..Request::EMPTY
            };
            let explanation = policy.explain(&request);
            let winner = explanation.decision().grant();
            assert_eq!(
                winner.map(cors_core::Grant::rule_index),
                rule,
                "{} {method}",
                dialect.name
            );
            let said = explanation.rules().nth(1).unwrap();
            let listed = matches!(method, "HEAD" | "*");
            let by_wildcard = is_any && matches!(method, "GET" | "PATCH");
            assert_eq!(said.method_matched, listed || by_wildcard, "{method}");
        }
    }
}

/// An entry keeps 16 bits of its text's hash: among many texts some share those of the pattern, and are compared.
#[test]
fn texts_that_share_a_piece_of_their_hash_are_told_apart() {
    type Text = fn(u32) -> String;
    let exact: Text = |number| format!("https://{number}.example");
    let prefix: Text = |number| format!("{number:07}0x.example");
    let suffix: Text = |number| format!("https://x.{number:07}");
    for (pattern, text) in [
        ("https://0.example", exact),
        ("00000000*.example", prefix),
        ("https://*.0000000", suffix),
    ] {
        let origins = [pattern];
        let rules = [Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        }];
        let configuration = Configuration::new(&Dialect::STRICT, &rules);
        let owner = PolicyBuf::<256>::compile(&configuration).unwrap();
        let policy = owner.as_policy();
        let granted = (0..300_000).filter(|number| {
            let origin = text(*number);
            let request = Request {
                method: b"GET",
                origin: Some(origin.as_bytes()),
                ..Request::EMPTY
            };
            policy.decide(&request).grant().is_some()
        });
        assert_eq!(granted.collect::<Vec<_>>(), [0], "{pattern}");
    }
}

/// Which rules grant an actual request, by origin and method.
fn winner(rules: &[Rule<'_>], origin: &str, method: &str) -> Option<usize> {
    let configuration = Configuration::new(&Dialect::STRICT, rules);
    let owner = PolicyBuf::<1024>::compile(&configuration).unwrap();
    let request = Request {
        method: method.as_bytes(),
        origin: Some(origin.as_bytes()),
        ..Request::EMPTY
    };
    let decision = owner.as_policy().decide(&request);
    decision.grant().map(cors_core::Grant::rule_index)
}

#[test]
fn patterns_of_the_same_lengths_are_all_found() {
    let rules = [Rule {
        allowed_origins: List::new(&[
            "https://*.a.example",
            "https://*-b.example",
            "capacit:*-b.example",
            "capaciti*.a.example",
        ]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    }];
    for origin in [
        "https://x.a.example",
        "https://x-b.example",
        "capacit:x-b.example",
        "capacitix.a.example",
    ] {
        assert_eq!(winner(&rules, origin, "GET"), Some(0), "{origin}");
    }
    assert_eq!(winner(&rules, "https://x.b.example", "GET"), None);
}

#[test]
fn a_header_that_is_called_as_an_origin_lends_it_no_rule() {
    let names = ["first.example", "other.example"];
    for (one, two) in [(names[0], names[1]), (names[1], names[0])] {
        let (origins, others) = ([one], [two]);
        let rules = [
            Rule {
                allowed_origins: List::new(&origins),
                allowed_methods: List::new(&["GET"]),
                ..Rule::EMPTY
            },
            Rule {
                allowed_origins: List::new(&others),
                allowed_methods: List::new(&["PUT"]),
                allowed_headers: List::new(&origins),
                ..Rule::EMPTY
            },
        ];
        assert_eq!(winner(&rules, one, "GET"), Some(0));
        assert_eq!(winner(&rules, two, "PUT"), Some(1));
        assert_eq!(winner(&rules, one, "PUT"), None, "{one}");
    }
}

/// The second rule, which allows no name, keeps the first from being all that is left.
#[test]
fn a_name_that_a_rule_allows_more_than_once_is_allowed() {
    for names in [
        &["x-a", "*"][..],
        &["x-a", "x-*"],
        &["*", "x-*"],
        &["x-a", "x-*", "*"],
    ] {
        let any_origin = Rule {
            allowed_origins: List::new(&["*"]),
            allowed_methods: List::new(&["PUT"]),
            ..Rule::EMPTY
        };
        let rules = [
            Rule {
                allowed_headers: List::new(names),
                ..any_origin
            },
            any_origin,
        ];
        let configuration = Configuration::new(&Dialect::STRICT, &rules);
        let owner = PolicyBuf::<1024>::compile(&configuration).unwrap();
        let decision = owner.as_policy().decide(&PREFLIGHT);
        let rule = decision.grant().map(cors_core::Grant::rule_index);
        assert_eq!(rule, Some(0), "{names:?}");
    }
}

#[test]
fn a_default_port_is_left_out_on_gcs_alone_and_the_rules_stay_as_written() {
    let origins = [
        "https://b.example:443",
        "https://a.example:443",
        "http://a.example",
    ];
    let rules = [
        Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET"]),
            expose_headers: List::new(&["x-a"]),
            ..Rule::EMPTY
        },
        Rule {
            allowed_origins: List::new(&["https://a.example"]),
            allowed_methods: List::new(&["GET", "PUT"]),
            ..Rule::EMPTY
        },
    ];
    for (dialect, is_equal) in [(&Dialect::GCS, true), (&Dialect::S3, false)] {
        let configuration = Configuration::new(dialect, &rules);
        let owner = PolicyBuf::<2048>::compile(&configuration).unwrap();
        let policy = owner.as_policy();
        let read = Policy::from_bytes(policy.as_bytes()).unwrap();
        assert!(read.rules().eq(rules), "{}", dialect.name);
        for (origin, rule, item) in [
            (
                "https://a.example",
                usize::from(!is_equal),
                usize::from(is_equal),
            ),
            ("http://a.example", 0, 2),
        ] {
            let request = Request {
                method: b"GET",
                origin: Some(origin.as_bytes()),
                ..Request::EMPTY
            };
            let explanation = policy.explain(&request);
            let winner = explanation.decision().grant().unwrap();
            assert_eq!(winner.rule_index(), rule, "{} {origin}", dialect.name);
            let found = explanation.rules().nth(rule).unwrap();
            assert_eq!(
                found.origin_matched,
                Some(item),
                "{} {origin}",
                dialect.name
            );
        }
    }
}

#[test]
fn an_origin_is_read_up_to_its_cap() {
    let owner = policy(false);
    let policy = owner.as_policy();
    let refused = Err(Refusal::LimitExceeded(Limit::OriginBytes));
    for (length, expected) in [
        (MAX_ORIGIN_BYTES, Ok(1)),
        (MAX_ORIGIN_BYTES + 1, refused),
        (MAX_ORIGIN_BYTES + 2, refused),
    ] {
        let origin = "a".repeat(length);
        let decision = policy.decide(&Request {
            method: b"GET",
            origin: Some(origin.as_bytes()),
            ..Request::EMPTY
        });
        let rule = match decision.refusal() {
            Some(refusal) => Err(refusal),
            None => Ok(decision.grant().unwrap().rule_index()),
        };
        assert_eq!(rule, expected, "{length}");
    }
}

/// Each comma that separates names is written with a space.
#[test]
fn the_longest_value_is_one_byte_short_of_its_bound() {
    let names = vec!["a"; MAX_REQUEST_HEADER_NAMES - 1].join(",");
    let rest = "a".repeat(MAX_REQUEST_HEADER_BYTES - names.len() - 1);
    let line = format!("{names},{rest}");
    let rules = [Rule {
        allowed_headers: List::new(&["*"]),
        ..RULES[1]
    }];
    let configuration = Configuration::new(&Dialect::OSS, &rules);
    let owner = PolicyBuf::<1024>::compile(&configuration).unwrap();
    let lines = [line.as_bytes()];
    let decision = owner.as_policy().decide(&Request {
        access_control_request_method: Some(b"GET"),
        access_control_request_headers: &lines,
        ..PREFLIGHT
    });
    let headers = decision.headers();
    let lengths = headers.iter().map(|(_, value)| value.encoded_len());
    assert_eq!(lengths.max(), Some(MAX_VALUE_BYTES - 1));
}
