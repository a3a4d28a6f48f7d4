//! The bytes of a policy image, version 1: where each part lies, how it is written and how it is checked.
//!
//! All numbers are little-endian; all places are counted from the image's first byte. Parts follow
//! each other without gaps, in this order:
//!
//! ```text
//! header            64 bytes: mark, version, dialect, names of the `*` sets, where each part begins
//! record places     4 bytes a rule
//! records           the rules in their order and spelling
//! methods           16 bytes a distinct method
//! origin entries    8 bytes a distinct origin pattern other than `*`
//! header entries    8 bytes a distinct header pattern other than `*`
//! sets              one bit a rule, 64 rules a word
//! origin fan        2 bytes an origin entry, and 2
//! header fan        2 bytes a header entry, and 2
//! origin shapes     8 bytes a distinct pair of prefix and suffix length
//! header shapes     the same
//! ```

use super::lookup::{EntryRow, Index, MethodRow};
use super::rule_set::{SetName, SetTable};
use super::Policy;
use crate::dialect::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, Evaluation, HeaderPhase, Malformed, MethodSet,
    PreflightRule, ResponseHeaders, SentOn, VaryRule,
};
use crate::error::ImageError;
use crate::header::is_token;
use crate::origin::is_printable;
use crate::rule::{List, Rule};

/// What every image begins with.
pub(super) const MARK: [u8; 4] = *b"CORS";
/// The version that this code writes, and the only one it reads.
pub(super) const VERSION: u8 = 1;
/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 64;
/// Bytes of a record before its text.
pub(super) const RECORD_HEAD_BYTES: usize = 12;

/// The header's flag for `response_vary`.
pub(super) const RESPONSE_VARY: u8 = 1;
/// The header's flag for rules that all answer any origin with `*`.
pub(super) const ORIGIN_INDEPENDENT: u8 = 2;

/// A record's flag for a rule with `*` among its origins.
pub(crate) const HAS_STAR: u8 = 1;
/// A record's flag for a rule whose only origin is `*`.
pub(crate) const ONLY_STAR: u8 = 2;
/// A record's flag for a rule that allows credentials.
pub(crate) const ALLOWS_CREDENTIALS: u8 = 4;
/// A record's flag for a rule with an `ID`, which may be empty.
pub(super) const HAS_ID: u8 = 8;

/// The fixed first bytes of an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) flags: u8,
    pub(super) rule_count: u16,
    pub(super) evaluation: Evaluation,
    pub(super) response: ResponseHeaders,
    pub(super) any_origin: SetName,
    pub(super) any_header: SetName,
    pub(super) places: Places,
}

/// Where each part begins; it ends where the next one does.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    pub(super) methods: u32,
    pub(super) origin_entries: u32,
    pub(super) header_entries: u32,
    pub(super) sets: u32,
    pub(super) origin_fan: u32,
    pub(super) header_fan: u32,
    pub(super) origin_shapes: u32,
    pub(super) header_shapes: u32,
    pub(super) end: u32,
}

impl Header {
    /// The bytes that stand for the header.
    pub(super) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let Header { evaluation, response, places, .. } = self;
        let mut bytes = [0; HEADER_BYTES];
        let [rules_low, rules_high] = self.rule_count.to_le_bytes();
        let [any_origin_low, any_origin_high] = self.any_origin.to_bits().to_le_bytes();
        let [any_header_low, any_header_high] = self.any_header.to_bits().to_le_bytes();
        let [m0, m1, m2, m3] = MARK;
        let front = [
            m0,
            m1,
            m2,
            m3,
            VERSION,
            self.flags,
            rules_low,
            rules_high,
            any_origin_low,
            any_origin_high,
            any_header_low,
            any_header_high,
            evaluation.preflight as u8,
            evaluation.methods as u8,
            evaluation.malformed as u8,
            u8::from(evaluation.request_headers_on_actual),
            evaluation.header_phase as u8,
            response.allow_origin as u8,
            response.allow_credentials as u8,
            response.allow_methods as u8,
            response.allow_headers as u8,
            response.expose_headers as u8,
            response.max_age as u8,
            response.vary as u8,
        ];
        let words = [
            places.end,
            places.methods,
            places.origin_entries,
            places.header_entries,
            places.sets,
            places.origin_fan,
            places.header_fan,
            places.origin_shapes,
            places.header_shapes,
        ];
        let values = front.into_iter().chain(words.into_iter().flat_map(u32::to_le_bytes));
        for (byte, value) in bytes.iter_mut().zip(values) {
            *byte = value;
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Result<Header, ImageError> {
        let [m0, m1, m2, m3, version, flags, rules @ ..] = bytes;
        if [*m0, *m1, *m2, *m3] != MARK {
            return Err(ImageError::NotAnImage);
        }
        if *version != VERSION {
            return Err(ImageError::UnknownVersion(*version));
        }
        let [r0, r1, o0, o1, h0, h1, dialect @ ..] = rules;
        let [preflight, methods, malformed, on_actual, phase, dialect @ ..] = dialect;
        let [origin, credentials, allow_methods, allow_headers, expose, max_age, vary, words @ ..] = dialect;
        let (words, _) = words.as_chunks::<4>();
        let word = |at: usize| words.get(at).map_or(0, |word| u32::from_le_bytes(*word));
        Ok(Header {
            flags: *flags,
            rule_count: u16::from_le_bytes([*r0, *r1]),
            any_origin: SetName::from_bits(u16::from_le_bytes([*o0, *o1])),
            any_header: SetName::from_bits(u16::from_le_bytes([*h0, *h1])),
            evaluation: Evaluation {
                preflight: member([PreflightRule::Options, PreflightRule::OptionsWithRequestMethod], *preflight)?,
                methods: member([MethodSet::Five, MethodSet::FiveMergeOptions, MethodSet::AnyToken], *methods)?,
                malformed: member([Malformed::BadRequest, Malformed::Refused], *malformed)?,
                request_headers_on_actual: member([false, true], *on_actual)?,
                header_phase: member(
                    [HeaderPhase::Conjunct, HeaderPhase::CommitThenFail, HeaderPhase::NotUsed],
                    *phase,
                )?,
            },
            response: ResponseHeaders {
                allow_origin: member([AllowOrigin::StarInRule, AllowOrigin::OnlyStar], *origin)?,
                allow_credentials: member(
                    [AllowCredentials::Never, AllowCredentials::UnlessStar, AllowCredentials::OptIn],
                    *credentials,
                )?,
                allow_methods: member([AllowMethods::RuleList, AllowMethods::Requested], *allow_methods)?,
                allow_headers: member(
                    [AllowHeaders::Requested, AllowHeaders::RequestedLowerCase, AllowHeaders::ExposeHeaders],
                    *allow_headers,
                )?,
                expose_headers: member([SentOn::Both, SentOn::Preflight, SentOn::Actual], *expose)?,
                max_age: member([SentOn::Both, SentOn::Preflight, SentOn::Actual], *max_age)?,
                vary: member(
                    [
                        VaryRule::ResponseVary,
                        VaryRule::OnGrant,
                        VaryRule::WhenEnabled,
                        VaryRule::ReadUnlessStar,
                        VaryRule::Complete,
                    ],
                    *vary,
                )?,
            },
            places: Places {
                end: word(0),
                methods: word(1),
                origin_entries: word(2),
                header_entries: word(3),
                sets: word(4),
                origin_fan: word(5),
                header_fan: word(6),
                origin_shapes: word(7),
                header_shapes: word(8),
            },
        })
    }
}

/// The member of a dialect that a byte stands for: the byte is its place in the declaration.
fn member<T: Copy, const N: usize>(members: [T; N], byte: u8) -> Result<T, ImageError> {
    members.get(usize::from(byte)).copied().ok_or(ImageError::UnknownDialect)
}

/// The bytes between two places.
pub(super) fn part(image: &[u8], start: u32, end: u32) -> Option<&[u8]> {
    image.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// A text at its place: its length as a `u16`, then its bytes.
pub(super) fn text_at(image: &[u8], place: u32) -> Option<&[u8]> {
    let (length, rest) = image.get(usize::try_from(place).ok()?..)?.split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_le_bytes(*length)))
}

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
        let (expose_headers, text) = text.split_at_checked(usize::from(u16::from_le_bytes([e0, e1])))?;
        let (id, text) = text.split_at_checked(usize::from(u16::from_le_bytes([i0, i1])))?;
        let origins = usize::try_from(u32::from_le_bytes([o0, o1, o2, o3])).ok()?;
        let (origins, headers) = text.split_at_checked(origins)?;
        Some(Record { flags, max_age, methods, expose_headers, id, origins, headers })
    }

    /// A record of a rule with nothing in it.
    pub(crate) const EMPTY: Record<'static> =
        Record { flags: 0, max_age: b"", methods: b"", expose_headers: b"", id: b"", origins: b"", headers: b"" };

    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The rule in its order and spelling.
    pub(crate) fn rule(&self) -> Rule<'p> {
        Rule {
            id: if self.has(HAS_ID) { core::str::from_utf8(self.id).ok() } else { None },
            allowed_origins: List::prefixed(self.origins),
            allowed_methods: List::joined(self.methods),
            allowed_headers: List::prefixed(self.headers),
            expose_headers: List::joined(self.expose_headers),
            max_age_seconds: core::str::from_utf8(self.max_age).ok().and_then(|digits| digits.parse().ok()),
            allow_credentials: self.has(ALLOWS_CREDENTIALS),
        }
    }

    /// Whether everything that can reach a response is text fit for one.
    fn is_valid(&self) -> bool {
        let lists = [List::prefixed(self.origins), List::prefixed(self.headers)];
        let listed: usize = lists.iter().flat_map(List::iter).map(|item| item.len().saturating_add(2)).sum();
        let number = self.max_age.is_empty() || self.rule().max_age_seconds.is_some();
        listed == self.origins.len().saturating_add(self.headers.len())
            && lists.iter().flat_map(List::iter).all(|item| is_text(item.as_bytes()))
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
    for item in List::joined(bytes).iter() {
        if !is_token(item.as_bytes()) {
            return false;
        }
        length = length.saturating_add(item.len()).saturating_add(2);
    }
    length.saturating_sub(2) == bytes.len()
}

/// Reads an image that anybody may have written.
pub(super) fn read(image: &[u8]) -> Result<Policy<'_>, ImageError> {
    let header = Header::from_bytes(image.first_chunk().ok_or(ImageError::NotAnImage)?)?;
    let stated = header.places.end;
    if u32::try_from(image.len()) != Ok(stated) {
        return Err(ImageError::WrongLength { stated });
    }
    let policy = view(image, &header).ok_or(ImageError::Inconsistent)?;
    check_records(&policy)?;
    check_methods(&policy)?;
    check_index::<false>(&policy, &policy.origins)?;
    check_index::<true>(&policy, &policy.headers)?;
    Ok(policy)
}

/// Views an image that [`compile`](super::compile) has written; `None` if it has not.
pub(super) fn trusted(image: &[u8]) -> Option<Policy<'_>> {
    view(image, &Header::from_bytes(image.first_chunk()?).ok()?)
}

/// The parts of an image, each where the header says; `None` when one lies outside or is no whole number of rows.
fn view<'p>(image: &'p [u8], header: &Header) -> Option<Policy<'p>> {
    let Places { methods, origin_entries, header_entries, sets, origin_fan, .. } = header.places;
    let Places { header_fan, origin_shapes, header_shapes, end, .. } = header.places;
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
        let record = policy.record_bytes(index).and_then(Record::parse).ok_or(ImageError::Inconsistent)?;
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
    let [zero, starts @ ..] = index.fan else { return Err(ImageError::Inconsistent) };
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

fn check_names(policy: &Policy<'_>, mut names: impl Iterator<Item = SetName>) -> Result<(), ImageError> {
    let known = names.all(|name| match name {
        SetName::Empty => true,
        SetName::Rule(rule) => rule < policy.rule_count,
        SetName::Row(row) => {
            let end = usize::from(row).saturating_add(1).saturating_mul(policy.sets.row_words);
            end <= policy.sets.words.len()
        }
    });
    let beyond = !policy.rule_count.is_multiple_of(64) && policy.sets.words.chunks_exact(policy.sets.row_words).any(|row| {
        row.last().is_some_and(|word| u64::from_le_bytes(*word) >> (policy.rule_count % 64) != 0)
    });
    if known && !beyond { Ok(()) } else { Err(ImageError::Inconsistent) }
}
