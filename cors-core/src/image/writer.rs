//! An image while it is written. The writer owns the buffer and how much of it is in use; no other code assigns them.

use core::cmp::Ordering;

use super::offsets::{part, row_offset, text_at};
use crate::error::{CompileError, CompileErrorKind, Field};

/// Why writing stopped.
pub(crate) enum WriteError {
    /// The buffer is full.
    Full,
    /// The image format has a limit that the configuration exceeds.
    Limit(CompileError),
}

impl WriteError {
    /// A list or value longer than the format holds.
    pub(super) fn too_long(rule: usize, field: Field) -> WriteError {
        WriteError::Limit(CompileError {
            kind: CompileErrorKind::TooLong,
            rule: Some(rule),
            field: Some(field),
            item: None,
        })
    }

    /// More distinct patterns or sets than the format can number.
    pub(super) fn too_many_patterns() -> WriteError {
        WriteError::Limit(CompileError::of_all(CompileErrorKind::TooManyPatterns))
    }
}

/// An image being written at the front of the caller's buffer.
pub(crate) struct ImageWriter<'b> {
    bytes: &'b mut [u8],
    length: usize,
    seed: u32,
}

impl<'b> ImageWriter<'b> {
    /// Nothing is written yet. Hashes will begin with the seed.
    pub(crate) fn new(buffer: &'b mut [u8], seed: u32) -> Self {
        ImageWriter {
            bytes: buffer,
            length: 0,
            seed,
        }
    }

    /// What hashes begin with.
    pub(super) fn seed(&self) -> u64 {
        u64::from(self.seed)
    }

    /// Number of bytes written.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The offset of the next byte.
    pub(crate) fn offset(&self) -> Result<u32, WriteError> {
        u32::try_from(self.length).map_err(|_| WriteError::Full)
    }

    /// Appends bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.put(self.length, bytes)?;
        self.length = self
            .length
            .checked_add(bytes.len())
            .ok_or(WriteError::Full)?;
        Ok(())
    }

    /// Writes over bytes at an offset.
    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) -> Result<(), WriteError> {
        let room = self
            .bytes
            .get_mut(at..)
            .and_then(|rest| rest.get_mut(..bytes.len()))
            .ok_or(WriteError::Full)?;
        for (room, byte) in room.iter_mut().zip(bytes) {
            *room = *byte;
        }
        Ok(())
    }

    /// Sets bits of one byte.
    pub(super) fn set_bits(&mut self, at: usize, bits: u8) -> Result<(), WriteError> {
        let byte = self.bytes.get_mut(at).ok_or(WriteError::Full)?;
        *byte |= bits;
        Ok(())
    }

    /// A row of a part.
    pub(super) fn row<const N: usize>(&self, part: u32, index: usize) -> [u8; N] {
        let at = row_offset(part, index, N);
        self.bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .copied()
            .unwrap_or([0; N])
    }

    /// Writes over a row of a part.
    pub(super) fn put_row<const N: usize>(
        &mut self,
        part: u32,
        index: usize,
        row: [u8; N],
    ) -> Result<(), WriteError> {
        self.put(row_offset(part, index, N), &row)
    }

    /// The bytes between two offsets.
    pub(super) fn part(&self, start: u32, end: u32) -> Option<&[u8]> {
        part(self.bytes, start, end)
    }

    /// All bytes that were written.
    pub(super) fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// A text at an offset.
    pub(super) fn text(&self, offset: u32) -> &[u8] {
        text_at(self.bytes, offset).unwrap_or_default()
    }

    /// How many rows there are from a part's offset to the end of what is written.
    pub(super) fn rows_from(&self, part: u32, row_bytes: usize) -> usize {
        self.length
            .saturating_sub(usize::try_from(part).unwrap_or(usize::MAX))
            / row_bytes
    }

    /// Keeps the first rows of the last part.
    pub(super) fn keep_rows(&mut self, part: u32, rows: usize, row_bytes: usize) {
        self.length = self.length.min(row_offset(part, rows, row_bytes));
    }

    /// Moves the bytes from `from` to the end down to `to`.
    pub(super) fn close_gap(&mut self, to: u32, from: usize) -> Result<(), WriteError> {
        let mut target = usize::try_from(to).map_err(|_| WriteError::Full)?;
        for source in from..self.length {
            let byte = self.bytes.get(source).copied().ok_or(WriteError::Full)?;
            self.put(target, &[byte])?;
            target = target.saturating_add(1);
        }
        self.length = target;
        Ok(())
    }

    /// Heap sort of rows of eight bytes, in place. The library's sorts can panic when an order contradicts itself.
    pub(super) fn sort(
        &mut self,
        part: u32,
        count: usize,
        order: impl Fn(&ImageWriter<'_>, [u8; 8], [u8; 8]) -> Ordering,
    ) -> Result<(), WriteError> {
        for root in (0..count / 2).rev() {
            self.sift_down(part, root, count, &order)?;
        }
        for end in (1..count).rev() {
            let (first, last) = (self.row(part, 0), self.row(part, end));
            self.put_row::<8>(part, 0, last)?;
            self.put_row::<8>(part, end, first)?;
            self.sift_down(part, 0, end, &order)?;
        }
        Ok(())
    }

    fn sift_down(
        &mut self,
        part: u32,
        root: usize,
        count: usize,
        order: &impl Fn(&ImageWriter<'_>, [u8; 8], [u8; 8]) -> Ordering,
    ) -> Result<(), WriteError> {
        let sinking = self.row(part, root);
        let mut hole = root;
        loop {
            let mut child = hole.saturating_mul(2).saturating_add(1);
            if child >= count {
                break;
            }
            let right = child.saturating_add(1);
            if right < count && order(self, self.row(part, child), self.row(part, right)).is_lt() {
                child = right;
            }
            let row = self.row(part, child);
            if !order(self, sinking, row).is_lt() {
                break;
            }
            self.put_row::<8>(part, hole, row)?;
            hole = child;
        }
        self.put_row::<8>(part, hole, sinking)
    }
}
