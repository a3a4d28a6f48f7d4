//! Every configuration error: what causes it, where it is reported, and what its message says to change.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

use cors_core::CompileErrorKind as Kind;
use cors_core::{CompileError, Configuration, Dialect, Field, List, Rule, check, compile};

const VALID: Rule<'static> = Rule {
    allowed_origins: List::new(&["https://a.example"]),
    allowed_methods: List::new(&["GET"]),
    ..Rule::EMPTY
};

/// The only error of a configuration of one rule.
fn only_error(dialect: &Dialect, rule: Rule<'_>) -> CompileError {
    let rules = [rule];
    let configuration = Configuration::new(dialect, &rules);
    let mut errors = check(&configuration);
    let error = errors.next().unwrap();
    assert_eq!(errors.next(), None);
    assert_eq!(compile(&configuration, &mut [0; 4096]).err(), Some(error));
    error
}

#[track_caller]
fn refused(dialect: &Dialect, rule: Rule<'_>, kind: Kind, field: Field, message: &str) {
    let error = only_error(dialect, rule);
    assert_eq!(
        (error.kind, error.rule, error.field),
        (kind, Some(0), Some(field))
    );
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_rule_needs_an_origin_and_a_method() {
    let rule = Rule {
        allowed_origins: List::EMPTY,
        ..VALID
    };
    let message = "rule 1, AllowedOrigin: add at least one AllowedOrigin";
    refused(
        &Dialect::OSS,
        rule,
        Kind::NoOrigin,
        Field::AllowedOrigin,
        message,
    );
    let rule = Rule {
        allowed_methods: List::EMPTY,
        ..VALID
    };
    let message = "rule 1, AllowedMethod: add at least one AllowedMethod";
    refused(
        &Dialect::OSS,
        rule,
        Kind::NoMethod,
        Field::AllowedMethod,
        message,
    );
}

#[test]
fn an_empty_value_is_refused_where_the_dialect_takes_none() {
    let origin = Rule {
        allowed_origins: List::new(&[""]),
        ..VALID
    };
    let message = "rule 1, AllowedOrigin 1: add a value or remove the element";
    refused(
        &Dialect::OSS,
        origin,
        Kind::Empty,
        Field::AllowedOrigin,
        message,
    );
    let rules = [origin];
    assert_eq!(check(&Configuration::new(&Dialect::S3, &rules)).count(), 0);
    let header = Rule {
        allowed_headers: List::new(&["x-a", ""]),
        ..VALID
    };
    let message = "rule 1, AllowedHeader 2: add a value or remove the element";
    refused(
        &Dialect::S3,
        header,
        Kind::Empty,
        Field::AllowedHeader,
        message,
    );
    let exposed = Rule {
        expose_headers: List::new(&[""]),
        ..VALID
    };
    let message = "rule 1, ExposeHeader 1: add a value or remove the element";
    refused(
        &Dialect::S3,
        exposed,
        Kind::Empty,
        Field::ExposeHeader,
        message,
    );
}

#[test]
fn a_value_holds_one_star_where_the_dialect_takes_it() {
    let origin = Rule {
        allowed_origins: List::new(&["https://*.*.example"]),
        ..VALID
    };
    let message = "rule 1, AllowedOrigin 1: keep at most one `*`";
    refused(
        &Dialect::OSS,
        origin,
        Kind::SecondWildcard,
        Field::AllowedOrigin,
        message,
    );
    let header = Rule {
        allowed_headers: List::new(&["x-*-*"]),
        ..VALID
    };
    let message = "rule 1, AllowedHeader 1: keep at most one `*`";
    refused(
        &Dialect::S3,
        header,
        Kind::SecondWildcard,
        Field::AllowedHeader,
        message,
    );
    let message =
        "rule 1, AllowedOrigin 1: remove the `*`, or put it where this dialect accepts one";
    let inside = Rule {
        allowed_origins: List::new(&["https://a.*"]),
        ..VALID
    };
    refused(
        &Dialect::AZURE,
        inside,
        Kind::MisplacedWildcard,
        Field::AllowedOrigin,
        message,
    );
    let subdomain = Rule {
        allowed_origins: List::new(&["https://*.a.example"]),
        ..VALID
    };
    refused(
        &Dialect::GCS,
        subdomain,
        Kind::MisplacedWildcard,
        Field::AllowedOrigin,
        message,
    );
    let rules = [subdomain];
    assert_eq!(
        check(&Configuration::new(&Dialect::AZURE, &rules)).count(),
        0
    );
    let header = Rule {
        allowed_headers: List::new(&["*-a"]),
        ..VALID
    };
    let message =
        "rule 1, AllowedHeader 1: remove the `*`, or put it where this dialect accepts one";
    refused(
        &Dialect::AZURE,
        header,
        Kind::MisplacedWildcard,
        Field::AllowedHeader,
        message,
    );
}

#[test]
fn one_bare_wildcard_a_rule_is_an_option() {
    let rule = Rule {
        allowed_origins: List::new(&["*", "https://a.example", "*"]),
        ..VALID
    };
    let rules = [rule];
    assert_eq!(check(&Configuration::new(&Dialect::OSS, &rules)).count(), 0);
    let mut strictly = Dialect::OSS;
    strictly.limits.one_bare_wildcard_per_rule = true;
    let message = "rule 1, AllowedOrigin 3: keep at most one element equal to `*` in a rule";
    refused(
        &strictly,
        rule,
        Kind::SecondBareWildcard,
        Field::AllowedOrigin,
        message,
    );
}

#[test]
fn a_method_is_one_of_the_dialects() {
    let message = "rule 1, AllowedMethod 1: use a method of this dialect, in upper case";
    for method in ["get", "PATCH", "OPTIONS", "", "GET "] {
        let methods = [method];
        let rule = Rule {
            allowed_methods: List::new(&methods),
            ..VALID
        };
        refused(
            &Dialect::OSS,
            rule,
            Kind::UnknownMethod,
            Field::AllowedMethod,
            message,
        );
    }
    for (dialect, method) in [
        (&Dialect::AZURE, "MERGE"),
        (&Dialect::GCS, "PATCH"),
        (&Dialect::STRICT, "get"),
    ] {
        let methods = [method];
        let rules = [Rule {
            allowed_methods: List::new(&methods),
            ..VALID
        }];
        assert_eq!(
            check(&Configuration::new(dialect, &rules)).count(),
            0,
            "{method}"
        );
    }
}

#[test]
fn an_exposed_header_is_a_name() {
    let star = Rule {
        expose_headers: List::new(&["x-*"]),
        ..VALID
    };
    let message =
        "rule 1, ExposeHeader 1: name each header; a `*` is not supported in ExposeHeader";
    refused(
        &Dialect::S3,
        star,
        Kind::WildcardInExposeHeader,
        Field::ExposeHeader,
        message,
    );
    let rules = [star];
    assert_eq!(
        check(&Configuration::new(&Dialect::AZURE, &rules)).count(),
        0
    );
    let message = "rule 1, ExposeHeader 1: use only characters allowed in a header name: letters, digits and !#$%&'*+-.^_`|~";
    // The encoded line feed was a response-splitting hole elsewhere.
    for name in ["two words", "x-a\nSet-Cookie: a=b", "x&y", "x'y", "<x>"] {
        let names = [name];
        let rule = Rule {
            expose_headers: List::new(&names),
            ..VALID
        };
        refused(
            &Dialect::OSS,
            rule,
            Kind::NotAHeaderName,
            Field::ExposeHeader,
            message,
        );
    }
}

#[test]
fn control_characters_are_refused_everywhere() {
    let message = "rule 1, AllowedOrigin 1: remove the control character";
    let origin = Rule {
        allowed_origins: List::new(&["https://a\r\n.example"]),
        ..VALID
    };
    refused(
        &Dialect::S3,
        origin,
        Kind::ControlCharacter,
        Field::AllowedOrigin,
        message,
    );
    let message = "rule 1, AllowedHeader 1: remove the control character";
    let header = Rule {
        allowed_headers: List::new(&["x\u{7f}"]),
        ..VALID
    };
    refused(
        &Dialect::OSS,
        header,
        Kind::ControlCharacter,
        Field::AllowedHeader,
        message,
    );
    let message = "rule 1, ID: remove the control character";
    refused(
        &Dialect::S3,
        Rule {
            id: Some("\0"),
            ..VALID
        },
        Kind::ControlCharacter,
        Field::Id,
        message,
    );
}

#[test]
fn an_id_is_for_the_dialects_that_have_one() {
    let message = "rule 1, ID: remove it; this dialect has no such member";
    refused(
        &Dialect::OSS,
        Rule {
            id: Some("a"),
            ..VALID
        },
        Kind::NotInDialect,
        Field::Id,
        message,
    );
    let long = "é".repeat(256);
    let message = "rule 1, ID: shorten the ID to at most 255 characters";
    let kind = Kind::IdTooLong { limit: 255 };
    refused(
        &Dialect::S3,
        Rule {
            id: Some(&long),
            ..VALID
        },
        kind,
        Field::Id,
        message,
    );
}

#[test]
fn max_age_keeps_to_the_dialects_range() {
    let kind = Kind::MaxAgeOutOfRange {
        min: 0,
        max: 999_999_999,
    };
    let message = "rule 1, MaxAgeSeconds: use a number from 0 to 999999999";
    for seconds in [-1, 1_000_000_000] {
        let rule = Rule {
            max_age_seconds: Some(seconds),
            ..VALID
        };
        refused(&Dialect::OSS, rule, kind, Field::MaxAgeSeconds, message);
        let rules = [rule];
        assert_eq!(check(&Configuration::new(&Dialect::S3, &rules)).count(), 0);
    }
}

#[test]
fn headers_are_counted_where_the_dialect_counts() {
    let kind = Kind::TooManyHeaders {
        literal: 64,
        prefixed: 2,
    };
    let message = "rule 1, AllowedHeader: keep at most 64 names without a `*` and 2 with one";
    let rule = Rule {
        allowed_headers: List::new(&["a*", "b*", "c*"]),
        ..VALID
    };
    refused(&Dialect::AZURE, rule, kind, Field::AllowedHeader, message);
    let rule = Rule {
        allowed_headers: List::new(&["a"; 65]),
        ..VALID
    };
    refused(&Dialect::AZURE, rule, kind, Field::AllowedHeader, message);
    let message = "rule 1, ExposeHeader: keep at most 64 names without a `*` and 2 with one";
    let rule = Rule {
        expose_headers: List::new(&["a"; 65]),
        ..VALID
    };
    refused(&Dialect::AZURE, rule, kind, Field::ExposeHeader, message);
    let message = "rule 1, AllowedOrigin: keep at most 64 origins in a rule";
    let rule = Rule {
        allowed_origins: List::new(&["https://a"; 65]),
        ..VALID
    };
    let kind = Kind::TooManyOrigins { limit: 64 };
    refused(&Dialect::AZURE, rule, kind, Field::AllowedOrigin, message);
    let message = "rule 1, AllowedOrigin 1: shorten it to at most 256 characters";
    let long = "a".repeat(257);
    let origins = [long.as_str()];
    let rule = Rule {
        allowed_origins: List::new(&origins),
        ..VALID
    };
    let kind = Kind::ValueTooLong { limit: 256 };
    refused(&Dialect::AZURE, rule, kind, Field::AllowedOrigin, message);
    let message = "rule 1, AllowedHeader 1: remove it; this dialect has no such member";
    let rule = Rule {
        allowed_headers: List::new(&["a"]),
        ..VALID
    };
    refused(
        &Dialect::GCS,
        rule,
        Kind::NotInDialect,
        Field::AllowedHeader,
        message,
    );
}

#[test]
fn credentials_want_a_strict_dialect_and_fixed_origins() {
    let rule = Rule {
        allow_credentials: true,
        ..VALID
    };
    let message = "rule 1, AllowCredentials: remove it; this dialect has no such member";
    refused(
        &Dialect::S3,
        rule,
        Kind::NotInDialect,
        Field::AllowCredentials,
        message,
    );
    let message = "rule 1, AllowedOrigin 1: with credentials, name each origin, or use a pattern that fixes the scheme \
                   and two labels of the host, such as https://*.example.com";
    let kind = Kind::CredentialsForUnfixedOrigin;
    for origin in [
        "*",
        "https://*",
        "null",
        "*.a.example",
        "https://*.com",
        "https://*.0.0.1",
        "https://*.:8443",
        "https://[2001:*",
    ] {
        let origins = [origin];
        let rule = Rule {
            allowed_origins: List::new(&origins),
            ..rule
        };
        refused(&Dialect::STRICT, rule, kind, Field::AllowedOrigin, message);
    }
}

#[test]
fn the_first_rule_too_many_is_named() {
    let rules = [VALID; 11];
    let configuration = Configuration::new(&Dialect::OSS, &rules);
    let error = check(&configuration).next().unwrap();
    assert_eq!(
        (error.kind, error.rule),
        (Kind::TooManyRules { limit: 10 }, Some(10))
    );
    assert_eq!(error.to_string(), "rule 11: keep at most 10 rules");
}

#[test]
fn limits_of_the_image_are_errors_of_their_own() {
    let long = "a".repeat(65_536);
    let origins = [long.as_str()];
    let rule = Rule {
        allowed_origins: List::new(&origins),
        ..VALID
    };
    let message = "rule 1, AllowedOrigin 1: shorten it to at most 65535 bytes";
    refused(
        &Dialect::STRICT,
        rule,
        Kind::TooLong,
        Field::AllowedOrigin,
        message,
    );

    // Each value is short enough; joined they are too long for one header value.
    let names: Vec<String> = (0..10_000).map(|number| format!("x-{number:06}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rules = [Rule {
        expose_headers: List::new(&names),
        ..VALID
    }];
    let error = compile(
        &Configuration::new(&Dialect::STRICT, &rules),
        &mut vec![0; 1 << 20],
    )
    .unwrap_err();
    assert_eq!(
        (error.kind, error.field),
        (Kind::TooLong, Some(Field::ExposeHeader))
    );

    let methods: Vec<String> = (0..65).map(|number| format!("M{number}")).collect();
    let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
    let rules = [Rule {
        allowed_methods: List::new(&methods),
        ..VALID
    }];
    let error = compile(
        &Configuration::new(&Dialect::STRICT, &rules),
        &mut vec![0; 1 << 20],
    )
    .unwrap_err();
    assert_eq!((error.kind, error.item), (Kind::TooManyMethods, Some(64)));
    assert_eq!(
        error.to_string(),
        "rule 1, AllowedMethod 65: use at most 64 different methods"
    );

    let origins: Vec<String> = (0..32_768)
        .map(|number| format!("https://{number}.example"))
        .collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let rules = [Rule {
        allowed_origins: List::new(&origins),
        ..VALID
    }];
    let error = compile(
        &Configuration::new(&Dialect::STRICT, &rules),
        &mut vec![0; 1 << 22],
    )
    .unwrap_err();
    assert_eq!(error.kind, Kind::TooManyPatterns);
    assert_eq!(error.to_string(), "use at most 32767 different patterns");
    let rules = [Rule {
        allowed_origins: List::new(&origins[1..]),
        ..VALID
    }];
    let configuration = Configuration::new(&Dialect::STRICT, &rules);
    assert!(compile(&configuration, &mut vec![0; 1 << 22]).is_ok());
}

#[test]
fn a_buffer_too_small_says_what_is_enough() {
    let rules = [VALID; 10];
    let configuration = Configuration::new(&Dialect::OSS, &rules);
    let error = compile(&configuration, &mut [0; 100]).unwrap_err();
    let Kind::BufferTooSmall { needed } = error.kind else {
        panic!("{error}")
    };
    assert_eq!(error.to_string(), format!("use a buffer of {needed} bytes"));
    assert!(compile(&configuration, &mut vec![0; needed]).is_ok());

    // Each origin is that of two rules of many, which takes a set of its own.
    let origins: Vec<String> = (0..1000).map(|host| format!("https://a{host}")).collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let rules: Vec<Rule<'_>> = origins
        .chunks(2)
        .flat_map(|both| {
            [Rule {
                allowed_origins: List::new(both),
                ..VALID
            }; 2]
        })
        .collect();
    let configuration = Configuration::new(&Dialect::STRICT, &rules);
    let error = compile(&configuration, &mut [0; 100]).unwrap_err();
    let Kind::BufferTooSmall { needed } = error.kind else {
        panic!("{error}")
    };
    assert!(compile(&configuration, &mut vec![0; needed]).is_ok());
}

/// One rule has no sets, and sixteen patterns with a `*` have no affixes.
#[test]
fn bytes_are_needed_for_sets_from_the_second_rule_on_and_for_affixes_from_the_seventeenth_pattern()
{
    let needed = |rules: &[Rule<'_>]| {
        let configuration = Configuration::new(&Dialect::STRICT, rules);
        configuration.checked().unwrap().bytes_needed().unwrap()
    };
    let of_rules = [1, 2, 3, 4].map(|count| needed(&vec![VALID; count]));
    let added = [0, 1, 2].map(|at| of_rules[at + 1] - of_rules[at]);
    assert!(added[0] > added[1] && added[1] == added[2], "{added:?}");

    let of_patterns = [15, 16, 17, 18].map(|count| needed(&[with_headers(&vec!["x-*"; count])]));
    let added = [0, 1, 2].map(|at| of_patterns[at + 1] - of_patterns[at]);
    assert!(added[1] > added[2] && added[2] > added[0], "{added:?}");
}

#[test]
fn every_error_is_listed_in_the_order_of_the_document() {
    let rules = [
        Rule {
            id: Some("a"),
            allowed_methods: List::new(&["get", "GET", "put"]),
            ..Rule::EMPTY
        },
        Rule {
            allowed_origins: List::new(&["*", "**", ""]),
            ..VALID
        },
    ];
    let found: Vec<_> = check(&Configuration::new(&Dialect::OSS, &rules))
        .map(|error| (error.rule.unwrap(), error.field.unwrap(), error.item))
        .collect();
    assert_eq!(
        found,
        [
            (0, Field::Id, None),
            (0, Field::AllowedOrigin, None),
            (0, Field::AllowedMethod, Some(0)),
            (0, Field::AllowedMethod, Some(2)),
            (1, Field::AllowedOrigin, Some(1)),
            (1, Field::AllowedOrigin, Some(2)),
        ]
    );
}

#[test]
fn a_quote_in_a_name_and_an_age_of_many_years_are_too_much_for_oss_alone() {
    let rules = [Rule {
        expose_headers: List::new(&["x&y", "x'y"]),
        max_age_seconds: Some(i32::MAX),
        ..VALID
    }];
    for dialect in Dialect::ALL {
        let errors = check(&Configuration::new(dialect, &rules)).count();
        let expected = if *dialect == Dialect::OSS { 3 } else { 0 };
        assert_eq!(errors, expected, "{}", dialect.name);
    }
}

#[test]
fn a_limit_is_the_most_that_is_taken() {
    let errors = |dialect: &Dialect, rule: Rule<'_>| -> Vec<Kind> {
        check(&Configuration::new(dialect, &[rule]))
            .map(|error| error.kind)
            .collect()
    };
    // More bytes than characters.
    let id = "ü".repeat(255);
    let ids = |id| Rule {
        id: Some(id),
        ..VALID
    };
    assert_eq!(errors(&Dialect::S3, ids(&id)), []);
    let kind = Kind::IdTooLong { limit: 255 };
    assert_eq!(errors(&Dialect::S3, ids(&format!("{id}i"))), [kind]);

    let value = "ü".repeat(256);
    let headers = |value: &str| errors(&Dialect::AZURE, with_headers(&[value]));
    assert_eq!(headers(&value), []);
    let kind = Kind::ValueTooLong { limit: 256 };
    assert_eq!(headers(&format!("{value}i")), [kind]);
    let value = "i".repeat(65_535);
    assert_eq!(errors(&Dialect::OSS, with_headers(&[&value])), []);
    let value = format!("{value}i");
    let kinds = [Kind::TooLong];
    assert_eq!(errors(&Dialect::OSS, with_headers(&[&value])), kinds);

    let origins: Vec<String> = (0..65).map(|host| format!("https://a{host}")).collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let of = |origins| Rule {
        allowed_origins: List::new(origins),
        ..VALID
    };
    assert_eq!(errors(&Dialect::AZURE, of(&origins[1..])), []);
    let kind = Kind::TooManyOrigins { limit: 64 };
    assert_eq!(errors(&Dialect::AZURE, of(&origins)), [kind]);

    let many = |literal, prefixed| -> Vec<Kind> {
        let names = [vec!["x-a"; literal], vec!["x-*"; prefixed]].concat();
        errors(&Dialect::AZURE, with_headers(&names))
    };
    let kind = Kind::TooManyHeaders {
        literal: 64,
        prefixed: 2,
    };
    for (literal, prefixed, found) in [
        (64, 2, &[][..]),
        (65, 0, &[kind]),
        (0, 3, &[kind]),
        (65, 3, &[kind]),
    ] {
        assert_eq!(many(literal, prefixed), found, "{literal} and {prefixed}");
    }
}

#[test]
fn a_star_alone_exposes_everything_where_the_dialect_takes_it() {
    let exposed = |name| {
        let names = [name];
        let rules = [Rule {
            expose_headers: List::new(&names),
            ..VALID
        }];
        let kinds = check(&Configuration::new(&Dialect::GCS, &rules)).map(|error| error.kind);
        kinds.collect::<Vec<_>>()
    };
    assert_eq!(exposed("*"), []);
    assert_eq!(exposed("x-*"), [Kind::WildcardInExposeHeader]);
    assert_eq!(exposed("x a"), [Kind::NotAHeaderName]);
}

fn with_headers<'a>(names: &'a [&'a str]) -> Rule<'a> {
    Rule {
        allowed_headers: List::new(names),
        ..VALID
    }
}
