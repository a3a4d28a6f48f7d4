//! Lint: finds what has no effect, and what allows too much, in a valid configuration.

mod as_sent;
mod code;
mod cover;
#[cfg(feature = "alloc")]
mod edits;
mod origins;
mod public_suffix;
mod repeats;
#[cfg(feature = "documents")]
pub mod report;
mod serialised;

use core::fmt;

use cors_core::dialect::{
    AllowCredentials, AllowHeaders, AllowOrigin, MethodSet, RuleSelection, VaryRule,
};
use cors_core::{Configuration, Dialect, Field, Pattern, Rule, is_token};

use crate::block::Comparison;
use crate::header_names::{
    is_always_readable, is_forbidden_request_header, is_never_readable, is_of_the_protocol,
};
pub use as_sent::{AsSent, as_sent};
pub use code::{LintCode, Severity};
use repeats::Repeats;

/// A problem that lint found in a configuration.
///
/// `Display` says where it is and what is wrong; [`LintCode::hint`] says what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The kind of problem.
    pub code: LintCode,
    /// The index of the rule, from 0.
    pub rule: usize,
    /// The member of the rule.
    pub field: Option<Field>,
    /// The index of the item in its list, from 0.
    pub item: Option<usize>,
    /// For [`LintCode::Duplicate`] and [`LintCode::Redundant`]: the index of the item in the same
    /// list that matches everything that this one does.
    pub covered_by: Option<usize>,
}

impl Finding {
    /// How much the finding matters.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}", self.rule.saturating_add(1))?;
        if let Some(field) = self.field {
            write!(f, ", {}", field.name())?;
            if let Some(item) = self.item {
                write!(f, " {}", item.saturating_add(1))?;
            }
        }
        write!(f, ": {}", self.code.summary())
    }
}

/// Returns every finding in a configuration, rule by rule.
///
/// A configuration that [`check`](cors_core::check) rejects is linted too, as far as it makes
/// sense. The findings about origins and header names apply to browsers that follow Fetch; another
/// client may send anything.
///
/// # Complexity
///
/// In constant space, some twenty kilobytes of stack. Each rule is compared with every earlier one, and
/// each 128 values of a list with all of it. To compare is to look up each value once, and once more
/// for each pair of lengths that the parts before and after a `*` have in the other list.
/// [`lint_counted`] counts the look-ups. For people and tools, not for serving requests.
///
/// # Examples
///
/// ```
/// use cors_advice::lint::{LintCode, lint};
/// use cors_core::{Configuration, Dialect, List, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://app.example/", "https://*example.com"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let codes: Vec<_> = lint(&Configuration::new(&Dialect::S3, &rules)).map(|finding| finding.code).collect();
/// assert_eq!(codes, [LintCode::OriginWithTrailingSlash, LintCode::WildcardBeforeHost]);
/// ```
pub fn lint<'c>(configuration: &Configuration<'c>) -> impl Iterator<Item = Finding> + use<'c> {
    lint_counted(configuration, |_| ())
}

/// Returns what [`lint`] returns, and calls `count` with the number of values that were compared or
/// looked up, as they are: for tests of how much work a configuration makes.
///
/// # Complexity
///
/// That of [`lint`].
pub fn lint_counted<'c, C: Fn(usize) + Copy>(
    configuration: &Configuration<'c>,
    count: C,
) -> impl Iterator<Item = Finding> + use<'c, C> {
    let Configuration { dialect, rules, .. } = *configuration;
    let answers_differ = needs_vary(configuration);
    let whole = answers_differ.then(|| of_rule(LintCode::AnswersDifferByOrigin, None));
    let of_rules = rules.iter().enumerate().flat_map(move |(index, rule)| {
        let unreachable = cover::never_wins(&dialect.evaluation, rules, index, count);
        let whole = unreachable.then(|| of_rule(LintCode::UnreachableRule, None));
        whole
            .into_iter()
            .chain(origin_findings(dialect, rule, count))
            .chain(method_findings(dialect.evaluation.methods, rule, count))
            .chain(allowed_header_findings(dialect, rule, count))
            .chain(expose_header_findings(dialect, rule, count))
            .chain(max_age_finding(rule))
            .map(move |finding| Finding {
                rule: index,
                ..finding
            })
    });
    whole.into_iter().chain(of_rules)
}

/// Whether answers differ by Origin, and the setting that would say so to caches is off.
fn needs_vary(configuration: &Configuration<'_>) -> bool {
    let mut origins = configuration
        .rules
        .iter()
        .flat_map(|rule| rule.allowed_origins.iter());
    let is_off = configuration.dialect.response.vary == VaryRule::ResponseVary
        && !configuration.response_vary;
    is_off
        && origins.next().is_some_and(|first| {
            first.contains('*') || origins.any(|other| other != first || other.contains('*'))
        })
}

/// A finding about a rule, or about one of its members as a whole.
const fn of_rule(code: LintCode, field: Option<Field>) -> Finding {
    Finding {
        code,
        rule: 0,
        field,
        item: None,
        covered_by: None,
    }
}

const fn of_item(code: LintCode, field: Field, item: usize) -> Finding {
    Finding {
        item: Some(item),
        ..of_rule(code, Some(field))
    }
}

fn origin_findings<'c, C: Fn(usize) + Copy>(
    dialect: &Dialect,
    rule: &Rule<'c>,
    count: C,
) -> impl Iterator<Item = Finding> + use<'c, C> {
    let list = rule.allowed_origins;
    let loses_credentials = wildcard_expects_credentials(dialect, rule);
    // Where only a lone `*` is answered with `*`, an origin next to it is answered differently.
    let comparison = match dialect.response.allow_origin {
        AllowOrigin::WildcardInRule => Comparison::Origins,
        AllowOrigin::OnlyWildcard => Comparison::OriginsBesideWildcard,
    };
    let mut repeats = Repeats::new(Field::AllowedOrigin, list, comparison, count);
    let ports = dialect.origin_comparison;
    let has_https = list.iter().any(|value| value.starts_with("https://"));
    list.iter().enumerate().flat_map(move |(item, value)| {
        let shape = match value {
            "*" => loses_credentials.then_some(LintCode::WildcardWithCredentials),
            // Where default ports are equal, an origin with one matches what browsers send.
            _ => origins::of_value(ports.shortest(value)),
        };
        let http = (has_https && origins::is_plain_http(value)).then_some(LintCode::PlainHttp);
        // A pattern that matches nothing does not match too much.
        let is_possible = shape.is_none_or(|code| code.severity() < Severity::Error);
        let any_scheme =
            (is_possible && origins::matches_any_scheme(value)).then_some(LintCode::AnyScheme);
        let found = [shape, any_scheme, http].into_iter().flatten();
        found
            .map(move |code| of_item(code, Field::AllowedOrigin, item))
            .chain(repeats.next_finding())
    })
}

/// Whether `*` prevents credentials that the rest of the rule seems to expect.
fn wildcard_expects_credentials(dialect: &Dialect, rule: &Rule<'_>) -> bool {
    let response = &dialect.response;
    // Authorization does not count: a signed request sets it itself, without the browser's
    // credentials.
    let expects_cookies = rule
        .allowed_headers
        .iter()
        .any(|name| name.eq_ignore_ascii_case("cookie"));
    let others_would_get_them = response.allow_credentials == AllowCredentials::UnlessWildcard
        && response.allow_origin == AllowOrigin::WildcardInRule
        && rule.allowed_origins.iter().any(|value| value != "*");
    expects_cookies || others_would_get_them
}

fn method_findings<'c, C: Fn(usize) + Copy>(
    methods: MethodSet,
    rule: &Rule<'c>,
    count: C,
) -> impl Iterator<Item = Finding> + use<'c, C> {
    // https://fetch.spec.whatwg.org/#concept-method-normalize
    const NORMALIZED: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let list = rule.allowed_methods;
    let any = list.iter().position(|known| known == "*");
    let mut repeats = Repeats::new(Field::AllowedMethod, list, Comparison::Texts, count);
    list.iter().enumerate().flat_map(move |(item, value)| {
        let is_other_case = NORMALIZED
            .iter()
            .any(|known| *known != value && known.eq_ignore_ascii_case(value));
        let case = is_other_case.then(|| of_item(LintCode::MethodCase, Field::AllowedMethod, item));
        // A `*` that means every method includes this one.
        let is_any = methods.allows("*", value.as_bytes()) && value != "*";
        let covered = any.filter(|_| is_any).map(|known| Finding {
            covered_by: Some(known),
            ..of_item(LintCode::Redundant, Field::AllowedMethod, item)
        });
        case.into_iter().chain(repeats.next_finding().or(covered))
    })
}

fn allowed_header_findings<'c, C: Fn(usize) + Copy>(
    dialect: &Dialect,
    rule: &Rule<'c>,
    count: C,
) -> impl Iterator<Item = Finding> + use<'c, C> {
    let list = rule.allowed_headers;
    let mut repeats = Repeats::new(Field::AllowedHeader, list, Comparison::Names, count);
    // Where one list serves both directions, it is looked at as the list of exposed headers.
    let has_own_list = dialect.response.allow_headers != AllowHeaders::ExposeHeaders;
    let missing = has_own_list && list.is_empty() && allows(rule, "PUT");
    let missing =
        missing.then(|| of_rule(LintCode::UploadsWithoutHeaders, Some(Field::AllowedHeader)));
    let items = list.iter().enumerate().flat_map(move |(item, value)| {
        let code = if value.contains(',') {
            Some(LintCode::SeveralValues)
        } else if !is_token(value.as_bytes()) {
            Some(LintCode::NotAHeaderName)
        } else if !value.contains('*') && is_forbidden_request_header(value) {
            Some(LintCode::HeaderNeverRequested)
        } else {
            None
        };
        code.map(move |code| of_item(code, Field::AllowedHeader, item))
            .into_iter()
            .chain(repeats.next_finding())
    });
    missing.into_iter().chain(items)
}

fn expose_header_findings<'c, C: Fn(usize) + Copy>(
    dialect: &Dialect,
    rule: &Rule<'c>,
    count: C,
) -> impl Iterator<Item = Finding> + use<'c, C> {
    let list = rule.expose_headers;
    let mut repeats = Repeats::new(Field::ExposeHeader, list, Comparison::Names, count);
    // On GCS the single list also controls which headers may be sent.
    let only_exposes = dialect.response.allow_headers != AllowHeaders::ExposeHeaders;
    // Multipart uploads name each part's ETag in S3's API and in those modelled on it; Azure and
    // GCS have other ways.
    let has_parts = dialect.evaluation.rule_selection == RuleSelection::AllThree;
    let uploads = has_parts && (allows(rule, "PUT") || allows(rule, "POST"));
    let mut exposed = list.iter().filter_map(Pattern::parse);
    let has_etag = exposed.any(|pattern| pattern.matches_ignoring_case(b"etag"));
    let missing = (uploads && !has_etag)
        .then(|| of_rule(LintCode::UploadsWithoutETag, Some(Field::ExposeHeader)));
    let items = list.iter().enumerate().flat_map(move |(item, value)| {
        let code = if is_never_readable(value) {
            Some(LintCode::HeaderNeverReadable)
        } else if only_exposes && is_always_readable(value) {
            Some(LintCode::HeaderAlwaysReadable)
        } else if only_exposes && is_of_the_protocol(value) {
            Some(LintCode::ExposedProtocolHeader)
        } else {
            None
        };
        code.map(move |code| of_item(code, Field::ExposeHeader, item))
            .into_iter()
            .chain(repeats.next_finding())
    });
    missing.into_iter().chain(items)
}

fn max_age_finding(rule: &Rule<'_>) -> Option<Finding> {
    /// Safari's cap, the lowest of the three: Chromium's is 7,200 seconds, Firefox's 86,400.
    const SAFARI_SECONDS: i32 = 600;
    let code = match rule.max_age_seconds? {
        ..=0 => LintCode::MaxAgeZero,
        1..=SAFARI_SECONDS => return None,
        _ => LintCode::MaxAgeAboveBrowsers,
    };
    Some(of_rule(code, Some(Field::MaxAgeSeconds)))
}

fn allows(rule: &Rule<'_>, method: &str) -> bool {
    rule.allowed_methods.iter().any(|known| known == method)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cors_core::List;
    use std::collections::BTreeSet;
    use std::string::{String, ToString};
    use std::vec::Vec;

    const RULE: Rule<'static> = Rule {
        allowed_origins: List::new(&["https://a.example"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };

    /// What is found where `Vary: Origin` is sent.
    fn found(dialect: &Dialect, rules: &[Rule<'_>]) -> Vec<String> {
        let configuration = Configuration {
            response_vary: true,
            ..Configuration::new(dialect, rules)
        };
        lint(&configuration)
            .map(|finding| {
                let place = finding.to_string();
                let (place, _) = place.split_once(": ").unwrap();
                std::format!("{} {place}", finding.code)
            })
            .collect()
    }

    fn found_in(dialect: &Dialect, rule: Rule<'_>) -> Vec<String> {
        found(dialect, &[rule])
    }

    #[test]
    fn identifiers_have_no_gap_and_every_text_is_a_clause() {
        for (index, code) in LintCode::ALL.into_iter().enumerate() {
            assert_eq!(code.id(), std::format!("C{:03}", index + 1));
            for text in [code.summary(), code.hint()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
                assert!(!text.starts_with(char::is_uppercase), "{text}");
            }
        }
        let texts = |text: fn(LintCode) -> &'static str| BTreeSet::from(LintCode::ALL.map(text));
        assert_eq!(texts(LintCode::summary).len(), LintCode::ALL.len());
        // The two codes for redundant values share a hint, and so do the two for values without
        // effect.
        assert_eq!(texts(LintCode::hint).len(), LintCode::ALL.len() - 2);
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Note);
        assert_eq!(Severity::Note.name(), "note");
    }

    #[test]
    fn a_careful_rule_has_no_findings() {
        let rule = Rule {
            allowed_methods: List::new(&["GET", "PUT", "POST"]),
            allowed_headers: List::new(&["content-type", "x-amz-*"]),
            expose_headers: List::new(&["ETag", "x-amz-version-id"]),
            max_age_seconds: Some(600),
            ..RULE
        };
        for dialect in [&Dialect::OSS, &Dialect::S3, &Dialect::STRICT] {
            assert_eq!(found_in(dialect, rule), [""; 0], "{}", dialect.name);
        }
    }

    #[test]
    fn origins_are_checked_alone_and_next_to_each_other() {
        let rule = Rule {
            allowed_origins: List::new(&[
                "http://b.example",
                "https://a.example/",
                "https://*.a.example",
                "https://x.a.example",
                "https://*.a.example",
                "http://localhost:3000",
            ]),
            ..RULE
        };
        let expected = [
            "C009 rule 1, AllowedOrigin 1",
            "C002 rule 1, AllowedOrigin 2",
            "C014 rule 1, AllowedOrigin 4",
            "C013 rule 1, AllowedOrigin 5",
        ];
        assert_eq!(found_in(&Dialect::OSS, rule), expected);
        let only_http = Rule {
            allowed_origins: List::new(&["http://b.example"]),
            ..RULE
        };
        assert_eq!(found_in(&Dialect::OSS, only_http), [""; 0]);
    }

    #[test]
    fn a_wildcard_where_credentials_are_expected() {
        let both = Rule {
            allowed_origins: List::new(&["*", "https://a.example"]),
            ..RULE
        };
        let redundant = "C014 rule 1, AllowedOrigin 2";
        assert_eq!(found_in(&Dialect::OSS, both), [redundant]);
        assert_eq!(
            found_in(&Dialect::S3, both),
            ["C015 rule 1, AllowedOrigin 1", redundant]
        );
        let alone = Rule {
            allowed_origins: List::new(&["*"]),
            ..RULE
        };
        assert_eq!(found_in(&Dialect::S3, alone), [""; 0]);
        // Azure answers the named origin with credentials.
        assert_eq!(found_in(&Dialect::AZURE, both), [""; 0]);
        let with = |names| Rule {
            allowed_origins: List::new(&["*"]),
            allowed_headers: List::new(names),
            ..RULE
        };
        assert_eq!(
            found_in(&Dialect::OSS, with(&["Cookie"])),
            [
                "C015 rule 1, AllowedOrigin 1",
                "C020 rule 1, AllowedHeader 1"
            ]
        );
        // A signed request, without the browser's credentials.
        assert_eq!(found_in(&Dialect::OSS, with(&["Authorization"])), [""; 0]);
    }

    #[test]
    fn methods_headers_and_ages() {
        let rule = Rule {
            allowed_methods: List::new(&["PUT", "get", "PUT"]),
            ..RULE
        };
        let expected = [
            "C025 rule 1, AllowedMethod 2",
            "C013 rule 1, AllowedMethod 3",
            "C019 rule 1, AllowedHeader",
            "C016 rule 1, ExposeHeader",
        ];
        assert_eq!(found_in(&Dialect::STRICT, rule), expected);
        let rule = Rule {
            allowed_headers: List::new(&["Cookie", "x-a", "X-*", "a b", "", "X-*"]),
            expose_headers: List::new(&["Content-Type", "etag", "ETag", "Set-Cookie"]),
            ..RULE
        };
        let expected = [
            "C020 rule 1, AllowedHeader 1",
            "C014 rule 1, AllowedHeader 2",
            "C024 rule 1, AllowedHeader 4",
            "C024 rule 1, AllowedHeader 5",
            "C013 rule 1, AllowedHeader 6",
            "C021 rule 1, ExposeHeader 1",
            "C013 rule 1, ExposeHeader 3",
            "C022 rule 1, ExposeHeader 4",
        ];
        assert_eq!(found_in(&Dialect::S3, rule), expected);
        for (seconds, code) in [
            (-1, Some("C018")),
            (0, Some("C018")),
            (1, None),
            (600, None),
            (601, Some("C017")),
            (86_401, Some("C017")),
        ] {
            let rule = Rule {
                max_age_seconds: Some(seconds),
                ..RULE
            };
            let expected: Vec<String> = code
                .map(|code| std::format!("{code} rule 1, MaxAgeSeconds"))
                .into_iter()
                .collect();
            assert_eq!(found_in(&Dialect::S3, rule), expected, "{seconds}");
        }
    }

    #[test]
    fn a_wildcard_method_makes_the_others_redundant_where_it_means_any_method() {
        let rule = |methods| Rule {
            allowed_methods: List::new(methods),
            ..RULE
        };
        let redundant = ["C014 rule 1, AllowedMethod 1"];
        assert_eq!(found_in(&Dialect::GCS, rule(&["GET", "*"])), redundant);
        assert_eq!(found_in(&Dialect::GCS, rule(&["*"])), [""; 0]);
        assert_eq!(found_in(&Dialect::STRICT, rule(&["GET", "*"])), [""; 0]);
    }

    #[test]
    fn a_redundant_item_names_the_item_that_covers_it() {
        let rule = Rule {
            allowed_origins: List::new(&["https://x.a.example", "https://*.a.example"]),
            allowed_methods: List::new(&["HEAD", "GET", "GET"]),
            ..RULE
        };
        let found: Vec<_> = lint(&Configuration::new(&Dialect::S3, &[rule]))
            .map(|finding| (finding.item, finding.covered_by))
            .collect();
        assert_eq!(found, [(Some(0), Some(1)), (Some(2), Some(1))]);
    }

    #[test]
    fn answers_that_differ_by_origin_need_vary_where_it_is_a_setting() {
        let codes = |dialect: &Dialect, response_vary, origins: [&[&str]; 2]| -> Vec<LintCode> {
            let rules = origins.map(|origins| Rule {
                allowed_origins: List::new(origins),
                ..RULE
            });
            let configuration = Configuration {
                response_vary,
                ..Configuration::new(dialect, &rules)
            };
            let found = lint(&configuration).map(|finding| finding.code);
            found
                .filter(|code| *code == LintCode::AnswersDifferByOrigin)
                .collect()
        };
        let reported = [LintCode::AnswersDifferByOrigin];
        let (a, b): (&[&str], &[&str]) = (&["https://a.example"], &["https://b.example"]);
        assert_eq!(codes(&Dialect::OSS, false, [a, b]), reported);
        assert_eq!(
            codes(&Dialect::OSS, false, [&[], &["https://*.a.example"]]),
            reported
        );
        assert_eq!(codes(&Dialect::OSS, false, [a, &["*"]]), reported);
        assert_eq!(codes(&Dialect::OSS, false, [a, a]), []);
        assert_eq!(codes(&Dialect::OSS, false, [&[], &[]]), []);
        assert_eq!(codes(&Dialect::OSS, true, [a, b]), []);
        assert_eq!(codes(&Dialect::S3, false, [a, b]), []);
    }

    #[test]
    fn a_wildcard_that_includes_the_scheme_lets_plain_http_in() {
        let rule = Rule {
            allowed_origins: List::new(&["https://app.a.example", "*.a.example", "*a.example/"]),
            ..RULE
        };
        let expected = [
            "C014 rule 1, AllowedOrigin 1",
            "C032 rule 1, AllowedOrigin 2",
            "C002 rule 1, AllowedOrigin 3",
        ];
        assert_eq!(found_in(&Dialect::S3, rule), expected);
    }

    #[test]
    fn a_list_in_one_value_and_headers_of_the_protocol() {
        let rule = Rule {
            allowed_headers: List::new(&["content-type,x-amz-acl", "Accept", "Sec-*"]),
            expose_headers: List::new(&["Access-Control-Allow-Origin"]),
            ..RULE
        };
        assert_eq!(
            found_in(&Dialect::S3, rule),
            [
                "C026 rule 1, AllowedHeader 1",
                "C035 rule 1, ExposeHeader 1"
            ]
        );
        // On GCS the header may then also be sent.
        assert_eq!(
            found_in(&Dialect::GCS, rule),
            ["C026 rule 1, AllowedHeader 1"]
        );
    }

    #[test]
    fn the_single_header_list_of_gcs_is_not_reported() {
        let rule = Rule {
            allowed_methods: List::new(&["PUT"]),
            expose_headers: List::new(&["Content-Type", "ETag"]),
            ..RULE
        };
        assert_eq!(found_in(&Dialect::GCS, rule), [""; 0]);
    }

    #[test]
    fn a_rule_after_rules_that_match_all_of_it_never_wins() {
        let of = |origins, methods, headers| Rule {
            allowed_origins: origins,
            allowed_methods: methods,
            allowed_headers: headers,
            expose_headers: List::new(&["ETag"]),
            ..RULE
        };
        let any = List::new(&["*"]);
        let subdomains = List::new(&["https://*.a.example"]);
        let (get, both) = (List::new(&["GET"]), List::new(&["GET", "DELETE"]));
        let x = List::new(&["x-*"]);
        let unreachable = |dialect: &Dialect, rules: &[Rule<'_>]| -> Vec<usize> {
            lint(&Configuration::new(dialect, rules))
                .filter(|finding| finding.code == LintCode::UnreachableRule)
                .map(|finding| finding.rule)
                .collect()
        };
        // One rule covers all of it; its methods or headers do not; two rules together have its
        // methods.
        assert_eq!(
            unreachable(&Dialect::OSS, &[of(any, get, x), of(subdomains, get, x)]),
            [1]
        );
        assert_eq!(
            unreachable(&Dialect::OSS, &[of(any, get, x), of(subdomains, both, x)]),
            [0; 0]
        );
        let narrow = of(any, get, List::EMPTY);
        assert_eq!(
            unreachable(&Dialect::OSS, &[narrow, of(subdomains, get, x)]),
            [0; 0]
        );
        assert_eq!(
            unreachable(&Dialect::AZURE, &[narrow, of(subdomains, get, x)]),
            [1]
        );
        // Headers of a rule for another origin do not either.
        let other = of(List::new(&["https://b.example"]), get, x);
        assert_eq!(
            unreachable(&Dialect::OSS, &[narrow, other, of(subdomains, get, x)]),
            [0; 0]
        );
        let delete = of(subdomains, List::new(&["DELETE"]), any);
        let rules = [of(any, get, x), delete, of(subdomains, both, x)];
        assert_eq!(unreachable(&Dialect::OSS, &rules), [2]);
        // Origins that no browser can send do not make a rule reachable; a rule without any other
        // origin is another finding.
        let odd = List::new(&["https://x.a.example", "https://\u{fc}"]);
        assert_eq!(
            unreachable(&Dialect::OSS, &[of(any, get, x), of(odd, get, x)]),
            [1]
        );
        let never = List::new(&["https://\u{fc}"]);
        assert_eq!(
            unreachable(&Dialect::OSS, &[of(any, get, x), of(never, get, x)]),
            [0; 0]
        );
        assert_eq!(
            unreachable(&Dialect::OSS, &[of(any, get, x), of(any, List::EMPTY, x)]),
            [0; 0]
        );
        // Text that is not a pattern proves nothing.
        let broken = List::new(&["*a*"]);
        assert_eq!(
            unreachable(&Dialect::OSS, &[of(broken, get, x), of(broken, get, x)]),
            [0; 0]
        );
        // More rules than one word of the bit set holds.
        let mut many = std::vec![of(List::new(&["https://b.example"]), get, x); 70];
        many[0] = of(subdomains, get, x);
        many.push(of(subdomains, get, x));
        assert_eq!(unreachable(&Dialect::OSS, &many).last(), Some(&70));
        many[0] = many[1];
        many[66] = of(subdomains, get, x);
        assert_eq!(unreachable(&Dialect::OSS, &many).last(), Some(&70));
    }
}
