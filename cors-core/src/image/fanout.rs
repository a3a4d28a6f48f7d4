//! The fanout of an image: where each slice of the hashes begins among the entries, as in the index of a git pack.
//! Row, write, find and check.

use super::entries::{self, EntryRow, pattern_hash};
use super::offsets::row_count;
use super::writer::{ImageWriter, WriteError};

/// Bytes of a row.
pub(super) const ROW_BYTES: usize = 2;

/// The fanout of one index: a row for each slice, and one for the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fanout<'p> {
    pub(super) rows: &'p [[u8; ROW_BYTES]],
}

impl Fanout<'_> {
    /// The first entry of a hash's slice, and the first of the next slice.
    pub(super) fn find(&self, hash: u64, entries: usize) -> Option<(usize, usize)> {
        let slice = slice_of(hash, entries);
        let start = usize::from(u16::from_le_bytes(*self.rows.get(slice)?));
        let end = usize::from(u16::from_le_bytes(*self.rows.get(slice.wrapping_add(1))?));
        Some((start, end))
    }

    /// Whether the slices begin at the first entry, follow each other, and end at the last one.
    pub(super) fn is_valid(&self, entries: usize) -> bool {
        let [zero, starts @ ..] = self.rows else {
            return false;
        };
        let mut last = u16::from_le_bytes(*zero);
        let mut ordered = last == 0 && starts.len() == entries;
        for start in starts {
            let start = u16::from_le_bytes(*start);
            ordered &= last <= start;
            last = start;
        }
        ordered && usize::from(last) == entries
    }
}

/// Which slice of `slices` a hash falls in. Grows with the hash.
fn slice_of(hash: u64, slices: usize) -> usize {
    let slice = ((hash >> 32).wrapping_mul(slices as u64)) >> 32;
    usize::try_from(slice).unwrap_or(0)
}

/// Writes where each slice of the entries begins, and where the last one ends; returns the number of entries in the longest.
pub(crate) fn write_fanout<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    (entries, end): (u32, u32),
) -> Result<usize, WriteError> {
    let count = row_count::<{ entries::ROW_BYTES }>((entries, end));
    let mut begun = 0_usize;
    let (mut first, mut longest) = (0_usize, 0_usize);
    for index in 0..count {
        let text = EntryRow::written_text(writer, entries, index);
        let slice = slice_of(pattern_hash(text, writer.seed(), FOLD), count);
        let start = u16::try_from(index).map_err(|_| WriteError::Full)?;
        while begun <= slice {
            writer.push(&start.to_le_bytes())?;
            begun = begun.saturating_add(1);
            first = index;
        }
        longest = longest.max(index.saturating_sub(first).saturating_add(1));
    }
    let end = u16::try_from(count).map_err(|_| WriteError::Full)?;
    while begun <= count {
        writer.push(&end.to_le_bytes())?;
        begun = begun.saturating_add(1);
    }
    Ok(longest)
}
