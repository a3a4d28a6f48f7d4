//! The fuzz targets: each runs a law on any bytes. Any harness can call them; they panic if a law
//! is violated.

use arbitrary::{Arbitrary, Unstructured};

use cors_advice::browser::Page;
use cors_xml::Provider;

use reference::case_text;
use reference::model::{Configuration, DialectName, Request};

use crate::laws::bucket_service::Served;
use crate::laws::exchanges::Bucket;
use crate::laws::{self, documents};
use crate::structured::Case;
use crate::{engine, messages};

/// A target: its name, and the function that checks an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: [Target; 10] = [
    ("compile_and_decide", compile_and_decide),
    ("from_bytes", from_bytes),
    ("request_headers", request_headers),
    ("header_output", header_output),
    ("parse_document", parse_document),
    ("lint", lint),
    ("advice", advice),
    ("convert", convert),
    ("http", http),
    ("structured", structured),
];

/// A case as [`case_text`]: the engine finds the same faults as the reference; on a valid
/// configuration, answers and explanations agree, and the image preserves the rules.
///
/// # Panics
///
/// If a law is violated.
pub fn compile_and_decide(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    hold(laws::same_faults(&configuration));
    if is_valid(&configuration) {
        hold(laws::same_answer(&configuration, &request));
        hold(laws::explanation_agrees(&configuration, &request));
        hold(laws::image_keeps_the_rules(&configuration));
    }
}

/// An image made of arbitrary bytes: it does no harm, and answers as its rules say.
///
/// # Panics
///
/// If a law is violated.
pub fn from_bytes(input: &[u8]) {
    for request in requests() {
        hold(laws::hostile_image(input, &request));
        hold(laws::image_answers_as_its_rules(input, &request));
    }
}

/// A case as [`case_text`]: lines, order, case and repetition of names, and rules that cannot
/// match, change nothing.
///
/// # Panics
///
/// If a law is violated.
pub fn request_headers(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    if is_valid(&configuration) {
        hold(laws::names_are_a_set(&configuration, &request));
        hold(laws::rules_that_change_nothing(&configuration, &request));
    }
}

/// A case as [`case_text`]: no control byte is output, for any input.
///
/// # Panics
///
/// If a law is violated.
pub fn header_output(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    hold(laws::no_control_byte(&engine::evaluate(
        &configuration,
        &request,
    )));
}

/// A document in XML or JSON: errors, or a configuration that is written and read again unchanged.
///
/// # Panics
///
/// If a law is violated.
pub fn parse_document(input: &[u8]) {
    hold(documents::round_trips(input));
    hold(documents::json_round_trips(input));
}

/// A case as [`case_text`]: lint's findings about its configuration are true, for its request and
/// for requests made for each rule reported as unreachable.
///
/// # Panics
///
/// If a law is violated.
pub fn lint(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    if is_valid(&configuration) {
        hold(laws::findings_are_true(&configuration, &request));
        hold(laws::unreachable_rules_never_win(&configuration));
        hold(laws::redundant_values_are_found(&configuration));
        hold(laws::lint_work_is_bounded(&configuration));
    }
}

/// A case as [`case_text`]: what `explain` advises about the page of its request, with and without
/// credentials, is followed in each form of the provider, and helps.
///
/// # Panics
///
/// If a law is violated.
pub fn advice(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    if !is_valid(&configuration) {
        return;
    }
    let Some(page) = page(&request) else { return };
    engine::with_configuration(&configuration, |rules| {
        let provider = Provider::named(rules.dialect.name);
        for form in provider.into_iter().flat_map(Provider::forms) {
            for page in [page.clone(), page.clone().with_credentials(true)] {
                hold(laws::following_advice_helps(form, rules, &page).map(drop));
            }
        }
    });
}

/// A case as [`case_text`]: after conversion into each dialect, everything not reported is
/// unchanged; a comparison with the configuration without its first rule reports true changes; the
/// work of both is bounded.
///
/// # Panics
///
/// If a law is violated.
pub fn convert(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    if is_valid(&configuration) {
        for to in DialectName::ALL {
            hold(laws::conversion_keeps_answers(&configuration, to, &request));
        }
        hold(laws::conversion_can_be_read(&configuration));
        for to in Provider::ALL {
            hold(laws::conversion_work_is_bounded(&configuration, to));
        }
        hold(changes_without_the_first_rule(&configuration));
    }
}

/// Requests as [`messages`], sent in order to one bucket: `?cors` follows the provider's table,
/// layer and service follow the reference's answer.
///
/// # Panics
///
/// If a law is violated.
pub fn http(input: &[u8]) {
    let (provider, requests) = messages::parse(input);
    let (mut bucket, mut served) = (Bucket::new(provider), Served::new(provider));
    for request in requests {
        hold(bucket.take(&request));
        hold(served.take(&request));
    }
}

/// A [`Case`] made from the input's bytes: engine and reference agree on faults and answers, and
/// changes that must not matter change nothing.
///
/// # Panics
///
/// If a law is violated.
pub fn structured(input: &[u8]) {
    let Ok(case) = Case::arbitrary_take_rest(Unstructured::new(input)) else {
        return;
    };
    let (configuration, request) = (case.configuration(), case.request());
    hold(laws::same_faults(&configuration));
    if is_valid(&configuration) {
        hold(laws::same_answer(&configuration, &request));
        hold(laws::explanation_agrees(&configuration, &request));
        hold(laws::image_keeps_the_rules(&configuration));
        hold(laws::names_are_a_set(&configuration, &request));
        hold(laws::rules_that_change_nothing(&configuration, &request));
    }
}

fn changes_without_the_first_rule(configuration: &Configuration) -> laws::Verdict {
    let name = engine::dialect(configuration.dialect).name;
    let provider = Provider::named(name).unwrap_or(&Provider::S3);
    let fewer = Configuration {
        rules: configuration.rules.iter().skip(1).cloned().collect(),
        ..configuration.clone()
    };
    match [configuration, &fewer].map(engine::compile) {
        [Ok(old), Ok(new)] => laws::changes_are_true(provider, &old, &new),
        _ => Ok(()),
    }
}

fn is_valid(configuration: &Configuration) -> bool {
    engine::errors(configuration, false).is_empty()
}

/// The page that sends a request or its preflight, if one can.
fn page(request: &Request) -> Option<Page> {
    let method = request.access_control_request_method.as_ref();
    let method = str::from_utf8(method.unwrap_or(&request.method)).ok()?;
    let origin = str::from_utf8(request.origin.as_ref()?).ok()?;
    let lines = request.access_control_request_headers.iter();
    let names = lines.flat_map(|line| line.split(|byte| *byte == b','));
    let mut names = names.filter_map(|name| str::from_utf8(name.trim_ascii()).ok());
    names.try_fold(Page::new(origin, method).ok()?, |page, name| {
        page.with_header(name).ok()
    })
}

/// Requests of each kind, used with every hostile image.
fn requests() -> [Request; 3] {
    let actual = Request {
        method: b"GET".to_vec(),
        origin: Some(b"https://x.a.example".to_vec()),
        ..Request::default()
    };
    let preflight = Request {
        method: b"OPTIONS".to_vec(),
        access_control_request_method: Some(b"PUT".to_vec()),
        access_control_request_headers: vec![
            b"x-a, authorization".to_vec(),
            b"X-Amz-Date".to_vec(),
        ],
        ..actual.clone()
    };
    [Request::default(), actual, preflight]
}

#[expect(clippy::panic, reason = "how a fuzzer learns that a law is violated")]
fn hold(verdict: laws::Verdict) {
    if let Err(found) = verdict {
        panic!("{found}");
    }
}
