//! The shapes of an image: each distinct pair of prefix and suffix length of the patterns with a `*`. Row, write and find.

use super::entries::{self, EntryRow, split_at_wildcard};
use super::offsets::row_count;
use super::writer::{ImageWriter, WriteError};

/// Bytes of a row.
pub(super) const ROW_BYTES: usize = 8;
/// Most shapes of an index. Each costs a look-up; where there are more, affixes cost less.
pub(crate) const MAX_SHAPES: usize = 16;

/// The lengths of a pattern's prefix and suffix, and which bytes can be next to the `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShapeRow {
    prefix: u16,
    suffix: u16,
    /// A bit for the low four bits of each byte that ends a prefix of this shape.
    before: u16,
    /// A bit for the low four bits of each byte that begins a suffix of this shape.
    after: u16,
}

impl ShapeRow {
    pub(super) fn parse(row: &[u8; ROW_BYTES]) -> ShapeRow {
        let [p0, p1, s0, s1, b0, b1, a0, a1] = *row;
        ShapeRow {
            prefix: u16::from_le_bytes([p0, p1]),
            suffix: u16::from_le_bytes([s0, s1]),
            before: u16::from_le_bytes([b0, b1]),
            after: u16::from_le_bytes([a0, a1]),
        }
    }

    fn to_bytes(self) -> [u8; ROW_BYTES] {
        let [p0, p1] = self.prefix.to_le_bytes();
        let [s0, s1] = self.suffix.to_le_bytes();
        let [b0, b1] = self.before.to_le_bytes();
        let [a0, a1] = self.after.to_le_bytes();
        [p0, p1, s0, s1, b0, b1, a0, a1]
    }

    /// The shape of one pattern.
    fn of(prefix: &[u8], suffix: &[u8]) -> Option<ShapeRow> {
        Some(ShapeRow {
            prefix: u16::try_from(prefix.len()).ok()?,
            suffix: u16::try_from(suffix.len()).ok()?,
            before: prefix.last().map_or(u16::MAX, bit_of),
            after: suffix.first().map_or(u16::MAX, bit_of),
        })
    }

    /// Whether values that match a pattern with these parts are looked up by this shape.
    fn includes(self, other: ShapeRow) -> bool {
        self.lengths() == other.lengths()
            && self.before & other.before == other.before
            && self.after & other.after == other.after
    }

    fn lengths(self) -> (u16, u16) {
        (self.prefix, self.suffix)
    }

    /// A value's first and last bytes by this shape, if the value is long enough and the bytes beside the `*` could fit.
    pub(super) fn cut<'v>(&self, value: &'v [u8]) -> Option<(&'v [u8], &'v [u8])> {
        let (prefix, rest) = value.split_at_checked(usize::from(self.prefix))?;
        let suffix = rest.get(rest.len().checked_sub(usize::from(self.suffix))?..)?;
        let fits = prefix
            .last()
            .is_none_or(|byte| self.before & bit_of(byte) != 0)
            && suffix
                .first()
                .is_none_or(|byte| self.after & bit_of(byte) != 0);
        fits.then_some((prefix, suffix))
    }
}

/// The bit for a byte's low four bits; ASCII case does not show in them.
fn bit_of(byte: &u8) -> u16 {
    1 << (byte & 15)
}

/// Whether the shapes are few, and each is there once, in order.
pub(super) fn are_valid(shapes: &[[u8; ROW_BYTES]]) -> bool {
    let lengths = |row: &[u8; ROW_BYTES]| ShapeRow::parse(row).lengths();
    shapes.len() <= MAX_SHAPES && shapes.is_sorted_by(|left, right| lengths(left) < lengths(right))
}

/// Whether there is a shape for a pattern with these parts.
pub(super) fn include(shapes: &[[u8; ROW_BYTES]], prefix: &[u8], suffix: &[u8]) -> bool {
    ShapeRow::of(prefix, suffix).is_some_and(|shape| {
        let mut shapes = shapes.iter().map(ShapeRow::parse);
        shapes.any(|row| row.includes(shape))
    })
}

/// Writes the distinct shapes of the entries with a `*`; returns how many there are.
pub(super) fn write_shapes(
    writer: &mut ImageWriter<'_>,
    (entries, end): (u32, u32),
) -> Result<usize, WriteError> {
    let part = writer.offset()?;
    for index in 0..row_count::<{ entries::ROW_BYTES }>((entries, end)) {
        let text = EntryRow::written_text(writer, entries, index);
        if let Some((prefix, suffix)) = split_at_wildcard(text) {
            let shape = ShapeRow::of(prefix, suffix).ok_or(WriteError::Full)?;
            writer.push(&shape.to_bytes())?;
        }
    }
    let raw = writer.rows_from(part, ROW_BYTES);
    writer.sort(part, raw, |_, left, right| {
        let (left, right) = (ShapeRow::parse(&left), ShapeRow::parse(&right));
        left.lengths().cmp(&right.lengths())
    })?;
    let mut kept = 0_usize;
    for index in 0..raw {
        let shape = ShapeRow::parse(&writer.row(part, index));
        let last = kept
            .checked_sub(1)
            .map(|last| (last, ShapeRow::parse(&writer.row(part, last))));
        let same = last.filter(|(_, last)| last.lengths() == shape.lengths());
        let (at, row) = match same {
            Some((at, last)) => (
                at,
                ShapeRow {
                    before: last.before | shape.before,
                    after: last.after | shape.after,
                    ..last
                },
            ),
            None => (kept, shape),
        };
        writer.put_row(part, at, row.to_bytes())?;
        kept = at.saturating_add(1);
    }
    writer.keep_rows(part, kept, ROW_BYTES);
    Ok(kept)
}
