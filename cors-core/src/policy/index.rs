//! Writes the index of a policy image: one entry a pattern in the order of hashes, the fan, the shapes.
//! `lookup` reads it, and says how it works.

use core::cmp::Ordering;

use super::draft::{Draft, Stop, position, record, sort};
use super::hash::{equal, hash, hash_parts};
use super::image::can_match;
use super::layout::RECORD_HEAD_BYTES;
use super::lookup::{EntryRow, ShapeRow, slice_of, tag};
use super::rule_set::SetName;
use super::sets::Sets;
use crate::error::{CompileError, CompileErrorKind};
use crate::rule::Rule;

/// An entry before equal ones are merged: where its text lies, the top of its hash, its one rule.
#[derive(Clone, Copy)]
struct RawEntry {
    text: u32,
    hash_top: u16,
    rule: u16,
}

impl RawEntry {
    fn parse(row: [u8; 8]) -> RawEntry {
        let EntryRow { text, tag, set } = EntryRow::parse(&row);
        RawEntry {
            text,
            hash_top: tag,
            rule: set.to_bits(),
        }
    }

    fn to_bytes(self) -> [u8; 8] {
        EntryRow {
            text: self.text,
            tag: self.hash_top,
            set: SetName::rule(self.rule),
        }
        .to_bytes()
    }
}

/// Under which hash a pattern is filed.
fn pattern_hash<const FOLD: bool>(text: &[u8]) -> u64 {
    match split_at_wildcard(text) {
        None => hash::<FOLD>(text, 0),
        Some((prefix, suffix)) => hash_parts::<FOLD>(prefix, suffix),
    }
}

fn split_at_wildcard(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (prefix, rest) = text.split_at_checked(memchr::memchr(b'*', text)?)?;
    Some((prefix, rest.get(1..)?))
}

/// Writes an entry for every pattern of every rule that could match a request, `*` left aside; sorts them.
pub(super) fn write_raw_entries<const FOLD: bool>(
    draft: &mut Draft<'_>,
    rules: &[Rule<'_>],
    rule_count: u16,
    records_end: u32,
) -> Result<(), Stop> {
    let part = draft.place()?;
    for (number, rule) in (0_u16..).zip(rules) {
        let (place, record) =
            record(draft, usize::from(number), rule_count, records_end).ok_or(Stop::Full)?;
        let before = [
            record.max_age,
            record.methods,
            record.expose_headers,
            record.id,
        ];
        let skipped = before
            .iter()
            .map(|text| text.len())
            .fold(RECORD_HEAD_BYTES, usize::saturating_add);
        let origins = record.origins.len();
        let (list, skipped) = if FOLD {
            (rule.allowed_headers, skipped.saturating_add(origins))
        } else {
            (rule.allowed_origins, skipped)
        };
        let mut at = position(place, skipped, 1);
        for item in &list {
            let text = item.as_bytes();
            if text != b"*" && can_match::<FOLD>(text) {
                let [.., low, high] = pattern_hash::<FOLD>(text).to_le_bytes();
                let hash_top = u16::from_le_bytes([low, high]);
                let text = u32::try_from(at).map_err(|_| Stop::Full)?;
                draft.push(
                    &RawEntry {
                        text,
                        hash_top,
                        rule: number,
                    }
                    .to_bytes(),
                )?;
            }
            at = at.saturating_add(text.len()).saturating_add(2);
        }
    }
    let count = draft.rows_from(part, 8);
    sort(draft, part, count, |draft, left, right| {
        compare::<FOLD>(draft, RawEntry::parse(left), RawEntry::parse(right))
    })
}

/// By hash, then by text, then by rule. Equal texts need no hash.
fn compare<const FOLD: bool>(draft: &Draft<'_>, left: RawEntry, right: RawEntry) -> Ordering {
    left.hash_top.cmp(&right.hash_top).then_with(|| {
        let (left_text, right_text) = (draft.text(left.text), draft.text(right.text));
        if equal::<FOLD>(left_text, right_text) {
            return left.rule.cmp(&right.rule);
        }
        let hashes = pattern_hash::<FOLD>(left_text).cmp(&pattern_hash::<FOLD>(right_text));
        hashes.then_with(|| {
            let fold = |byte: &u8| {
                if FOLD {
                    byte.to_ascii_lowercase()
                } else {
                    *byte
                }
            };
            left_text.iter().map(fold).cmp(right_text.iter().map(fold))
        })
    })
}

/// Makes one entry of each run of raw entries with equal texts, from `to` on; gives their number.
pub(super) fn merge_entries<const FOLD: bool>(
    draft: &mut Draft<'_>,
    (part, count): (u32, usize),
    to: u32,
    sets: &mut Sets,
) -> Result<usize, Stop> {
    let mut merged = 0_usize;
    let mut start = 0_usize;
    while start < count {
        let first = RawEntry::parse(draft.row(part, start));
        let text = draft.text(first.text);
        let hash = pattern_hash::<FOLD>(text);
        let mut end = start.saturating_add(1);
        let mut last = first;
        while end < count {
            let next = RawEntry::parse(draft.row(part, end));
            if next.hash_top != first.hash_top || !equal::<FOLD>(draft.text(next.text), text) {
                break;
            }
            last = next;
            end = end.saturating_add(1);
        }
        // Equal texts are sorted by rule.
        let set = if first.rule == last.rule {
            SetName::rule(first.rule)
        } else {
            sets.open_row(draft)?;
            for index in start..end {
                let rule = RawEntry::parse(draft.row(part, index)).rule;
                sets.mark(draft, rule)?;
            }
            sets.close_row()?
        };
        draft.put_row(
            to,
            merged,
            EntryRow {
                text: first.text,
                tag: tag(hash),
                set,
            }
            .to_bytes(),
        )?;
        merged = merged.saturating_add(1);
        start = end;
    }
    if merged > usize::from(SetName::MAX_ROWS) {
        return Err(Stop::Limit(CompileError::of_all(
            CompileErrorKind::TooManyPatterns,
        )));
    }
    Ok(merged)
}

/// Writes where each slice of the entries begins, and where the last one ends.
pub(super) fn write_fan<const FOLD: bool>(
    draft: &mut Draft<'_>,
    entries: u32,
    count: usize,
) -> Result<(), Stop> {
    let mut begun = 0_usize;
    for index in 0..count {
        let text = EntryRow::parse(&draft.row(entries, index)).text;
        let slice = slice_of(pattern_hash::<FOLD>(draft.text(text)), count);
        let start = u16::try_from(index).map_err(|_| Stop::Full)?;
        while begun <= slice {
            draft.push(&start.to_le_bytes())?;
            begun = begun.saturating_add(1);
        }
    }
    let end = u16::try_from(count).map_err(|_| Stop::Full)?;
    while begun <= count {
        draft.push(&end.to_le_bytes())?;
        begun = begun.saturating_add(1);
    }
    Ok(())
}

/// Writes the distinct shapes of the entries with a `*`.
pub(super) fn write_shapes(draft: &mut Draft<'_>, entries: u32, count: usize) -> Result<(), Stop> {
    let part = draft.place()?;
    for index in 0..count {
        let text = EntryRow::parse(&draft.row(entries, index)).text;
        if let Some((prefix, suffix)) = split_at_wildcard(draft.text(text)) {
            let shape = ShapeRow::of(prefix, suffix).ok_or(Stop::Full)?;
            draft.push(&shape.to_bytes())?;
        }
    }
    let raw = draft.rows_from(part, 8);
    sort(draft, part, raw, |_, left, right| {
        let (left, right) = (ShapeRow::parse(&left), ShapeRow::parse(&right));
        (left.prefix, left.suffix).cmp(&(right.prefix, right.suffix))
    })?;
    let mut kept = 0_usize;
    for index in 0..raw {
        let shape = ShapeRow::parse(&draft.row(part, index));
        let last = kept
            .checked_sub(1)
            .map(|last| (last, ShapeRow::parse(&draft.row(part, last))));
        let same =
            last.filter(|(_, last)| (last.prefix, last.suffix) == (shape.prefix, shape.suffix));
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
        draft.put_row(part, at, row.to_bytes())?;
        kept = at.saturating_add(1);
    }
    draft.length = position(part, kept, 8);
    Ok(())
}
