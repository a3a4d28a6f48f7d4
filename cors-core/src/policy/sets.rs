//! The table of sets while an image is written: a row of bits for each set of several rules.

use super::draft::{Draft, Stop};
use super::rule_set::SetName;
use crate::error::{CompileError, CompileErrorKind};
use crate::rule::Rule;

/// The table of sets, at the end of the draft while it grows.
pub(super) struct Sets {
    pub(super) start: usize,
    pub(super) rows: u16,
    pub(super) row_bytes: usize,
}

impl Sets {
    /// Names the set of the given rules, ascending; a set of several becomes a row.
    pub(super) fn push(
        &mut self,
        draft: &mut Draft<'_>,
        rules: impl Iterator<Item = u16> + Clone,
    ) -> Result<SetName, Stop> {
        let Some(first) = rules.clone().next() else {
            return Ok(SetName::EMPTY);
        };
        if rules.clone().all(|rule| rule == first) {
            return Ok(SetName::rule(first));
        }
        self.open_row(draft)?;
        for rule in rules {
            self.mark(draft, rule)?;
        }
        self.close_row()
    }

    pub(super) fn open_row(&mut self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        for _ in 0..self.row_bytes {
            draft.push(&[0])?;
        }
        Ok(())
    }

    /// Adds a rule to the row being written.
    pub(super) fn mark(&mut self, draft: &mut Draft<'_>, rule: u16) -> Result<(), Stop> {
        let row = usize::from(self.rows).saturating_mul(self.row_bytes);
        let at = self
            .start
            .saturating_add(row)
            .saturating_add(usize::from(rule / 8));
        let byte = draft.bytes.get_mut(at).ok_or(Stop::Full)?;
        *byte |= 1 << (rule % 8);
        Ok(())
    }

    pub(super) fn close_row(&mut self) -> Result<SetName, Stop> {
        if self.rows >= SetName::MAX_ROWS {
            return Err(Stop::Limit(CompileError::of_all(
                CompileErrorKind::TooManyPatterns,
            )));
        }
        let name = SetName::row(self.rows);
        self.rows = self.rows.saturating_add(1);
        Ok(name)
    }
}

/// The numbers of the rules for which something holds.
pub(super) fn holders<'c>(
    rules: &'c [Rule<'c>],
    holds: impl Fn(&Rule<'c>) -> bool + Clone,
) -> impl Iterator<Item = u16> + Clone {
    (0_u16..)
        .zip(rules)
        .filter(move |(_, rule)| holds(rule))
        .map(|(number, _)| number)
}
