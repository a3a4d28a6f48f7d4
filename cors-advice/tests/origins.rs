//! What lint says no browser sends is held against the URL standard's own serialisation, in both
//! directions, over generated texts. The `url` crate is the independent oracle.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

use cors_advice::lint::{LintCode, Severity, lint};
use cors_core::{Configuration, Dialect, List, Rule};
use url::{Origin, Url};

/// Parts of hosts: what people write, and what is next to a boundary of the standard.
const PIECES: [&str; 44] = [
    "a",
    "A",
    "example",
    ".",
    "..",
    "-",
    "_",
    "'",
    "\"",
    "<",
    ">",
    "|",
    "%",
    "%41",
    "^",
    "`",
    "{",
    "~",
    "!",
    "$",
    "&",
    "(",
    ")",
    "+",
    "=",
    ",",
    ";",
    "[",
    "]",
    "[::1]",
    "[2001:db8::1]",
    "[2001:db8:0:0:0:0:0:1]",
    "[1:0:0:2::3]",
    "[::ffff:1.2.3.4]",
    "1",
    "0",
    "01",
    "255",
    "256",
    "0x1",
    "1.2.3.4",
    "1.2.3",
    "xn--bcher-kva",
    "xn--a",
];

const PORTS: [&str; 16] = [
    "",
    ":",
    ":0",
    ":1",
    ":00",
    ":01",
    ":21",
    ":80",
    ":443",
    ":0443",
    ":3000",
    ":65535",
    ":65536",
    ":99999",
    ":3000-3010",
    ":a",
];

const SCHEMES: [&str; 7] = ["http", "https", "ws", "wss", "ftp", "HTTPS", "1https"];

/// Every text of the parts: with one or two pieces and each port, with three and none.
fn candidates() -> impl Iterator<Item = String> {
    SCHEMES.into_iter().flat_map(|scheme| {
        PIECES.into_iter().flat_map(move |first| {
            [""].into_iter().chain(PIECES).flat_map(move |second| {
                let with_ports = PORTS
                    .into_iter()
                    .map(move |port| format!("{scheme}://{first}{second}{port}"));
                // The host does not depend on which scheme of the web it is.
                let thirds = if scheme == "https" { &PIECES[..] } else { &[] };
                let longer = thirds
                    .iter()
                    .map(move |third| format!("{scheme}://{first}{second}{third}"));
                with_ports.chain(longer)
            })
        })
    })
}

/// What a browser sends for the pages of a URL.
fn serialised(text: &str) -> Option<String> {
    let origin = Url::parse(text).ok()?.origin();
    matches!(origin, Origin::Tuple(..)).then(|| origin.ascii_serialization())
}

/// The code with which lint says that a value has no effect at all.
fn never(value: &str) -> Option<LintCode> {
    let origins = [value];
    let rules = [Rule {
        allowed_origins: List::new(&origins),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    }];
    lint(&Configuration::new(&Dialect::S3, &rules))
        .map(|finding| finding.code)
        .find(|code| code.severity() == Severity::Error)
}

/// A comma and a semicolon are allowed in hosts by the standard. No host name has one, and a value
/// with one is a list.
fn is_list(value: &str) -> bool {
    value.contains([',', ';'])
}

/// In both directions: what is not called never sent is its own serialisation, and what a URL is serialised as is
/// never reported.
#[test]
fn what_lint_calls_never_sent_is_what_no_url_is_serialised_as() {
    // The candidates in four shares, which share the processors.
    let counts = std::thread::scope(|scope| {
        [0, 1, 2, 3]
            .map(|first| scope.spawn(move || compare(candidates().skip(first).step_by(4))))
            .map(|thread| thread.join().unwrap())
    });
    let sent: u32 = counts.iter().map(|(sent, _)| sent).sum();
    let serialisations: u32 = counts.iter().map(|(_, count)| count).sum();
    assert!(sent > 5_000, "only {sent} origins");
    assert!(
        serialisations > 20_000,
        "only {serialisations} serialisations"
    );
}

/// How many candidates are not called never sent, and how many a URL is serialised as.
fn compare(candidates: impl Iterator<Item = String>) -> (u32, u32) {
    let (mut sent, mut serialisations) = (0, 0);
    for candidate in candidates {
        let serialisation = serialised(&candidate);
        // Without the crate feature, punycode is not decoded.
        let is_known = cfg!(feature = "names") || !candidate.contains("xn--");
        if is_known && never(&candidate).is_none() {
            sent += 1;
            assert_eq!(serialisation.as_deref(), Some(&*candidate));
        }
        if let Some(origin) = serialisation.filter(|origin| !is_list(origin)) {
            serialisations += 1;
            assert_eq!(never(&origin), None, "{origin}");
        }
    }
    (sent, serialisations)
}

#[test]
fn a_pattern_that_matches_a_serialised_origin_is_never_reported() {
    let mut reported = Vec::new();
    let mut count = 0;
    for candidate in candidates().step_by(37) {
        // Pages are on http and https. A `w*` that could only match the others has no effect.
        let is_of_pages = |origin: &String| origin.starts_with("http") && !is_list(origin);
        let Some(origin) = serialised(&candidate).filter(is_of_pages) else {
            continue;
        };
        for start in 0..=origin.len() {
            for end in start..=origin.len() {
                let pattern = format!("{}*{}", &origin[..start], &origin[end..]);
                count += 1;
                if let Some(code) = never(&pattern) {
                    reported.push(format!("{code}: {pattern} for {origin}"));
                }
            }
        }
    }
    let first = reported.get(..20).unwrap_or(&reported);
    assert!(reported.is_empty(), "{} {first:#?}", reported.len());
    assert!(count > 100_000, "only {count} patterns");
}
