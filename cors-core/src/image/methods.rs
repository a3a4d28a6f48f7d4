//! The methods of an image: a row for each distinct one, in order of first appearance. Row, write, find and check.

use super::hash::up_to_three;
use super::offsets::{part, row_count};
use super::records::{offset_in_record, written_record};
use super::rule_sets::{SetId, SetTable, SetTableWriter, rules_where};
use super::writer::{ImageWriter, WriteError};
use crate::dialect::MethodSet;
use crate::error::{CompileError, CompileErrorKind, Field, ImageError};
use crate::header::is_token;
use crate::rule::Rule;

/// Bytes of a row.
pub(super) const ROW_BYTES: usize = 16;
/// Most distinct methods of one image; the IANA registry holds about forty.
const MAX_METHODS: usize = 64;

/// A method: its key, where its text is, the rules that hold it.
#[derive(Clone, Copy, Debug)]
struct MethodRow {
    key: u64,
    text: u32,
    length: u16,
    set: SetId,
}

/// The methods that the rules of an image list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Methods<'p> {
    pub(super) rows: &'p [[u8; ROW_BYTES]],
}

impl MethodRow {
    fn parse(row: &[u8; ROW_BYTES]) -> MethodRow {
        let [k0, k1, k2, k3, k4, k5, k6, k7, a, b, c, d, l0, l1, s0, s1] = *row;
        MethodRow {
            key: u64::from_le_bytes([k0, k1, k2, k3, k4, k5, k6, k7]),
            text: u32::from_le_bytes([a, b, c, d]),
            length: u16::from_le_bytes([l0, l1]),
            set: SetId::from_bits(u16::from_le_bytes([s0, s1])),
        }
    }

    fn to_bytes(self) -> [u8; ROW_BYTES] {
        let [k0, k1, k2, k3, k4, k5, k6, k7] = self.key.to_le_bytes();
        let [a, b, c, d] = self.text.to_le_bytes();
        let [l0, l1] = self.length.to_le_bytes();
        let [s0, s1] = self.set.to_bits().to_le_bytes();
        [k0, k1, k2, k3, k4, k5, k6, k7, a, b, c, d, l0, l1, s0, s1]
    }

    /// A number with the length in its top byte. It identifies a method of up to seven bytes; a longer one needs its text compared too.
    fn key(method: &[u8]) -> u64 {
        let length = u64::from(u8::try_from(method.len()).unwrap_or(u8::MAX));
        let bytes = match (method.first_chunk::<4>(), method.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                // Of the last four, those that the first four are not.
                let overlap = u32::try_from(8_usize.saturating_sub(method.len()).wrapping_mul(8))
                    .unwrap_or(0);
                let rest = u64::from(u32::from_le_bytes(*last))
                    .checked_shr(overlap)
                    .unwrap_or(0);
                u64::from(u32::from_le_bytes(*first)) | (rest << 32)
            }
            _ => up_to_three(method),
        };
        (bytes & (u64::MAX >> 8)) | (length << 56)
    }

    /// Whether this is the row of a method, given its key; `text` is the row's own.
    fn is<'t>(&self, method: &[u8], key: u64, text: impl FnOnce() -> &'t [u8]) -> bool {
        self.key == key && (method.len() < 8 || text() == method)
    }

    /// The method, as the configuration spells it.
    fn text<'p>(&self, image: &'p [u8]) -> &'p [u8] {
        let end = self.text.saturating_add(u32::from(self.length));
        part(image, self.text, end).unwrap_or_default()
    }
}

impl Methods<'_> {
    /// The rules that allow a method.
    #[inline]
    pub(super) fn find(&self, image: &[u8], methods: MethodSet, method: &[u8]) -> SetId {
        let key = MethodRow::key(method);
        for row in self.rows {
            let row = MethodRow::parse(row);
            if row.is(method, key, || row.text(image)) {
                return row.set;
            }
        }
        self.find_wildcard(image, methods, method)
    }

    /// The rules with `*`, where that is any method. The set of a method that is listed holds the rules with a `*` too.
    #[cold]
    #[inline(never)]
    fn find_wildcard(&self, image: &[u8], methods: MethodSet, method: &[u8]) -> SetId {
        if !methods.allows("*", method) {
            return SetId::EMPTY;
        }
        let mut rows = self.rows.iter().map(MethodRow::parse);
        let row = rows.find(|row| row.text(image) == b"*");
        row.map_or(SetId::EMPTY, |row| row.set)
    }

    /// Checks that each row holds a method and refers to existing rules.
    pub(super) fn check(
        &self,
        image: &[u8],
        sets: &SetTable<'_>,
        methods: MethodSet,
        rule_count: u16,
    ) -> Result<(), ImageError> {
        let mut left = image.len();
        let mut is_known = self.rows.len() <= MAX_METHODS;
        for row in self.rows {
            let row = MethodRow::parse(row);
            let text = row.text(image);
            left = left
                .checked_sub(text.len())
                .ok_or(ImageError::Inconsistent)?;
            if !is_token(text) {
                return Err(ImageError::InvalidText);
            }
            is_known &= row.key == MethodRow::key(text)
                && methods.contains(text)
                && sets.has(row.set, rule_count);
        }
        if is_known {
            Ok(())
        } else {
            Err(ImageError::Inconsistent)
        }
    }

    /// Whether a rule is in the sets of the methods that it lists, and in no others.
    pub(super) fn agree<'l>(
        &self,
        image: &[u8],
        sets: &SetTable<'_>,
        methods: MethodSet,
        rule: u16,
        list: impl Iterator<Item = &'l [u8]>,
    ) -> bool {
        let rows = || self.rows.iter().map(MethodRow::parse);
        let mut listed = 0_u64;
        for method in list {
            let mut places = (0_u32..).zip(rows());
            let found = places.find(|(_, row)| row.text(image) == method);
            let Some((place, _)) = found else {
                return false;
            };
            listed |= 1_u64.wrapping_shl(place);
            // A `*` that means every method.
            if method == b"*" && methods == MethodSet::AnyTokenOrWildcard {
                listed = u64::MAX;
            }
        }
        rows().all(|row| {
            let is_listed = listed & 1 == 1;
            listed >>= 1;
            sets.contains(row.set, rule) == is_listed
        })
    }
}

/// Writes a row for each distinct method, in order of first appearance; the sets are written later.
pub(crate) fn write_methods(
    writer: &mut ImageWriter<'_>,
    rules: &[Rule<'_>],
    rule_count: u16,
    start: u32,
) -> Result<(), WriteError> {
    for (number, rule) in (0_u16..).zip(rules) {
        let index = usize::from(number);
        let (offset, record) =
            written_record(writer, number, rule_count, start).ok_or(WriteError::Full)?;
        let mut at = offset_in_record(offset, record.methods_offset());
        for (item, method) in rule.allowed_methods.iter().enumerate() {
            let known = writer.rows_from(start, ROW_BYTES);
            let row = MethodRow {
                key: MethodRow::key(method.as_bytes()),
                text: u32::try_from(at).map_err(|_| WriteError::Full)?,
                length: u16::try_from(method.len())
                    .map_err(|_| WriteError::too_long(index, Field::AllowedMethod))?,
                set: SetId::EMPTY,
            };
            let is_known = (0..known).any(|index| {
                let other = MethodRow::parse(&writer.row(start, index));
                other.is(method.as_bytes(), row.key, || written_text(writer, other))
            });
            if !is_known {
                if known == MAX_METHODS {
                    return Err(WriteError::Limit(CompileError {
                        kind: CompileErrorKind::TooManyMethods,
                        rule: Some(index),
                        field: Some(Field::AllowedMethod),
                        item: Some(item),
                    }));
                }
                writer.push(&row.to_bytes())?;
            }
            at = at.saturating_add(method.len()).saturating_add(2);
        }
    }
    Ok(())
}

fn written_text<'w>(writer: &'w ImageWriter<'_>, row: MethodRow) -> &'w [u8] {
    let end = row.text.saturating_add(u32::from(row.length));
    writer.part(row.text, end).unwrap_or_default()
}

/// Writes the set of rules of each method: those that list it, or a `*` that means every method.
pub(crate) fn write_method_sets(
    writer: &mut ImageWriter<'_>,
    methods: MethodSet,
    rules: &[Rule<'_>],
    (start, end): (u32, u32),
    sets: &mut SetTableWriter,
) -> Result<(), WriteError> {
    for index in 0..row_count::<ROW_BYTES>((start, end)) {
        let row = MethodRow::parse(&writer.row(start, index));
        let text = written_text(writer, row);
        // The same text in the rules, which do not change while the image does.
        let Some(method) = rules
            .iter()
            .flat_map(|rule| &rule.allowed_methods)
            .find(|method| method.as_bytes() == text)
        else {
            return Err(WriteError::Full);
        };
        let holders = rules_where(rules, |rule| {
            let mut items = rule.allowed_methods.iter();
            items.any(|item| methods.allows(item, method.as_bytes()))
        });
        let set = sets.push(writer, holders)?;
        writer.put_row(start, index, MethodRow { set, ..row }.to_bytes())?;
    }
    Ok(())
}
