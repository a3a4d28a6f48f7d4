//! What lint says of a finding: where it is, and how much it matters.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::lint::{LintCode, Severity, lint};
use cors_core::{Configuration, Dialect, List, Rule};

#[test]
fn a_finding_says_where_and_how_much_it_matters() {
    let rules = [Rule {
        allowed_origins: List::new(&[
            "https://a.example",
            "https://a.example/",
            "https://a.example",
        ]),
        allowed_methods: List::new(&["GET"]),
        allowed_headers: List::new(&["*"]),
        expose_headers: List::new(&["ETag"]),
        ..Rule::EMPTY
    }];
    let found: Vec<(LintCode, Severity, String)> = lint(&Configuration::new(&Dialect::OSS, &rules))
        .map(|finding| (finding.code, finding.severity(), finding.to_string()))
        .collect();
    let of = |code| found.iter().find(|(other, ..)| *other == code).unwrap();
    let slash = of(LintCode::OriginWithTrailingSlash);
    assert_eq!(slash.1, Severity::Error);
    assert!(
        slash.2.starts_with("rule 1, AllowedOrigin 2: "),
        "{slash:?}"
    );
    let duplicate = of(LintCode::Duplicate);
    assert_eq!(duplicate.1, Severity::Note);
    assert!(
        duplicate.2.starts_with("rule 1, AllowedOrigin 3: "),
        "{duplicate:?}"
    );
    assert_eq!(LintCode::NullOrigin.severity(), Severity::Warning);
    assert_eq!(
        [Severity::Note, Severity::Warning, Severity::Error].map(Severity::name),
        ["note", "warning", "error"]
    );
}
