//! Instructions of the main cases, counted by callgrind: the count is the same on every run, so
//! that a few percent are visible. `scripts/check-instructions` compares them with
//! `instructions.txt`.

#![expect(missing_docs, reason = "the macros write functions without")]

use std::hint::black_box;

use benches::cases::{self, Setup, configuration};
use benches::documents::TEN_RULES;
use benches::hostile;
use benches::render;
use cors_core::{Decision, Policy, Request, Rule, compile};
use cors_xml::{Document, Provider};
use gungraun::{library_benchmark, library_benchmark_group, main};

/// The first question of a case, with its answer asserted.
fn asked(name: &str) -> (Policy<'static>, Request<'static>) {
    let hostile = hostile::requests()
        .into_iter()
        .chain(hostile::configurations());
    let mut cases = cases::decide().into_iter().chain(hostile);
    let case = cases
        .find(|case| case.name == name)
        .unwrap_or_else(|| panic!("no case {name}"));
    case.assert_answers();
    (case.setup.policy, case.questions[0].request)
}

#[library_benchmark(setup = asked)]
#[bench::actual_one("actual/one")]
#[bench::actual_exact_10("actual/exact-10")]
#[bench::actual_exact_100("actual/exact-100")]
#[bench::actual_mixed_exact("actual/mixed-1000x100/exact")]
#[bench::actual_mixed_wildcard("actual/mixed-1000x100/wildcard")]
#[bench::actual_rules_1000("actual/rules-1000")]
#[bench::miss_mixed("miss/mixed-1000x100")]
#[bench::no_origin("no-origin")]
#[bench::preflight0_one("preflight0/one")]
#[bench::preflight3_one("preflight3/one")]
#[bench::preflight3_one_exact_names("preflight3/one/exact-names")]
#[bench::preflight10_one("preflight10/one")]
#[bench::preflight3_mixed("preflight3/mixed-1000x100")]
#[bench::hostile_16k("preflight/hostile-16k")]
#[bench::hostile_64k("preflight/hostile-64k")]
#[bench::hostile_256_names("preflight/hostile-256-names")]
#[bench::hostile_shapes_1000("hostile/shapes-1000")]
#[bench::hostile_suffix_chain_1000("hostile/suffix-chain-1000")]
fn decide((policy, request): (Policy<'static>, Request<'static>)) -> Decision<'static, 'static> {
    black_box(&policy).decide(black_box(&request))
}

fn decided(name: &str) -> Decision<'static, 'static> {
    let (policy, request) = asked(name);
    policy.decide(Box::leak(Box::new(request)))
}

#[library_benchmark(setup = decided)]
#[bench::actual_one("actual/one")]
#[bench::preflight3_one("preflight3/one")]
fn http1(decision: Decision<'static, 'static>) -> usize {
    let mut buffer = [0; 1024];
    render::http1(black_box(&decision), black_box(&mut buffer))
}

fn image(name: &str) -> &'static [u8] {
    asked(name).0.as_bytes()
}

#[library_benchmark(setup = image)]
#[bench::one("actual/one")]
#[bench::mixed("actual/mixed-1000x100")]
fn from_bytes(image: &'static [u8]) -> bool {
    Policy::from_bytes(black_box(image)).is_ok()
}

/// Rules, and space for their image.
fn rules(setup: &Setup) -> (&'static [Rule<'static>], &'static mut [u8]) {
    (setup.rules, Vec::leak(vec![0; 1 << 20]))
}

#[library_benchmark(setup = rules)]
#[bench::one(&cases::ONE)]
#[bench::mixed(&cases::MIXED)]
fn to_image((rules, buffer): (&'static [Rule<'static>], &'static mut [u8])) -> bool {
    compile(&configuration(black_box(rules)), buffer).is_ok()
}

fn ten_rules() -> &'static str {
    &TEN_RULES
}

#[library_benchmark]
#[bench::ten_rules(ten_rules())]
fn parse(document: &'static str) -> bool {
    Document::parse(&Provider::OSS, black_box(document.as_bytes())).is_ok()
}

library_benchmark_group!(
    name = all,
    benchmarks = [decide, http1, from_bytes, to_image, parse]
);
main!(library_benchmark_groups = all);
