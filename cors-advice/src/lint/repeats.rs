//! Finds, for each value of a list in turn, another value of it that makes it redundant.

use cors_core::{Field, List, ListIter};

use super::{Finding, LintCode, of_item};
use crate::block::{BLOCK, Comparison, blocks};

/// The redundant values of a list, asked for in order.
pub(super) struct Repeats<'c, C> {
    field: Field,
    list: List<'c>,
    comparison: Comparison,
    count: C,
    /// The values that were not looked at yet.
    rest: ListIter<'c>,
    /// The index of the next value.
    item: usize,
    /// For each value of the block that `item` is in: what covers it.
    found: [Option<(LintCode, usize)>; BLOCK],
}

impl<'c, C: Fn(usize) + Copy> Repeats<'c, C> {
    pub(super) fn new(field: Field, list: List<'c>, comparison: Comparison, count: C) -> Self {
        Repeats {
            field,
            list,
            comparison,
            count,
            rest: list.iter(),
            item: 0,
            found: [None; BLOCK],
        }
    }

    /// The finding about the next value: an earlier one matches the same, or any other matches more.
    pub(super) fn next_finding(&mut self) -> Option<Finding> {
        let item = self.item;
        let place = item.checked_rem(BLOCK).unwrap_or_default();
        if place == 0 {
            self.look_ahead();
        }
        self.item = item.saturating_add(1);
        let (code, covered_by) = self.found.get(place).copied().flatten()?;
        Some(Finding {
            covered_by: Some(covered_by),
            ..of_item(code, self.field, item)
        })
    }

    /// Compares the next block of values with all blocks of the list.
    fn look_ahead(&mut self) {
        let Repeats {
            item, count, found, ..
        } = self;
        *found = [None; BLOCK];
        let values = self.rest.clone().take(BLOCK);
        blocks(self.list, self.comparison, *count, |first, block| {
            for ((item, found), value) in (*item..).zip(found.iter_mut()).zip(values.clone()) {
                let same = block
                    .equal(value, *count)
                    .map(|at| first.saturating_add(at));
                let same = same.filter(|same| *same < item);
                let wider = block.first_wider(value, *count);
                let wider = wider.map(|at| first.saturating_add(at));
                // Blocks come in order, so what an earlier one has is kept.
                *found = found.or_else(|| match (same, wider) {
                    (Some(same), wider) if wider.is_none_or(|wider| same < wider) => {
                        Some((LintCode::Duplicate, same))
                    }
                    (_, wider) => Some((LintCode::Redundant, wider?)),
                });
            }
        });
        self.rest.by_ref().take(BLOCK).for_each(drop);
    }
}
