//! The entries of an image: a row for each distinct pattern other than `*`, in the order of their hashes. Row and write.
//!
//! A pattern is filed under a hash: of the whole text if it has no `*`, of prefix and suffix if it has one.

use core::cmp::Ordering;

use super::hash::{equal, hash_parts, hash_shared};
use super::offsets::{row_count, row_offset};
use super::records::{offset_in_record, written_record};
use super::rule_sets::{SetId, SetTableWriter};
use super::writer::{ImageWriter, WriteError};
use crate::header::is_token;
use crate::origin::is_printable;
use crate::words;

/// Bytes of a row.
pub(super) const ROW_BYTES: usize = 8;

/// An entry: where the pattern's text is, part of its hash, the rules that hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryRow {
    pub(super) text: u32,
    pub(super) tag: u16,
    pub(super) set: SetId,
}

impl EntryRow {
    pub(super) fn parse(row: &[u8; ROW_BYTES]) -> EntryRow {
        let [a, b, c, d, t0, t1, s0, s1] = *row;
        EntryRow {
            text: u32::from_le_bytes([a, b, c, d]),
            tag: u16::from_le_bytes([t0, t1]),
            set: SetId::from_bits(u16::from_le_bytes([s0, s1])),
        }
    }

    fn to_bytes(self) -> [u8; ROW_BYTES] {
        let [a, b, c, d] = self.text.to_le_bytes();
        let [t0, t1] = self.tag.to_le_bytes();
        let [s0, s1] = self.set.to_bits().to_le_bytes();
        [a, b, c, d, t0, t1, s0, s1]
    }

    /// The pattern of an entry already written.
    pub(super) fn written_text<'w>(
        writer: &'w ImageWriter<'_>,
        entries: u32,
        index: usize,
    ) -> &'w [u8] {
        writer.text(EntryRow::parse(&writer.row(entries, index)).text)
    }
}

/// The part of a hash that an entry keeps.
pub(super) fn tag(hash: u64) -> u16 {
    let [low, high, ..] = hash.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// Under which hash a pattern is filed.
#[inline(never)]
pub(super) fn pattern_hash(text: &[u8], seed: u64, fold: bool) -> u64 {
    match split_at_wildcard(text) {
        None => hash_shared(text, seed, fold),
        Some((prefix, suffix)) => hash_parts(prefix, suffix, seed, fold),
    }
}

/// The bytes before and after the `*`.
pub(super) fn split_at_wildcard(text: &[u8]) -> Option<(&[u8], &[u8])> {
    words::split_at(b'*', text)
}

/// Whether a pattern could match a request: an index holds no other, so that what equals an exact
/// pattern is known to be printable, or a token.
#[inline(never)]
pub(super) fn can_match(text: &[u8], is_header: bool) -> bool {
    if !is_header {
        return !text.is_empty() && is_printable(text);
    }
    // `*` is a token character, so one test does for names and patterns.
    is_token(text)
}

/// An entry before equal ones are merged: where its text is, the top of its hash, its one rule.
#[derive(Clone, Copy)]
struct RawEntry {
    text: u32,
    hash_top: u16,
    rule: u16,
}

impl RawEntry {
    fn parse(row: [u8; ROW_BYTES]) -> RawEntry {
        let EntryRow { text, tag, set } = EntryRow::parse(&row);
        RawEntry {
            text,
            hash_top: tag,
            rule: set.to_bits(),
        }
    }

    fn to_bytes(self) -> [u8; ROW_BYTES] {
        EntryRow {
            text: self.text,
            tag: self.hash_top,
            set: SetId::rule(self.rule),
        }
        .to_bytes()
    }
}

/// Writes an entry for every pattern of every rule that could match a request, `*` left aside; sorts them.
pub(crate) fn write_raw_entries<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    rule_count: u16,
    records_end: u32,
) -> Result<(), WriteError> {
    let part = writer.offset()?;
    for rule in 0..rule_count {
        let (offset, record) =
            written_record(writer, rule, rule_count, records_end).ok_or(WriteError::Full)?;
        if FOLD {
            for texts in record.header_texts() {
                write_raw_entries_of::<FOLD>(writer, rule, offset, texts)?;
            }
        } else {
            for texts in record.origin_texts() {
                write_raw_entries_of::<FOLD>(writer, rule, offset, texts)?;
            }
        }
    }
    let count = writer.rows_from(part, ROW_BYTES);
    writer.sort(part, count, |writer, left, right| {
        compare::<FOLD>(writer, RawEntry::parse(left), RawEntry::parse(right))
    })
}

/// The entries of texts that follow each other in a record, each after its length.
fn write_raw_entries_of<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    rule: u16,
    record: u32,
    (before, bytes): (usize, usize),
) -> Result<(), WriteError> {
    let mut at = offset_in_record(record, before);
    let end = at.saturating_add(bytes);
    while at < end {
        let offset = u32::try_from(at).map_err(|_| WriteError::Full)?;
        let text = writer.text(offset);
        let next = at.saturating_add(text.len()).saturating_add(2);
        if text != b"*" && can_match(text, FOLD) {
            let [.., low, high] = pattern_hash(text, writer.seed(), FOLD).to_le_bytes();
            let entry = RawEntry {
                text: offset,
                hash_top: u16::from_le_bytes([low, high]),
                rule,
            };
            writer.push(&entry.to_bytes())?;
        }
        at = next;
    }
    Ok(())
}

/// By hash, then by text, then by rule. Equal texts need no hash.
fn compare<const FOLD: bool>(
    writer: &ImageWriter<'_>,
    left: RawEntry,
    right: RawEntry,
) -> Ordering {
    left.hash_top.cmp(&right.hash_top).then_with(|| {
        let (left_text, right_text) = (writer.text(left.text), writer.text(right.text));
        if equal::<FOLD>(left_text, right_text) {
            return left.rule.cmp(&right.rule);
        }
        let [left, right] =
            [left_text, right_text].map(|text| (pattern_hash(text, writer.seed(), FOLD), text));
        order(left, right, FOLD)
    })
}

/// The order of entries with different texts: by hash, then by text.
#[inline(never)]
pub(super) fn order(left: (u64, &[u8]), right: (u64, &[u8]), fold: bool) -> Ordering {
    left.0.cmp(&right.0).then_with(|| {
        let folded = |byte: &u8| {
            if fold {
                byte.to_ascii_lowercase()
            } else {
                *byte
            }
        };
        left.1.iter().map(folded).cmp(right.1.iter().map(folded))
    })
}

/// Makes one entry of each run of raw entries with equal texts, from `to` on; returns where they end.
pub(crate) fn merge_entries<const FOLD: bool>(
    writer: &mut ImageWriter<'_>,
    (part, end): (u32, u32),
    to: u32,
    sets: &mut SetTableWriter,
) -> Result<u32, WriteError> {
    let count = row_count::<ROW_BYTES>((part, end));
    let mut merged = 0_usize;
    let mut start = 0_usize;
    while start < count {
        let first = RawEntry::parse(writer.row(part, start));
        let text = writer.text(first.text);
        let hash = pattern_hash(text, writer.seed(), FOLD);
        let mut end = start.saturating_add(1);
        let mut last = first;
        while end < count {
            let next = RawEntry::parse(writer.row(part, end));
            if next.hash_top != first.hash_top || !equal::<FOLD>(writer.text(next.text), text) {
                break;
            }
            last = next;
            end = end.saturating_add(1);
        }
        // Equal texts are sorted by rule.
        let set = if first.rule == last.rule {
            SetId::rule(first.rule)
        } else {
            sets.open_row(writer)?;
            for index in start..end {
                let rule = RawEntry::parse(writer.row(part, index)).rule;
                sets.add(writer, rule)?;
            }
            sets.close_row()?
        };
        let entry = EntryRow {
            text: first.text,
            tag: tag(hash),
            set,
        };
        writer.put_row(to, merged, entry.to_bytes())?;
        merged = merged.saturating_add(1);
        start = end;
    }
    if merged > usize::from(SetId::MAX_ROWS) {
        return Err(WriteError::too_many_patterns());
    }
    u32::try_from(row_offset(to, merged, ROW_BYTES)).map_err(|_| WriteError::Full)
}
