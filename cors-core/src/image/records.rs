//! The records of an image: each rule in its order and spelling. Row, write, find and check.
//!
//! A record is flags `u8`, the length of `MaxAgeSeconds` `u8`, of the methods, the exposed headers and the ID `u16` each, and of
//! the origins `u32`; then these texts in this order, and the allowed headers up to the record's end. Methods and exposed
//! headers are joined as header values; each origin and each header follows its length.

use super::header::HEADER_BYTES;
use super::offsets::{part, row_offset};
use super::writer::{ImageWriter, WriteError};
use crate::error::{Field, ImageError};
use crate::header::is_token;
use crate::rule::{List, Rule};

/// Bytes of a record before its text.
const RECORD_HEAD_BYTES: usize = 12;
/// Bytes of a record's offset.
const OFFSET_BYTES: usize = 4;

/// The flag of a rule with `*` among its origins.
pub(crate) const HAS_WILDCARD: u8 = 1;
/// The flag of a rule whose only origin is `*`.
pub(crate) const ONLY_WILDCARD: u8 = 2;
/// The flag of a rule that allows credentials.
pub(crate) const ALLOWS_CREDENTIALS: u8 = 4;
/// The flag of a rule with an `ID`, which may be empty.
const HAS_ID: u8 = 8;

/// One rule as it is stored in the image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'p> {
    flags: u8,
    /// MaxAgeSeconds in decimal, empty when there is none.
    pub(crate) max_age: &'p [u8],
    /// AllowedMethod joined with `, `.
    pub(crate) methods: &'p [u8],
    /// ExposeHeader joined with `, `.
    pub(crate) expose_headers: &'p [u8],
    id: &'p [u8],
    /// Each AllowedOrigin after its length.
    origins: &'p [u8],
    /// Each AllowedHeader after its length.
    headers: &'p [u8],
}

/// All records, found by the number of their rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Records<'p> {
    /// Where each record begins.
    pub(super) offsets: &'p [[u8; OFFSET_BYTES]],
    /// Where the last one ends.
    pub(super) end: u32,
}

impl<'p> Record<'p> {
    /// A record of a rule with nothing in it.
    pub(crate) const EMPTY: Record<'static> = Record {
        flags: 0,
        max_age: b"",
        methods: b"",
        expose_headers: b"",
        id: b"",
        origins: b"",
        headers: b"",
    };

    /// Takes a record's bytes apart; `None` when they do not fit together.
    pub(crate) fn parse(bytes: &'p [u8]) -> Option<Record<'p>> {
        let (head, text) = bytes.split_first_chunk::<RECORD_HEAD_BYTES>()?;
        let [flags, max_age, m0, m1, e0, e1, i0, i1, o0, o1, o2, o3] = *head;
        let (max_age, text) = text.split_at_checked(usize::from(max_age))?;
        let (methods, text) = text.split_at_checked(usize::from(u16::from_le_bytes([m0, m1])))?;
        let (expose_headers, text) =
            text.split_at_checked(usize::from(u16::from_le_bytes([e0, e1])))?;
        let (id, text) = text.split_at_checked(usize::from(u16::from_le_bytes([i0, i1])))?;
        let origins = usize::try_from(u32::from_le_bytes([o0, o1, o2, o3])).ok()?;
        let (origins, headers) = text.split_at_checked(origins)?;
        Some(Record {
            flags,
            max_age,
            methods,
            expose_headers,
            id,
            origins,
            headers,
        })
    }

    /// Whether a flag is set.
    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The rule in its order and spelling.
    pub(crate) fn rule(&self) -> Rule<'p> {
        Rule {
            id: if self.has(HAS_ID) {
                core::str::from_utf8(self.id).ok()
            } else {
                None
            },
            allowed_origins: self.allowed_origins(),
            allowed_methods: self.allowed_methods(),
            allowed_headers: self.allowed_headers(),
            expose_headers: List::joined(self.expose_headers),
            max_age_seconds: core::str::from_utf8(self.max_age)
                .ok()
                .and_then(|digits| digits.parse().ok()),
            allow_credentials: self.has(ALLOWS_CREDENTIALS),
        }
    }

    pub(super) fn allowed_origins(&self) -> List<'p> {
        List::prefixed(self.origins)
    }

    pub(super) fn allowed_methods(&self) -> List<'p> {
        List::joined(self.methods)
    }

    pub(super) fn allowed_headers(&self) -> List<'p> {
        List::prefixed(self.headers)
    }

    /// Where the methods begin, counted from the record's start.
    pub(super) fn methods_offset(&self) -> usize {
        RECORD_HEAD_BYTES.saturating_add(self.max_age.len())
    }

    /// Where the origins begin, counted from the record's start.
    pub(super) fn origins_offset(&self) -> usize {
        let before = [self.methods, self.expose_headers, self.id];
        before
            .iter()
            .map(|text| text.len())
            .fold(self.methods_offset(), usize::saturating_add)
    }

    /// Where the allowed headers begin, counted from the record's start.
    pub(super) fn headers_offset(&self) -> usize {
        self.origins_offset().saturating_add(self.origins.len())
    }

    /// Whether all text that can reach a response is fit for one.
    fn is_valid(&self) -> bool {
        let lists = [List::prefixed(self.origins), List::prefixed(self.headers)];
        let listed: usize = lists
            .iter()
            .flat_map(List::iter)
            .map(|item| item.len().saturating_add(2))
            .sum();
        let number = self.max_age.is_empty()
            || (is_decimal(self.max_age) && self.rule().max_age_seconds.is_some());
        let flags = HAS_WILDCARD | ONLY_WILDCARD | ALLOWS_CREDENTIALS | HAS_ID;
        listed == self.origins.len().saturating_add(self.headers.len())
            && lists
                .iter()
                .flat_map(List::iter)
                .all(|item| is_text(item.as_bytes()))
            && core::str::from_utf8(self.id).is_ok_and(|id| is_text(id.as_bytes()))
            && self.flags & !flags == 0
            && (self.has(HAS_ID) || self.id.is_empty())
            && number
            && is_joined(self.methods)
            && is_joined(self.expose_headers)
    }
}

impl<'p> Records<'p> {
    /// The bytes of a rule's record.
    pub(super) fn bytes_of(&self, image: &'p [u8], rule: u16) -> Option<&'p [u8]> {
        let offset = |index: usize| {
            self.offsets
                .get(index)
                .map(|offset| u32::from_le_bytes(*offset))
        };
        let index = usize::from(rule);
        let start = offset(index)?;
        let end = offset(index.checked_add(1)?).unwrap_or(self.end);
        part(image, start, end)
    }

    /// Checks that each record can be read and holds only what a response may hold.
    pub(super) fn check(&self, image: &'p [u8], rule_count: u16) -> Result<(), ImageError> {
        for rule in 0..rule_count {
            let record = self
                .bytes_of(image, rule)
                .and_then(Record::parse)
                .ok_or(ImageError::Inconsistent)?;
            if !record.is_valid() {
                return Err(ImageError::InvalidText);
            }
        }
        Ok(())
    }
}

/// Whether there is no control character.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f)
}

/// Whether the bytes begin as a number is written: what is sent is the text.
fn is_decimal(bytes: &[u8]) -> bool {
    match bytes.strip_prefix(b"-").unwrap_or(bytes) {
        [b'0'] => bytes.len() == 1,
        [b'1'..=b'9', ..] => true,
        _ => false,
    }
}

/// Whether the bytes are tokens joined with `, `.
fn is_joined(bytes: &[u8]) -> bool {
    let mut length = 0_usize;
    for item in &List::joined(bytes) {
        if !is_token(item.as_bytes()) {
            return false;
        }
        length = length.saturating_add(item.len()).saturating_add(2);
    }
    length.saturating_sub(2) == bytes.len()
}

/// Writes the records' offsets, then the records. They follow the header.
pub(crate) fn write_records(
    writer: &mut ImageWriter<'_>,
    rules: &[Rule<'_>],
) -> Result<(), WriteError> {
    for _ in rules {
        writer.push(&[0; OFFSET_BYTES])?;
    }
    for (index, rule) in rules.iter().enumerate() {
        let offset = writer.offset()?;
        let row = index.saturating_mul(OFFSET_BYTES);
        writer.put(HEADER_BYTES.saturating_add(row), &offset.to_le_bytes())?;
        write_record(writer, index, rule)?;
    }
    Ok(())
}

/// The offset and the record of a rule already written; the last record ends at `records_end`.
pub(super) fn written_record<'w>(
    writer: &'w ImageWriter<'_>,
    rule: u16,
    rule_count: u16,
    records_end: u32,
) -> Option<(u32, Record<'w>)> {
    /// Where the offsets begin.
    #[expect(clippy::cast_possible_truncation, reason = "64 fits in 32 bits")]
    const OFFSETS: u32 = HEADER_BYTES as u32;
    let offset = |rule: u16| u32::from_le_bytes(writer.row(OFFSETS, usize::from(rule)));
    let next = rule.checked_add(1)?;
    let start = offset(rule);
    let end = if next < rule_count {
        offset(next)
    } else {
        records_end
    };
    Some((start, Record::parse(writer.part(start, end)?)?))
}

/// The offset of a byte of a record, from the record's offset and how many bytes are before it.
pub(super) fn offset_in_record(record: u32, before: usize) -> usize {
    row_offset(record, before, 1)
}

fn write_record(
    writer: &mut ImageWriter<'_>,
    index: usize,
    rule: &Rule<'_>,
) -> Result<(), WriteError> {
    let head = writer.len();
    writer.push(&[0; RECORD_HEAD_BYTES])?;
    let max_age = match rule.max_age_seconds {
        Some(seconds) => push_decimal(writer, seconds)?,
        None => 0,
    };
    let methods = push_joined(writer, rule.allowed_methods, index, Field::AllowedMethod)?;
    let exposed = push_joined(writer, rule.expose_headers, index, Field::ExposeHeader)?;
    let id = rule.id.unwrap_or_default();
    writer.push(id.as_bytes())?;
    let id_length = u16::try_from(id.len()).map_err(|_| WriteError::too_long(index, Field::Id))?;
    let origins_start = writer.len();
    push_prefixed(writer, rule.allowed_origins, index, Field::AllowedOrigin)?;
    let origins =
        u32::try_from(writer.len().saturating_sub(origins_start)).map_err(|_| WriteError::Full)?;
    push_prefixed(writer, rule.allowed_headers, index, Field::AllowedHeader)?;

    let [m0, m1] = methods.to_le_bytes();
    let [e0, e1] = exposed.to_le_bytes();
    let [i0, i1] = id_length.to_le_bytes();
    let [o0, o1, o2, o3] = origins.to_le_bytes();
    let flags = flags_of(rule);
    writer.put(
        head,
        &[flags, max_age, m0, m1, e0, e1, i0, i1, o0, o1, o2, o3],
    )
}

fn flags_of(rule: &Rule<'_>) -> u8 {
    let mut origins = rule.allowed_origins.iter();
    let is_alone = origins.next() == Some("*") && origins.next().is_none();
    let has_wildcard = rule.allowed_origins.iter().any(|item| item == "*");
    [
        (has_wildcard, HAS_WILDCARD),
        (is_alone, ONLY_WILDCARD),
        (rule.allow_credentials, ALLOWS_CREDENTIALS),
        (rule.id.is_some(), HAS_ID),
    ]
    .into_iter()
    .filter(|(is_set, _)| *is_set)
    .fold(0, |flags, (_, flag)| flags | flag)
}

/// Writes a number in decimal; returns the number of its characters.
fn push_decimal(writer: &mut ImageWriter<'_>, number: i32) -> Result<u8, WriteError> {
    let mut length = 0_u8;
    if number < 0 {
        writer.push(b"-")?;
        length = 1;
    }
    let mut rest = number.unsigned_abs();
    let mut power = 1_000_000_000_u32;
    let mut started = false;
    while power > 0 {
        let digit = rest.checked_div(power).unwrap_or(0);
        rest = rest.checked_rem(power).unwrap_or(0);
        power /= 10;
        started |= digit != 0 || power == 0;
        if started {
            writer.push(&[b'0'.saturating_add(u8::try_from(digit).unwrap_or(0))])?;
            length = length.saturating_add(1);
        }
    }
    Ok(length)
}

/// Writes a list as a header value; returns its length.
fn push_joined(
    writer: &mut ImageWriter<'_>,
    list: List<'_>,
    rule: usize,
    field: Field,
) -> Result<u16, WriteError> {
    let start = writer.len();
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            writer.push(b", ")?;
        }
        writer.push(item.as_bytes())?;
    }
    u16::try_from(writer.len().saturating_sub(start)).map_err(|_| WriteError::too_long(rule, field))
}

/// Writes each item of a list after its length.
fn push_prefixed(
    writer: &mut ImageWriter<'_>,
    list: List<'_>,
    rule: usize,
    field: Field,
) -> Result<(), WriteError> {
    for item in &list {
        let length = u16::try_from(item.len()).map_err(|_| WriteError::too_long(rule, field))?;
        writer.push(&length.to_le_bytes())?;
        writer.push(item.as_bytes())?;
    }
    Ok(())
}
