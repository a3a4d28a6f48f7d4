//! The sizes of images, compared with the text of their rules and with their document.

use cors_core::{Configuration, List, Rule, compile};
use cors_xml::Provider;

use crate::cases::{configuration_text_bytes, exact, mixed, rule, subdomains, text};

/// One configuration's sizes in bytes.
pub struct Size {
    /// The shape of the rules.
    pub shape: &'static str,
    /// The number of rules.
    pub rules: usize,
    /// The text of the rules: all their values.
    pub text: usize,
    /// The policy image.
    pub image: usize,
    /// The document as S3 writes it.
    pub document: usize,
}

impl Size {
    /// The largest allowed size of the image.
    pub fn bound(&self) -> usize {
        self.text * 5 / 2 + 256
    }
}

/// The numbers of rules.
pub const RULES: [usize; 7] = [1, 2, 5, 10, 25, 50, 100];

/// Every shape at every number of rules.
pub fn all() -> Vec<Size> {
    let small = |origins: Vec<String>| Rule {
        allowed_methods: List::new(&["GET"]),
        allowed_headers: List::EMPTY,
        ..rule(origins)
    };
    let full = |index: usize, origins: Vec<String>| Rule {
        id: Some(text(format!("rule-{index}"))),
        allowed_headers: List::new(&["content-type", "x-amz-*"]),
        expose_headers: List::new(&["ETag", "x-amz-request-id"]),
        max_age_seconds: Some(3600),
        ..rule(origins)
    };
    type Shape<'s> = (&'static str, &'s dyn Fn(usize) -> Rule<'static>);
    let shapes: [Shape<'_>; 8] = [
        ("`*` and GET, nothing else", &|_| small(vec!["*".into()])),
        ("one exact origin and GET", &|index| {
            small(vec![exact(index)])
        }),
        ("one wildcard and GET", &|index| {
            small(vec![subdomains(index)])
        }),
        ("two origins, all members", &|index| {
            full(index, vec![exact(index), subdomains(index)])
        }),
        ("ten origins, all members", &|index| {
            full(index, (index * 10..index * 10 + 10).map(mixed).collect())
        }),
        ("the same five origins in each rule", &|index| {
            full(index, (0..5).map(mixed).collect())
        }),
        ("short origins, a header of its own", &|index| Rule {
            allowed_headers: List::new(vec![text(format!("x-{index}"))].leak()),
            ..small(vec![format!("http://{index}")])
        }),
        ("wildcards of many lengths", &|index| {
            small(vec![format!("https://{}*.example.com", "a".repeat(index))])
        }),
    ];
    let mut sizes = Vec::new();
    for (shape, rule) in shapes {
        for count in RULES {
            let rules: Vec<Rule<'static>> = (0..count).map(rule).collect();
            let mut buffer = vec![0; 1 << 20];
            let policy = compile(
                &Configuration::new(&Provider::S3.dialect, &rules),
                &mut buffer,
            );
            let image = policy.expect("the rules are valid").as_bytes().len();
            let mut document = String::new();
            let written =
                Provider::S3.write_configuration(rules.iter().copied(), false, &mut document);
            written.expect("a string takes everything");
            let text = configuration_text_bytes(&rules);
            sizes.push(Size {
                shape,
                rules: count,
                text,
                image,
                document: document.len(),
            });
        }
    }
    sizes
}
