//! The policy image: large ones, damaged ones, and what each error says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

use cors_core::{Configuration, Dialect, ImageError, List, Policy, Request, Rule, compile};

fn image(rules: &[Rule<'_>]) -> Vec<u8> {
    let mut buffer = vec![0; 8 << 20];
    let length = compile(&Configuration::new(&Dialect::STRICT, rules), &mut buffer)
        .unwrap()
        .as_bytes()
        .len();
    buffer.truncate(length);
    buffer
}

#[test]
fn a_thousand_rules_compile_and_the_last_one_wins_where_it_alone_matches() {
    let origins: Vec<[String; 2]> = (0..1000)
        .map(|number| {
            [
                format!("https://{number}.example"),
                format!("https://*.{number}.example"),
            ]
        })
        .collect();
    let origins: Vec<[&str; 2]> = origins
        .iter()
        .map(|pair| [pair[0].as_str(), pair[1].as_str()])
        .collect();
    let rules: Vec<Rule<'_>> = origins
        .iter()
        .map(|pair| Rule {
            allowed_origins: List::new(pair),
            allowed_methods: List::new(&["GET"]),
            allowed_headers: List::new(&["x-a", "x-b-*"]),
            ..Rule::EMPTY
        })
        .collect();
    let image = image(&rules);
    let policy = Policy::from_bytes(&image).unwrap();
    for number in [0, 1, 63, 64, 65, 127, 128, 511, 998, 999] {
        for origin in [
            format!("https://{number}.example"),
            format!("https://x.{number}.example"),
        ] {
            let request = Request {
                method: b"OPTIONS",
                origin: Some(origin.as_bytes()),
                access_control_request_method: Some(b"GET"),
                access_control_request_headers: &[b"X-A", b"x-b-c"],
            };
            assert_eq!(
                policy.decide(&request).grant().unwrap().rule_index(),
                number,
                "{origin}"
            );
        }
    }
    assert!(policy.rules().eq(rules));
}

#[test]
fn an_image_that_is_none_says_why() {
    let rules = [Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["GET"]),
        expose_headers: List::new(&["ETag"]),
        ..Rule::EMPTY
    }];
    let good = image(&rules);
    let stated = u32::try_from(good.len()).unwrap();
    let changed = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        Policy::from_bytes(&bytes).unwrap_err()
    };
    let etag = good
        .windows(4)
        .position(|window| window == b"ETag")
        .unwrap();
    for (error, expected, message) in [
        (
            Policy::from_bytes(b"").unwrap_err(),
            ImageError::NotAnImage,
            "not a policy image; compile the rules to make one",
        ),
        (
            changed(0, b'X'),
            ImageError::NotAnImage,
            "not a policy image; compile the rules to make one",
        ),
        (
            changed(4, 9),
            ImageError::UnknownVersion(9),
            "policy image of version 9; compile the rules again with this release",
        ),
        (
            Policy::from_bytes(&good[..good.len() - 1]).unwrap_err(),
            ImageError::WrongLength { stated },
            &format!(
                "policy image cut off or extended; its header says {stated} bytes, copy it again"
            ),
        ),
        (
            changed(12, 7),
            ImageError::UnknownDialect,
            "policy image of an unknown dialect; compile the rules again",
        ),
        (
            changed(6, 2),
            ImageError::Inconsistent,
            "policy image damaged; compile the rules again",
        ),
        (
            changed(etag, b'\n'),
            ImageError::InvalidText,
            "policy image with invalid text; compile the rules again",
        ),
    ] {
        assert_eq!(error, expected);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn every_cut_is_noticed() {
    let rules = [Rule {
        allowed_origins: List::new(&["https://a.example", "https://*.a.example"]),
        allowed_methods: List::new(&["GET", "VERSION-CONTROL"]),
        ..Rule::EMPTY
    }];
    let good = image(&rules);
    for length in 0..good.len() {
        assert!(Policy::from_bytes(&good[..length]).is_err(), "{length}");
    }
    assert!(Policy::from_bytes(&[&good[..], b"x"].concat()).is_err());
}

#[test]
fn long_methods_are_told_apart() {
    let rules = [
        Rule {
            allowed_origins: List::new(&["*"]),
            allowed_methods: List::new(&["BASELINE-CONTROL", "PROPFIND"]),
            ..Rule::EMPTY
        },
        Rule {
            allowed_origins: List::new(&["*"]),
            allowed_methods: List::new(&["BASELINE-CONTROX"]),
            ..Rule::EMPTY
        },
    ];
    let image = image(&rules);
    let policy = Policy::from_bytes(&image).unwrap();
    let winner = |method: &[u8]| {
        let request = Request {
            method,
            origin: Some(b"https://a.example"),
            ..Request::EMPTY
        };
        policy
            .decide(&request)
            .grant()
            .map(cors_core::Grant::rule_index)
    };
    assert_eq!(winner(b"BASELINE-CONTROL"), Some(0));
    assert_eq!(winner(b"BASELINE-CONTROX"), Some(1));
    assert_eq!(winner(b"PROPFIND"), Some(0));
    assert_eq!(winner(b"PROPFIN"), None);
    assert_eq!(winner(b"BASELINE"), None);
    assert_eq!(winner(b""), None);
    assert_eq!(winner(b"PROPFIND, BASELINE-CONTROL"), None);
}
