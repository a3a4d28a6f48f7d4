//! Parts, rows and texts of an image by their offsets, counted in bytes from its start.

/// The bytes between two offsets.
pub(crate) fn part(image: &[u8], start: u32, end: u32) -> Option<&[u8]> {
    image.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// A part as rows of `N` bytes; `None` when it is not a whole number of rows.
pub(super) fn rows<const N: usize>(part: &[u8]) -> Option<&[[u8; N]]> {
    let (rows, rest) = part.as_chunks::<N>();
    rest.is_empty().then_some(rows)
}

/// How many rows of a part there are between two offsets.
pub(super) fn row_count<const N: usize>((start, end): (u32, u32)) -> usize {
    usize::try_from(end.saturating_sub(start)).unwrap_or(0) / N
}

/// Where a row of a part begins.
pub(super) fn row_offset(part: u32, index: usize, row_bytes: usize) -> usize {
    usize::try_from(part)
        .unwrap_or(usize::MAX)
        .saturating_add(index.saturating_mul(row_bytes))
}

/// A text at an offset: its length as a `u16`, then its bytes.
pub(super) fn text_at(image: &[u8], offset: u32) -> Option<&[u8]> {
    let (length, rest) = image
        .get(usize::try_from(offset).ok()?..)?
        .split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_le_bytes(*length)))
}
