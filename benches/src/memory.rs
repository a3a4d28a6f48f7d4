//! Memory of a bucket: its image, and the same as a [`SharedPolicy`], before and after its first requests.

use std::mem::size_of;

use cors_core::{Configuration, Dialect, List, Rule};
use cors_http::SharedPolicy;
use http::{HeaderMap, HeaderValue, Method};

use crate::allocations::bytes_kept;
use crate::cases::{METHODS, exact, subdomains, text};

/// One kind of bucket; bytes a bucket.
pub struct Memory {
    /// The rules.
    pub kind: &'static str,
    /// The policy image.
    pub image: usize,
    /// The image as a `Box<[u8]>`.
    pub boxed: usize,
    /// A shared policy that was just made.
    pub shared: usize,
    /// The same after it has answered a request and a preflight.
    pub used: usize,
}

/// The most that a shared policy with one rule may take.
pub const MOST: usize = 600;

/// Buckets of one rule, and the mix: seven of ten have one rule with one origin, the others three rules
/// with two origins each.
pub fn all() -> [Memory; 2] {
    let one = bucket(&[rule(0, 1)]);
    let three = bucket(&[rule(0, 2), rule(2, 2), rule(4, 2)]);
    let mean = |of: fn(&Memory) -> usize| (of(&one) * 7 + of(&three) * 3) / 10;
    let mix = Memory {
        kind: "7 of 10 one rule, 3 of 10 three rules",
        image: mean(|one| one.image),
        boxed: mean(|one| one.boxed),
        shared: mean(|one| one.shared),
        used: mean(|one| one.used),
    };
    [one, mix]
}

fn bucket(rules: &[Rule<'_>]) -> Memory {
    let configuration = Configuration::new(&Dialect::OSS, rules);
    let shared = || SharedPolicy::compile(&configuration).expect("the rules are valid");
    let (policy, made) = bytes_kept(shared);
    let (image, boxed) = bytes_kept(|| Box::<[u8]>::from(policy.as_bytes()));
    // What compiling has left behind is part of neither.
    let ((), answering) = bytes_kept(|| {
        for method in [Method::GET, Method::OPTIONS] {
            let mut headers = HeaderMap::new();
            let origin = rules[0].allowed_origins.iter().next().expect("an origin");
            headers.insert("origin", HeaderValue::from_str(origin).expect("an origin"));
            headers.insert(
                "access-control-request-method",
                HeaderValue::from_static("PUT"),
            );
            let (is_granted, answer) =
                policy.decide(&method, &headers, |_, decision| decision.grant().is_some());
            let mut response = HeaderMap::new();
            answer.apply_to(&mut response);
            assert!(is_granted && response.contains_key("access-control-allow-origin"));
        }
    });
    let made = made + size_of::<SharedPolicy>();
    Memory {
        kind: "one rule, one origin",
        image: image.len(),
        boxed: boxed + size_of::<Box<[u8]>>(),
        shared: made,
        used: made + answering,
    }
}

/// Methods, three headers, two exposed; origins from `first` on, the second of two a wildcard.
fn rule(first: usize, origins: usize) -> Rule<'static> {
    let origin = |number: usize| match number % 2 {
        0 => text(exact(number)),
        _ => text(subdomains(number)),
    };
    let origins: Vec<&'static str> = (first..first + origins).map(origin).collect();
    Rule {
        allowed_origins: List::new(origins.leak()),
        allowed_methods: List::new(METHODS),
        allowed_headers: List::new(&["content-type", "x-amz-*", "authorization"]),
        expose_headers: List::new(&["ETag", "x-amz-request-id"]),
        ..Rule::EMPTY
    }
}
