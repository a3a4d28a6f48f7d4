//! Writes the affixes of an image.

use super::affixes::{
    AffixRow, NO_LINK, Order, PatternRow, ROW_BYTES, affix_of, common, compare,
    length_beside_wildcard,
};
use super::entries::{self, EntryRow, split_at_wildcard};
use super::offsets::{row_count, rows};
use super::shapes::{self, MAX_SHAPES, write_shapes};
use super::writer::{ImageWriter, WriteError};

/// A pattern before the prefixes that begin with its own are known: the places of its affixes and of its entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    suffix: u16,
    prefix: u16,
    entry: u16,
}

/// Writes what finds the patterns with a `*`: shapes, or affixes where there are too many; returns whether it is affixes.
pub(crate) fn write_wildcards<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    entries: (u32, u32),
) -> Result<bool, WriteError> {
    let part = writer.offset()?;
    if write_shapes(writer, entries)? <= MAX_SHAPES {
        return Ok(false);
    }
    writer.keep_rows(part, 0, shapes::ROW_BYTES);
    write_affixes::<FOLD>(writer, entries)?;
    Ok(true)
}

/// Writes the affixes of the entries with a `*`, then these patterns, then where those of each suffix begin.
fn write_affixes<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    entries: (u32, u32),
) -> Result<(), WriteError> {
    let head = writer.len();
    writer.push(&[0; ROW_BYTES])?;
    let prefixes = write_order::<FOLD, false>(writer, entries)?;
    let suffixes = write_order::<FOLD, true>(writer, entries)?;
    let part = write_places::<FOLD>(writer, entries, prefixes, suffixes)?;
    let count = writer.rows_from(part, ROW_BYTES);
    let mut begun = 0_u16;
    for index in 0..count {
        let place = Place::parse(writer.row(part, index));
        let row =
            pattern_row::<FOLD>(writer, entries.0, prefixes, place).ok_or(WriteError::Full)?;
        writer.put_row(part, index, row.to_bytes())?;
        while begun <= place.suffix {
            push_number(writer, index)?;
            begun = begun.saturating_add(1);
        }
    }
    push_number(writer, count)?;
    let counts = [
        row_count::<ROW_BYTES>(prefixes),
        row_count::<ROW_BYTES>(suffixes),
        count,
    ];
    for (at, count) in (head..).step_by(2).zip(counts) {
        let count = u16::try_from(count).map_err(|_| WriteError::too_many_patterns())?;
        writer.put(at, &count.to_le_bytes())?;
    }
    Ok(())
}

impl Place {
    fn parse(row: [u8; ROW_BYTES]) -> Place {
        let [s0, s1, p0, p1, e0, e1, ..] = row;
        Place {
            suffix: u16::from_le_bytes([s0, s1]),
            prefix: u16::from_le_bytes([p0, p1]),
            entry: u16::from_le_bytes([e0, e1]),
        }
    }

    fn to_bytes(self) -> [u8; ROW_BYTES] {
        let [s0, s1] = self.suffix.to_le_bytes();
        let [p0, p1] = self.prefix.to_le_bytes();
        let [e0, e1] = self.entry.to_le_bytes();
        [s0, s1, p0, p1, e0, e1, 0, 0]
    }
}

/// Writes the distinct prefixes, or suffixes, in order, and links them; returns where they are.
fn write_order<const FOLD: bool, const SUFFIX: bool>(
    writer: &mut ImageWriter<'_>,
    (entries, end): (u32, u32),
) -> Result<(u32, u32), WriteError> {
    let part = writer.offset()?;
    for index in 0..row_count::<{ entries::ROW_BYTES }>((entries, end)) {
        let text = EntryRow::parse(&writer.row(entries, index)).text;
        if let Some((prefix, suffix)) = split_at_wildcard(writer.text(text)) {
            let affix = if SUFFIX { suffix } else { prefix };
            let length = u16::try_from(affix.len()).map_err(|_| WriteError::Full)?;
            writer.push(
                &AffixRow {
                    text,
                    length,
                    link: NO_LINK,
                }
                .to_bytes(),
            )?;
        }
    }
    let raw = writer.rows_from(part, ROW_BYTES);
    writer.sort(part, raw, |writer, left, right| {
        let [left, right] = [left, right].map(|row| AffixRow::parse(&row));
        let order = compare::<FOLD, SUFFIX>(
            written::<SUFFIX>(writer, left),
            written::<SUFFIX>(writer, right),
        );
        order.then(left.text.cmp(&right.text))
    })?;
    let mut kept = 0_u16;
    for index in 0..raw {
        let row = AffixRow::parse(&writer.row(part, index));
        let affix = written::<SUFFIX>(writer, row);
        let before = kept.checked_sub(1);
        let mut link = NO_LINK;
        if let Some(before) = before {
            let last = written::<SUFFIX>(
                writer,
                AffixRow::parse(&writer.row(part, usize::from(before))),
            );
            if compare::<FOLD, SUFFIX>(last, affix).is_eq() {
                continue;
            }
            let end = part.saturating_add(u32::from(kept).saturating_mul(8));
            let so_far = order::<FOLD, SUFFIX>(writer, (part, end)).ok_or(WriteError::Full)?;
            let longest = so_far.longest_up_to(before, common::<FOLD, SUFFIX>(last, affix));
            link = longest.unwrap_or(NO_LINK);
        }
        writer.put_row(part, usize::from(kept), AffixRow { link, ..row }.to_bytes())?;
        kept = kept.saturating_add(1);
    }
    writer.keep_rows(part, usize::from(kept), ROW_BYTES);
    Ok((part, writer.offset()?))
}

/// Writes the places of each entry with a `*`, in the order of suffixes, then of prefixes; returns where they begin.
fn write_places<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    (entries, end): (u32, u32),
    prefixes: (u32, u32),
    suffixes: (u32, u32),
) -> Result<u32, WriteError> {
    let part = writer.offset()?;
    for index in 0..row_count::<{ entries::ROW_BYTES }>((entries, end)) {
        let text = EntryRow::written_text(writer, entries, index);
        let Some((prefix, suffix)) = split_at_wildcard(text) else {
            continue;
        };
        let image = writer.written();
        let prefix =
            order::<FOLD, false>(writer, prefixes).and_then(|order| order.find(image, prefix));
        let suffix =
            order::<FOLD, true>(writer, suffixes).and_then(|order| order.find(image, suffix));
        let (Some(prefix), Some(suffix), Ok(entry)) = (prefix, suffix, u16::try_from(index)) else {
            return Err(WriteError::Full);
        };
        writer.push(
            &Place {
                suffix,
                prefix,
                entry,
            }
            .to_bytes(),
        )?;
    }
    let count = writer.rows_from(part, ROW_BYTES);
    writer.sort(part, count, |_, left, right| {
        Place::parse(left).cmp(&Place::parse(right))
    })?;
    Ok(part)
}

/// The row of a pattern.
fn pattern_row<const FOLD: bool>(
    writer: &ImageWriter<'_>,
    entries: u32,
    prefixes: (u32, u32),
    place: Place,
) -> Option<PatternRow> {
    let entry = EntryRow::parse(&writer.row(entries, usize::from(place.entry)));
    let (prefix, suffix) = split_at_wildcard(writer.text(entry.text))?;
    let order = order::<FOLD, false>(writer, prefixes)?;
    Some(PatternRow {
        first: place.prefix,
        last: order.last_within(writer.written(), place.prefix, prefix),
        length: length_beside_wildcard(prefix, suffix),
        set: entry.set,
    })
}

/// The affixes between two offsets.
fn order<'w, const FOLD: bool, const SUFFIX: bool>(
    writer: &'w ImageWriter<'_>,
    (start, end): (u32, u32),
) -> Option<Order<'w, FOLD, SUFFIX>> {
    Some(Order {
        rows: rows(writer.part(start, end)?)?,
    })
}

/// The bytes of an affix.
fn written<'w, const SUFFIX: bool>(writer: &'w ImageWriter<'_>, row: AffixRow) -> &'w [u8] {
    affix_of::<SUFFIX>(writer.text(row.text), row.length)
}

fn push_number(writer: &mut ImageWriter<'_>, number: usize) -> Result<(), WriteError> {
    let number = u16::try_from(number).map_err(|_| WriteError::Full)?;
    writer.push(&number.to_le_bytes())
}
