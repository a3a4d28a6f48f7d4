//! Requests and configurations made to be expensive.

use std::hint::black_box;

use benches::cases;
use criterion::{Criterion, criterion_group, criterion_main};

fn hostile(criterion: &mut Criterion) {
    for case in cases::hostile_requests()
        .into_iter()
        .chain(cases::hostile_configurations())
    {
        case.assert_answers();
        let policy = case.setup.policy;
        let mut questions = case.questions.iter().cycle();
        criterion.bench_function(&case.name, |bencher| {
            bencher.iter(|| policy.decide(black_box(&questions.next().expect("a circle").request)));
        });
    }
}

criterion_group!(group, hostile);
criterion_main!(group);
