//! An image while it is written: the caller's buffer, how much of it is in use, and rows sorted in place.

use core::cmp::Ordering;

use super::image::Record;
use super::layout::{HEADER_BYTES, part, text_at};
use crate::error::{CompileError, CompileErrorKind, Field};

/// Why writing stopped.
pub(super) enum Stop {
    Full,
    Limit(CompileError),
}

/// A list or value longer than the format holds.
pub(super) fn too_long(rule: usize, field: Field) -> Stop {
    Stop::Limit(CompileError {
        kind: CompileErrorKind::TooLong,
        rule: Some(rule),
        field: Some(field),
        item: None,
    })
}

/// An image being written: the caller's buffer and how much of it is in use.
pub(super) struct Draft<'b> {
    pub(super) bytes: &'b mut [u8],
    pub(super) length: usize,
}

impl Draft<'_> {
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.put(self.length, bytes)?;
        self.length = self.length.checked_add(bytes.len()).ok_or(Stop::Full)?;
        Ok(())
    }

    pub(super) fn put(&mut self, at: usize, bytes: &[u8]) -> Result<(), Stop> {
        let room = self
            .bytes
            .get_mut(at..)
            .and_then(|rest| rest.get_mut(..bytes.len()))
            .ok_or(Stop::Full)?;
        for (place, byte) in room.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Ok(())
    }

    /// Where the next byte goes.
    pub(super) fn place(&self) -> Result<u32, Stop> {
        u32::try_from(self.length).map_err(|_| Stop::Full)
    }

    pub(super) fn row<const N: usize>(&self, part: u32, index: usize) -> [u8; N] {
        let at = position(part, index, N);
        self.bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .copied()
            .unwrap_or([0; N])
    }

    pub(super) fn put_row<const N: usize>(
        &mut self,
        part: u32,
        index: usize,
        row: [u8; N],
    ) -> Result<(), Stop> {
        self.put(position(part, index, N), &row)
    }

    pub(super) fn text(&self, place: u32) -> &[u8] {
        text_at(self.bytes, place).unwrap_or_default()
    }

    /// Rows of `N` bytes from a part's place to the end of what is written.
    pub(super) fn rows_from(&self, part: u32, row_bytes: usize) -> usize {
        self.length
            .saturating_sub(usize::try_from(part).unwrap_or(usize::MAX))
            / row_bytes
    }

    /// Moves what lies from `from` to the end down to `to`.
    pub(super) fn close_gap(&mut self, to: usize, from: usize) -> Result<(), Stop> {
        let mut target = to;
        for source in from..self.length {
            let byte = self.bytes.get(source).copied().ok_or(Stop::Full)?;
            self.put(target, &[byte])?;
            target = target.saturating_add(1);
        }
        self.length = target;
        Ok(())
    }
}

/// Where a row of a part begins.
pub(super) fn position(part: u32, index: usize, row_bytes: usize) -> usize {
    usize::try_from(part)
        .unwrap_or(usize::MAX)
        .saturating_add(index.saturating_mul(row_bytes))
}

/// Heap sort of rows of eight bytes, in place. The library's sorts can panic when an order contradicts itself.
pub(super) fn sort(
    draft: &mut Draft<'_>,
    part: u32,
    count: usize,
    order: impl Fn(&Draft<'_>, [u8; 8], [u8; 8]) -> Ordering,
) -> Result<(), Stop> {
    for root in (0..count / 2).rev() {
        sift_down(draft, part, root, count, &order)?;
    }
    for end in (1..count).rev() {
        let (first, last) = (draft.row(part, 0), draft.row(part, end));
        draft.put_row::<8>(part, 0, last)?;
        draft.put_row::<8>(part, end, first)?;
        sift_down(draft, part, 0, end, &order)?;
    }
    Ok(())
}

fn sift_down(
    draft: &mut Draft<'_>,
    part: u32,
    root: usize,
    count: usize,
    order: &impl Fn(&Draft<'_>, [u8; 8], [u8; 8]) -> Ordering,
) -> Result<(), Stop> {
    let sinking = draft.row(part, root);
    let mut hole = root;
    loop {
        let mut child = hole.saturating_mul(2).saturating_add(1);
        if child >= count {
            break;
        }
        let right = child.saturating_add(1);
        if right < count && order(draft, draft.row(part, child), draft.row(part, right)).is_lt() {
            child = right;
        }
        let row = draft.row(part, child);
        if !order(draft, sinking, row).is_lt() {
            break;
        }
        draft.put_row::<8>(part, hole, row)?;
        hole = child;
    }
    draft.put_row::<8>(part, hole, sinking)
}

/// Where the places of the records lie.
#[expect(clippy::cast_possible_truncation, reason = "64 fits in 32 bits")]
const RECORD_PLACES: u32 = HEADER_BYTES as u32;

/// The place and the record of a rule already written; the last record ends at `records_end`.
pub(super) fn record<'d>(
    draft: &'d Draft<'_>,
    index: usize,
    count: u16,
    records_end: u32,
) -> Option<(u32, Record<'d>)> {
    let place = |index: usize| u32::from_le_bytes(draft.row(RECORD_PLACES, index));
    let next = index.checked_add(1)?;
    let end = if next < usize::from(count) {
        place(next)
    } else {
        records_end
    };
    Some((
        place(index),
        Record::parse(part(draft.bytes, place(index), end)?)?,
    ))
}
