//! A set of rules as bits, the lowest bit the first rule. One word holds 64 rules and is all that most policies use.

use crate::MAX_RULES;

/// Words of the largest set.
pub(super) const MAX_WORDS: usize = MAX_RULES.div_ceil(64) as usize;

/// A set of the rules of one policy.
///
/// `rest` is only touched where a policy has more than 64 rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RuleSet {
    first: u64,
    rest: [u64; MAX_WORDS - 1],
}

/// How an image names a set: one rule by its number, many by their place in the table of sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetName {
    /// No rule.
    Empty,
    /// One rule.
    Rule(u16),
    /// A row of the table of sets.
    Row(u16),
}

impl SetName {
    const EMPTY: u16 = u16::MAX;
    const ROW: u16 = 0x8000;
    /// Most rows that a name can tell apart.
    pub(super) const MAX_ROWS: u16 = 0x7fff;

    pub(super) const fn from_bits(bits: u16) -> Self {
        match bits {
            SetName::EMPTY => SetName::Empty,
            bits if bits & SetName::ROW == 0 => SetName::Rule(bits),
            bits => SetName::Row(bits & !SetName::ROW),
        }
    }

    pub(super) const fn to_bits(self) -> u16 {
        match self {
            SetName::Empty => SetName::EMPTY,
            SetName::Rule(rule) => rule,
            SetName::Row(row) => row | SetName::ROW,
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

impl SetTable<'_> {
    /// One word of a named set.
    fn word(&self, name: SetName, at: usize) -> u64 {
        match name {
            SetName::Rule(rule) if usize::from(rule >> 6) == at => 1 << (rule & 63),
            SetName::Rule(_) | SetName::Empty => 0,
            SetName::Row(row) => {
                let start = usize::from(row).wrapping_mul(self.row_words);
                self.words
                    .get(start.wrapping_add(at))
                    .map_or(0, |word| u64::from_le_bytes(*word))
            }
        }
    }
}

impl RuleSet {
    pub(super) const EMPTY: RuleSet = RuleSet {
        first: 0,
        rest: [0; MAX_WORDS - 1],
    };

    /// Whether no rule is in the set.
    pub(super) fn is_empty(&self, table: &SetTable<'_>) -> bool {
        self.first == 0 && (table.row_words == 1 || self.rest.iter().all(|word| *word == 0))
    }

    /// Adds the rules of a named set.
    pub(super) fn add(&mut self, table: &SetTable<'_>, name: SetName) {
        self.first |= table.word(name, 0);
        if table.row_words > 1 {
            for (word, at) in self.rest.iter_mut().zip(1..table.row_words) {
                *word |= table.word(name, at);
            }
        }
    }

    /// Keeps the rules that are in a named set too.
    pub(super) fn keep_named(&mut self, table: &SetTable<'_>, name: SetName) {
        self.first &= table.word(name, 0);
        if table.row_words > 1 {
            for (word, at) in self.rest.iter_mut().zip(1..table.row_words) {
                *word &= table.word(name, at);
            }
        }
    }

    /// Keeps the rules that are in another set too.
    pub(super) fn keep(&mut self, table: &SetTable<'_>, other: &RuleSet) {
        self.first &= other.first;
        if table.row_words > 1 {
            for (word, other) in self.rest.iter_mut().zip(other.rest) {
                *word &= other;
            }
        }
    }

    /// Whether every rule of the set is in a named set too.
    pub(super) fn is_within(&self, table: &SetTable<'_>, name: SetName) -> bool {
        self.first & !table.word(name, 0) == 0
            && (table.row_words == 1
                || self
                    .rest
                    .iter()
                    .zip(1..table.row_words)
                    .all(|(word, at)| word & !table.word(name, at) == 0))
    }

    /// The first rule in order.
    pub(super) fn first(&self, table: &SetTable<'_>) -> Option<u16> {
        if self.first != 0 {
            return u16::try_from(self.first.trailing_zeros()).ok();
        }
        if table.row_words == 1 {
            return None;
        }
        let rest = self.rest.iter().zip((64_u32..).step_by(64));
        rest.filter(|(word, _)| **word != 0)
            .find_map(|(word, base)| u16::try_from(base.wrapping_add(word.trailing_zeros())).ok())
    }

    /// Keeps the first rule in order alone.
    pub(super) fn keep_first(&mut self, table: &SetTable<'_>) {
        let first = self.first(table);
        *self = RuleSet::EMPTY;
        if let Some(rule) = first {
            self.add(table, SetName::Rule(rule));
        }
    }

    /// Whether a rule is in the set.
    pub(super) fn contains(&self, rule: u16) -> bool {
        let word = match usize::from(rule >> 6).checked_sub(1) {
            None => self.first,
            Some(at) => self.rest.get(at).copied().unwrap_or(0),
        };
        (word >> (rule & 63)) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: SetTable<'static> = SetTable {
        words: &[
            [0xff; 8],
            [0; 8],
            [1, 0, 0, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 0, 0, 0, 0],
        ],
        row_words: 2,
    };

    #[test]
    fn the_first_rule_is_the_lowest_bit_over_all_words() {
        let mut set = RuleSet::EMPTY;
        assert_eq!(set.first(&TABLE), None);
        set.add(&TABLE, SetName::Rule(127));
        set.add(&TABLE, SetName::Rule(70));
        assert_eq!(set.first(&TABLE), Some(70));
        set.add(&TABLE, SetName::Row(1));
        assert_eq!(set.first(&TABLE), Some(0));
        assert!(set.contains(65) && set.contains(127) && !set.contains(66) && !set.contains(1));
        assert!(!set.is_within(&TABLE, SetName::Row(0)));
        set.keep_named(&TABLE, SetName::Row(1));
        assert!(set.is_within(&TABLE, SetName::Row(1)));
        set.keep_first(&TABLE);
        assert_eq!((set.contains(0), set.contains(65)), (true, false));
        set.keep_named(&TABLE, SetName::Empty);
        assert!(set.is_empty(&TABLE));
    }

    #[test]
    fn names_survive_their_bits() {
        for name in [
            SetName::Empty,
            SetName::Rule(0),
            SetName::Rule(1023),
            SetName::Row(0),
            SetName::Row(0x7ffe),
        ] {
            assert_eq!(SetName::from_bits(name.to_bits()), name);
        }
    }
}
