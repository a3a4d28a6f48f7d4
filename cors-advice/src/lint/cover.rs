//! Which rules can never win, proved by pattern subsumption.

use cors_core::dialect::{Evaluation, RuleSelection};
use cors_core::{List, MAX_RULES, Pattern, Rule};

use super::origins::never_matches;

/// Whether earlier rules match every request that this rule matches, so that it never wins.
///
/// `true` is a proof: for each origin pattern and each method of the rule, an earlier rule has an
/// origin pattern that matches at least as much, has the method, and has for each header pattern
/// one that matches at least as much. `false` proves nothing. Rules after [`MAX_RULES`] are not
/// reported, as no policy contains them.
///
/// # Complexity
///
/// Linear in the number of rules, times the product of the patterns of two rules; for all rules of
/// a configuration, quadratic in its text. Constant space.
pub(super) fn never_wins(evaluation: &Evaluation, rules: &[Rule<'_>], index: usize) -> bool {
    let Some((earlier, [rule, ..])) = rules.split_at_checked(index) else {
        return false;
    };
    if index >= usize::from(MAX_RULES) || !can_match(rule) {
        return false;
    }
    // Which earlier rules allow every header that this rule allows: computed once, not per origin.
    let mut allowing = [0_u64; MAX_RULES as usize / 64];
    for (word, earlier) in allowing.iter_mut().zip(earlier.chunks(64)) {
        for (bit, other) in earlier.iter().enumerate() {
            if evaluation.rule_selection != RuleSelection::AllThree || covers_headers(other, rule) {
                *word |= 1_u64.checked_shl(bit_number(bit)).unwrap_or(0);
            }
        }
    }
    let is_covered = |origin: Pattern<'_>, method: &str| {
        allowing
            .iter()
            .zip(earlier.chunks(64))
            .any(|(word, earlier)| {
                earlier.iter().enumerate().any(|(bit, other)| {
                    word.checked_shr(bit_number(bit))
                        .is_some_and(|word| word & 1 == 1)
                        && other
                            .allowed_methods
                            .iter()
                            .any(|known| evaluation.methods.allows(known, method.as_bytes()))
                        && patterns(other.allowed_origins).any(|known| known.covers(&origin))
                })
            })
    };
    rule.allowed_origins.iter().all(|value| {
        never_matches(value.as_bytes())
            || Pattern::parse(value).is_some_and(|origin| {
                rule.allowed_methods
                    .iter()
                    .all(|method| is_covered(origin, method))
            })
    })
}

/// Whether any request can match: there is a method, and an origin that can be sent.
fn can_match(rule: &Rule<'_>) -> bool {
    let mut origins = rule.allowed_origins.iter();
    !rule.allowed_methods.is_empty() && origins.any(|value| !never_matches(value.as_bytes()))
}

/// Whether `other` allows every list of header names that `rule` allows.
fn covers_headers(other: &Rule<'_>, rule: &Rule<'_>) -> bool {
    rule.allowed_headers.iter().all(|value| {
        Pattern::parse(value).is_some_and(|name| {
            patterns(other.allowed_headers).any(|known| known.covers_ignoring_case(&name))
        })
    })
}

fn patterns(list: List<'_>) -> impl Iterator<Item = Pattern<'_>> {
    list.iter().filter_map(Pattern::parse)
}

fn bit_number(bit: usize) -> u32 {
    u32::try_from(bit).unwrap_or(u32::MAX)
}
