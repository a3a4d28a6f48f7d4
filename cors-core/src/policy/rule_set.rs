//! A set of rules as bits, the lowest bit the first rule. One word holds 64 rules and is all that most policies use.

use crate::MAX_RULES;

/// Words of the largest set.
pub(super) const MAX_WORDS: usize = MAX_RULES.div_ceil(64) as usize;

/// A set of the rules of one policy: [`Narrow`] for up to 64 rules, [`Wide`] for more. The matching code is compiled
/// for both, so that the common case pays nothing for the other (measured: 128 bytes to clear and to copy
/// cost as much as the match itself).
pub(super) trait RuleSet: Sized {
    const EMPTY: Self;

    /// Whether no rule is in the set.
    fn is_empty(&self) -> bool;

    /// Adds the rules of a named set.
    fn add(&mut self, table: &SetTable<'_>, name: SetName);

    /// Keeps the rules that are in a named set too.
    fn keep_named(&mut self, table: &SetTable<'_>, name: SetName);

    /// Keeps the rules that are in another set too.
    fn keep(&mut self, other: &Self);

    /// Whether every rule of the set is in a named set too.
    fn is_within(&self, table: &SetTable<'_>, name: SetName) -> bool;

    /// The first rule in order.
    fn first(&self) -> Option<u16>;

    /// Whether a rule is in the set.
    fn contains(&self, rule: u16) -> bool;

    /// Keeps the first rule in order alone.
    fn keep_first(&mut self, table: &SetTable<'_>) {
        let first = self.first();
        *self = Self::EMPTY;
        if let Some(rule) = first {
            self.add(table, SetName::rule(rule));
        }
    }
}

/// A set of the first 64 rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Narrow(u64);

/// A set of any rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wide([u64; MAX_WORDS]);

/// How an image names a set: one rule by its number, many by their place in the table of sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SetName(u16);

impl SetName {
    /// The lowest bit that tells a row from a rule.
    const ROW: u16 = 0x8000;
    /// Most rows that a name can tell apart.
    pub(super) const MAX_ROWS: u16 = 0x7fff;
    /// No rule: a row that no table has.
    pub(super) const EMPTY: SetName = SetName(u16::MAX);

    /// One rule.
    pub(super) const fn rule(rule: u16) -> Self {
        SetName(rule)
    }

    /// A row of the table of sets.
    pub(super) const fn row(row: u16) -> Self {
        SetName(row | SetName::ROW)
    }

    pub(super) const fn from_bits(bits: u16) -> Self {
        SetName(bits)
    }

    pub(super) const fn to_bits(self) -> u16 {
        self.0
    }

    /// The one rule, or the row.
    pub(super) const fn rule_or_row(self) -> Result<u16, u16> {
        if self.0 < SetName::ROW {
            Ok(self.0)
        } else {
            Err(self.0 & !SetName::ROW)
        }
    }
}

/// The table of sets: rows of as many words as the policy's rules need.
#[derive(Clone, Copy, Debug)]
pub(super) struct SetTable<'p> {
    pub(super) words: &'p [[u8; 8]],
    /// Words a row, at least 1.
    pub(super) row_words: usize,
}

impl<'p> SetTable<'p> {
    /// The words of a row.
    fn row(&self, row: u16) -> &'p [[u8; 8]] {
        let start = usize::from(row).wrapping_mul(self.row_words);
        self.words
            .get(start..)
            .and_then(|rest| rest.get(..self.row_words))
            .unwrap_or_default()
    }

    /// One word of a named set.
    fn word(&self, name: SetName, at: usize) -> u64 {
        match name.rule_or_row() {
            Ok(rule) if usize::from(rule >> 6) == at => 1 << (rule & 63),
            Ok(_) => 0,
            Err(row) => {
                let start = usize::from(row).wrapping_mul(self.row_words);
                self.words
                    .get(start.wrapping_add(at))
                    .map_or(0, |word| u64::from_le_bytes(*word))
            }
        }
    }

    /// The only word of a named set of a policy of up to 64 rules.
    fn only_word(&self, name: SetName) -> u64 {
        match name.rule_or_row() {
            Ok(rule) => 1 << (rule & 63),
            Err(row) => self
                .words
                .get(usize::from(row))
                .map_or(0, |word| u64::from_le_bytes(*word)),
        }
    }
}

impl RuleSet for Narrow {
    const EMPTY: Narrow = Narrow(0);

    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, table: &SetTable<'_>, name: SetName) {
        self.0 |= table.only_word(name);
    }

    fn keep_named(&mut self, table: &SetTable<'_>, name: SetName) {
        self.0 &= table.only_word(name);
    }

    fn keep(&mut self, other: &Narrow) {
        self.0 &= other.0;
    }

    fn is_within(&self, table: &SetTable<'_>, name: SetName) -> bool {
        self.0 & !table.only_word(name) == 0
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

    fn add(&mut self, table: &SetTable<'_>, name: SetName) {
        match name.rule_or_row() {
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

    fn keep_named(&mut self, table: &SetTable<'_>, name: SetName) {
        for (at, word) in self.0.iter_mut().enumerate().take(table.row_words) {
            *word &= table.word(name, at);
        }
    }

    fn keep(&mut self, other: &Wide) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    fn is_within(&self, table: &SetTable<'_>, name: SetName) -> bool {
        let mut words = self.0.iter().enumerate().take(table.row_words);
        words.all(|(at, word)| word & !table.word(name, at) == 0)
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
    const WIDE: SetTable<'static> = SetTable {
        words: &[
            [0xff; 8],
            [0; 8],
            [1, 0, 0, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 0, 0, 0, 0],
        ],
        row_words: 2,
    };

    /// Two rows of one word: all rules; rules 0 and 1.
    const NARROW: SetTable<'static> = SetTable {
        words: &[[0xff; 8], [3, 0, 0, 0, 0, 0, 0, 0]],
        row_words: 1,
    };

    #[test]
    fn a_set_of_one_rule_is_one_bit_of_its_own_word() {
        for rule in [0, 1, 62, 63, 64, 65, 127] {
            let mut kept = Wide::EMPTY;
            for other in 0..128 {
                kept.add(&WIDE, SetName::rule(other));
            }
            kept.keep_named(&WIDE, SetName::rule(rule));
            assert!((0..128).all(|other| kept.contains(other) == (other == rule)));
            assert!(kept.is_within(&WIDE, SetName::rule(rule)));
            assert!(!kept.is_within(&WIDE, SetName::rule(rule ^ 1)));
            assert!(!kept.is_within(&WIDE, SetName::rule(rule ^ 64)));
        }
        let mut one = Narrow::EMPTY;
        assert!(one.is_empty());
        one.add(&NARROW, SetName::rule(3));
        assert!(!one.is_empty());
    }

    #[test]
    fn the_first_rule_is_the_lowest_bit_over_all_words() {
        let mut set = Wide::EMPTY;
        assert_eq!(set.first(), None);
        assert!(set.is_empty());
        set.add(&WIDE, SetName::rule(127));
        assert!(!set.is_empty());
        set.add(&WIDE, SetName::rule(70));
        assert_eq!(set.first(), Some(70));
        set.add(&WIDE, SetName::row(1));
        assert_eq!(set.first(), Some(0));
        assert!(set.contains(65) && set.contains(127) && !set.contains(66) && !set.contains(1));
        assert!(!set.contains(1024));
        assert!(!set.is_within(&WIDE, SetName::row(0)));
        let mut both = Wide::EMPTY;
        both.add(&WIDE, SetName::rule(64));
        both.add(&WIDE, SetName::rule(65));
        both.keep(&set);
        assert_eq!(both.first(), Some(65));
        set.keep_named(&WIDE, SetName::row(1));
        assert!(set.is_within(&WIDE, SetName::row(1)));
        set.keep_first(&WIDE);
        assert_eq!((set.contains(0), set.contains(65)), (true, false));
        set.keep_named(&WIDE, SetName::EMPTY);
        assert!(set.is_empty());
    }

    #[test]
    fn one_word_does_the_same_for_the_first_64_rules() {
        let mut set = Narrow::EMPTY;
        assert!(set.is_empty() && set.first().is_none());
        set.add(&NARROW, SetName::rule(63));
        set.add(&NARROW, SetName::rule(7));
        assert_eq!(set.first(), Some(7));
        assert!(set.contains(63) && !set.contains(64) && !set.contains(0));
        set.add(&NARROW, SetName::row(1));
        assert!(set.contains(0) && !set.contains(64));
        assert!(
            set.is_within(&NARROW, SetName::row(0)) && !set.is_within(&NARROW, SetName::row(1))
        );
        let mut other = Narrow::EMPTY;
        other.add(&NARROW, SetName::rule(1));
        other.keep(&set);
        assert_eq!(other.first(), Some(1));
        set.keep_first(&NARROW);
        assert_eq!((set.contains(0), set.contains(1)), (true, false));
        set.keep_named(&NARROW, SetName::EMPTY);
        assert!(set.is_empty());
    }

    #[test]
    fn names_tell_rules_from_rows() {
        assert_eq!(SetName::rule(1023).rule_or_row(), Ok(1023));
        assert_eq!(SetName::row(0x7ffe).rule_or_row(), Err(0x7ffe));
        assert_eq!(SetName::EMPTY.rule_or_row(), Err(SetName::MAX_ROWS));
    }
}
