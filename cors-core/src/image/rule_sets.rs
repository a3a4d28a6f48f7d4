//! The sets of rules of an image: a row of bits for each set of several rules. Row, write, find and check.

use super::writer::{ImageWriter, WriteError};
use crate::rule::Rule;

/// How an image refers to a set: one rule by its number, several by their row in the table of sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SetId(u16);

/// The table of sets: rows of as many words as the policy's rules need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetTable<'p> {
    pub(super) words: &'p [[u8; 8]],
    /// Words a row, at least 1.
    pub(super) row_words: usize,
}

impl SetId {
    /// The bit that marks a row.
    const ROW: u16 = 0x8000;
    /// Most rows that an id can refer to.
    pub(super) const MAX_ROWS: u16 = 0x7fff;
    /// No rule: a row that no table has.
    pub(crate) const EMPTY: SetId = SetId(u16::MAX);

    /// One rule.
    pub(crate) const fn rule(rule: u16) -> Self {
        SetId(rule)
    }

    /// A row of the table of sets.
    pub(crate) const fn row(row: u16) -> Self {
        SetId(row | SetId::ROW)
    }

    pub(super) const fn from_bits(bits: u16) -> Self {
        SetId(bits)
    }

    pub(super) const fn to_bits(self) -> u16 {
        self.0
    }

    /// The one rule, or the row.
    pub(crate) const fn rule_or_row(self) -> Result<u16, u16> {
        if self.0 < SetId::ROW {
            Ok(self.0)
        } else {
            Err(self.0 & !SetId::ROW)
        }
    }
}

impl<'p> SetTable<'p> {
    /// Words a row, at least 1.
    pub(crate) fn row_words(&self) -> usize {
        self.row_words
    }

    /// The words of a row.
    pub(crate) fn row(&self, row: u16) -> &'p [[u8; 8]] {
        let start = usize::from(row).wrapping_mul(self.row_words);
        self.words
            .get(start..)
            .and_then(|rest| rest.get(..self.row_words))
            .unwrap_or_default()
    }

    /// One word of a set.
    #[inline]
    pub(crate) fn word(&self, id: SetId, at: u16) -> u64 {
        match id.rule_or_row() {
            Ok(rule) if rule >> 6 == at => 1 << (rule & 63),
            Ok(_) => 0,
            Err(row) => {
                let start = usize::from(row).wrapping_mul(self.row_words);
                self.words
                    .get(start.wrapping_add(usize::from(at)))
                    .map_or(0, |word| u64::from_le_bytes(*word))
            }
        }
    }

    /// The first word of a set, from a place on, that has a rule, and where it is.
    #[inline]
    pub(crate) fn first_word(&self, id: SetId, from: u16) -> Option<(u16, u64)> {
        match id.rule_or_row() {
            Ok(rule) => (rule >> 6 >= from).then_some((rule >> 6, 1 << (rule & 63))),
            Err(row) => {
                let words = (0..).zip(self.row(row)).skip(usize::from(from));
                let mut words = words.map(|(at, word)| (at, u64::from_le_bytes(*word)));
                words.find(|(_, word)| *word != 0)
            }
        }
    }

    /// Whether a rule is in a set.
    pub(crate) fn contains(&self, id: SetId, rule: u16) -> bool {
        self.word(id, rule >> 6) >> (rule & 63) & 1 == 1
    }

    /// How many rules are in a set.
    pub(super) fn count(&self, id: SetId) -> usize {
        let words = match id.rule_or_row() {
            Ok(_) => return 1,
            Err(row) => self.row(row).iter(),
        };
        let ones = words.map(|word| u64::from_le_bytes(*word).count_ones());
        ones.map(|ones| usize::try_from(ones).unwrap_or(0)).sum()
    }

    /// Whether an id refers to rules that there are.
    pub(super) fn has(&self, id: SetId, rule_count: u16) -> bool {
        match id.rule_or_row() {
            Ok(rule) => rule < rule_count,
            Err(row) => {
                let end = usize::from(row)
                    .saturating_add(1)
                    .saturating_mul(self.row_words);
                id == SetId::EMPTY || end <= self.words.len()
            }
        }
    }

    /// Whether there are not too many rows, and none has a bit beyond the last rule.
    pub(super) fn are_valid(&self, rule_count: u16) -> bool {
        let used = rule_count % 64;
        let is_within = |row| {
            let last = self.row(row).last();
            used == 0 || last.is_none_or(|word| u64::from_le_bytes(*word) >> used == 0)
        };
        let rows = self.words.len().checked_div(self.row_words).unwrap_or(0);
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        rows <= SetId::MAX_ROWS && (0..rows).all(is_within)
    }
}

/// The table of sets at the end of what is written, while it grows.
pub(crate) struct SetTableWriter {
    start: usize,
    rows: u16,
    row_bytes: usize,
}

impl SetTableWriter {
    /// An empty table at the end of what is written.
    pub(crate) fn new(writer: &ImageWriter<'_>, rule_count: u16) -> Self {
        SetTableWriter {
            start: writer.len(),
            rows: 0,
            row_bytes: usize::from(rule_count.div_ceil(64)).saturating_mul(8),
        }
    }

    /// The id of the set of the given rules, ascending; a set of several becomes a row.
    pub(crate) fn push(
        &mut self,
        writer: &mut ImageWriter<'_>,
        rules: impl Iterator<Item = u16> + Clone,
    ) -> Result<SetId, WriteError> {
        let Some(first) = rules.clone().next() else {
            return Ok(SetId::EMPTY);
        };
        if rules.clone().all(|rule| rule == first) {
            return Ok(SetId::rule(first));
        }
        self.open_row(writer)?;
        for rule in rules {
            self.add(writer, rule)?;
        }
        self.close_row()
    }

    /// Begins a row without rules.
    pub(super) fn open_row(&mut self, writer: &mut ImageWriter<'_>) -> Result<(), WriteError> {
        for _ in 0..self.row_bytes {
            writer.push(&[0])?;
        }
        Ok(())
    }

    /// Adds a rule to the row that was begun.
    pub(super) fn add(
        &mut self,
        writer: &mut ImageWriter<'_>,
        rule: u16,
    ) -> Result<(), WriteError> {
        let row = usize::from(self.rows).saturating_mul(self.row_bytes);
        let at = self
            .start
            .saturating_add(row)
            .saturating_add(usize::from(rule / 8));
        writer.set_bits(at, 1 << (rule % 8))
    }

    /// Ends the row that was begun; returns its id.
    pub(super) fn close_row(&mut self) -> Result<SetId, WriteError> {
        if self.rows >= SetId::MAX_ROWS {
            return Err(WriteError::too_many_patterns());
        }
        let id = SetId::row(self.rows);
        self.rows = self.rows.saturating_add(1);
        Ok(id)
    }

    /// Moves the table down to an offset, over the gap that the merged entries have left.
    pub(crate) fn close_gap(self, writer: &mut ImageWriter<'_>, to: u32) -> Result<(), WriteError> {
        writer.close_gap(to, self.start)
    }
}

/// The numbers of the rules for which something holds.
pub(crate) fn rules_where<'c>(
    rules: &'c [Rule<'c>],
    holds: impl Fn(&Rule<'c>) -> bool + Clone,
) -> impl Iterator<Item = u16> + Clone {
    (0_u16..)
        .zip(rules)
        .filter(move |(_, rule)| holds(rule))
        .map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_rules_from_rows() {
        assert_eq!(SetId::rule(1023).rule_or_row(), Ok(1023));
        assert_eq!(SetId::row(0x7ffe).rule_or_row(), Err(0x7ffe));
        assert_eq!(SetId::EMPTY.rule_or_row(), Err(SetId::MAX_ROWS));
    }

    /// Two rows of three words: rules 0 and 65; rule 191.
    const TABLE: SetTable<'static> = SetTable {
        words: &[
            [1, 0, 0, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 0, 0, 0, 0],
            [0; 8],
            [0; 8],
            [0; 8],
            [0, 0, 0, 0, 0, 0, 0, 0x80],
        ],
        row_words: 3,
    };

    #[test]
    fn a_word_holds_64_rules_in_their_order() {
        for rule in [0, 1, 62, 63, 64, 65, 127, 128, 191] {
            for at in 0..4 {
                let expected = if rule / 64 == at { 1 << (rule % 64) } else { 0 };
                assert_eq!(TABLE.word(SetId::rule(rule), at), expected, "{rule} {at}");
            }
            let is_in_first = matches!(rule, 0 | 65);
            assert_eq!(TABLE.contains(SetId::row(0), rule), is_in_first, "{rule}");
            assert_eq!(TABLE.contains(SetId::row(1), rule), rule == 191, "{rule}");
            assert!(!TABLE.contains(SetId::EMPTY, rule));
        }
        assert_eq!(
            (TABLE.count(SetId::row(0)), TABLE.count(SetId::row(1))),
            (2, 1)
        );
    }

    #[test]
    fn the_first_word_from_a_place_on_is_the_first_with_a_rule() {
        let first = |set, from| TABLE.first_word(set, from);
        assert_eq!(first(SetId::row(0), 0), Some((0, 1)));
        assert_eq!(first(SetId::row(0), 1), Some((1, 2)));
        assert_eq!(first(SetId::row(0), 2), None);
        assert_eq!(first(SetId::row(1), 0), Some((2, 1 << 63)));
        assert_eq!(first(SetId::row(1), 3), None);
        assert_eq!(first(SetId::rule(64), 0), Some((1, 1)));
        assert_eq!(first(SetId::rule(64), 1), Some((1, 1)));
        assert_eq!(first(SetId::rule(64), 2), None);
        assert_eq!(first(SetId::EMPTY, 0), None);
    }
}
