//! Every short pattern against every short text: the public pattern, the engine's index, and the
//! naive matcher.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may stop at a broken promise"
)]

use conformance::engine;
use cors_core::{Pattern, Policy};
use reference::model::{Configuration, DialectName, Request, Rule};
use reference::{header_matches, matches};

/// All texts over an alphabet up to a length, starting with the empty one.
fn texts(alphabet: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut start = 0;
    for _ in 0..longest {
        let end = all.len();
        for index in start..end {
            for letter in alphabet {
                let mut text = all[index].clone();
                text.push(*letter);
                all.push(text);
            }
        }
        start = end;
    }
    all
}

fn patterns(longest: usize) -> Vec<String> {
    let all = texts(b"ab*", longest)
        .into_iter()
        .map(|text| String::from_utf8(text).unwrap());
    all.filter(|text| text.matches('*').count() <= 1).collect()
}

#[test]
fn every_pattern_up_to_five_bytes_against_every_text_up_to_seven() {
    let (patterns, texts) = (patterns(5), texts(b"ab*", 7));
    for pattern in &patterns {
        let parsed = Pattern::parse(pattern).unwrap();
        for text in &texts {
            let expected = matches(pattern.as_bytes(), text);
            assert_eq!(parsed.matches(text), expected, "{pattern} {text:?}");
            assert_eq!(
                parsed.matches_ignoring_case(&text.to_ascii_uppercase()),
                expected,
                "{pattern} {text:?}"
            );
        }
    }
    println!("{} patterns, {} texts", patterns.len(), texts.len());
}

/// All patterns in one policy, one rule each: the index must find exactly the rules whose pattern
/// matches, so the first of them in order wins, for every pattern that is put first.
#[test]
fn the_index_finds_exactly_the_patterns_that_match_by_shapes() {
    the_index_finds_exactly_what_matches(&patterns(5), 7);
}

/// Patterns of up to six bytes have 20 shapes, so that affixes are in their place.
#[test]
fn the_index_finds_exactly_the_patterns_that_match_by_affixes() {
    the_index_finds_exactly_what_matches(&patterns(6), 31);
}

/// The same around `*` with texts longer than the words that are compared at once.
#[test]
fn the_index_finds_long_affixes() {
    let lengths = [0, 1, 3, 7, 8, 9, 15, 16, 17];
    let ends = lengths.map(|length| "ab".repeat(9)[..length].to_owned());
    let patterns: Vec<String> = ends
        .iter()
        .flat_map(|prefix| ends.iter().map(move |suffix| format!("{prefix}*{suffix}")))
        .collect();
    let rule = |pattern: &String| Rule {
        allowed_origins: vec![pattern.clone()],
        allowed_methods: vec!["GET".to_owned()],
        allowed_headers: vec![pattern.to_ascii_uppercase()],
        ..Rule::default()
    };
    let long = "ab".repeat(9);
    let mut texts: Vec<Vec<u8>> = (1..=18)
        .flat_map(|length| {
            let (start, end) = (&long[..length], &long[18 - length..]);
            [
                start.to_owned(),
                end.to_owned(),
                format!("{start}{end}"),
                format!("{start}x{end}"),
            ]
        })
        .map(String::into_bytes)
        .collect();
    for at in 0..36 {
        let mut text = long.repeat(2).into_bytes();
        text[at] = b'x';
        texts.push(text);
    }
    for start in 0..patterns.len() {
        let mut order = patterns.clone();
        order.rotate_left(start);
        finds_the_first(&order, order.iter().map(rule).collect(), &texts);
    }
}

fn the_index_finds_exactly_what_matches(patterns: &[String], step: usize) {
    let patterns: Vec<String> = patterns
        .iter()
        .filter(|pattern| !pattern.is_empty())
        .cloned()
        .collect();
    let texts: Vec<_> = texts(b"ab", 7)
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    for start in (0..patterns.len()).step_by(step) {
        let mut order = patterns.clone();
        order.rotate_left(start);
        let rules = order.iter().map(|pattern| Rule {
            allowed_origins: vec![pattern.clone()],
            allowed_methods: vec!["GET".to_owned()],
            allowed_headers: vec![pattern.clone()],
            ..Rule::default()
        });
        finds_the_first(&order, rules.collect(), &texts);
    }
}

fn finds_the_first(order: &[String], rules: Vec<Rule>, texts: &[Vec<u8>]) {
    let configuration = Configuration {
        dialect: DialectName::Strict,
        rules,
        response_vary: false,
    };
    let image = engine::compile(&configuration).unwrap();
    let policy = Policy::from_bytes(&image).unwrap();
    for text in texts {
        let request = Request {
            method: b"GET".to_vec(),
            origin: Some(text.clone()),
            ..Request::default()
        };
        let expected = order
            .iter()
            .position(|pattern| matches(pattern.as_bytes(), text));
        assert_eq!(
            engine::decide(&policy, &request).rule(),
            expected,
            "origin {text:?}"
        );
        let request = Request {
            method: b"OPTIONS".to_vec(),
            origin: Some(text.clone()),
            access_control_request_method: Some(b"GET".to_vec()),
            access_control_request_headers: vec![text.to_ascii_uppercase()],
        };
        let both =
            |pattern: &String| matches(pattern.as_bytes(), text) && header_matches(pattern, text);
        assert_eq!(
            engine::decide(&policy, &request).rule(),
            order.iter().position(both),
            "header {text:?}"
        );
    }
}
