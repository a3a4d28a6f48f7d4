//! Mixed traffic of a gateway with many buckets: small policies, and questions in an order that neither
//! a branch predictor nor a cache can know.

use cors_core::{Furthest, Policy, Refusal, Request};

use crate::cases::{self, Answer, Question, Setup, THREE_NAMES, preflight, text};

/// The number of buckets.
pub const BUCKETS: usize = 256;
/// The number of questions.
pub const QUESTIONS: usize = 4096;

/// A question to one of the buckets.
#[derive(Clone, Copy)]
pub struct Asked {
    /// The bucket's policy, viewed beforehand.
    pub policy: Policy<'static>,
    /// The question, with its answer.
    pub question: Question,
}

/// A quarter of the questions have no Origin, three eighths are actual requests from an allowed origin,
/// an eighth from another one, and a quarter are preflights. Each goes to a bucket chosen at random.
pub fn questions() -> Vec<Asked> {
    let mut random = Random(1);
    let buckets: Vec<(Setup, &'static str, usize)> = (0..BUCKETS).map(bucket).collect();
    let miss = Answer::Refused(Refusal::NoRuleMatched {
        furthest: Furthest::Origin,
    });
    let ask = |_| {
        let (setup, origin, rule) = buckets[random.below(BUCKETS)];
        // `*` allows everyone; there a stranger is one more origin that is allowed.
        let is_open = setup.rules[rule].allowed_origins.iter().eq(["*"]);
        let (request, answer) = match random.below(8) {
            0 | 1 => (
                Request {
                    method: b"GET",
                    ..Request::EMPTY
                },
                Answer::NotCors,
            ),
            2..=4 => (cases::actual(origin), Answer::Granted(rule)),
            5 if is_open => (
                cases::actual("https://evil.example.org"),
                Answer::Granted(rule),
            ),
            5 => (cases::actual("https://evil.example.org"), miss),
            _ => (preflight(origin, THREE_NAMES), Answer::Granted(rule)),
        };
        Asked {
            policy: setup.policy,
            question: Question { request, answer },
        }
    };
    (0..QUESTIONS).map(ask).collect()
}

/// A bucket with one rule or three: `*`, an exact origin, a subdomain wildcard or localhost; with an origin
/// that is allowed, and the first rule that allows it.
fn bucket(number: usize) -> (Setup, &'static str, usize) {
    let (pattern, origin) = match number % 4 {
        0 => ("*".to_owned(), cases::exact(number)),
        1 => (cases::exact(number), cases::exact(number)),
        2 => (
            cases::subdomains(number),
            cases::subdomains(number).replace('*', "tenant"),
        ),
        _ => (
            "http://localhost:*".to_owned(),
            format!("http://localhost:{}", 3000 + number),
        ),
    };
    let rule = |pattern: String| cases::rule(vec![pattern]);
    let asked = rule(pattern);
    let rules = match number / 4 % 2 {
        0 => vec![asked],
        _ => vec![
            rule(cases::exact(10_000 + number)),
            rule(cases::subdomains(10_000 + number)),
            asked,
        ],
    };
    let last = rules.len() - 1;
    (Setup::new(rules), text(origin), last)
}

/// Numbers at random, the same in each run.
pub struct Random(pub u64);

impl Random {
    /// The next number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }
}
