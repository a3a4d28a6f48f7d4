//! The records of an image: each rule in its order and spelling. Row, find and check; `record_writer` writes them.
//!
//! A record is flags `u8`, the length of `MaxAgeSeconds` `u8`, of the methods, the exposed headers and the ID `u16` each, and of
//! the origins `u32`; then these texts in this order, and the allowed headers up to the record's end. Methods and exposed
//! headers are joined as header values; each origin and each header follows its length.
//!
//! A dialect that compares origins or names otherwise has texts that are looked up and not listed, so that looking up is the
//! same in every dialect. A flag says that the other spellings of the origins follow the origins, after their length `u32`; another that
//! the headers repeat the exposed ones.

use super::header::HEADER_BYTES;
use super::offsets::{part, row_offset};
use super::writer::ImageWriter;
use crate::error::ImageError;
use crate::header::is_token;
use crate::rule::{List, Rule, next_joined, next_prefixed};

/// Bytes of a record before its text.
pub(super) const RECORD_HEAD_BYTES: usize = 12;
/// Bytes of a record's offset.
pub(super) const OFFSET_BYTES: usize = 4;

/// The flag of a rule with `*` among its origins.
pub(crate) const HAS_WILDCARD: u8 = 1;
/// The flag of a rule whose only origin is `*`.
pub(crate) const ONLY_WILDCARD: u8 = 2;
/// The flag of a rule that allows credentials.
pub(crate) const ALLOWS_CREDENTIALS: u8 = 4;
/// The flag of a rule with an `ID`, which may be empty.
pub(super) const HAS_ID: u8 = 8;
/// The flag of a rule whose origins are followed by their other spellings.
pub(crate) const OTHER_SPELLINGS: u8 = 16;
/// The flag of a rule whose last part repeats the exposed headers.
pub(super) const REPEATS_EXPOSED: u8 = 32;

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
    /// Each AllowedHeader after its length; before them the other spellings, if there are any.
    rest: &'p [u8],
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
        rest: b"",
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
        let (origins, rest) = text.split_at_checked(origins)?;
        Some(Record {
            flags,
            max_age,
            methods,
            expose_headers,
            id,
            origins,
            rest,
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
            allowed_origins: List::prefixed(self.origins),
            allowed_methods: List::joined(self.methods),
            allowed_headers: if self.has(REPEATS_EXPOSED) {
                List::EMPTY
            } else {
                List::prefixed(self.headers())
            },
            expose_headers: List::joined(self.expose_headers),
            max_age_seconds: core::str::from_utf8(self.max_age)
                .ok()
                .and_then(|digits| digits.parse().ok()),
            allow_credentials: self.has(ALLOWS_CREDENTIALS),
        }
    }

    /// The origins as they are listed.
    pub(super) fn listed_origins(&self) -> impl Iterator<Item = &'p [u8]> + use<'p> {
        prefixed(self.origins)
    }

    /// The origins in their other spellings.
    pub(super) fn other_origins(&self) -> impl Iterator<Item = &'p [u8]> + use<'p> {
        prefixed(self.other_spellings())
    }

    /// The names that requested header names are compared with.
    pub(super) fn header_names(&self) -> impl Iterator<Item = &'p [u8]> + use<'p> {
        prefixed(self.headers())
    }

    /// The texts that an Origin, or a requested header name, is looked up in.
    pub(super) fn texts_looked_up(&self, of_headers: bool) -> [&'p [u8]; 2] {
        if of_headers {
            [self.headers(), &[]]
        } else {
            [self.origins, self.other_spellings()]
        }
    }

    /// The methods as they are listed.
    pub(super) fn listed_methods(&self) -> impl Iterator<Item = &'p [u8]> + use<'p> {
        joined(self.methods)
    }

    /// The names of response headers as they are listed.
    pub(super) fn exposed_names(&self) -> impl Iterator<Item = &'p [u8]> + use<'p> {
        joined(self.expose_headers)
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

    /// The texts that an Origin is looked up in: where they begin, counted from the record's start, and how many bytes they take.
    pub(super) fn origin_texts(&self) -> [(usize, usize); 2] {
        let listed = self.origins_offset();
        let others = listed.saturating_add(self.origins.len()).saturating_add(4);
        [
            (listed, self.origins.len()),
            (others, self.other_spellings().len()),
        ]
    }

    /// The same for header names.
    pub(super) fn header_texts(&self) -> [(usize, usize); 1] {
        let before = self.rest.len().saturating_sub(self.headers().len());
        let origins = self.origins_offset().saturating_add(self.origins.len());
        [(origins.saturating_add(before), self.headers().len())]
    }

    /// The other spellings of the origins, each after its length.
    fn other_spellings(&self) -> &'p [u8] {
        self.parts_of_rest().unwrap_or_default().0
    }

    /// The names that requested header names are compared with, each after its length.
    fn headers(&self) -> &'p [u8] {
        self.parts_of_rest().unwrap_or_default().1
    }

    fn parts_of_rest(&self) -> Option<(&'p [u8], &'p [u8])> {
        if !self.has(OTHER_SPELLINGS) {
            return Some((&[], self.rest));
        }
        let (length, rest) = self.rest.split_first_chunk()?;
        rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
    }

    /// Whether all text that can reach a response is fit for one.
    fn is_valid(&self) -> bool {
        let Some((others, headers)) = self.parts_of_rest() else {
            return false;
        };
        let parts = [self.origins, others, headers];
        let flags = HAS_WILDCARD
            | ONLY_WILDCARD
            | ALLOWS_CREDENTIALS
            | HAS_ID
            | OTHER_SPELLINGS
            | REPEATS_EXPOSED;
        parts.into_iter().all(are_texts)
            && is_text(self.id)
            && self.flags & !flags == 0
            && (self.has(HAS_ID) || self.id.is_empty())
            && (self.max_age.is_empty() || is_number(self.max_age))
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

/// Texts that follow each other, each after its length.
pub(super) fn prefixed(mut texts: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || next_prefixed(&mut texts))
}

/// Tokens joined with `, `.
fn joined(mut tokens: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || next_joined(&mut tokens))
}

/// Whether the bytes are texts, each after its length.
fn are_texts(mut texts: &[u8]) -> bool {
    while let Some(text) = next_prefixed(&mut texts) {
        if !is_text(text) {
            return false;
        }
    }
    texts.is_empty()
}

/// Whether the bytes are UTF-8 without control characters.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f) && core::str::from_utf8(bytes).is_ok()
}

/// Whether the bytes are an `i32` as it is written: what is sent is the text.
fn is_number(bytes: &[u8]) -> bool {
    let (digits, largest) = match bytes {
        [b'-', digits @ ..] => (digits, b"2147483648"),
        _ => (bytes, b"2147483647"),
    };
    let is_shortest = match digits {
        [] => false,
        [b'0', ..] => bytes.len() == 1,
        _ => true,
    };
    // Of two numbers without zeros in front the longer is the larger.
    let is_in_range = (digits.len(), digits) <= (largest.len(), largest);
    is_shortest && is_in_range && digits.iter().all(u8::is_ascii_digit)
}

/// Whether the bytes are tokens joined with `, `.
fn is_joined(bytes: &[u8]) -> bool {
    let mut length = 0_usize;
    for item in joined(bytes) {
        if !is_token(item) {
            return false;
        }
        length = length.saturating_add(item.len()).saturating_add(2);
    }
    length.saturating_sub(2) == bytes.len()
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_number_is_one_that_an_i32_is_written_as() {
        for text in [
            "",
            "-",
            "+1",
            "0",
            "-0",
            "00",
            "01",
            "-01",
            "7",
            "-7",
            "10",
            "600",
            "1x",
            "x1",
            " 1",
            "999999999",
            "2147483646",
            "2147483647",
            "2147483648",
            "2147483650",
            "3000000000",
            "-2147483647",
            "-2147483648",
            "-2147483649",
            "9999999999",
            "10000000000",
            "21474836470",
        ] {
            let written = text
                .parse()
                .is_ok_and(|number: i32| number.to_string() == text);
            assert_eq!(is_number(text.as_bytes()), written, "{text}");
        }
    }

    #[test]
    fn tokens_are_joined_by_a_comma_and_a_space() {
        for (text, expected) in [
            ("", true),
            ("GET", true),
            ("GET, PUT", true),
            ("GET,PUT", false),
            ("GET,  PUT", false),
            ("GET, ", false),
            ("GET,", false),
            (", GET", false),
            ("G T", false),
        ] {
            assert_eq!(is_joined(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_utf_8_without_control_characters_and_end_with_the_last() {
        assert!(are_texts(b""));
        assert!(are_texts(b"\x01\x00a\x02\x00\xc3\xa9\x00\x00"));
        for broken in [
            &b"\x01"[..],
            b"\x01\x00",
            b"\x01\x00a\x01",
            b"\x01\x00\x1f",
            b"\x01\x00\x7f",
            b"\x01\x00\xc3",
        ] {
            assert!(!are_texts(broken), "{broken:?}");
        }
    }
}
