//! The policy image: large ones, damaged ones, and what each error says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

mod hashes;
mod wildcards;

use cors_core::{Configuration, Dialect, ImageError, List, Policy, Request, Rule, compile};

fn image(rules: &[Rule<'_>]) -> Vec<u8> {
    image_of(&Dialect::STRICT, rules)
}

fn image_of(dialect: &Dialect, rules: &[Rule<'_>]) -> Vec<u8> {
    let mut buffer = vec![0; 8 << 20];
    let length = compile(&Configuration::new(dialect, rules), &mut buffer)
        .unwrap()
        .as_bytes()
        .len();
    buffer.truncate(length);
    buffer
}

/// Whether a GET from an origin is granted.
fn grants(policy: &Policy<'_>, origin: &str) -> bool {
    let request = Request {
        method: b"GET",
        origin: Some(origin.as_bytes()),
        ..Request::EMPTY
    };
    policy.decide(&request).grant().is_some()
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
                "policy image truncated or extended: its header says {stated} bytes; copy it again"
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
    assert_eq!(winner(b"PROPFINX"), None);
    assert_eq!(winner(b"PROPFIN"), None);
    assert_eq!(winner(b"BASELINE"), None);
    assert_eq!(winner(b""), None);
    assert_eq!(winner(b"PROPFIND, BASELINE-CONTROL"), None);
}

/// Three rules; one origin and one header belong to two of them, so that the table of sets has rows.
const THREE: [Rule<'static>; 3] = [
    Rule {
        id: Some("first"),
        allowed_origins: List::new(&["https://a.example", "https://\u{e9}.example"]),
        allowed_methods: List::new(&["GET", "PUT"]),
        allowed_headers: List::new(&["x-a", "x-b"]),
        ..Rule::EMPTY
    },
    Rule {
        allowed_origins: List::new(&["https://a.example", "https://b.example"]),
        allowed_methods: List::new(&["GET"]),
        allowed_headers: List::new(&["x-a"]),
        ..Rule::EMPTY
    },
    Rule {
        allowed_origins: List::new(&["*"]),
        allowed_methods: List::new(&["HEAD"]),
        ..Rule::EMPTY
    },
];

/// Where a part of an image begins.
fn begin(image: &[u8], part: &str) -> usize {
    let mut parts = Policy::from_bytes(image).unwrap().parts();
    parts.find(|(name, _)| *name == part).unwrap().1.start
}

fn place_of(image: &[u8], text: &[u8]) -> usize {
    image
        .windows(text.len())
        .position(|window| window == text)
        .unwrap()
}

/// Bytes at a place, in place of those of an image.
type Change<'c> = (usize, &'c [u8]);

fn is_refused(good: &[u8], damage: &str, changes: &[Change<'_>], expected: ImageError) {
    let mut bytes = good.to_vec();
    for (at, change) in changes {
        bytes[*at..*at + change.len()].copy_from_slice(change);
    }
    assert_ne!(bytes, good, "{damage}");
    let given = Policy::from_bytes(&bytes).map(|_| ());
    assert_eq!(given, Err(expected), "{damage}");
}

#[test]
fn each_text_of_an_image_is_checked() {
    let good = image(&THREE);
    // A length of 0 stands before an empty text.
    let place = |at: usize| u32::try_from(at).unwrap().to_le_bytes();
    let empty = place(place_of(&good, &[0, 0]));
    let origin = place(place_of(&good, b"https://a") - 2);
    let entries = ["origin entries", "header entries"].map(|part| begin(&good, part));
    let methods = begin(&good, "methods");
    for (damage, at, bytes) in [
        (
            "a control byte in an ID",
            place_of(&good, b"first"),
            &b"\n"[..],
        ),
        (
            "a deleted byte in an ID",
            place_of(&good, b"first"),
            b"\x7f",
        ),
        (
            "a control byte in an origin that no index holds",
            place_of(&good, b"https://\xc3"),
            b"\n",
        ),
        ("a control byte in a method", place_of(&good, b"PUT"), b"\n"),
        ("an empty method", methods + 12, &[0, 0]),
        ("an empty origin", entries[0], &empty),
        ("an empty header", entries[1], &empty),
        ("a header that is no token", entries[1], &origin),
    ] {
        is_refused(&good, damage, &[(at, bytes)], ImageError::InvalidText);
    }
}

#[test]
fn each_name_of_a_set_is_checked() {
    let good = image(&THREE);
    let unknown_row = 0x80ff_u16.to_le_bytes();
    let methods = begin(&good, "methods") + 14;
    let origins = begin(&good, "origin entries") + 6;
    for (damage, at, bytes) in [
        ("a method of a rule too many", methods, &[3, 0][..]),
        ("a method of an unknown row", methods, &unknown_row),
        ("an origin beyond the end", origins - 6, &[255; 4]),
        ("an origin of a rule too many", origins, &[3, 0]),
        ("an origin of an unknown row", origins, &unknown_row),
        ("any origin of a rule too many", 8, &[3, 0]),
        ("any header of an unknown row", 10, &unknown_row),
        ("a rule too many in a set", begin(&good, "sets"), &[0b1000]),
    ] {
        is_refused(&good, damage, &[(at, bytes)], ImageError::Inconsistent);
    }
}

#[test]
fn each_start_of_a_slice_is_checked() {
    let good = image(&THREE);
    let (fanout, end) = (begin(&good, "origin fanout"), begin(&good, "header fanout"));
    assert_eq!(end - fanout, 6, "three starts of two origins");
    let earlier = u32::try_from(end - 2).unwrap().to_le_bytes();
    let changes: [(&str, &[Change<'_>]); 4] = [
        ("a first start that is not the first", &[(fanout, &[1])]),
        ("starts that go back", &[(fanout, &[0, 0, 2, 0, 1, 0])]),
        (
            "starts that end before the entries",
            &[(fanout, &[0, 0, 1, 0, 1, 0])],
        ),
        (
            "a start too few, and one too many of the headers",
            &[(44, &earlier), (fanout, &[0, 0, 2, 0, 0, 0])],
        ),
    ];
    for (damage, changes) in changes {
        is_refused(&good, damage, changes, ImageError::Inconsistent);
    }
    // The headers' starts are the last part here, so that one more only moves the end.
    let mut longer = good;
    longer.extend_from_within(longer.len() - 2..);
    let end = u32::try_from(longer.len()).unwrap().to_le_bytes();
    for at in [24, 52, 56] {
        longer[at..at + 4].copy_from_slice(&end);
    }
    assert_eq!(
        Policy::from_bytes(&longer).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
}

#[test]
fn an_image_may_have_as_many_rules_as_its_sets_have_bits_and_as_there_may_be() {
    for count in [64, 128, cors_core::MAX_RULES.into()] {
        let rules = vec![THREE[1]; count];
        let image = image(&rules);
        assert_eq!(Policy::from_bytes(&image).unwrap().len(), count);
    }
}

#[test]
fn what_decisions_read_agrees_with_the_rules() {
    let good = image(&THREE);
    let (methods, sets) = (begin(&good, "methods"), begin(&good, "sets"));
    let entries = ["origin entries", "header entries"].map(|part| begin(&good, part));
    // The last rule is `*` alone, whose record's flags say so.
    let last = u32::from_le_bytes(good[72..76].try_into().unwrap());
    let last = usize::try_from(last).unwrap();
    for (damage, at, bytes) in [
        ("`*` of another rule", 8, &[0, 0][..]),
        ("`*` of no rule", 8, &[255, 255]),
        ("a `*` among headers that is not there", 10, &[0, 0]),
        ("affixes of origins that are not there", 5, &[2]),
        ("affixes of headers that are not there", 5, &[4]),
        ("an unknown flag", 5, &[8]),
        ("another seed", 60, &[1]),
        ("a rule without its `*`", last, &[0]),
        ("a rule with more than `*`", last, &[1]),
        ("a rule that has `*` alone and does not have it", last, &[2]),
        ("the key of another method", methods, b"P"),
        ("a method of another rule", methods + 14, &[2, 0]),
        ("a method of no rule", methods + 14, &[255, 255]),
        ("an origin of another rule", entries[0] + 6, &[2, 0]),
        ("an origin of no rule", entries[0] + 6, &[255, 255]),
        ("a header of another rule", entries[1] + 6, &[2, 0]),
        ("a tag of another hash", entries[0] + 4, &[0, 0]),
        ("a rule too few in a set", sets, &[0b001]),
        ("a rule too many in a set", sets, &[0b111]),
    ] {
        is_refused(&good, damage, &[(at, bytes)], ImageError::Inconsistent);
    }
}

#[test]
fn a_dialect_is_one_of_those_that_there_are() {
    let good = image(&THREE);
    for at in 12..24 {
        for byte in 0..4 {
            if good[at] == byte {
                continue;
            }
            let mut changed = good.clone();
            changed[at] = byte;
            assert_eq!(
                Policy::from_bytes(&changed).map(|_| ()),
                Err(ImageError::UnknownDialect),
                "{byte} at {at}"
            );
        }
    }
}

#[test]
fn a_rule_with_credentials_names_its_origins() {
    let rule = Rule {
        allowed_origins: List::new(&["https://*.example"]),
        allowed_methods: List::new(&["GET"]),
        max_age_seconds: Some(600),
        ..Rule::EMPTY
    };
    let good = image(&[rule]);
    let record = 68;
    is_refused(
        &good,
        "credentials",
        &[(record, &[4])],
        ImageError::Inconsistent,
    );
    is_refused(
        &good,
        "an unknown flag",
        &[(record, &[16])],
        ImageError::InvalidText,
    );
    let age = place_of(&good, b"600");
    for text in [b"060", b"+60", b"-00", b"6x0"] {
        is_refused(&good, "a max age", &[(age, text)], ImageError::InvalidText);
    }
    let shapes = begin(&good, "origin wildcards");
    for (damage, at, byte) in [
        ("a prefix of another length", shapes, 9),
        (
            "a byte before the `*` that is not in the shape",
            shapes + 5,
            0,
        ),
        (
            "a byte after the `*` that is not in the shape",
            shapes + 7,
            0,
        ),
    ] {
        is_refused(&good, damage, &[(at, &[byte])], ImageError::Inconsistent);
    }
    let fixed = Rule {
        allowed_origins: List::new(&["https://*.a.example"]),
        ..rule
    };
    let mut good = image(&[fixed]);
    good[record] = 4;
    let policy = Policy::from_bytes(&good).unwrap();
    assert!(policy.rules().next().unwrap().allow_credentials);
}

#[test]
fn repeated_patterns_and_more_than_one_pass_counts_are_accepted() {
    let texts: Vec<String> = (0..9000)
        .map(|number| format!("https://{number}.example"))
        .collect();
    let twice: Vec<&str> = texts.iter().chain(&texts).map(String::as_str).collect();
    let rule = Rule {
        allowed_origins: List::new(&twice),
        allowed_methods: List::new(&["GET", "GET"]),
        allowed_headers: List::new(&["x-a", "X-A", "*", "*"]),
        ..Rule::EMPTY
    };
    let good = image(&[rule, rule]);
    assert_eq!(Policy::from_bytes(&good).unwrap().len(), 2);
    // One pair of a pattern and a rule less: every entry has the same row.
    let sets = begin(&good, "sets");
    let entries = begin(&good, "origin entries");
    let last = entries + 8 * 8999 + 6;
    let changed: [Change<'_>; 1] = [(last, &[0, 0])];
    is_refused(
        &good,
        "the last entry of one rule",
        &changed,
        ImageError::Inconsistent,
    );
    assert!(sets > entries);
}

/// What no rule lists is in no rule's set, so that the check of what the rules list does not meet it.
#[test]
fn a_method_that_no_rule_lists_belongs_to_no_rule() {
    let rule = Rule {
        allowed_origins: List::new(&["*"]),
        allowed_methods: List::new(&["GET", "PUT"]),
        expose_headers: List::new(&["x-PUT"]),
        ..Rule::EMPTY
    };
    let good = image(&[rule]);
    let listed = place_of(&good, b"PUT");
    let exposed = u32::try_from(place_of(&good, b"x-PUT") + 2).unwrap();
    let row = begin(&good, "methods") + 16;
    let with_set = |set: &[u8]| {
        let mut bytes = good.clone();
        bytes[listed..listed + 3].copy_from_slice(b"GET");
        bytes[row + 8..row + 12].copy_from_slice(&exposed.to_le_bytes());
        bytes[row + 14..row + 16].copy_from_slice(set);
        Policy::from_bytes(&bytes).map(|policy| policy.len())
    };
    assert_eq!(with_set(&[255, 255]), Ok(1), "no rule");
    assert_eq!(with_set(&[0, 0]), Err(ImageError::Inconsistent));
    assert_eq!(with_set(&[1, 0]), Err(ImageError::Inconsistent));
}

#[test]
fn an_image_has_at_most_64_methods_and_those_of_its_dialect() {
    let methods: Vec<String> = (0..64).map(|number| format!("M{number}")).collect();
    let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
    let rule = Rule {
        allowed_origins: List::new(&["*"]),
        allowed_methods: List::new(&methods),
        ..Rule::EMPTY
    };
    let mut good = image(&[rule]);
    assert_eq!(Policy::from_bytes(&good).map(|policy| policy.len()), Ok(1));
    // The last row once more, which moves what follows it.
    let end = begin(&good, "origin entries");
    let row = good[end - 16..end].to_vec();
    good.splice(end..end, row);
    for at in (24..60).step_by(4).filter(|at| *at != 28) {
        let offset = u32::from_le_bytes(good[at..at + 4].try_into().unwrap());
        good[at..at + 4].copy_from_slice(&(offset + 16).to_le_bytes());
    }
    let read = Policy::from_bytes(&good).map(|policy| policy.len());
    assert_eq!(read, Err(ImageError::Inconsistent));

    for (method, expected) in [("GET", Ok(1)), ("PATCH", Err(ImageError::Inconsistent))] {
        let methods = [method];
        let mut bytes = image(&[Rule {
            allowed_methods: List::new(&methods),
            ..rule
        }]);
        bytes[12..24].copy_from_slice(&image_of(&Dialect::OSS, &[])[12..24]);
        let read = Policy::from_bytes(&bytes).map(|policy| policy.len());
        assert_eq!(read, expected, "{method}");
    }
}

/// GCS treats default ports as equal, and looks requested names up among the exposed headers: its records hold both, and no
/// other's do.
#[test]
fn a_record_holds_what_its_dialect_looks_up() {
    let rule = |origin| Rule {
        allowed_origins: List::new(origin),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let with_default_port = rule(&["https://a.example"]);
    let without_default_port = rule(&["app://a.example"]);
    let with_names = Rule {
        allowed_headers: List::new(&["x-a"]),
        expose_headers: List::new(&["x-b"]),
        ..without_default_port
    };
    let [gcs, strict] = [&Dialect::GCS, &Dialect::STRICT];
    let record = 68;
    let repeats_exposed = 32;
    let read_as = |dialect, mut bytes: Vec<u8>, flags: u8| {
        bytes[12..24].copy_from_slice(&image_of(dialect, &[])[12..24]);
        bytes[record] = flags;
        Policy::from_bytes(&bytes).map(|policy| policy.len())
    };
    let refused = Err(ImageError::Inconsistent);
    let plain = image(&[without_default_port]);
    assert_eq!(read_as(gcs, plain.clone(), repeats_exposed), Ok(1));
    assert_eq!(read_as(gcs, plain.clone(), 0), refused);
    assert_eq!(read_as(strict, plain, repeats_exposed), refused);
    let without_other = image(&[with_default_port]);
    assert_eq!(read_as(gcs, without_other, repeats_exposed), refused);
    let with_other = image_of(gcs, &[with_default_port]);
    assert_eq!(with_other[record], repeats_exposed | 16);
    assert_eq!(read_as(strict, with_other, 16), refused);
    let two_lists = image(&[with_names]);
    assert_eq!(read_as(gcs, two_lists, repeats_exposed), refused);
}

/// A text of an index has at most 65 535 bytes: the other spelling of the longest origins is not looked up.
#[test]
fn an_origin_may_be_too_long_for_its_other_spelling() {
    for length in [65_531, 65_532] {
        let origin = format!("https://{}", "a".repeat(length - 8));
        let origins = [origin.as_str()];
        let rule = Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        };
        let good = image_of(&Dialect::GCS, &[rule]);
        let entries = begin(&good, "header entries") - begin(&good, "origin entries");
        assert_eq!(entries / 8, if length == 65_531 { 2 } else { 1 });
        assert!(Policy::from_bytes(&good).unwrap().rules().eq([rule]));
    }
}
