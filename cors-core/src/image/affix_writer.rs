//! Writes the affixes of an image.

use super::affixes::{
    AffixRow, Comparison, NO_LINK, Order, PatternRow, ROW_BYTES, length_beside_wildcard,
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
pub(crate) fn write_wildcards(
    writer: &mut ImageWriter<'_>,
    entries: (u32, u32),
    fold: bool,
) -> Result<bool, WriteError> {
    let part = writer.offset()?;
    if write_shapes(writer, entries)? <= MAX_SHAPES {
        return Ok(false);
    }
    writer.keep_rows(part, 0, shapes::ROW_BYTES);
    write_affixes(writer, entries, fold)?;
    Ok(true)
}

/// Writes the affixes of the entries with a `*`, then these patterns, then where those of each suffix begin.
fn write_affixes(
    writer: &mut ImageWriter<'_>,
    entries: (u32, u32),
    fold: bool,
) -> Result<(), WriteError> {
    let [of_prefixes, of_suffixes] =
        [false, true].map(|of_suffixes| Comparison { fold, of_suffixes });
    let head = writer.len();
    writer.push(&[0; ROW_BYTES])?;
    let prefixes = write_order(writer, entries, of_prefixes)?;
    let suffixes = write_order(writer, entries, of_suffixes)?;
    let part = write_places(
        writer,
        entries,
        (of_prefixes, prefixes),
        (of_suffixes, suffixes),
    )?;
    let count = writer.rows_from(part, ROW_BYTES);
    let mut begun = 0_u16;
    for index in 0..count {
        let place = Place::parse(writer.row(part, index));
        let row = pattern_row(writer, entries.0, (of_prefixes, prefixes), place)
            .ok_or(WriteError::Full)?;
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
fn write_order(
    writer: &mut ImageWriter<'_>,
    (entries, end): (u32, u32),
    comparison: Comparison,
) -> Result<(u32, u32), WriteError> {
    let part = writer.offset()?;
    for index in 0..row_count::<{ entries::ROW_BYTES }>((entries, end)) {
        let text = EntryRow::parse(&writer.row(entries, index)).text;
        if let Some((prefix, suffix)) = split_at_wildcard(writer.text(text)) {
            let affix = if comparison.of_suffixes {
                suffix
            } else {
                prefix
            };
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
        let order = comparison.compare(
            written(writer, comparison, left),
            written(writer, comparison, right),
        );
        order.then(left.text.cmp(&right.text))
    })?;
    let mut kept = 0_u16;
    for index in 0..raw {
        let row = AffixRow::parse(&writer.row(part, index));
        let affix = written(writer, comparison, row);
        let before = kept.checked_sub(1);
        let mut link = NO_LINK;
        if let Some(before) = before {
            let last = written(
                writer,
                comparison,
                AffixRow::parse(&writer.row(part, usize::from(before))),
            );
            if comparison.compare(last, affix).is_eq() {
                continue;
            }
            let end = part.saturating_add(u32::from(kept).saturating_mul(8));
            let so_far = order(writer, (comparison, (part, end))).ok_or(WriteError::Full)?;
            let longest = so_far.longest_up_to(before, comparison.common(last, affix));
            link = longest.unwrap_or(NO_LINK);
        }
        writer.put_row(part, usize::from(kept), AffixRow { link, ..row }.to_bytes())?;
        kept = kept.saturating_add(1);
    }
    writer.keep_rows(part, usize::from(kept), ROW_BYTES);
    Ok((part, writer.offset()?))
}

/// Writes the places of each entry with a `*`, in the order of suffixes, then of prefixes; returns where they begin.
fn write_places(
    writer: &mut ImageWriter<'_>,
    (entries, end): (u32, u32),
    prefixes: (Comparison, (u32, u32)),
    suffixes: (Comparison, (u32, u32)),
) -> Result<u32, WriteError> {
    let part = writer.offset()?;
    for index in 0..row_count::<{ entries::ROW_BYTES }>((entries, end)) {
        let text = EntryRow::written_text(writer, entries, index);
        let Some((prefix, suffix)) = split_at_wildcard(text) else {
            continue;
        };
        let image = writer.written();
        let prefix = order(writer, prefixes).and_then(|order| order.find(image, prefix));
        let suffix = order(writer, suffixes).and_then(|order| order.find(image, suffix));
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
fn pattern_row(
    writer: &ImageWriter<'_>,
    entries: u32,
    prefixes: (Comparison, (u32, u32)),
    place: Place,
) -> Option<PatternRow> {
    let entry = EntryRow::parse(&writer.row(entries, usize::from(place.entry)));
    let (prefix, suffix) = split_at_wildcard(writer.text(entry.text))?;
    let order = order(writer, prefixes)?;
    Some(PatternRow {
        first: place.prefix,
        last: order.last_within(writer.written(), place.prefix, prefix),
        length: length_beside_wildcard(prefix, suffix),
        set: entry.set,
    })
}

/// The affixes between two offsets.
fn order<'w>(
    writer: &'w ImageWriter<'_>,
    (comparison, (start, end)): (Comparison, (u32, u32)),
) -> Option<Order<'w>> {
    Some(Order {
        rows: rows(writer.part(start, end)?)?,
        comparison,
    })
}

/// The bytes of an affix.
fn written<'w>(writer: &'w ImageWriter<'_>, comparison: Comparison, row: AffixRow) -> &'w [u8] {
    comparison.affix(writer.text(row.text), row.length)
}

fn push_number(writer: &mut ImageWriter<'_>, number: usize) -> Result<(), WriteError> {
    let number = u16::try_from(number).map_err(|_| WriteError::Full)?;
    writer.push(&number.to_le_bytes())
}
