//! The configurations and requests that are measured, as data, each with the expected answer.

use std::sync::LazyLock;

use cors_core::{
    Configuration, Decision, Dialect, Furthest, List, Outcome, Policy, Refusal, Request, Rule,
    compile,
};

/// The methods of every rule.
pub const METHODS: &[&str] = &["GET", "PUT", "POST"];
/// The allowed headers of every rule.
pub const HEADERS: &[&str] = &["content-type", "x-amz-*", "authorization", "x-request-id"];
/// Three names as a browser sends them; the second one is allowed by a pattern.
pub const THREE_NAMES: &[&[u8]] = &[b"content-type,x-amz-date,x-request-id"];
/// Three names that the rules list exactly.
pub const THREE_EXACT_NAMES: &[&[u8]] = &[b"authorization,content-type,x-request-id"];
/// Ten names, most of them allowed by a pattern, as in an upload with metadata.
pub const TEN_NAMES: &[&[u8]] = &[
    b"authorization,content-type,x-amz-acl,x-amz-content-sha256,x-amz-date,x-amz-meta-a,\
      x-amz-meta-b,x-amz-security-token,x-amz-tagging,x-request-id",
];

/// A configuration and its policy, for the lifetime of the program.
#[derive(Clone, Copy)]
pub struct Setup {
    /// The rules as text.
    pub rules: &'static [Rule<'static>],
    /// The rules compiled.
    pub policy: Policy<'static>,
}

impl Setup {
    /// Compiles rules of [`Dialect::STRICT`], which has no provider's limit on their number.
    pub fn new(rules: Vec<Rule<'static>>) -> Setup {
        let rules: &'static [Rule<'static>] = rules.leak();
        let mut buffer = vec![0; 8 << 20];
        let image = compile(&configuration(rules), &mut buffer).expect("the rules are valid");
        // A block of its own size: the end of a large one would begin at a page, and images that all
        // begin at a page share the same few lines of a cache.
        let image: &'static [u8] = Vec::leak(image.as_bytes().to_vec());
        Setup {
            rules,
            policy: Policy::from_bytes(image).expect("an image that was just written"),
        }
    }
}

/// Bytes of all values of all rules.
pub fn configuration_text_bytes(rules: &[Rule<'_>]) -> usize {
    rules.iter().map(text_bytes).sum()
}

/// Bytes of all values of a rule, as they are in a document.
fn text_bytes(rule: &Rule<'_>) -> usize {
    let lists = [
        rule.allowed_origins,
        rule.allowed_methods,
        rule.allowed_headers,
        rule.expose_headers,
    ];
    let items: usize = lists
        .iter()
        .flat_map(|list| list.iter())
        .map(str::len)
        .sum();
    items
        + rule.id.map_or(0, str::len)
        + rule
            .max_age_seconds
            .map_or(0, |seconds| seconds.to_string().len())
}

/// The configuration with some rules.
pub fn configuration(rules: &'static [Rule<'static>]) -> Configuration<'static> {
    Configuration::new(&Dialect::STRICT, rules)
}

/// Text for the lifetime of the program.
pub fn text(text: String) -> &'static str {
    String::leak(text)
}

/// A rule with some origins.
pub fn rule(origins: Vec<String>) -> Rule<'static> {
    let origins: Vec<&'static str> = origins.into_iter().map(text).collect();
    Rule {
        allowed_origins: List::new(origins.leak()),
        allowed_methods: List::new(METHODS),
        allowed_headers: List::new(HEADERS),
        ..Rule::EMPTY
    }
}

/// The exact origin number `n`.
pub fn exact(number: usize) -> String {
    format!("https://app-{number}.example.com")
}

/// The subdomain wildcard number `n`; all share one parent domain.
pub fn subdomains(number: usize) -> String {
    format!("https://*.t{number}.example.com")
}

/// An origin that pattern number `n` of [`mixed`] matches.
pub fn mixed_origin(number: usize) -> String {
    mixed(number).replace('*', "tenant")
}

/// One third subdomain wildcards, the rest exact.
pub fn mixed(number: usize) -> String {
    if number.is_multiple_of(3) {
        subdomains(number)
    } else {
        exact(number)
    }
}

/// Rules with the same number of patterns each.
pub fn spread(
    rules: usize,
    patterns: usize,
    pattern: impl Fn(usize) -> String,
) -> Vec<Rule<'static>> {
    let each = patterns / rules;
    (0..rules)
        .map(|index| rule((index * each..(index + 1) * each).map(&pattern).collect()))
        .collect()
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Granted by the rule with this index.
    Granted(usize),
    /// Refused for this reason.
    Refused(Refusal),
    /// Not CORS: without an Origin.
    NotCors,
}

impl Answer {
    /// Converts a decision.
    pub fn of(decision: &Decision<'_, '_>) -> Answer {
        match decision.outcome() {
            Outcome::NotCors => Answer::NotCors,
            Outcome::Preflight(Ok(grant)) | Outcome::Actual(Ok(grant)) => {
                Answer::Granted(grant.rule_index())
            }
            Outcome::Preflight(Err(refusal)) | Outcome::Actual(Err(refusal)) => {
                Answer::Refused(refusal)
            }
        }
    }
}

/// A request with its answer.
#[derive(Clone, Copy)]
pub struct Question {
    /// The request.
    pub request: Request<'static>,
    /// The expected answer.
    pub answer: Answer,
}

/// GET with an Origin.
pub fn actual(origin: &'static str) -> Request<'static> {
    Request {
        method: b"GET",
        origin: Some(origin.as_bytes()),
        ..Request::EMPTY
    }
}

/// A preflight for PUT.
pub fn preflight(origin: &'static str, lines: &'static [&'static [u8]]) -> Request<'static> {
    Request {
        method: b"OPTIONS",
        origin: Some(origin.as_bytes()),
        access_control_request_method: Some(b"PUT"),
        access_control_request_headers: lines,
    }
}

/// A configuration with the questions that are asked in turn.
#[derive(Clone)]
pub struct Case {
    /// The benchmark's name.
    pub name: String,
    /// The policy that is asked.
    pub setup: Setup,
    /// The requests, one after another, in a loop.
    pub questions: Vec<Question>,
}

impl Case {
    /// Several questions in turn.
    pub fn new(name: impl Into<String>, setup: Setup, questions: Vec<Question>) -> Case {
        Case {
            name: name.into(),
            setup,
            questions,
        }
    }

    /// One question.
    pub fn one(
        name: impl Into<String>,
        setup: Setup,
        request: Request<'static>,
        answer: Answer,
    ) -> Case {
        Case::new(name, setup, vec![Question { request, answer }])
    }

    /// Asks every question once and stops the program at a wrong answer.
    pub fn assert_answers(&self) {
        for question in &self.questions {
            let decision = self.setup.policy.decide(&question.request);
            assert_eq!(Answer::of(&decision), question.answer, "{}", self.name);
        }
    }
}

/// One rule with one exact origin.
pub static ONE: LazyLock<Setup> = LazyLock::new(|| Setup::new(spread(1, 1, exact)));
/// One rule with ten exact origins.
pub static EXACT_10: LazyLock<Setup> = LazyLock::new(|| Setup::new(spread(1, 10, exact)));
/// One rule with a hundred exact origins.
pub static EXACT_100: LazyLock<Setup> = LazyLock::new(|| Setup::new(spread(1, 100, exact)));
/// One rule with a thousand exact origins.
pub static EXACT_1000: LazyLock<Setup> = LazyLock::new(|| Setup::new(spread(1, 1000, exact)));
/// A thousand patterns in a hundred rules, a third of them subdomain wildcards.
pub static MIXED: LazyLock<Setup> = LazyLock::new(|| Setup::new(spread(100, 1000, mixed)));

/// Every question of the decide benchmarks. The first three parts of a name are those of the
/// report.
pub fn decide() -> Vec<Case> {
    let (one, mixed_setup) = (*ONE, *MIXED);
    let granted = Answer::Granted;
    let no_origin = Refusal::NoRuleMatched {
        furthest: Furthest::Origin,
    };
    let miss = Answer::Refused(no_origin);
    let first = text(exact(0));
    let stranger = "https://evil.example.org";
    // The patterns of the last rule in turn, so that a linear search reads everything: four with a
    // `*`, six without.
    let last_rule = |ask: &dyn Fn(&'static str) -> Request<'static>| -> Vec<Question> {
        let origins = (990..1000).map(|number| text(mixed_origin(number)));
        origins
            .map(|origin| Question {
                request: ask(origin),
                answer: granted(99),
            })
            .collect()
    };
    // All thousand in scrambled order: neither a branch predictor nor a cache knows what comes
    // next.
    let anywhere = (0..1000).map(|step| step * 617 % 1000);
    let anywhere = anywhere.map(|number| Question {
        request: actual(text(mixed_origin(number))),
        answer: granted(number / 10),
    });
    let mut cases = vec![
        Case::one("actual/one", one, actual(first), granted(0)),
        Case::one(
            "actual/exact-10",
            *EXACT_10,
            actual(text(exact(9))),
            granted(0),
        ),
        Case::one(
            "actual/exact-100",
            *EXACT_100,
            actual(text(exact(99))),
            granted(0),
        ),
        Case::one(
            "actual/exact-1000",
            *EXACT_1000,
            actual(text(exact(999))),
            granted(0),
        ),
        Case::new("actual/mixed-1000x100", mixed_setup, last_rule(&actual)),
        Case::one(
            "actual/mixed-1000x100/exact",
            mixed_setup,
            actual(text(exact(998))),
            granted(99),
        ),
        Case::one(
            "actual/mixed-1000x100/wildcard",
            mixed_setup,
            actual(text(mixed_origin(999))),
            granted(99),
        ),
        Case::new(
            "actual/mixed-1000x100/anywhere",
            mixed_setup,
            anywhere.collect(),
        ),
        Case::one(
            "actual/any",
            Setup::new(vec![rule(vec!["*".into()])]),
            actual(first),
            granted(0),
        ),
        Case::one("preflight0/one", one, preflight(first, &[]), granted(0)),
        Case::one(
            "preflight3/one",
            one,
            preflight(first, THREE_NAMES),
            granted(0),
        ),
        Case::one(
            "preflight3/one/exact-names",
            one,
            preflight(first, THREE_EXACT_NAMES),
            granted(0),
        ),
        Case::one(
            "preflight10/one",
            one,
            preflight(first, TEN_NAMES),
            granted(0),
        ),
        Case::new(
            "preflight0/mixed-1000x100",
            mixed_setup,
            last_rule(&|origin| preflight(origin, &[])),
        ),
        Case::new(
            "preflight3/mixed-1000x100",
            mixed_setup,
            last_rule(&|origin| preflight(origin, THREE_NAMES)),
        ),
        Case::new(
            "preflight10/mixed-1000x100",
            mixed_setup,
            last_rule(&|origin| preflight(origin, TEN_NAMES)),
        ),
        Case::one(
            "no-origin",
            one,
            Request {
                method: b"GET",
                ..Request::EMPTY
            },
            Answer::NotCors,
        ),
        Case::one("miss/one", one, actual(stranger), miss),
        Case::one("miss/mixed-1000x100", mixed_setup, actual(stranger), miss),
    ];
    for count in [1, 10, 100, 1000] {
        let wild = Setup::new(spread(1, count, subdomains));
        let origin = text(subdomains(count - 1).replace('*', "tenant"));
        cases.push(Case::one(
            format!("actual/subdomains-{count}"),
            wild,
            actual(origin),
            granted(0),
        ));
        let rules = Setup::new(spread(count, count, exact));
        let origin = text(exact(count - 1));
        cases.push(Case::one(
            format!("actual/rules-{count}"),
            rules,
            actual(origin),
            granted(count - 1),
        ));
        let request = preflight(origin, THREE_NAMES);
        cases.push(Case::one(
            format!("preflight3/rules-{count}"),
            rules,
            request,
            granted(count - 1),
        ));
    }
    cases
}
