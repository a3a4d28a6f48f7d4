//! Naive matchers: they loop over rules and patterns and allocate nothing, like a well-written
//! ordinary server.

use cors_core::{Request, Rule};

/// The first rule that matches an actual request, each pattern split at its `*` when it is tried.
pub fn first_match(rules: &[Rule<'_>], request: &Request<'_>) -> Option<usize> {
    let origin = request.origin?;
    rules.iter().position(|rule| {
        let mut patterns = rule.allowed_origins.iter();
        let mut methods = rule.allowed_methods.iter();
        patterns.any(|pattern| Pattern::split(pattern).matches(origin))
            && methods.any(|method| method.as_bytes() == request.method)
    })
}

/// A rule whose patterns are split beforehand: the best case of a linear search.
pub struct SplitRule {
    origins: Vec<Pattern<'static>>,
    methods: Vec<&'static [u8]>,
}

impl SplitRule {
    /// Splits the patterns of rules.
    pub fn split(rules: &[Rule<'static>]) -> Vec<SplitRule> {
        let split = |rule: &Rule<'static>| SplitRule {
            origins: rule.allowed_origins.iter().map(Pattern::split).collect(),
            methods: rule.allowed_methods.iter().map(str::as_bytes).collect(),
        };
        rules.iter().map(split).collect()
    }

    /// The first rule that matches an actual request.
    pub fn first_match(rules: &[SplitRule], request: &Request<'_>) -> Option<usize> {
        let origin = request.origin?;
        rules.iter().position(|rule| {
            rule.origins.iter().any(|pattern| pattern.matches(origin))
                && rule.methods.contains(&request.method)
        })
    }
}

enum Pattern<'c> {
    Exact(&'c [u8]),
    Affix { prefix: &'c [u8], suffix: &'c [u8] },
}

impl<'c> Pattern<'c> {
    fn split(pattern: &'c str) -> Pattern<'c> {
        match pattern.split_once('*') {
            None => Pattern::Exact(pattern.as_bytes()),
            Some((prefix, suffix)) => Pattern::Affix {
                prefix: prefix.as_bytes(),
                suffix: suffix.as_bytes(),
            },
        }
    }

    fn matches(&self, value: &[u8]) -> bool {
        match self {
            Pattern::Exact(text) => *text == value,
            Pattern::Affix { prefix, suffix } => {
                value.len() >= prefix.len() + suffix.len()
                    && value.starts_with(prefix)
                    && value.ends_with(suffix)
            }
        }
    }
}
