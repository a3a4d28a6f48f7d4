//! Decisions: actual requests and preflights, with growing numbers of rules, patterns and names.

use std::hint::black_box;

use benches::cases;
use criterion::{Criterion, criterion_group, criterion_main};

fn decide(criterion: &mut Criterion) {
    for case in cases::decide() {
        case.assert_answers();
        let policy = case.setup.policy;
        let mut questions = case.questions.iter().cycle();
        criterion.bench_function(&case.name, |bencher| {
            bencher.iter(|| policy.decide(black_box(&questions.next().expect("a circle").request)));
        });
    }
}

criterion_group!(group, decide);
criterion_main!(group);
