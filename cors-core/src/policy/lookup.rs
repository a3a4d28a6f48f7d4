//! From one text to the set of rules that it matches, through the index of a policy image.
//!
//! Every pattern that holds more than `*` has one entry, filed under a hash: of the whole text if it
//! has no `*`, of prefix and suffix if it has one. Entries lie in the order of their hashes; a fan says
//! where each slice of that order begins, as in the index of a git pack. To find the patterns with a
//! `*`, each distinct pair of prefix and suffix length (a shape) is tried once: hash the value's first
//! and last so many bytes, look, compare. What is found names a set of rules.

use super::hash::{equal, hash, hash_parts, up_to_three};
use super::layout::text_at;
use super::rule_set::{RuleSet, SetName, SetTable};

/// The patterns of one kind: all origins, or all header names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Index<'p> {
    pub(super) image: &'p [u8],
    /// The rules that hold `*`.
    pub(super) any: SetName,
    pub(super) entries: &'p [[u8; 8]],
    pub(super) fan: &'p [[u8; 2]],
    pub(super) shapes: &'p [[u8; 8]],
}

/// An entry: where the pattern's text lies, part of its hash, the rules that hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryRow {
    pub(super) text: u32,
    pub(super) tag: u16,
    pub(super) set: SetName,
}

impl EntryRow {
    pub(super) fn parse(row: &[u8; 8]) -> EntryRow {
        let [a, b, c, d, t0, t1, s0, s1] = *row;
        EntryRow {
            text: u32::from_le_bytes([a, b, c, d]),
            tag: u16::from_le_bytes([t0, t1]),
            set: SetName::from_bits(u16::from_le_bytes([s0, s1])),
        }
    }

    pub(super) fn to_bytes(self) -> [u8; 8] {
        let [a, b, c, d] = self.text.to_le_bytes();
        let [t0, t1] = self.tag.to_le_bytes();
        let [s0, s1] = self.set.to_bits().to_le_bytes();
        [a, b, c, d, t0, t1, s0, s1]
    }
}

/// The lengths of a pattern's prefix and suffix, and which bytes can stand next to the `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShapeRow {
    pub(super) prefix: u16,
    pub(super) suffix: u16,
    /// A bit for the low four bits of each byte that ends a prefix of this shape.
    pub(super) before: u16,
    /// A bit for the low four bits of each byte that begins a suffix of this shape.
    pub(super) after: u16,
}

impl ShapeRow {
    pub(super) fn parse(row: &[u8; 8]) -> ShapeRow {
        let [p0, p1, s0, s1, b0, b1, a0, a1] = *row;
        ShapeRow {
            prefix: u16::from_le_bytes([p0, p1]),
            suffix: u16::from_le_bytes([s0, s1]),
            before: u16::from_le_bytes([b0, b1]),
            after: u16::from_le_bytes([a0, a1]),
        }
    }

    pub(super) fn to_bytes(self) -> [u8; 8] {
        let [p0, p1] = self.prefix.to_le_bytes();
        let [s0, s1] = self.suffix.to_le_bytes();
        let [b0, b1] = self.before.to_le_bytes();
        let [a0, a1] = self.after.to_le_bytes();
        [p0, p1, s0, s1, b0, b1, a0, a1]
    }

    /// The shape of one pattern.
    pub(super) fn of(prefix: &[u8], suffix: &[u8]) -> Option<ShapeRow> {
        Some(ShapeRow {
            prefix: u16::try_from(prefix.len()).ok()?,
            suffix: u16::try_from(suffix.len()).ok()?,
            before: prefix.last().map_or(u16::MAX, bit_of),
            after: suffix.first().map_or(u16::MAX, bit_of),
        })
    }

    /// A value's first and last bytes by this shape, if the value is long enough and the bytes beside the `*` could fit.
    fn cut<'v>(&self, value: &'v [u8]) -> Option<(&'v [u8], &'v [u8])> {
        let (prefix, rest) = value.split_at_checked(usize::from(self.prefix))?;
        let suffix = rest.get(rest.len().checked_sub(usize::from(self.suffix))?..)?;
        let fits = prefix
            .last()
            .is_none_or(|byte| self.before & bit_of(byte) != 0)
            && suffix
                .first()
                .is_none_or(|byte| self.after & bit_of(byte) != 0);
        fits.then_some((prefix, suffix))
    }
}

/// The bit for a byte's low four bits; ASCII case does not show in them.
fn bit_of(byte: &u8) -> u16 {
    1 << (byte & 15)
}

/// A method: its key, where its text lies, the rules that hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct MethodRow {
    pub(super) key: u64,
    pub(super) text: u32,
    pub(super) length: u16,
    pub(super) set: SetName,
}

impl MethodRow {
    pub(super) fn parse(row: &[u8; 16]) -> MethodRow {
        let [k0, k1, k2, k3, k4, k5, k6, k7, a, b, c, d, l0, l1, s0, s1] = *row;
        MethodRow {
            key: u64::from_le_bytes([k0, k1, k2, k3, k4, k5, k6, k7]),
            text: u32::from_le_bytes([a, b, c, d]),
            length: u16::from_le_bytes([l0, l1]),
            set: SetName::from_bits(u16::from_le_bytes([s0, s1])),
        }
    }

    pub(super) fn to_bytes(self) -> [u8; 16] {
        let [k0, k1, k2, k3, k4, k5, k6, k7] = self.key.to_le_bytes();
        let [a, b, c, d] = self.text.to_le_bytes();
        let [l0, l1] = self.length.to_le_bytes();
        let [s0, s1] = self.set.to_bits().to_le_bytes();
        [k0, k1, k2, k3, k4, k5, k6, k7, a, b, c, d, l0, l1, s0, s1]
    }

    /// A number with the length in its top byte: up to seven bytes it tells methods apart, beyond it only helps to.
    pub(super) fn key(method: &[u8]) -> u64 {
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
    pub(super) fn is<'t>(&self, method: &[u8], key: u64, text: impl FnOnce() -> &'t [u8]) -> bool {
        self.key == key && (method.len() < 8 || text() == method)
    }
}

/// The part of a hash that an entry keeps.
pub(super) fn tag(hash: u64) -> u16 {
    let [low, high, ..] = hash.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// Which slice of `slices` a hash falls in. Grows with the hash.
pub(super) fn slice_of(hash: u64, slices: usize) -> usize {
    let place = ((hash >> 32).wrapping_mul(slices as u64)) >> 32;
    usize::try_from(place).unwrap_or(0)
}

impl Index<'_> {
    /// The rules with the value itself as a pattern: then the value equals a text of the configuration.
    ///
    /// # Complexity
    ///
    /// Linear in the value's bytes, eight at a time; plus a comparison for each entry that shares slice and tag with
    /// the value's hash: about none beside the one sought, and never more than there are entries.
    pub(super) fn exact<const FOLD: bool>(&self, value: &[u8]) -> Option<SetName> {
        self.find(hash::<FOLD>(value, 0), |text| equal::<FOLD>(text, value))
    }

    /// Adds the rules with a pattern that has a `*` beside other bytes, and matches the value.
    ///
    /// # Complexity
    ///
    /// For each shape as for [`Index::exact`], with the length of the shape in place of the value's.
    pub(super) fn add_affixes<const FOLD: bool>(
        &self,
        table: &SetTable<'_>,
        value: &[u8],
        rules: &mut impl RuleSet,
    ) {
        for row in self.shapes {
            let Some((prefix, suffix)) = ShapeRow::parse(row).cut(value) else {
                continue;
            };
            let hash = hash_parts::<FOLD>(prefix, suffix);
            let found = self.find(hash, |text| {
                text.split_at_checked(prefix.len())
                    .is_some_and(|(start, rest)| {
                        rest.split_first().is_some_and(|(star, end)| {
                            *star == b'*'
                                && equal::<FOLD>(start, prefix)
                                && equal::<FOLD>(end, suffix)
                        })
                    })
            });
            if let Some(set) = found {
                rules.add(table, set);
            }
        }
    }

    /// The set of the entry with this hash whose text is confirmed.
    fn find(&self, hash: u64, is_it: impl Fn(&[u8]) -> bool) -> Option<SetName> {
        let slice = slice_of(hash, self.entries.len());
        let start = usize::from(u16::from_le_bytes(*self.fan.get(slice)?));
        let end = usize::from(u16::from_le_bytes(*self.fan.get(slice.wrapping_add(1))?));
        let tag = tag(hash);
        for row in self.entries.get(start..end)? {
            let entry = EntryRow::parse(row);
            if entry.tag == tag && text_at(self.image, entry.text).is_some_and(&is_it) {
                return Some(entry.set);
            }
        }
        None
    }
}
