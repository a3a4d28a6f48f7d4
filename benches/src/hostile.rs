//! What is made to be expensive: requests, and configurations of a tenant who knows the source.

use cors_core::{Furthest, Limit, Refusal};

use crate::cases::{Answer, Case, ONE, Setup, actual, exact, preflight, rule, text};
use crate::collisions::{assert_collision, colliding};

/// Requests made to be expensive.
pub fn requests() -> Vec<Case> {
    let first = text(exact(0));
    let case = |name: &str, lines: &'static [&'static [u8]], answer| {
        Case::one(
            format!("preflight/hostile-{name}"),
            *ONE,
            preflight(first, lines),
            answer,
        )
    };
    let line = |bytes: Vec<u8>| -> &'static [&'static [u8]] { Vec::leak(vec![&*Vec::leak(bytes)]) };
    let too_long = Answer::Refused(Refusal::LimitExceeded(Limit::HeaderBytes));
    let too_many = Answer::Refused(Refusal::LimitExceeded(Limit::HeaderNames));
    let short_names = |count: usize| "x-amz-a,".repeat(count).into_bytes();
    let origin: &'static str = text(format!("https://{}.example.com", "a".repeat(64 << 10)));
    let longest: &'static str = text(format!("https://{}", "a".repeat((4 << 10) - 8)));
    vec![
        case("16k", line(vec![b','; 16 << 10]), Answer::Granted(0)),
        case("16k-and-1", line(vec![b','; (16 << 10) + 1]), too_long),
        case("64k", line(vec![b','; 64 << 10]), too_long),
        case("16k-spaces", line(vec![b' '; 16 << 10]), Answer::Granted(0)),
        case("64k-spaces", line(vec![b' '; 64 << 10]), too_long),
        case("256-names", line(short_names(256)), Answer::Granted(0)),
        case("2000-names", line(short_names(2000)), too_many),
        case("4000-names", line(short_names(4000)), too_long),
        Case::one(
            "actual/hostile-4k-origin",
            *ONE,
            actual(longest),
            Answer::Refused(Refusal::NoRuleMatched {
                furthest: Furthest::Origin,
            }),
        ),
        Case::one(
            "actual/hostile-64k-origin",
            *ONE,
            actual(origin),
            Answer::Refused(Refusal::LimitExceeded(Limit::OriginBytes)),
        ),
    ]
}

/// Configurations made to be expensive: a thousand patterns each in one rule, or as many as a
/// document of 64 KiB holds (the chain of 300), each with the
/// ordinary case of the same size that it is compared with.
pub const CONFIGURATIONS: [(&str, &str); 8] = [
    ("hostile/colliding-1000", "actual/exact-1000"),
    ("hostile/same-suffix-1000", "actual/subdomains-1000"),
    ("hostile/suffix-chain-1000", "actual/subdomains-1000"),
    ("hostile/suffix-chain-1000/miss", "actual/subdomains-1000"),
    ("hostile/suffix-chain-300", "actual/subdomains-1000"),
    ("hostile/suffix-chain-300/miss", "actual/subdomains-1000"),
    ("hostile/shapes-1000", "actual/subdomains-1000"),
    ("hostile/shapes-1000/miss", "actual/subdomains-1000"),
];

/// The questions for [`CONFIGURATIONS`].
pub fn configurations() -> Vec<Case> {
    let miss = Answer::Refused(Refusal::NoRuleMatched {
        furthest: Furthest::Origin,
    });
    let granted = Answer::Granted(0);
    let setup = |origins: Vec<String>| Setup::new(vec![rule(origins)]);

    let texts = colliding(1001, 1000);
    let collision = setup(texts[..1000].to_vec());
    assert_collision(&collision.policy);
    // It would be compared with all of them if they were found by seed 0.
    let another = text(texts[1000].clone());

    let same_suffix = setup(
        (0..1000)
            .map(|number| format!("https://t{number}-*.example.com"))
            .collect(),
    );
    // Each suffix is a suffix of the next.
    let chain = |links: usize| {
        let suffixes = (1..=links).map(|length| format!("*{}", "a".repeat(length)));
        let all = text("a".repeat(links + 1));
        // Fits every shape but matches no pattern.
        let nearly = text(format!("{}q", "a".repeat(links + 1)));
        let rules = setup(suffixes.collect());
        let name = format!("hostile/suffix-chain-{links}");
        [
            Case::one(name.clone(), rules, actual(all), granted),
            Case::one(name + "/miss", rules, actual(nearly), miss),
        ]
    };
    let lengths = (0..1000).map(|number| (number / 32 + 1, number % 32 + 1));
    let shapes =
        lengths.map(|(before, after)| format!("{}*{}", "a".repeat(before), "b".repeat(after)));
    let shapes = setup(shapes.collect());
    let fits_all = text(format!("{}{}", "a".repeat(32), "b".repeat(32)));
    let fits_none = text(format!("c{}{}", "a".repeat(32), "b".repeat(32)));
    let mut cases = vec![
        Case::one("hostile/colliding-1000", collision, actual(another), miss),
        Case::one(
            "hostile/same-suffix-1000",
            same_suffix,
            actual("https://t999-x.example.com"),
            granted,
        ),
        Case::one("hostile/shapes-1000", shapes, actual(fits_all), granted),
        Case::one("hostile/shapes-1000/miss", shapes, actual(fits_none), miss),
    ];
    cases.extend(chain(1000));
    cases.extend(chain(300));
    cases
}
