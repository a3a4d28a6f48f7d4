//! Which rules have an origin pattern that matches a text, for many texts: an index with an allocator.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use cors_core::dialect::OriginComparison;
use cors_core::{Pattern, Rule};

/// Rules by the origin patterns that they have. A rule is a number.
pub(crate) struct OriginOwners<'c> {
    comparison: OriginComparison,
    any: BTreeSet<usize>,
    exact: BTreeMap<&'c str, BTreeSet<usize>>,
    affixes: BTreeMap<(&'c str, &'c str), BTreeSet<usize>>,
    /// The lengths of prefix and suffix that occur among the affixes.
    shapes: BTreeSet<(usize, usize)>,
}

impl<'c> OriginOwners<'c> {
    /// The rules in order, numbered from 0, and how their origins compare. Values that are not patterns
    /// are left out.
    pub(crate) fn new(comparison: OriginComparison, rules: impl Iterator<Item = Rule<'c>>) -> Self {
        let mut owners = OriginOwners {
            comparison,
            any: BTreeSet::new(),
            exact: BTreeMap::new(),
            affixes: BTreeMap::new(),
            shapes: BTreeSet::new(),
        };
        for (number, rule) in rules.enumerate() {
            for pattern in rule.allowed_origins.iter().filter_map(Pattern::parse) {
                let of_pattern = match pattern {
                    Pattern::Any => &mut owners.any,
                    Pattern::Exact(text) => {
                        owners.exact.entry(comparison.shortest(text)).or_default()
                    }
                    Pattern::Affix { prefix, suffix } => {
                        owners.shapes.insert((prefix.len(), suffix.len()));
                        owners.affixes.entry((prefix, suffix)).or_default()
                    }
                };
                of_pattern.insert(number);
            }
        }
        owners
    }

    /// The rules with a pattern that matches this text.
    ///
    /// # Complexity
    ///
    /// One look-up for the text, and one for each pair of lengths of the patterns with a `*` that
    /// is not longer than the text.
    pub(crate) fn matching(&self, text: &str) -> BTreeSet<usize> {
        let with_wildcard = self.shapes.iter().filter_map(|(prefix, suffix)| {
            let (prefix, rest) = text.split_at_checked(*prefix)?;
            let (_, suffix) = rest.split_at_checked(rest.len().checked_sub(*suffix)?)?;
            self.affixes.get(&(prefix, suffix))
        });
        let exact = self.exact.get(self.comparison.shortest(text));
        let sets = exact.into_iter().chain([&self.any]).chain(with_wildcard);
        sets.flatten().copied().collect()
    }

    /// For each rule, the later rules with an origin pattern that matches something that one of its
    /// own patterns matches too.
    ///
    /// # Complexity
    ///
    /// [`OriginOwners::matching`] for each distinct text, and a comparison for each two distinct
    /// patterns with a `*`.
    pub(crate) fn overlaps(&self, rules: usize) -> Vec<BTreeSet<usize>> {
        let mut overlaps: Vec<BTreeSet<usize>> = Vec::new();
        overlaps.resize_with(rules, BTreeSet::new);
        if rules < 2 {
            return overlaps;
        }
        let mut add = |first: &BTreeSet<usize>, second: &BTreeSet<usize>| {
            for one in first {
                for other in second {
                    if let Some(later) = overlaps.get_mut(*one.min(other)) {
                        later.insert(*one.max(other));
                    }
                }
            }
        };
        let every = || self.exact.values().chain(self.affixes.values());
        for others in every().chain([&self.any]) {
            add(&self.any, others);
        }
        for (text, owners) in &self.exact {
            add(owners, &self.matching(text));
        }
        let affixes = || self.affixes.iter();
        for (skipped, (&(prefix, suffix), owners)) in affixes().enumerate() {
            let pattern = Pattern::Affix { prefix, suffix };
            for (&(prefix, suffix), others) in affixes().skip(skipped) {
                if pattern.overlaps(&Pattern::Affix { prefix, suffix }) {
                    add(owners, others);
                }
            }
        }
        overlaps
    }
}
