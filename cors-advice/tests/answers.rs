//! Answers in words: each step of a refusal, and bytes that are not text.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::explain::Answer;
use cors_core::{Configuration, List, Request, Rule};
use cors_xml::Provider;

fn answer(provider: &Provider, request: &Request<'_>) -> Answer {
    let rules = [Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    }];
    let configuration = Configuration::new(&provider.dialect, &rules);
    let image = configuration.checked().unwrap().compile().unwrap();
    Answer::new(provider, request, &image.as_policy().decide(request))
}

const PREFLIGHT: Request<'static> = Request {
    method: b"OPTIONS",
    origin: Some(b"https://a.example"),
    access_control_request_method: Some(b"GET"),
    access_control_request_headers: &[],
};

#[test]
fn outcomes_have_words_and_preflights_a_status() {
    let actual = Request {
        method: b"GET",
        access_control_request_method: None,
        ..PREFLIGHT
    };
    let elsewhere = Some(&b"https://b.example"[..]);
    for (request, outcome, status) in [
        (
            Request {
                origin: None,
                ..actual
            },
            "not_cors",
            None,
        ),
        (PREFLIGHT, "preflight_granted", Some(200)),
        (
            Request {
                origin: elsewhere,
                ..PREFLIGHT
            },
            "preflight_refused",
            Some(403),
        ),
        (actual, "actual_granted", None),
        (
            Request {
                origin: elsewhere,
                ..actual
            },
            "actual_refused",
            None,
        ),
    ] {
        let answer = answer(&Provider::S3, &request);
        assert_eq!((answer.outcome, answer.status), (outcome, status));
        assert_eq!(answer.rule.is_some(), outcome.ends_with("granted"));
    }
}

#[test]
fn a_refusal_names_its_step_and_the_header_that_stopped_it() {
    let long: &[u8] = &vec![b'a'; 64 * 1024];
    let many = vec![&b"x-a"[..]; 2000];
    for (lines, step, name, index, limit) in [
        (
            &[&b"x-a, x-b"[..]][..],
            "header",
            Some("x-a"),
            Some(0),
            None,
        ),
        (&[long], "limit", None, None, Some("header_bytes")),
        (&many, "limit", None, None, Some("header_names")),
    ] {
        let request = Request {
            access_control_request_headers: lines,
            ..PREFLIGHT
        };
        let refusal = answer(&Provider::OSS, &request).refusal.unwrap();
        assert_eq!(
            (refusal.name.as_deref(), refusal.index, refusal.limit),
            (name, index, limit)
        );
        assert!(refusal.step.contains(step), "{}", refusal.step);
    }
    let origin = [b'a'; 8 * 1024];
    let request = Request {
        origin: Some(&origin),
        ..PREFLIGHT
    };
    let refusal = answer(&Provider::OSS, &request).refusal.unwrap();
    assert_eq!(refusal.limit, Some("origin_bytes"));
}

#[test]
fn bytes_of_the_request_are_repeated_as_characters() {
    let request = Request {
        access_control_request_method: Some(b"G\xe9T"),
        ..PREFLIGHT
    };
    let answer = answer(&Provider::S3, &request);
    assert_eq!((answer.outcome, answer.status), ("bad_request", Some(400)));
    let message = answer.error.unwrap().message;
    assert_eq!(message, "Invalid Access-Control-Request-Method: G\u{e9}T");
}
