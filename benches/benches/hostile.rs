//! Requests, configurations and documents made to be expensive.

use std::hint::black_box;

use benches::hostile;
use cors_advice::convert::Conversion;
use cors_advice::diff::diff;
use cors_advice::lint::lint;
use cors_core::{Configuration, Dialect, List, Rule};
use cors_xml::Provider;
use criterion::{Criterion, criterion_group, criterion_main};

fn decide(criterion: &mut Criterion) {
    for case in hostile::requests()
        .into_iter()
        .chain(hostile::configurations())
    {
        case.assert_answers();
        let policy = case.setup.policy;
        let mut questions = case.questions.iter().cycle();
        criterion.bench_function(&case.name, |bencher| {
            bencher.iter(|| policy.decide(black_box(&questions.next().expect("a circle").request)));
        });
    }
}

/// Documents of one list each of 3000 values; what they cost is what owners and their tools wait for.
fn documents(criterion: &mut Criterion) {
    let numbered = |prefix: &str, suffix: &str| -> Vec<String> {
        (0..3000)
            .map(|number| format!("{prefix}{number:x}{suffix}"))
            .collect()
    };
    let (origins, wildcards, headers) = (numbered("", ""), numbered("", "*"), numbered("h", ""));
    let [origins, wildcards, headers] = [&origins, &wildcards, &headers]
        .map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
    let gets = vec!["GET"; 3000];
    let rule = |origins, methods, headers| Rule {
        allowed_origins: List::new(origins),
        allowed_methods: List::new(methods),
        allowed_headers: List::new(headers),
        ..Rule::EMPTY
    };
    let none: &[&str] = &[];
    let repeated = [rule(&origins, &["GET"], none), rule(&origins, &gets, none)];
    criterion.bench_function("hostile/lint", |bencher| {
        let configuration = Configuration::new(&Dialect::S3, &repeated);
        bencher.iter(|| lint(black_box(&configuration)).count());
    });
    let lost = [rule(&wildcards, &["GET"], none)];
    criterion.bench_function("hostile/convert", |bencher| {
        let configuration = Configuration::new(&Dialect::S3, &lost);
        bencher.iter(|| {
            Conversion::new(black_box(&configuration), &Provider::AZURE)
                .losses()
                .len()
        });
    });
    let compiled = |headers| {
        let rules = [rule(&origins, &["GET", "PUT"], headers)];
        let checked = Configuration::new(&Dialect::S3, &rules).checked();
        checked
            .and_then(|checked| checked.compile())
            .expect("valid rules")
    };
    let (old, new) = (compiled(none), compiled(&headers));
    criterion.bench_function("hostile/diff", |bencher| {
        bencher.iter(|| diff(&Provider::S3, &old.as_policy(), &new.as_policy()).granted);
    });
}

criterion_group!(group, decide, documents);
criterion_main!(group);
