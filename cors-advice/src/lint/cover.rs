//! Which rules can never win, proved by pattern subsumption.

use cors_core::dialect::{Evaluation, RuleSelection};
use cors_core::{MAX_RULES, Pattern, Rule};

use super::origins::never_matches;
use crate::block::{BLOCK, Comparison, blocks, covers_all};

/// The maximum number of distinct methods of a rule that is looked at: no policy has more.
const MAX_METHODS: usize = 64;

/// Whether earlier rules match every request that this rule matches, so that it never wins.
///
/// `true` is a proof: for each origin pattern and each method of the rule, an earlier rule has an
/// origin pattern that matches at least as much, has the method, and has for each header pattern
/// one that matches at least as much. `false` proves nothing. Rules after [`MAX_RULES`], and rules
/// with more than [`MAX_METHODS`] distinct methods, are not reported, as no policy contains them.
///
/// # Complexity
///
/// Looks through every earlier rule once for each [`BLOCK`] of origins. Constant space.
pub(super) fn never_wins(
    evaluation: &Evaluation,
    rules: &[Rule<'_>],
    index: usize,
    count: impl Fn(usize) + Copy,
) -> bool {
    let Some((earlier, [rule, ..])) = rules.split_at_checked(index) else {
        return false;
    };
    if index >= usize::from(MAX_RULES) || earlier.is_empty() || !can_match(rule) {
        return false;
    }
    let Some(methods) = Methods::of(rule, count) else {
        return false;
    };
    // Which earlier rules allow every header that this rule allows.
    let chooses = evaluation.rule_selection == RuleSelection::AllThree;
    let mut allowing = [0_u64; MAX_RULES as usize / 64];
    for (word, earlier) in allowing.iter_mut().zip(earlier.chunks(64)) {
        for (bit, other) in bits().zip(earlier) {
            let (list, others) = (other.allowed_headers, rule.allowed_headers);
            if !chooses || covers_all(list, others, Comparison::Names, count) {
                *word |= bit;
            }
        }
    }
    let earlier = || {
        let words = allowing.iter().zip(earlier.chunks(64));
        words.flat_map(|(word, earlier)| {
            let rules = bits().zip(earlier);
            rules.filter_map(move |(bit, rule)| (word & bit != 0).then_some(rule))
        })
    };
    let mut rest = rule.allowed_origins.iter();
    loop {
        let origins = rest.clone().take(BLOCK);
        let length = origins.clone().count();
        if length == 0 {
            return true;
        }
        // For each origin: its methods that some earlier rule has together with it.
        let mut covered = [0_u64; BLOCK];
        for (covered, origin) in covered.iter_mut().zip(origins.clone()) {
            if never_matches(origin.as_bytes()) {
                *covered = methods.all;
            } else if Pattern::parse(origin).is_none() {
                return false;
            }
        }
        for other in earlier() {
            let allowed = methods.allowed_by(evaluation, other, count);
            if allowed == 0 {
                continue;
            }
            blocks(
                other.allowed_origins,
                Comparison::Origins,
                count,
                |_, block| {
                    for (covered, origin) in covered.iter_mut().zip(origins.clone()) {
                        if *covered != methods.all && block.covers(origin, count) {
                            *covered |= allowed;
                        }
                    }
                },
            );
        }
        if covered
            .iter()
            .take(length)
            .any(|covered| *covered != methods.all)
        {
            return false;
        }
        rest.by_ref().take(BLOCK).for_each(drop);
    }
}

/// The distinct methods of a rule, each a bit.
struct Methods<'c> {
    texts: [&'c str; MAX_METHODS],
    all: u64,
}

impl<'c> Methods<'c> {
    /// `None` if there are too many.
    fn of(rule: &Rule<'c>, count: impl Fn(usize)) -> Option<Self> {
        let mut methods = Methods {
            texts: [""; MAX_METHODS],
            all: 0,
        };
        for method in &rule.allowed_methods {
            count(1);
            if !methods.iter().any(|(_, known)| known == method) {
                let bit = methods.all.checked_add(1)?;
                let place = usize::try_from(bit.trailing_zeros()).ok()?;
                *methods.texts.get_mut(place)? = method;
                methods.all |= bit;
            }
        }
        Some(methods)
    }

    /// The methods, each with its bit.
    fn iter(&self) -> impl Iterator<Item = (u64, &'c str)> {
        let bits = bits().take_while(|bit| self.all & bit != 0);
        bits.zip(self.texts)
    }

    /// The bits of the methods that another rule allows.
    fn allowed_by(&self, evaluation: &Evaluation, other: &Rule<'_>, count: impl Fn(usize)) -> u64 {
        let mut allowed = 0;
        for known in &other.allowed_methods {
            count(1);
            if allowed == self.all {
                break;
            }
            for (bit, method) in self.iter() {
                if evaluation.methods.allows(known, method.as_bytes()) {
                    allowed |= bit;
                }
            }
        }
        allowed
    }
}

/// Each bit of a word, the lowest first.
fn bits() -> impl Iterator<Item = u64> {
    (0_u32..).map_while(|place| 1_u64.checked_shl(place))
}

/// Whether any request can match: there is a method, and an origin that can be sent.
fn can_match(rule: &Rule<'_>) -> bool {
    let mut origins = rule.allowed_origins.iter();
    !rule.allowed_methods.is_empty() && origins.any(|value| !never_matches(value.as_bytes()))
}
