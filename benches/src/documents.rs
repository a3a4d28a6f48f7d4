//! The documents that are parsed, and the bare event loop that parsing is compared with.

use std::sync::LazyLock;

use cors_core::{List, Rule};
use cors_xml::Provider;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::cases::{mixed, rule};

/// One rule, as most documents have, written as a client library does.
pub static ONE_RULE: LazyLock<String> = LazyLock::new(|| write(&Provider::OSS, &rules(1, 2)));
/// Three rules.
pub static THREE_RULES: LazyLock<String> = LazyLock::new(|| write(&Provider::OSS, &rules(3, 2)));
/// Ten rules, the most that OSS accepts.
pub static TEN_RULES: LazyLock<String> = LazyLock::new(|| write(&Provider::OSS, &rules(10, 2)));
/// The same with each element on a separate line.
pub static TEN_RULES_INDENTED: LazyLock<String> =
    LazyLock::new(|| TEN_RULES.replace("><", ">\n    <"));
/// A hundred rules in close to 64 KiB, the most that S3 accepts.
pub static LARGEST: LazyLock<String> = LazyLock::new(|| {
    let document = write(&Provider::S3, &rules(100, 5));
    assert!(
        (57 << 10..=64 << 10).contains(&document.len()),
        "{} bytes",
        document.len()
    );
    document
});

/// Typical rules of buckets.
pub fn rules(count: usize, origins: usize) -> Vec<Rule<'static>> {
    let rule = |index: usize| Rule {
        allowed_headers: List::new(&["content-type", "x-amz-*"]),
        expose_headers: List::new(&["ETag", "x-amz-request-id"]),
        max_age_seconds: Some(3600),
        ..rule(
            (index * origins..(index + 1) * origins)
                .map(mixed)
                .collect(),
        )
    };
    (0..count).map(rule).collect()
}

/// The document with some rules.
pub fn write(provider: &Provider, rules: &[Rule<'_>]) -> String {
    let mut document = String::new();
    provider
        .write_configuration(rules.iter().copied(), false, &mut document)
        .expect("a string takes everything");
    document
}

/// Reads all events of a document, ignores them, and returns their number.
pub fn count_events(document: &str) -> usize {
    let mut reader = Reader::from_str(document);
    let mut count = 0;
    loop {
        match reader.read_event().expect("a well-formed document") {
            Event::Eof => return count,
            _ => count += 1,
        }
    }
}

/// The measured documents: a name, whose they are, the text.
pub fn all() -> [(&'static str, &'static Provider, &'static str); 5] {
    [
        ("1", &Provider::OSS, &ONE_RULE),
        ("3", &Provider::OSS, &THREE_RULES),
        ("10", &Provider::OSS, &TEN_RULES),
        ("10-indented", &Provider::OSS, &TEN_RULES_INDENTED),
        ("100", &Provider::S3, &LARGEST),
    ]
}
