//! Documents: parsed and checked, next to the bare event loop; and compiled to an image.

use std::hint::black_box;

use benches::documents::{self, count_events};
use cors_xml::Document;
use criterion::{Criterion, criterion_group, criterion_main};

fn xml(criterion: &mut Criterion) {
    for (name, provider, document) in documents::all() {
        let rules = document.matches("<CORSRule>").count();
        let image =
            || Document::parse(provider, document.as_bytes()).map(|document| document.compile());
        let compiled = image()
            .expect("a valid document")
            .expect("within the limits");
        assert_eq!(compiled.as_policy().len(), rules, "{name}");
        criterion.bench_function(&format!("quick-xml/{name}"), |bencher| {
            bencher.iter(|| count_events(black_box(document)));
        });
        criterion.bench_function(&format!("parse/{name}"), |bencher| {
            bencher.iter(|| Document::parse(provider, black_box(document.as_bytes())));
        });
        criterion.bench_function(&format!("to-image/{name}"), |bencher| bencher.iter(image));
    }
}

criterion_group!(group, xml);
criterion_main!(group);
