//! A set of rules as bits, the lowest bit the first rule. One word holds 64 rules and is all that most policies use.

use crate::image::{SetId, SetTable};
use crate::limits::MAX_RULES;

/// Words of the largest set.
const MAX_WORDS: usize = MAX_RULES.div_ceil(64) as usize;

/// A set of the rules of one policy: [`Narrow`] for up to 64 rules, [`Wide`] for more. The matching code is compiled
/// for both, so that the common case pays nothing for the other (measured: 128 bytes to clear and to copy
/// cost as much as the match itself).
pub(crate) trait RuleSet: Sized {
    const EMPTY: Self;

    /// Whether no rule is in the set.
    fn is_empty(&self) -> bool;

    /// Adds the rules of a set of the image.
    fn add(&mut self, table: &SetTable<'_>, id: SetId);

    /// Keeps the rules that are in a set of the image too.
    fn keep_set(&mut self, table: &SetTable<'_>, id: SetId);

    /// Keeps the rules that are in another set too.
    fn keep(&mut self, other: &Self);

    /// Whether every rule of the set is in a set of the image too.
    fn is_within(&self, table: &SetTable<'_>, id: SetId) -> bool;

    /// The first rule in order.
    fn first(&self) -> Option<u16>;

    /// Whether a rule is in the set.
    fn contains(&self, rule: u16) -> bool;

    /// Keeps the first rule in order alone.
    fn keep_first(&mut self, table: &SetTable<'_>) {
        let first = self.first();
        *self = Self::EMPTY;
        if let Some(rule) = first {
            self.add(table, SetId::rule(rule));
        }
    }
}

/// A set of the first 64 rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Narrow(u64);

/// A set of any rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wide([u64; MAX_WORDS]);

impl RuleSet for Narrow {
    const EMPTY: Narrow = Narrow(0);

    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, table: &SetTable<'_>, id: SetId) {
        self.0 |= table.only_word(id);
    }

    fn keep_set(&mut self, table: &SetTable<'_>, id: SetId) {
        self.0 &= table.only_word(id);
    }

    fn keep(&mut self, other: &Narrow) {
        self.0 &= other.0;
    }

    fn is_within(&self, table: &SetTable<'_>, id: SetId) -> bool {
        self.0 & !table.only_word(id) == 0
    }

    fn first(&self) -> Option<u16> {
        if self.0 == 0 {
            None
        } else {
            u16::try_from(self.0.trailing_zeros()).ok()
        }
    }

    fn contains(&self, rule: u16) -> bool {
        rule < 64 && (self.0 >> (rule & 63)) & 1 == 1
    }
}

impl RuleSet for Wide {
    const EMPTY: Wide = Wide([0; MAX_WORDS]);

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn add(&mut self, table: &SetTable<'_>, id: SetId) {
        match id.rule_or_row() {
            Ok(rule) => {
                if let Some(word) = self.0.get_mut(usize::from(rule >> 6)) {
                    *word |= 1 << (rule & 63);
                }
            }
            Err(row) => {
                for (word, other) in self.0.iter_mut().zip(table.row(row)) {
                    *word |= u64::from_le_bytes(*other);
                }
            }
        }
    }

    fn keep_set(&mut self, table: &SetTable<'_>, id: SetId) {
        for (at, word) in self.0.iter_mut().enumerate().take(table.row_words()) {
            *word &= table.word(id, at);
        }
    }

    fn keep(&mut self, other: &Wide) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    fn is_within(&self, table: &SetTable<'_>, id: SetId) -> bool {
        let mut words = self.0.iter().enumerate().take(table.row_words());
        words.all(|(at, word)| word & !table.word(id, at) == 0)
    }

    fn first(&self) -> Option<u16> {
        let mut words = (0_u32..).step_by(64).zip(&self.0);
        let (base, word) = words.find(|(_, word)| **word != 0)?;
        u16::try_from(base.wrapping_add(word.trailing_zeros())).ok()
    }

    fn contains(&self, rule: u16) -> bool {
        self.0
            .get(usize::from(rule >> 6))
            .is_some_and(|word| (word >> (rule & 63)) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows of two words: rules 0 to 63; rules 0 and 65.
    const WIDE: SetTable<'static> = SetTable::new(
        &[
            [0xff; 8],
            [0; 8],
            [1, 0, 0, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 0, 0, 0, 0],
        ],
        2,
    );

    /// Two rows of one word: all rules; rules 0 and 1.
    const NARROW: SetTable<'static> = SetTable::new(&[[0xff; 8], [3, 0, 0, 0, 0, 0, 0, 0]], 1);

    #[test]
    fn a_set_of_one_rule_is_one_bit_of_its_own_word() {
        for rule in [0, 1, 62, 63, 64, 65, 127] {
            let mut kept = Wide::EMPTY;
            for other in 0..128 {
                kept.add(&WIDE, SetId::rule(other));
            }
            kept.keep_set(&WIDE, SetId::rule(rule));
            assert!((0..128).all(|other| kept.contains(other) == (other == rule)));
            assert!(kept.is_within(&WIDE, SetId::rule(rule)));
            assert!(!kept.is_within(&WIDE, SetId::rule(rule ^ 1)));
            assert!(!kept.is_within(&WIDE, SetId::rule(rule ^ 64)));
        }
        let mut one = Narrow::EMPTY;
        assert!(one.is_empty());
        one.add(&NARROW, SetId::rule(3));
        assert!(!one.is_empty());
    }

    #[test]
    fn the_first_rule_is_the_lowest_bit_over_all_words() {
        let mut set = Wide::EMPTY;
        assert_eq!(set.first(), None);
        assert!(set.is_empty());
        set.add(&WIDE, SetId::rule(127));
        assert!(!set.is_empty());
        set.add(&WIDE, SetId::rule(70));
        assert_eq!(set.first(), Some(70));
        set.add(&WIDE, SetId::row(1));
        assert_eq!(set.first(), Some(0));
        assert!(set.contains(65) && set.contains(127) && !set.contains(66) && !set.contains(1));
        assert!(!set.contains(1024));
        assert!(!set.is_within(&WIDE, SetId::row(0)));
        let mut both = Wide::EMPTY;
        both.add(&WIDE, SetId::rule(64));
        both.add(&WIDE, SetId::rule(65));
        both.keep(&set);
        assert_eq!(both.first(), Some(65));
        set.keep_set(&WIDE, SetId::row(1));
        assert!(set.is_within(&WIDE, SetId::row(1)));
        set.keep_first(&WIDE);
        assert_eq!((set.contains(0), set.contains(65)), (true, false));
        set.keep_set(&WIDE, SetId::EMPTY);
        assert!(set.is_empty());
    }

    #[test]
    fn one_word_does_the_same_for_the_first_64_rules() {
        let mut set = Narrow::EMPTY;
        assert!(set.is_empty() && set.first().is_none());
        set.add(&NARROW, SetId::rule(63));
        set.add(&NARROW, SetId::rule(7));
        assert_eq!(set.first(), Some(7));
        assert!(set.contains(63) && !set.contains(64) && !set.contains(0));
        set.add(&NARROW, SetId::row(1));
        assert!(set.contains(0) && !set.contains(64));
        assert!(set.is_within(&NARROW, SetId::row(0)) && !set.is_within(&NARROW, SetId::row(1)));
        let mut other = Narrow::EMPTY;
        other.add(&NARROW, SetId::rule(1));
        other.keep(&set);
        assert_eq!(other.first(), Some(1));
        set.keep_first(&NARROW);
        assert_eq!((set.contains(0), set.contains(1)), (true, false));
        set.keep_set(&NARROW, SetId::EMPTY);
        assert!(set.is_empty());
    }
}
