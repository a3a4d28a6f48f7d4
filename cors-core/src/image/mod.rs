//! The policy image: a view of its parts, and the checks of an image that anyone may have written.
//!
#![doc = include_str!("layout.md")]

mod affix_writer;
mod affixes;
mod agreement;
mod entries;
mod fanout;
mod hash;
mod header;
mod methods;
mod offsets;
mod patterns;
mod record_writer;
mod records;
mod rule_sets;
mod shapes;
mod stored;
mod writer;

use core::ops::Range;

pub(crate) use affix_writer::write_wildcards;
pub(crate) use entries::{merge_entries, write_raw_entries};
pub(crate) use fanout::write_fanout;
pub(crate) use header::{
    HEADER_AFFIXES, HEADER_BYTES, Header, ORIGIN_AFFIXES, Offsets, RESPONSE_VARY, SEEDS,
};
pub(crate) use methods::{write_method_sets, write_methods};
pub(crate) use patterns::Patterns;
pub(crate) use record_writer::write_records;
pub(crate) use records::{
    ALLOWS_CREDENTIALS, HAS_WILDCARD, ONLY_WILDCARD, OTHER_SPELLINGS, Record,
};
pub(crate) use rule_sets::{SetId, SetTable, SetTableWriter, rules_where};
pub(crate) use shapes::MAX_SHAPES;
pub(crate) use writer::{ImageWriter, WriteError};

use crate::dialect::providers::Dialect;
use crate::dialect::{Evaluation, ResponseHeaders};
use crate::error::ImageError;
use crate::limits::MAX_RULES;
use fanout::Fanout;
use header::DIALECT;
use methods::Methods;
use offsets::{part, rows};
use records::Records;
use stored::STORED;

/// A view of an image: its header's values, and each part as rows. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Image<'p> {
    bytes: &'p [u8],
    flags: u8,
    pub(crate) rule_count: u16,
    pub(crate) evaluation: Evaluation,
    pub(crate) response: ResponseHeaders,
    records: Records<'p>,
    methods: Methods<'p>,
    pub(crate) sets: SetTable<'p>,
    pub(crate) origins: Patterns<'p>,
    pub(crate) headers: Patterns<'p>,
}

impl<'p> Image<'p> {
    /// The image of no rules, in no bytes.
    pub(crate) const EMPTY: Image<'static> = {
        let nothing = Patterns {
            any: SetId::EMPTY,
            entries: &[],
            fanout: Fanout { rows: &[] },
            wildcards: &[],
            has_affixes: false,
            seed: 0,
        };
        Image {
            bytes: &[],
            flags: 0,
            rule_count: 0,
            evaluation: Dialect::OSS.evaluation,
            response: Dialect::OSS.response,
            records: Records {
                offsets: &[],
                end: 0,
            },
            methods: Methods { rows: &[] },
            sets: SetTable {
                words: &[],
                row_words: 1,
            },
            origins: nothing,
            headers: nothing,
        }
    };

    /// Reads an image that anyone may have written: every part is checked.
    pub(crate) fn read(bytes: &'p [u8]) -> Result<Image<'p>, ImageError> {
        let image = Image::view(bytes)?;
        // Builders derive limits alone, which are not stored.
        let stored = bytes.get(DIALECT);
        let mut dialects = STORED.iter();
        let dialect = dialects.find(|(bytes, _)| stored == Some(bytes.as_flattened()));
        let (_, comparison) = dialect.ok_or(ImageError::UnknownDialect)?;
        let (sets, rule_count) = (&image.sets, image.rule_count);
        image.records.check(bytes, rule_count)?;
        image
            .methods
            .check(bytes, sets, image.evaluation.methods, rule_count)?;
        image.origins.check(bytes, sets, rule_count, false)?;
        image.headers.check(bytes, sets, rule_count, true)?;
        if sets.are_valid(rule_count) && image.agrees(*comparison) {
            Ok(image)
        } else {
            Err(ImageError::Inconsistent)
        }
    }

    /// Views an image whose contents were checked before: only the header is read.
    pub(crate) fn view(bytes: &'p [u8]) -> Result<Image<'p>, ImageError> {
        let header = Header::from_bytes(bytes.first_chunk().ok_or(ImageError::NotAnImage)?)?;
        let stated = header.offsets.end;
        if u32::try_from(bytes.len()) != Ok(stated) {
            return Err(ImageError::WrongLength { stated });
        }
        Image::at_offsets(bytes, &header).ok_or(ImageError::Inconsistent)
    }

    /// The parts, each where the header says; `None` when one is outside or is not a whole number of rows.
    fn at_offsets(bytes: &'p [u8], header: &Header) -> Option<Image<'p>> {
        let Offsets {
            methods,
            origin_entries,
            header_entries,
            sets,
            origin_fanout,
            header_fanout,
            origin_wildcards,
            header_wildcards,
            end,
        } = header.offsets;
        let records = HEADER_BYTES.checked_add(usize::from(header.rule_count).checked_mul(4)?)?;
        let seed = u64::from(header.seed);
        if header.rule_count > MAX_RULES {
            return None;
        }
        Some(Image {
            bytes,
            flags: header.flags,
            rule_count: header.rule_count,
            evaluation: header.evaluation,
            response: header.response,
            records: Records {
                offsets: rows(bytes.get(HEADER_BYTES..records)?)?,
                end: methods,
            },
            methods: Methods {
                rows: rows(part(bytes, methods, origin_entries)?)?,
            },
            sets: SetTable {
                words: rows(part(bytes, sets, origin_fanout)?)?,
                row_words: usize::from(header.rule_count.div_ceil(64).max(1)),
            },
            origins: Patterns {
                any: header.any_origin,
                entries: rows(part(bytes, origin_entries, header_entries)?)?,
                fanout: Fanout {
                    rows: rows(part(bytes, origin_fanout, header_fanout)?)?,
                },
                wildcards: part(bytes, origin_wildcards, header_wildcards)?,
                has_affixes: header.flags & ORIGIN_AFFIXES != 0,
                seed,
            },
            headers: Patterns {
                any: header.any_header,
                entries: rows(part(bytes, header_entries, sets)?)?,
                fanout: Fanout {
                    rows: rows(part(bytes, header_fanout, origin_wildcards)?)?,
                },
                wildcards: part(bytes, header_wildcards, end)?,
                has_affixes: header.flags & HEADER_AFFIXES != 0,
                seed,
            },
        })
    }

    /// All bytes.
    pub(crate) fn as_bytes(&self) -> &'p [u8] {
        self.bytes
    }

    /// Whether a flag of the header is set.
    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The record of a rule; an empty one for a rule that is not there.
    pub(crate) fn record(&self, rule: u16) -> Record<'p> {
        Record::parse(self.record_bytes(rule)).unwrap_or(Record::EMPTY)
    }

    /// The bytes of a rule's record; none for a rule that is not there.
    pub(crate) fn record_bytes(&self, rule: u16) -> &'p [u8] {
        self.records.bytes_of(self.bytes, rule).unwrap_or_default()
    }

    /// The rules that allow a method.
    #[inline]
    pub(crate) fn find_method(&self, method: &[u8]) -> SetId {
        self.methods
            .find(self.bytes, self.evaluation.methods, method)
    }

    /// The parts in their order, each with its name and its bytes; together they are the whole image.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> + use<'p> {
        let header = self.bytes.first_chunk();
        let offsets = header
            .and_then(|bytes| Header::from_bytes(bytes).ok())
            .map_or(Offsets::default(), |header| header.offsets);
        let offset = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        let records = self.records.offsets.len().saturating_mul(4);
        let ends = [
            ("header", HEADER_BYTES),
            ("record offsets", HEADER_BYTES.saturating_add(records)),
            ("records", offset(offsets.methods)),
            ("methods", offset(offsets.origin_entries)),
            ("origin entries", offset(offsets.header_entries)),
            ("header entries", offset(offsets.sets)),
            ("sets", offset(offsets.origin_fanout)),
            ("origin fanout", offset(offsets.header_fanout)),
            ("header fanout", offset(offsets.origin_wildcards)),
            ("origin wildcards", offset(offsets.header_wildcards)),
            ("header wildcards", offset(offsets.end)),
        ];
        let mut start = 0;
        ends.into_iter().map(move |(name, end)| {
            let part = start..end.max(start);
            start = part.end;
            (name, part)
        })
    }
}
