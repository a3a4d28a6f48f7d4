//! Conversions between dialects: what is kept, what is removed, and that each loss is reported.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::fmt::Write as _;

use cors_advice::convert::Conversion;
use cors_core::{Configuration, Dialect, Field, List, Rule};
use cors_xml::Provider;

const RULE: Rule<'static> = Rule {
    allowed_origins: List::new(&["https://a.example"]),
    allowed_methods: List::new(&["GET"]),
    ..Rule::EMPTY
};

/// A line for each rule, with a word for each member that is present.
fn text(configuration: &Configuration<'_>) -> Vec<String> {
    let rules = configuration.rules.iter().map(|rule| {
        let mut text = String::new();
        for (name, list) in [
            ("origins", rule.allowed_origins),
            ("methods", rule.allowed_methods),
            ("headers", rule.allowed_headers),
            ("exposed", rule.expose_headers),
        ] {
            if !list.is_empty() {
                let items: Vec<&str> = list.iter().collect();
                write!(text, "{name} {} ", items.join(" ")).unwrap();
            }
        }
        if let Some(age) = rule.max_age_seconds {
            write!(text, "age {age} ").unwrap();
        }
        if let Some(id) = rule.id {
            write!(text, "id {id} ").unwrap();
        }
        if rule.allow_credentials {
            text.push_str("credentials");
        }
        text.trim_end().to_owned()
    });
    let vary = configuration.response_vary.then(|| "vary".to_owned());
    vary.into_iter().chain(rules).collect()
}

/// Checks the converted rules and the reported losses.
#[track_caller]
fn converts(
    configuration: &Configuration<'_>,
    provider: &Provider,
    expected: &[&str],
    losses: &[&str],
) {
    let conversion = Conversion::new(configuration, provider);
    let reported: Vec<String> = conversion
        .losses()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(conversion.with_configuration(text), expected);
    assert_eq!(reported, losses);
}

#[test]
fn vary_with_every_response_is_kept_where_there_is_a_setting() {
    let rules = [RULE];
    let configuration = Configuration {
        response_vary: true,
        ..Configuration::new(&Dialect::OSS, &rules)
    };
    let rule = "origins https://a.example methods GET";
    converts(&configuration, &Provider::OSS, &["vary", rule], &[]);
    converts(&configuration, &Provider::COS, &["vary", rule], &[]);
    let lost = "ResponseVary: obs has no setting to send Vary: Origin with every response";
    converts(&configuration, &Provider::OBS, &[rule], &[lost]);
    let not_told = Configuration::new(&Dialect::OSS, &rules);
    converts(&not_told, &Provider::OSS, &[rule], &[]);
    converts(&not_told, &Provider::COS, &[rule], &[]);
}

#[test]
fn rules_beyond_the_limit_are_left_out() {
    let rules = [RULE; 12];
    let lost =
        |rule: usize| format!("rule {rule}: the rule is left out; oss says: keep at most 10 rules");
    converts(
        &Configuration::new(&Dialect::COS, &rules),
        &Provider::OSS,
        &["origins https://a.example methods GET"; 10],
        &[&lost(11), &lost(12)],
    );
}

#[test]
fn values_that_are_not_accepted_and_rules_with_nothing_left_are_left_out() {
    let rules = [
        Rule {
            id: Some("first"),
            allowed_origins: List::new(&["https://*.a.example", "https://b.example", "http*"]),
            max_age_seconds: Some(-1),
            ..RULE
        },
        Rule {
            allowed_origins: List::new(&["https://*.a.example"]),
            ..RULE
        },
    ];
    let left_out = |place, reason| format!("rule {place}: left out; gcs says: {reason}");
    let star = "remove the `*`, or put it where this dialect accepts one";
    converts(
        &Configuration::new(&Dialect::S3, &rules),
        &Provider::GCS,
        &["origins https://b.example methods GET age 0"],
        &[
            &left_out(
                "1, ID `first`",
                "remove it; this dialect has no such member",
            ),
            &left_out("1, AllowedOrigin `https://*.a.example`", star),
            &left_out("1, AllowedOrigin `http*`", star),
            "rule 1, MaxAgeSeconds: changed to 0, the nearest value that gcs accepts",
            "rule 1: pages could send credentials, but cannot under gcs",
            &left_out("2, AllowedOrigin `https://*.a.example`", star),
            "rule 2, AllowedOrigin: the rule is left out; gcs says: add at least one AllowedOrigin",
        ],
    );
}

#[test]
fn of_too_many_headers_the_last_of_their_kind_are_removed() {
    let names: Vec<String> = (1..=65).map(|name| format!("x-{name}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let stars = ["a-*", "b-*", "c-*"];
    let expected = |headers: &[&str]| {
        let headers = headers.join(" ");
        format!("origins https://a.example methods GET headers {headers} age 5")
    };
    let lost = |name| {
        format!(
            "rule 1, AllowedHeader `{name}`: left out; azure says: keep at most 64 names without a `*` and 2 with one"
        )
    };
    let (lost_wildcard, lost_name) = (lost("c-*"), lost("x-65"));
    for (names, stars, losses) in [
        (&names[..64], &stars[..2], &[][..]),
        (&names[..64], &stars[..], &[&lost_wildcard[..]]),
        (&names[..], &stars[..2], &[&lost_name]),
        (&names[..], &stars[..], &[&lost_name, &lost_wildcard]),
    ] {
        let headers = [stars, names].concat();
        let rules = [Rule {
            allowed_headers: List::new(&headers),
            ..RULE
        }];
        let kept = [&stars[..stars.len().min(2)], &names[..64]].concat();
        converts(
            &Configuration::new(&Dialect::S3, &rules),
            &Provider::AZURE,
            &[&expected(&kept)],
            losses,
        );
    }
}

#[test]
fn what_a_list_with_commas_cannot_hold_is_left_out() {
    let rules = [Rule {
        allowed_headers: List::new(&["x-a", " x-b", "x-c,x-d"]),
        expose_headers: List::new(&["etag"]),
        ..RULE
    }];
    let configuration = Configuration::new(&Dialect::S3, &rules);
    let lost = |value| {
        format!(
            "rule 1, AllowedHeader `{value}`: left out; a value in a list of azure cannot contain a comma or have spaces around it"
        )
    };
    converts(
        &configuration,
        &Provider::AZURE,
        &["origins https://a.example methods GET headers x-a exposed etag age 5"],
        &[&lost(" x-b"), &lost("x-c,x-d")],
    );
    converts(
        &configuration,
        &Provider::S3,
        &["origins https://a.example methods GET headers x-a  x-b x-c,x-d exposed etag"],
        &[],
    );
}

#[test]
fn a_wildcard_method_is_left_out_where_it_means_something_else() {
    let of = |methods| {
        [Rule {
            allowed_methods: List::new(methods),
            ..RULE
        }]
    };
    let lost = "rule 1, AllowedMethod `*`: left out; as a method it means something else in gcs: list the methods";
    let spelled_out = |dialect| {
        format!(
            "rule 1, AllowedMethod `*`: written as GET, PUT, POST, DELETE and HEAD; as a method it does not mean every method in {dialect}: add others that pages use"
        )
    };
    let (get, star) = (of(&["GET"]), of(&["*", "GET"]));
    let (kept, both) = (
        "origins https://a.example methods GET",
        "origins https://a.example methods * GET",
    );
    for (from, rules, to, expected, losses) in [
        (&Dialect::GCS, &star, &Provider::GCS, both, &[][..]),
        (
            &Dialect::GCS,
            &star,
            &Provider::OSS,
            "origins https://a.example methods GET PUT POST DELETE HEAD",
            &[&spelled_out("oss")[..]],
        ),
        (
            &Dialect::GCS,
            &of(&["HEAD", "PATCH", "*"]),
            &Provider::AZURE,
            "origins https://a.example methods HEAD PATCH GET PUT POST DELETE age 5",
            &[
                &spelled_out("azure")[..],
                "rule 1: pages could not send credentials, but can under azure",
            ],
        ),
        (&Dialect::STRICT, &star, &Provider::GCS, kept, &[lost]),
        (&Dialect::GCS, &get, &Provider::OSS, kept, &[]),
        (&Dialect::OSS, &get, &Provider::GCS, kept, &[]),
    ] {
        converts(&Configuration::new(from, rules), to, &[expected], losses);
    }
    let lost = ["rule 1, AllowedMethod `OPTIONS`: \
         gcs differs in whether an OPTIONS request from a page is a preflight"];
    let options = of(&["OPTIONS"]);
    let expected = ["origins https://a.example methods OPTIONS"];
    let configuration = Configuration::new(&Dialect::STRICT, &options);
    converts(&configuration, &Provider::GCS, &expected, &lost);
    let configuration = Configuration::new(&Dialect::GCS, &options);
    converts(&configuration, &Provider::GCS, &expected, &[]);
    let configuration = Configuration::new(&Dialect::STRICT, &get);
    converts(&configuration, &Provider::GCS, &[kept], &[]);
}

#[test]
fn an_origin_with_a_default_port_keeps_its_pages_or_is_left_out() {
    let of = |origins| {
        [Rule {
            allowed_origins: List::new(origins),
            ..RULE
        }]
    };
    let gcs = of(&[
        "https://a.example:443",
        "http://a.example:80",
        "http://a.example",
        "https://a.example:80",
    ]);
    let removed = |origin| {
        format!(
            "rule 1, AllowedOrigin `{origin}`: written without the port; oss compares origins byte for byte, and browsers leave a scheme's default port out"
        )
    };
    converts(
        &Configuration::new(&Dialect::GCS, &gcs),
        &Provider::OSS,
        &["origins https://a.example http://a.example https://a.example:80 methods GET"],
        &[
            &removed("https://a.example:443"),
            &removed("http://a.example:80"),
        ],
    );
    converts(
        &Configuration::new(&Dialect::GCS, &gcs),
        &Provider::GCS,
        &[
            "origins https://a.example:443 http://a.example:80 http://a.example https://a.example:80 methods GET",
        ],
        &[],
    );
    let oss = of(&["https://b.example", "https://a.example:443"]);
    converts(
        &Configuration::new(&Dialect::OSS, &oss),
        &Provider::GCS,
        &["origins https://b.example methods GET"],
        &[
            "rule 1, AllowedOrigin `https://a.example:443`: left out; no browser sends it, and in gcs it would let in the pages without the port: add the origin without the port if they may read",
        ],
    );
}

#[test]
fn one_list_of_headers_becomes_two_and_two_become_one() {
    let of = |headers, exposed| {
        [Rule {
            allowed_headers: List::new(headers),
            expose_headers: List::new(exposed),
            ..RULE
        }]
    };
    let start = "origins https://a.example methods GET";
    let one_list = |field, name| {
        format!(
            "rule 1, {field} `{name}`: gcs has one list of headers, so every header allowed in requests also becomes readable, and vice versa"
        )
    };
    let star = |dialect| {
        format!(
            "rule 1: {dialect} differs in whether a `*` among the headers includes Authorization"
        )
    };
    for (headers, exposed, expected, losses) in [
        (&[][..], &[][..], "", vec![]),
        (&["x-a"], &["X-A"], " exposed X-A", vec![]),
        (
            &["x-a", "etag"],
            &["ETag"],
            " exposed ETag x-a",
            vec![one_list("AllowedHeader", "x-a")],
        ),
        (
            &["etag"],
            &["ETag", "x-b"],
            " exposed ETag x-b",
            vec![one_list("ExposeHeader", "x-b")],
        ),
        (
            &["*"],
            &["etag"],
            " exposed etag *",
            vec![star("gcs"), one_list("AllowedHeader", "*")],
        ),
    ] {
        let rules = of(headers, exposed);
        let losses: Vec<&str> = losses.iter().map(String::as_str).collect();
        converts(
            &Configuration::new(&Dialect::OSS, &rules),
            &Provider::GCS,
            &[&format!("{start}{expected}")],
            &losses,
        );
    }
    let rules = of(&[], &["x-a"]);
    let expected = format!("{start} headers x-a exposed x-a");
    let configuration = Configuration::new(&Dialect::GCS, &rules);
    converts(&configuration, &Provider::OSS, &[&expected], &[]);
    // Between two dialects with both lists nothing moves, and a wildcard means the same.
    let rules = of(&["*"], &["etag"]);
    let expected = format!("{start} headers * exposed etag");
    let configuration = Configuration::new(&Dialect::OSS, &rules);
    converts(&configuration, &Provider::COS, &[&expected], &[]);
}

#[test]
fn credentials_are_kept_or_the_change_is_reported() {
    let of = |origins, allow_credentials| {
        [Rule {
            allowed_origins: List::new(origins),
            allow_credentials,
            ..RULE
        }]
    };
    let named = &["https://a.example"][..];
    let lost =
        |dialect| format!("rule 1: pages could send credentials, but cannot under {dialect}");
    let gained =
        |dialect| format!("rule 1: pages could not send credentials, but can under {dialect}");
    for (from, origins, switch, to, reported) in [
        (
            &Dialect::S3,
            named,
            false,
            &Provider::OSS,
            Some(lost("oss")),
        ),
        (
            &Dialect::OSS,
            named,
            false,
            &Provider::S3,
            Some(gained("s3")),
        ),
        (&Dialect::S3, &["*"], false, &Provider::OSS, None),
        (&Dialect::STRICT, named, true, &Provider::S3, None),
        (
            &Dialect::STRICT,
            named,
            false,
            &Provider::S3,
            Some(gained("s3")),
        ),
        // A named origin next to a wildcard gets credentials on Azure only.
        (
            &Dialect::AZURE,
            &["*", "https://a.example"],
            false,
            &Provider::S3,
            Some(lost("s3")),
        ),
        (&Dialect::AZURE, &["*"], false, &Provider::S3, None),
        (&Dialect::S3, named, false, &Provider::S3, None),
    ] {
        let rules = of(origins, switch);
        let expected = format!("origins {} methods GET", origins.join(" "));
        let reported: Vec<&str> = reported.iter().map(String::as_str).collect();
        let configuration = Configuration::new(from, &rules);
        converts(&configuration, to, &[&expected], &reported);
    }
    let rules = of(named, false);
    let configuration = Configuration::new(&Dialect::S3, &rules);
    let expected = ["origins https://a.example methods GET credentials"];
    converts(&configuration, &Provider::STRICT, &expected, &[]);
    let rules = of(&["http*"], false);
    let configuration = Configuration::new(&Dialect::S3, &rules);
    let expected = ["origins http* methods GET"];
    converts(
        &configuration,
        &Provider::STRICT,
        &expected,
        &[&lost("strict")],
    );
}

#[test]
fn headers_that_choose_the_rule_in_one_dialect_only_are_reported() {
    let of = |origins, methods, headers| Rule {
        allowed_origins: List::new(origins),
        allowed_methods: List::new(methods),
        allowed_headers: List::new(headers),
        ..RULE
    };
    let reported = |from: &Dialect, provider: &Provider, rules: &[Rule<'_>]| -> Vec<String> {
        let conversion = Conversion::new(&Configuration::new(from, rules), provider);
        let losses = conversion.losses().iter().map(ToString::to_string);
        losses
            .filter(|loss| loss.contains("is tried when"))
            .collect()
    };
    let choose = |rule, other, dialect| {
        format!(
            "rule {rule}, AllowedHeader: {dialect} differs in whether rule {other} is tried when these headers do not match"
        )
    };
    let (a, b) = (&["https://a.example"][..], &["https://b.example"][..]);
    let all = &["https://*.example"][..];
    let (get, put) = (&["GET"][..], &["PUT", "GET"][..]);
    let (x, y, x_and_y) = (&["x-*"][..], &["y"][..], &["X-a", "y"][..]);
    let rules = [of(a, get, x), of(b, put, y), of(all, put, x_and_y)];
    let expected = [choose(1, 3, "azure"), choose(2, 3, "azure")];
    assert_eq!(reported(&Dialect::S3, &Provider::AZURE, &rules), expected);
    assert_eq!(reported(&Dialect::S3, &Provider::OSS, &rules), [""; 0]);
    let expected = [choose(1, 3, "s3"), choose(2, 3, "s3")];
    assert_eq!(reported(&Dialect::AZURE, &Provider::S3, &rules), expected);
    for rules in [
        [of(a, get, x), of(a, get, &["X-b"])],
        [of(a, get, x), of(b, get, y)],
        [of(a, &["PUT"], x), of(a, get, y)],
        [of(a, get, x_and_y), of(all, get, y)],
    ] {
        assert_eq!(reported(&Dialect::S3, &Provider::AZURE, &rules), [""; 0]);
    }
    // On GCS the single list is the one that the first rule must allow, and a wildcard is any method.
    let one = |methods, exposed| Rule {
        expose_headers: List::new(exposed),
        ..of(a, methods, &[])
    };
    let expected = [choose(1, 2, "oss")];
    for rules in [[one(&["*"], x), one(get, y)], [one(get, x), one(&["*"], y)]] {
        assert_eq!(reported(&Dialect::GCS, &Provider::OSS, &rules), expected);
    }
    let rules = [one(get, x), one(get, &["x-a"])];
    assert_eq!(reported(&Dialect::GCS, &Provider::OSS, &rules), [""; 0]);
    let rules = [one(get, x), one(get, y)];
    assert_eq!(reported(&Dialect::GCS, &Provider::AZURE, &rules), [""; 0]);
}

#[test]
fn a_conversion_names_the_values_that_azure_cannot_hold() {
    let origins: Vec<String> = (0..66)
        .map(|number| format!("https://{number}.example"))
        .collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let rules = [
        Rule {
            allowed_origins: List::new(&["https://a.example", "https://b,c.example"]),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        },
        Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        },
    ];
    assert!(Provider::AZURE.documents.joins_lists() && !Provider::S3.documents.joins_lists());
    let conversion = Conversion::new(&Configuration::new(&Dialect::S3, &rules), &Provider::AZURE);
    let left_out: Vec<_> = conversion
        .losses()
        .iter()
        .filter(|loss| loss.field == Some(Field::AllowedOrigin))
        .map(|loss| (loss.rule, loss.value))
        .collect();
    assert_eq!(
        left_out,
        [
            (Some(0), Some("https://b,c.example")),
            (Some(1), Some("https://65.example")),
            (Some(1), Some("https://64.example")),
        ]
    );
    let kept = conversion.with_configuration(|converted| {
        let rules = converted.rules.iter();
        rules
            .map(|rule| rule.allowed_origins.iter().count())
            .collect::<Vec<_>>()
    });
    assert_eq!(kept, [1, 64]);
}
