//! The policy image: large ones, damaged ones, and what each error says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at a broken promise"
)]

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

/// Twenty pairs of lengths, so that affixes stand in the place of shapes.
fn nested() -> Vec<String> {
    let lengths = (0..5).flat_map(|before| (1..5).map(move |after| (before, after)));
    lengths
        .map(|(before, after)| format!("{}*{}", &"aaaa"[..before], &"bbbb"[..after]))
        .collect()
}

#[test]
fn affixes_agree_with_the_rules() {
    let texts = nested();
    let mut rules = THREE.to_vec();
    let names: Vec<&str> = texts.iter().map(String::as_str).collect();
    rules[0].allowed_headers = List::new(&names);
    let good = image(&rules);
    assert_eq!(good[5], 4, "affixes of headers, and shapes of origins");
    let part = begin(&good, "header wildcards");
    let [prefixes, suffixes, patterns, starts] = [8, 48, 80, 240].map(|at| part + at);
    assert_eq!(good[part..prefixes], [5, 0, 4, 0, 20, 0, 0, 0]);
    assert_eq!(good.len(), starts + 10);
    for (damage, at, bytes) in [
        ("shapes", 5, &[0][..]),
        ("a prefix less", part, &[4]),
        ("a suffix less", part + 2, &[3]),
        ("a pattern less", part + 4, &[19]),
        ("a byte after the counts", part + 6, &[1]),
        (
            "a text that is not there",
            prefixes + 8,
            &[0xff, 0xff, 0xff],
        ),
        (
            "a prefix that is longer than its text",
            prefixes + 4,
            &[0xff],
        ),
        ("a prefix twice", prefixes + 8 + 4, &[0]),
        ("prefixes in another order", prefixes + 4, &[4]),
        ("the empty prefix linked", prefixes + 6, &[0, 0]),
        ("a prefix without its link", prefixes + 8 + 6, &[0xff, 0xff]),
        ("a prefix linked to a shorter one", prefixes + 32 + 6, &[2]),
        ("a prefix linked to itself", prefixes + 32 + 6, &[4]),
        ("a suffix linked to a shorter one", suffixes + 24 + 6, &[1]),
        ("a pattern with fewer prefixes", patterns + 2, &[3]),
        ("a pattern with more prefixes", patterns + 8 + 2, &[5]),
        ("a pattern of another prefix", patterns, &[1]),
        ("a shorter pattern", patterns + 4, &[0]),
        ("a pattern of another rule", patterns + 6, &[1]),
        ("patterns before the first suffix", starts, &[1]),
        ("patterns of another suffix", starts + 2, &[4]),
        ("patterns after the last suffix", starts + 8, &[19]),
    ] {
        is_refused(&good, damage, &[(at, bytes)], ImageError::Inconsistent);
    }
    // Any bit but those that say which of the texts with an affix is read for it.
    for bit in part * 8..good.len() * 8 {
        let mut flipped = good.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let is_place_of_text =
            (prefixes..patterns).contains(&(bit / 8)) && (bit / 8 - part) % 8 < 4;
        assert!(
            Policy::from_bytes(&flipped).is_err() || is_place_of_text,
            "{bit}"
        );
    }
}

#[test]
fn a_policy_has_few_shapes_or_affixes() {
    let texts = nested();
    for (count, flags) in [(16, 0), (17, 2)] {
        let origins: Vec<&str> = texts.iter().take(count).map(String::as_str).collect();
        let rule = Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        };
        let good = image(&[rule]);
        assert_eq!(good[5], flags, "{count}");
        let rules = [rule];
        let checked = Configuration::new(&Dialect::STRICT, &rules)
            .checked()
            .unwrap();
        assert!(checked.bytes_needed().unwrap() >= good.len());
        let policy = Policy::from_bytes(&good).unwrap();
        for (origin, is_granted) in [("aaaxbbb", true), ("b", true), ("a", false), ("xx", false)] {
            let request = Request {
                method: b"GET",
                origin: Some(origin.as_bytes()),
                ..Request::EMPTY
            };
            assert_eq!(
                policy.decide(&request).grant().is_some(),
                is_granted,
                "{origin}"
            );
        }
    }
}

/// A text that begins as one pattern and ends as another matches neither, nor does one that is shorter than both parts of a pattern.
#[test]
fn affixes_match_with_both_parts_of_one_pattern() {
    let lengths = (1..6).flat_map(|before| (1..5).map(move |after| (before, after)));
    let mut texts: Vec<String> = lengths
        .flat_map(|(before, after)| {
            [("aaaaa", "bbbb"), ("ccccc", "dddd")]
                .map(|(start, end)| format!("{}*{}", &start[..before], &end[..after]))
        })
        .collect();
    texts.extend(["e*e", "a*f"].map(str::to_owned));
    let origins: Vec<&str> = texts.iter().map(String::as_str).collect();
    let good = image(&[Rule {
        allowed_origins: List::new(&origins),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    }]);
    assert_eq!(good[5], 2, "affixes of origins");
    let policy = Policy::from_bytes(&good).unwrap();
    for (origin, is_granted) in [
        ("ab", true),
        ("aaaxb", true),
        ("cxddd", true),
        ("ee", true),
        ("aaxf", true),
        ("axd", false),
        ("cxb", false),
        ("exb", false),
        ("cxf", false),
        ("xb", false),
        ("ax", false),
        ("e", false),
    ] {
        let request = Request {
            method: b"GET",
            origin: Some(origin.as_bytes()),
            ..Request::EMPTY
        };
        let decision = policy.decide(&request);
        assert_eq!(decision.grant().is_some(), is_granted, "{origin}");
    }
}

/// An image with more shapes than a compiler writes would make each request dear.
#[test]
fn many_shapes_are_refused() {
    let texts = nested();
    let origins: Vec<&str> = texts.iter().take(17).map(String::as_str).collect();
    let rule = |count: usize| Rule {
        allowed_origins: List::new(&origins[..count]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let mut good = image(&[rule(16)]);
    let part = begin(&good, "origin wildcards");
    // A shape of greater lengths after the last one.
    good.extend([9, 0, 9, 0, 0xff, 0xff, 0xff, 0xff]);
    let end = u32::try_from(good.len()).unwrap().to_le_bytes();
    good[24..28].copy_from_slice(&end);
    good[56..60].copy_from_slice(&end);
    assert_eq!(part + 17 * 8, good.len());
    assert_eq!(
        Policy::from_bytes(&good).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
    assert!(Policy::from_bytes(&image(&[rule(17)])).is_ok());
}

#[test]
fn a_shape_that_is_there_twice_is_refused() {
    let rule = Rule {
        allowed_origins: List::new(&["a*b"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let mut twice = image(&[rule]);
    let shape = begin(&twice, "origin wildcards");
    twice.extend_from_within(shape..);
    let end = u32::try_from(twice.len()).unwrap().to_le_bytes();
    twice[24..28].copy_from_slice(&end);
    twice[56..60].copy_from_slice(&end);
    assert_eq!(
        Policy::from_bytes(&twice).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
}

/// Few patterns are compared one by one, by their shapes: affixes in their place would not be found.
#[test]
fn affixes_of_few_patterns_are_refused() {
    let rule = Rule {
        allowed_origins: List::new(&["a*b"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let good = image(&[rule]);
    let part = begin(&good, "origin wildcards");
    assert_eq!(part + 8, good.len());
    let entries = begin(&good, "origin entries");
    let text = &good[entries..entries + 4];
    let mut other = good[..part].to_vec();
    other.extend([1, 0, 1, 0, 1, 0, 0, 0]);
    for _prefix_and_suffix in 0..2 {
        other.extend(text);
        other.extend([1, 0, 0xff, 0xff]);
    }
    other.extend([0, 0, 0, 0, 2, 0, 0, 0]);
    other.extend([0, 0, 1, 0]);
    let end = u32::try_from(other.len()).unwrap().to_le_bytes();
    other[24..28].copy_from_slice(&end);
    other[56..60].copy_from_slice(&end);
    other[5] = 2;
    assert_eq!(
        Policy::from_bytes(&other).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
}

/// An image of one rule with affixes of its headers, which are put together here: each affix by its text and the rest of its row,
/// each pattern by its first and last prefix and its length.
fn with_affixes(
    rule: Rule<'_>,
    prefixes: &[(&str, u16, u16)],
    suffixes: &[(&str, u16, u16)],
    patterns: &[[u16; 3]],
    starts: &[u16],
) -> Vec<u8> {
    let mut bytes = image(&[rule]);
    bytes.truncate(begin(&bytes, "header wildcards"));
    let row = |numbers: &[u16]| -> Vec<u8> {
        let numbers = numbers.iter().copied();
        numbers.flat_map(u16::to_le_bytes).collect()
    };
    let counts = [prefixes.len(), suffixes.len(), patterns.len(), 0];
    let mut part = row(&counts.map(|count| u16::try_from(count).unwrap()));
    for (text, length, link) in prefixes.iter().chain(suffixes) {
        let text = u32::try_from(place_of(&bytes, text.as_bytes()) - 2).unwrap();
        part.extend(text.to_le_bytes());
        part.extend(row(&[*length, *link]));
    }
    for [first, last, length] in patterns {
        part.extend(row(&[*first, *last, *length, 0]));
    }
    part.extend(row(starts));
    bytes.extend(part);
    let end = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    bytes[24..28].copy_from_slice(&end);
    bytes[5] = 4;
    bytes
}

/// Seventeen names, which is enough for affixes, and a rule that allows them.
const FEW_SUFFIXES: Rule<'static> = Rule {
    allowed_origins: List::new(&["*"]),
    allowed_methods: List::new(&["GET"]),
    allowed_headers: List::new(&[
        "x-a*b", "x-a*c", "x-a*d", "n-0", "n-1", "n-2", "n-3", "n-4", "n-5", "n-6", "n-7", "n-8",
        "n-9", "n-10", "n-11", "n-12", "n-13",
    ]),
    ..Rule::EMPTY
};

/// A pattern that no rule lists would allow what the rules do not show.
#[test]
fn affixes_are_those_of_the_rules_and_no_others() {
    let none = u16::MAX;
    let prefixes = &[("x-a*b", 0, none), ("x-a*b", 3, 0)];
    let suffixes = ["x-a*b", "x-a*c", "x-a*d"].map(|text| (text, 1, none));
    let [listed, unlisted] = [[1, 1, 4], [0, 1, 1]];
    let read_with = |prefixes: &[_], suffixes: &[_], patterns: &[_], starts: &[u16]| {
        let bytes = with_affixes(FEW_SUFFIXES, prefixes, suffixes, patterns, starts);
        Policy::from_bytes(&bytes).map(|policy| policy.len())
    };
    let read = |suffixes: &[_], patterns: &[_], starts: &[_]| {
        read_with(prefixes, suffixes, patterns, starts)
    };
    let refused = Err(ImageError::Inconsistent);
    assert_eq!(read(&suffixes, &[listed; 3], &[0, 1, 2, 3]), Ok(1));
    let one_more = [listed, listed, unlisted, listed];
    assert_eq!(read(&suffixes, &one_more, &[0, 1, 2, 4]), refused);
    // The first pattern is that of two suffixes, between which there is one of no pattern, so that another pattern is left over.
    let [b, c, d] = suffixes;
    let between = [b, ("x-a*b", 2, 0), c, d];
    assert_eq!(read(&between, &[listed; 3], &[0, 1, 1, 2, 3]), Ok(1));
    let left_over = [listed, unlisted, listed];
    assert_eq!(read(&between, &left_over, &[0, 1, 0, 1, 3]), refused);
    assert_eq!(read(&suffixes, &[listed; 3], &[0, 1, 2, 3, 3]), refused);
    // The longest prefix of a name would be the second of two that are equal.
    let twice = [("x-a*b", 3, none), ("x-a*b", 3, 0)];
    for first in 0..2 {
        let patterns = [[first, 1, 4]; 3];
        let read = read_with(&twice, &suffixes, &patterns, &[0, 1, 2, 3]);
        assert_eq!(read, refused, "{first}");
    }
}

/// The texts of an index in the order of their hashes, each with the part of its hash that is its tag.
fn hashed(rule: Rule<'_>, part: &str) -> Vec<(String, u16)> {
    let image = image(&[rule]);
    let number = |at: usize| u16::from_le_bytes(image[at..at + 2].try_into().unwrap());
    let (start, end) = match part {
        "origin entries" => (begin(&image, part), begin(&image, "header entries")),
        _ => (begin(&image, part), begin(&image, "sets")),
    };
    let entries = (start..end).step_by(8).map(|entry| {
        let at = u32::from_le_bytes(image[entry..entry + 4].try_into().unwrap());
        let at = usize::try_from(at).unwrap();
        let text = &image[at + 2..at + 2 + usize::from(number(at))];
        (String::from_utf8(text.to_vec()).unwrap(), number(entry + 4))
    });
    entries.collect()
}

/// Seventeen texts of a small part of all hashes are one slice under the seed 0, and sixteen may be one.
#[test]
fn texts_that_collide_are_hashed_with_another_seed() {
    let texts: Vec<String> = (0..2000).map(|number| format!("x-{number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let any = Rule {
        allowed_origins: List::new(&["*"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let of_origins = |list| Rule {
        allowed_origins: list,
        ..any
    };
    let of_headers = |list| Rule {
        allowed_headers: list,
        ..any
    };
    let all = List::new(&texts);
    let origins = hashed(of_origins(all), "origin entries");
    let headers = hashed(of_headers(all), "header entries");
    let [origins, headers] = [&origins, &headers].map(|texts| {
        let texts = texts.iter().take(17);
        texts.map(|(text, _)| text.as_str()).collect::<Vec<&str>>()
    });
    for (count, seed) in [(16, 0), (17, 1)] {
        for rule in [
            of_origins(List::new(&origins[..count])),
            of_headers(List::new(&headers[..count])),
        ] {
            let good = image(&[rule]);
            assert_eq!(good[60..64], [seed, 0, 0, 0], "{rule:?}");
            let policy = Policy::from_bytes(&good).unwrap();
            assert!(policy.rules().eq([rule]));
        }
    }
    let unhashed = image(&[any]);
    is_refused(
        &unhashed,
        "a seed where nothing is hashed",
        &[(60, &[1])],
        ImageError::Inconsistent,
    );
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

/// Some of these share a slice of the index too, so that only their bytes tell them apart.
#[test]
fn a_text_with_the_tag_of_another_is_not_found() {
    let texts: Vec<String> = (0..2000).map(|number| format!("x-{number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rule = Rule {
        allowed_origins: List::new(&texts),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let mut hashed = hashed(rule, "origin entries");
    hashed.sort_by_key(|(_, tag)| *tag);
    let mut pairs = 0;
    for pair in hashed.windows(2).filter(|pair| pair[0].1 == pair[1].1) {
        let origins = [&pair[0].0, "a", "b", "c", "d"];
        let image = image(&[Rule {
            allowed_origins: List::new(&origins),
            ..rule
        }]);
        let policy = Policy::from_bytes(&image).unwrap();
        for ((origin, _), is_granted) in pair.iter().zip([true, false]) {
            let request = Request {
                method: b"GET",
                origin: Some(origin.as_bytes()),
                ..Request::EMPTY
            };
            let decision = policy.decide(&request);
            assert_eq!(decision.grant().is_some(), is_granted, "{origin}");
        }
        pairs += 1;
    }
    assert!(pairs > 10, "{pairs}");
}
