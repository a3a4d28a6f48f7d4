//! Every bit of every recorded image, flipped alone: what `from_bytes` accepts answers as its rules say, and lets
//! nobody in whom the rules do not name. SECURITY.md states the numbers.

use std::collections::BTreeMap;

use conformance::{engine, laws};
use cors_core::Policy;
use reference::model::{Configuration, Request};

fn recorded() -> Vec<Vec<u8>> {
    let text = include_str!("../../images.txt");
    let image = |line: &str| {
        let (_, hexadecimal) = line.split_once(' ').unwrap();
        let pairs = hexadecimal.as_bytes().chunks(2);
        pairs
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    text.lines().map(image).collect()
}

/// Requests from the origins that a configuration names and from one that it does not, with its methods, and with
/// its header names and one that it does not name.
fn requests(configuration: &Configuration) -> Vec<Request> {
    let texts = |lists: Vec<&Vec<String>>, other: &str| {
        let mut texts: Vec<String> = lists.into_iter().flatten().take(3).cloned().collect();
        texts.push(other.to_owned());
        let replaced = texts.iter().map(|text| text.replace('*', "x").into_bytes());
        replaced.collect::<Vec<_>>()
    };
    let rules = || configuration.rules.iter();
    let origins = texts(
        rules().map(|rule| &rule.allowed_origins).collect(),
        STRANGER,
    );
    let methods = texts(
        rules().map(|rule| &rule.allowed_methods).collect(),
        "DELETE",
    );
    let headers = texts(
        rules().map(|rule| &rule.allowed_headers).collect(),
        "x-evil",
    );
    let mut requests = Vec::new();
    for origin in &origins {
        for method in &methods {
            let actual = Request {
                method: method.clone(),
                origin: Some(origin.clone()),
                ..Request::default()
            };
            let preflight = |lines| Request {
                method: b"OPTIONS".to_vec(),
                access_control_request_method: Some(method.clone()),
                access_control_request_headers: lines,
                ..actual.clone()
            };
            requests.push(preflight(vec![]));
            requests.extend(headers.iter().map(|name| preflight(vec![name.clone()])));
            requests.push(actual);
        }
    }
    requests
}

/// An origin that no recorded image names.
const STRANGER: &str = "https://stranger.test";

#[test]
fn no_flipped_bit_that_is_accepted_lets_a_stranger_in() {
    let (mut flips, mut accepted, mut differing) = (0, 0, 0);
    let mut parts: BTreeMap<&str, u32> = BTreeMap::new();
    for good in recorded() {
        let policy = Policy::from_bytes(&good).unwrap();
        let before = laws::shown(&policy).unwrap();
        let asked = requests(&before);
        let stranger = |request: &Request| request.origin.as_deref() == Some(STRANGER.as_bytes());
        let gets_in = |policy: &Policy<'_>, request: &Request| {
            let answer = engine::decide(policy, request);
            (
                answer.rule().is_some(),
                answer.header("access-control-allow-credentials").is_some(),
            )
        };
        for at in 0..good.len() * 8 {
            let mut image = good.clone();
            image[at / 8] ^= 1 << (at % 8);
            flips += 1;
            let Ok(flipped) = Policy::from_bytes(&image) else {
                continue;
            };
            accepted += 1;
            let part = policy
                .parts()
                .find(|(_, part)| part.contains(&(at / 8)))
                .unwrap();
            *parts.entry(part.0).or_default() += 1;
            let mut differs = false;
            for request in &asked {
                laws::image_answers_as_its_rules(&image, request).unwrap();
                let answers = [&policy, &flipped].map(|policy| engine::decide(policy, request));
                differs |= answers[0] != answers[1];
                if stranger(request) {
                    let [was, is] = [&policy, &flipped].map(|policy| gets_in(policy, request));
                    assert!(
                        is.0 <= was.0 && is.1 <= was.1,
                        "bit {at}: {request:?} {before:?}"
                    );
                }
            }
            differing += u32::from(differs);
        }
    }
    println!("{flips} flips, {accepted} accepted, {differing} change an answer; {parts:?}");
    assert_eq!(
        (flips, accepted, differing),
        (211_552, 3435, 1657),
        "state these numbers in SECURITY.md"
    );
}
