//! Rendering a decision's headers, without the decision itself.

use std::hint::black_box;

use benches::cases::{EXACT_10, ONE, THREE_NAMES, actual, exact, preflight, text};
use benches::render;
use criterion::{Criterion, criterion_group, criterion_main};

fn render(criterion: &mut Criterion) {
    let questions = [
        (
            "actual/exact-10",
            *EXACT_10,
            actual(text(exact(9))),
            "access-control-allow-origin: https://app-9.example.com\r\n\
             access-control-allow-methods: GET, PUT, POST\r\n\
             vary: Origin\r\n",
        ),
        (
            "preflight3/one",
            *ONE,
            preflight(text(exact(0)), THREE_NAMES),
            "access-control-allow-origin: https://app-0.example.com\r\n\
             access-control-allow-methods: GET, PUT, POST\r\n\
             access-control-allow-headers: content-type, x-amz-date, x-request-id\r\n\
             vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\r\n",
        ),
    ];
    for (name, setup, request, expected) in questions {
        let decision = setup.policy.decide(&request);
        let mut buffer = [0; 1024];
        let length = render::http1(&decision, &mut buffer);
        assert_eq!(
            std::str::from_utf8(&buffer[..length]),
            Ok(expected),
            "{name}"
        );
        criterion.bench_function(&format!("http1/{name}"), |bencher| {
            bencher.iter(|| render::http1(black_box(&decision), black_box(&mut buffer)));
        });
        let map = render::header_map(&decision);
        let lines = map.iter().map(|(name, value)| {
            format!(
                "{name}: {}\r\n",
                value.to_str().expect("visible characters")
            )
        });
        assert_eq!(lines.collect::<String>(), expected, "{name}");
        criterion.bench_function(&format!("header-map/{name}"), |bencher| {
            bencher.iter(|| render::header_map(black_box(&decision)));
        });
    }
}

criterion_group!(group, render);
criterion_main!(group);
