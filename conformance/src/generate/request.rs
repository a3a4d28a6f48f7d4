//! Requests derived from their configuration, sometimes with a small change.

use std::slice;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;

use reference::model::{Configuration, Request};
use reference::{HEADER_BYTES_MAX, HEADER_ITEMS_MAX, ORIGIN_BYTES_MAX};

/// A plan for a request, to be filled in from a configuration.
#[derive(Clone, Debug)]
pub(super) struct Wishes {
    /// The rule whose patterns are used; `None` for those of all rules.
    rule: Option<Index>,
    preflight: bool,
    method: Wish,
    origin: Option<Wish>,
    access_control_request_method: Option<Wish>,
    /// The items of each line, each with the text after it.
    lines: Vec<Vec<(Wish, &'static str)>>,
    oversized: Oversized,
}

/// Bytes, or text that a pattern of the configuration matches or nearly matches.
#[derive(Clone, Debug)]
enum Wish {
    Bytes(Vec<u8>),
    OfPattern {
        pattern: Index,
        middle: &'static str,
        twist: Twist,
    },
}

/// A change to matching text.
#[derive(Clone, Copy, Debug)]
enum Twist {
    None,
    UpperCase,
    WithoutLast,
    Longer(u8),
}

/// The cap that the request is close to.
#[derive(Clone, Copy, Debug)]
enum Oversized {
    No,
    Origin(usize),
    HeaderBytes(usize),
    HeaderItems(usize),
}

pub(super) fn wishes() -> impl Strategy<Value = Wishes> {
    let line = vec(
        (
            wish(&["x-a", "X-A-b", "authorization", "", "x y", "\u{e9}"]),
            separator(),
        ),
        0..=4,
    );
    let lines =
        prop_oneof![3 => Just(Vec::new()), 5 => vec(line.clone(), 1), 2 => vec(line, 2..=3)];
    let beyond = 0..=1_usize;
    let oversized = prop_oneof![
        40 => Just(Oversized::No),
        1 => beyond.clone().prop_map(|more| Oversized::Origin(ORIGIN_BYTES_MAX + more)),
        1 => beyond.clone().prop_map(|more| Oversized::HeaderBytes(HEADER_BYTES_MAX + more)),
        1 => beyond.prop_map(|more| Oversized::HeaderItems(HEADER_ITEMS_MAX + more)),
    ];
    let method = || wish(&["GET", "PUT", "OPTIONS", "PATCH", "get", ""]);
    let origin = wish(&[
        "https://a.b",
        "https://a.b:443",
        "http://a.b:80",
        "http://a",
        "null",
        "",
        "https://a.b.a.b",
    ]);
    (
        option::weighted(0.8, any::<Index>()),
        any::<bool>(),
        method(),
        option::weighted(0.9, origin),
        option::weighted(0.8, method()),
        lines,
        oversized,
    )
        .prop_map(
            |(rule, preflight, method, origin, access_control_request_method, lines, oversized)| {
                Wishes {
                    rule,
                    preflight,
                    method,
                    origin,
                    access_control_request_method,
                    lines,
                    oversized,
                }
            },
        )
}

fn wish(others: &'static [&'static str]) -> BoxedStrategy<Wish> {
    let twist = prop_oneof![
        20 => Just(Twist::None),
        1 => Just(Twist::UpperCase),
        1 => Just(Twist::WithoutLast),
        1 => select(b"ab./: \t*\0\n\x7F\x80\xFF".as_slice()).prop_map(Twist::Longer),
    ];
    let of_pattern = (
        any::<Index>(),
        select(["", "a", "b", "a.b", "x.y", "*"].as_slice()),
        twist,
    )
        .prop_map(|(pattern, middle, twist)| Wish::OfPattern {
            pattern,
            middle,
            twist,
        });
    prop_oneof![
        16 => of_pattern,
        3 => select(others).prop_map(|text| Wish::Bytes(text.as_bytes().to_vec())),
        1 => vec(any::<u8>(), 0..=6).prop_map(Wish::Bytes),
    ]
    .boxed()
}

fn separator() -> BoxedStrategy<&'static str> {
    select([",", ", ", "\t,", ",,", " , \t, "].as_slice()).boxed()
}

impl Wishes {
    /// Builds the request for `configuration`.
    pub(super) fn request(&self, configuration: &Configuration) -> Request {
        let rules = match self.rule {
            Some(rule) if !configuration.rules.is_empty() => {
                slice::from_ref(rule.get(&configuration.rules))
            }
            _ => configuration.rules.as_slice(),
        };
        let origins: Vec<&String> = rules
            .iter()
            .flat_map(|rule| &rule.allowed_origins)
            .collect();
        let methods: Vec<&String> = rules
            .iter()
            .flat_map(|rule| &rule.allowed_methods)
            .collect();
        let headers: Vec<&String> = rules
            .iter()
            .flat_map(|rule| &rule.allowed_headers)
            .collect();
        let method = if self.preflight {
            b"OPTIONS".to_vec()
        } else {
            self.method.bytes(&methods)
        };
        let mut request = Request {
            method,
            origin: self.origin.as_ref().map(|wish| wish.bytes(&origins)),
            access_control_request_method: self
                .access_control_request_method
                .as_ref()
                .map(|wish| wish.bytes(&methods)),
            access_control_request_headers: self
                .lines
                .iter()
                .map(|line| line_of(line, &headers))
                .collect(),
        };
        match self.oversized {
            Oversized::No => {}
            Oversized::Origin(length) => {
                request.origin.get_or_insert_default().resize(length, b'a');
            }
            Oversized::HeaderBytes(length) => {
                request.access_control_request_headers = vec![vec![b' '; length]];
            }
            Oversized::HeaderItems(count) => request
                .access_control_request_headers
                .push(b"x-a,".repeat(count)),
        }
        request
    }
}

impl Wish {
    fn bytes(&self, patterns: &[&String]) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::OfPattern { middle, .. } if patterns.is_empty() => middle.as_bytes().to_vec(),
            Self::OfPattern {
                pattern,
                middle,
                twist,
            } => twist.of(pattern.get(patterns).replace('*', middle).into_bytes()),
        }
    }
}

impl Twist {
    fn of(self, mut bytes: Vec<u8>) -> Vec<u8> {
        match self {
            Self::None => {}
            Self::UpperCase => bytes.make_ascii_uppercase(),
            Self::WithoutLast => drop(bytes.pop()),
            Self::Longer(byte) => bytes.push(byte),
        }
        bytes
    }
}

fn line_of(line: &[(Wish, &'static str)], headers: &[&String]) -> Vec<u8> {
    line.iter()
        .flat_map(|(item, separator)| [item.bytes(headers), separator.as_bytes().to_vec()].concat())
        .collect()
}
