//! Configurations built from few pieces, valid in a dialect or unchecked.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use reference::check;
use reference::model::{Configuration, DialectName, Rule};

/// A configuration that is valid in `dialect`.
pub fn configuration(dialect: DialectName) -> BoxedStrategy<Configuration> {
    let max = check::rules_max(dialect).min(MANY_RULES_MAX);
    rules_of(dialect, Vocabulary::valid_in(dialect), max)
        .prop_filter("valid in the dialect", |configuration| {
            check::faults(configuration).is_empty()
        })
        .boxed()
}

/// A configuration that may be invalid in `dialect`, because of an item or of the number of its
/// rules.
pub fn unchecked_configuration(dialect: DialectName) -> BoxedStrategy<Configuration> {
    rules_of(dialect, Vocabulary::unchecked(), MANY_RULES_MAX)
}

/// Enough rules for a third word of a bit set.
const MANY_RULES_MAX: usize = 130;

/// The pieces that rules are built from.
#[derive(Clone, Debug)]
struct Vocabulary {
    origins: Vec<String>,
    methods: Vec<String>,
    headers: Vec<String>,
    expose_headers: Vec<String>,
    ids: Vec<Option<String>>,
    ages: Vec<Option<i32>>,
    credentials: Vec<bool>,
}

impl Vocabulary {
    fn unchecked() -> Self {
        let origins = affixes(
            &["", "https://", "https://a", "https://a.", "http://", "a"],
            &["", "b", ".b", "a.b", ".a.b", ":80", "a"],
        );
        let headers = affixes(
            &["", "x", "x-", "x-a", "X-A-", "x-a-b"],
            &["", "a", "-a", "-B", "a-b"],
        );
        let ids = ["", "a", "A rule", "\u{e9}", "\t"].map(|id| Some(id.to_owned()));
        Self {
            origins: [
                origins,
                texts(&["null", "https://\u{e9}.b", "a b", "a*b*", "**", "a\tb"]),
                texts(&["https://a.b:443", "http://a.b", "http://a.b:80"]),
                [256, 257]
                    .map(|length| format!("{:a<length$}", "https://"))
                    .to_vec(),
            ]
            .concat(),
            methods: texts(&[
                "GET", "PUT", "POST", "DELETE", "HEAD", "MERGE", "OPTIONS", "PATCH", "get", "*",
                "X-A", "", "G T",
            ]),
            headers: [
                headers,
                texts(&["authorization", "\u{e9}", "x y", "x-*-*", "x\n"]),
                vec!["a".repeat(256), "a".repeat(257)],
            ]
            .concat(),
            expose_headers: texts(&[
                "x-a", "X-B", "ETag", "x-ms-*", "x&y", "*", "", "x y", "x-*-y",
            ]),
            ids: [
                vec![None, Some("a".repeat(255)), Some("a".repeat(256))],
                ids.to_vec(),
            ]
            .concat(),
            ages: vec![
                None,
                Some(0),
                Some(60),
                Some(999_999_999),
                Some(i32::MAX),
                Some(-1),
                Some(i32::MIN),
            ],
            credentials: vec![false, true],
        }
    }

    /// The pieces that are valid by themselves in `dialect`.
    fn valid_in(dialect: DialectName) -> Self {
        let Self {
            origins,
            methods,
            headers,
            expose_headers,
            ids,
            ages,
            credentials,
        } = Self::unchecked();
        let plain = || Rule {
            allowed_origins: texts(&["https://a.b"]),
            allowed_methods: texts(&["GET"]),
            ..Rule::default()
        };
        Self {
            origins: valid(dialect, origins, |origin| Rule {
                allowed_origins: vec![origin],
                ..plain()
            }),
            methods: valid(dialect, methods, |method| Rule {
                allowed_methods: vec![method],
                ..plain()
            }),
            headers: valid(dialect, headers, |header| Rule {
                allowed_headers: vec![header],
                ..plain()
            }),
            expose_headers: valid(dialect, expose_headers, |name| Rule {
                expose_headers: vec![name],
                ..plain()
            }),
            ids: valid(dialect, ids, |id| Rule { id, ..plain() }),
            ages: valid(dialect, ages, |max_age_seconds| Rule {
                max_age_seconds,
                ..plain()
            }),
            credentials: valid(dialect, credentials, |allow_credentials| Rule {
                allow_credentials,
                ..plain()
            }),
        }
    }

    fn rule(self, dialect: DialectName) -> BoxedStrategy<Rule> {
        // A dialect without AllowedHeader leaves no choice.
        let headers = match self.headers.as_slice() {
            [] => Just(Vec::new()).boxed(),
            _ => prop_oneof![
                40 => vec(select(self.headers.clone()), 0..=3),
                1 => vec(select(self.headers), 4..=40),
            ]
            .boxed(),
        };
        (
            select(self.ids),
            prop_oneof![
                40 => vec(select(self.origins.clone()), 1..=3),
                1 => vec(select(self.origins), 4..=40),
            ],
            vec(select(self.methods), 1..=3),
            headers,
            vec(select(self.expose_headers), 0..=2),
            select(self.ages),
            select(self.credentials),
        )
            .prop_map(
                move |(
                    id,
                    allowed_origins,
                    allowed_methods,
                    allowed_headers,
                    expose_headers,
                    age,
                    wanted,
                )| {
                    let rule = Rule {
                        id,
                        allowed_origins,
                        allowed_methods,
                        allowed_headers,
                        expose_headers,
                        max_age_seconds: age,
                        allow_credentials: wanted,
                    };
                    // Rules whose origins may not have credentials do not allow them; otherwise few
                    // valid rules would be left.
                    let allow_credentials = wanted && is_valid(dialect, &rule);
                    Rule {
                        allow_credentials,
                        ..rule
                    }
                },
            )
            .boxed()
    }
}

/// Configurations of rules from one vocabulary, mostly few, sometimes as many as `max`.
fn rules_of(
    dialect: DialectName,
    vocabulary: Vocabulary,
    max: usize,
) -> BoxedStrategy<Configuration> {
    let rule = vocabulary.rule(dialect);
    let counts: [(u32, RangeInclusive<usize>); 3] =
        [(16, 0..=4), (3, 1..=12.min(max)), (2, max / 2..=max)];
    let [few, some, many] = counts.map(|(weight, count)| (weight, vec(rule.clone(), count)));
    let rules = prop_oneof![few.0 => few.1, some.0 => some.1, many.0 => many.1];
    (rules, any::<bool>(), any::<bool>())
        .prop_map(move |(mut rules, has_unique_origins, response_vary)| {
            if has_unique_origins {
                tell_apart(&mut rules);
            }
            Configuration {
                dialect,
                rules,
                response_vary,
            }
        })
        .boxed()
}

/// Adds a unique origin to most rules, so that late rules win too.
fn tell_apart(rules: &mut [Rule]) {
    for (index, rule) in rules
        .iter_mut()
        .enumerate()
        .filter(|(index, _)| index % 8 != 7)
    {
        rule.allowed_origins = vec![format!("https://{index}.a.b")];
    }
}

/// Every prefix with every suffix, with a `*` between them and without.
fn affixes(prefixes: &[&str], suffixes: &[&str]) -> Vec<String> {
    let with = |middle: &'static str| {
        prefixes.iter().flat_map(move |prefix| {
            suffixes
                .iter()
                .map(move |suffix| format!("{prefix}{middle}{suffix}"))
        })
    };
    with("*").chain(with("")).collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The pieces whose rule is valid in `dialect`.
fn valid<T: Clone>(dialect: DialectName, pieces: Vec<T>, rule: impl Fn(T) -> Rule) -> Vec<T> {
    pieces
        .into_iter()
        .filter(|piece| is_valid(dialect, &rule(piece.clone())))
        .collect()
}

fn is_valid(dialect: DialectName, rule: &Rule) -> bool {
    check::faults(&Configuration {
        dialect,
        rules: vec![rule.clone()],
        response_vary: false,
    })
    .is_empty()
}
