//! Reads a policy image, its own or anybody's: records taken apart, every part checked.

use super::Policy;
use super::layout::{
    ALLOWS_CREDENTIALS, HAS_ID, HEADER_BYTES, Header, Places, RECORD_HEAD_BYTES, part, text_at,
};
use super::lookup::{EntryRow, Index, MethodRow};
use super::rule_set::{SetName, SetTable};
use crate::error::ImageError;
use crate::header::is_token;
use crate::origin::is_printable;
use crate::rule::{List, Rule};

/// One rule as it lies in the image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'p> {
    pub(crate) flags: u8,
    /// MaxAgeSeconds in decimal, empty when there is none.
    pub(crate) max_age: &'p [u8],
    /// AllowedMethod joined with `, `.
    pub(crate) methods: &'p [u8],
    /// ExposeHeader joined with `, `.
    pub(crate) expose_headers: &'p [u8],
    pub(crate) id: &'p [u8],
    /// Each AllowedOrigin after its length.
    pub(crate) origins: &'p [u8],
    /// Each AllowedHeader after its length.
    pub(crate) headers: &'p [u8],
}

impl<'p> Record<'p> {
    /// Takes a record's bytes apart; `None` when they do not fit together.
    ///
    /// Layout: flags `u8`, length of MaxAgeSeconds `u8`, of methods, exposed headers and ID `u16` each, of the
    /// origins `u32`; then these texts in this order, and the allowed headers to the record's end.
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
            allowed_headers: List::prefixed(self.headers),
            expose_headers: List::joined(self.expose_headers),
            max_age_seconds: core::str::from_utf8(self.max_age)
                .ok()
                .and_then(|digits| digits.parse().ok()),
            allow_credentials: self.has(ALLOWS_CREDENTIALS),
        }
    }

    /// Whether everything that can reach a response is text fit for one.
    fn is_valid(&self) -> bool {
        let lists = [List::prefixed(self.origins), List::prefixed(self.headers)];
        let listed: usize = lists
            .iter()
            .flat_map(List::iter)
            .map(|item| item.len().saturating_add(2))
            .sum();
        let number = self.max_age.is_empty() || self.rule().max_age_seconds.is_some();
        listed == self.origins.len().saturating_add(self.headers.len())
            && lists
                .iter()
                .flat_map(List::iter)
                .all(|item| is_text(item.as_bytes()))
            && core::str::from_utf8(self.id).is_ok_and(|id| is_text(id.as_bytes()))
            && number
            && is_joined(self.methods)
            && is_joined(self.expose_headers)
    }
}

/// Whether there is no control character.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f)
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

/// Reads an image that anybody may have written.
pub(super) fn read(image: &[u8]) -> Result<Policy<'_>, ImageError> {
    let policy = view_checked(image)?;
    check_records(&policy)?;
    check_methods(&policy)?;
    check_index::<false>(&policy, &policy.origins)?;
    check_index::<true>(&policy, &policy.headers)?;
    Ok(policy)
}

/// Views an image whose contents were checked before.
pub(super) fn view_checked(image: &[u8]) -> Result<Policy<'_>, ImageError> {
    let header = Header::from_bytes(image.first_chunk().ok_or(ImageError::NotAnImage)?)?;
    let stated = header.places.end;
    if u32::try_from(image.len()) != Ok(stated) {
        return Err(ImageError::WrongLength { stated });
    }
    view(image, &header).ok_or(ImageError::Inconsistent)
}

/// The parts of an image, each where the header says; `None` when one lies outside or is no whole number of rows.
fn view<'p>(image: &'p [u8], header: &Header) -> Option<Policy<'p>> {
    let Places {
        methods,
        origin_entries,
        header_entries,
        sets,
        origin_fan,
        ..
    } = header.places;
    let Places {
        header_fan,
        origin_shapes,
        header_shapes,
        end,
        ..
    } = header.places;
    let record_places = HEADER_BYTES.checked_add(usize::from(header.rule_count).checked_mul(4)?)?;
    if header.rule_count > crate::MAX_RULES {
        return None;
    }
    Some(Policy {
        image,
        flags: header.flags,
        rule_count: header.rule_count,
        evaluation: header.evaluation,
        response: header.response,
        record_places: rows(image.get(HEADER_BYTES..record_places)?)?,
        records_end: methods,
        methods: rows(part(image, methods, origin_entries)?)?,
        sets: SetTable {
            words: rows(part(image, sets, origin_fan)?)?,
            row_words: usize::from(header.rule_count.div_ceil(64).max(1)),
        },
        origins: Index {
            image,
            any: header.any_origin,
            entries: rows(part(image, origin_entries, header_entries)?)?,
            fan: rows(part(image, origin_fan, header_fan)?)?,
            shapes: rows(part(image, origin_shapes, header_shapes)?)?,
        },
        headers: Index {
            image,
            any: header.any_header,
            entries: rows(part(image, header_entries, sets)?)?,
            fan: rows(part(image, header_fan, origin_shapes)?)?,
            shapes: rows(part(image, header_shapes, end)?)?,
        },
    })
}

/// A part as rows of `N` bytes.
fn rows<const N: usize>(part: &[u8]) -> Option<&[[u8; N]]> {
    let (rows, rest) = part.as_chunks::<N>();
    rest.is_empty().then_some(rows)
}

fn check_records(policy: &Policy<'_>) -> Result<(), ImageError> {
    for index in 0..policy.rule_count {
        let record = policy
            .record_bytes(index)
            .and_then(Record::parse)
            .ok_or(ImageError::Inconsistent)?;
        if !record.is_valid() {
            return Err(ImageError::InvalidText);
        }
    }
    Ok(())
}

fn check_methods(policy: &Policy<'_>) -> Result<(), ImageError> {
    let rows = policy.methods.iter().map(MethodRow::parse);
    if !rows.clone().all(|row| is_token(policy.text_of(row))) {
        return Err(ImageError::InvalidText);
    }
    check_names(policy, rows.map(|row| row.set))
}

fn check_index<const FOLD: bool>(policy: &Policy<'_>, index: &Index<'_>) -> Result<(), ImageError> {
    let [zero, starts @ ..] = index.fan else {
        return Err(ImageError::Inconsistent);
    };
    let mut last = u16::from_le_bytes(*zero);
    let mut ordered = last == 0 && starts.len() == index.entries.len();
    for start in starts {
        let start = u16::from_le_bytes(*start);
        ordered &= last <= start;
        last = start;
    }
    if !ordered || usize::from(last) != index.entries.len() {
        return Err(ImageError::Inconsistent);
    }
    let entries = index.entries.iter().map(EntryRow::parse);
    for entry in entries.clone() {
        let text = text_at(policy.image, entry.text).ok_or(ImageError::Inconsistent)?;
        if !can_match::<FOLD>(text) {
            return Err(ImageError::InvalidText);
        }
    }
    check_names(policy, entries.map(|entry| entry.set).chain([index.any]))
}

/// Whether a pattern could match a request: an index holds no other, so that what equals an exact
/// pattern is known to be printable, or a token.
pub(super) fn can_match<const IS_HEADER: bool>(text: &[u8]) -> bool {
    if !IS_HEADER {
        return !text.is_empty() && is_printable(text);
    }
    // `*` is a token character, so one test does for names and patterns.
    is_token(text)
}

fn check_names(
    policy: &Policy<'_>,
    mut names: impl Iterator<Item = SetName>,
) -> Result<(), ImageError> {
    let known = names.all(|name| match name.rule_or_row() {
        Ok(rule) => rule < policy.rule_count,
        Err(row) => {
            let end = usize::from(row)
                .saturating_add(1)
                .saturating_mul(policy.sets.row_words);
            name == SetName::EMPTY || end <= policy.sets.words.len()
        }
    });
    // A row's last word has no bit beyond the last rule.
    let used = policy.rule_count % 64;
    let last = policy
        .sets
        .words
        .iter()
        .skip(policy.sets.row_words.saturating_sub(1))
        .step_by(policy.sets.row_words.max(1));
    let beyond = used != 0
        && last
            .map(|word| u64::from_le_bytes(*word))
            .any(|word| word >> used != 0);
    if known && !beyond {
        Ok(())
    } else {
        Err(ImageError::Inconsistent)
    }
}
