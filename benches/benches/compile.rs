//! From rules to an image, and from an image to a policy.

use std::hint::black_box;

use benches::cases::{EXACT_100, MIXED, ONE, configuration};
use cors_core::{Policy, check, compile};
use criterion::{Criterion, criterion_group, criterion_main};

fn compile_and_read(criterion: &mut Criterion) {
    for (name, setup) in [
        ("one", *ONE),
        ("exact-100", *EXACT_100),
        ("mixed-1000x100", *MIXED),
    ] {
        let image = setup.policy.as_bytes();
        let configuration = configuration(setup.rules);
        let mut buffer = vec![0; image.len() * 2 + 1024];
        let length = compile(&configuration, &mut buffer).map(|policy| policy.as_bytes().len());
        assert_eq!(length, Ok(image.len()), "{name}");
        assert_eq!(check(&configuration).count(), 0, "{name}");
        criterion.bench_function(&format!("compile/{name}"), |bencher| {
            bencher.iter(|| compile(black_box(&configuration), &mut buffer).is_ok());
        });
        criterion.bench_function(&format!("check/{name}"), |bencher| {
            bencher.iter(|| check(black_box(&configuration)).count());
        });
        criterion.bench_function(&format!("from-bytes/{name}"), |bencher| {
            bencher.iter(|| Policy::from_bytes(black_box(image)));
        });
    }
}

criterion_group!(group, compile_and_read);
criterion_main!(group);
