//! The affixes of an image with many shapes: the distinct prefixes and suffixes of its patterns with a `*`, each in order. View,
//! find and check; `affix_writer` writes them.
//!
//! In their order, the prefixes that begin with a prefix follow it directly, so a pattern's prefix begins a value if the longest
//! prefix that does is among them: two comparisons of numbers. Suffixes are in the order of their bytes from the end. Each links to
//! the longest other that ends it, and those links lead from the longest suffix that ends a value to all the others.

use core::cmp::Ordering;

use super::entries::{self, EntryRow, split_at_wildcard};
use super::offsets::{rows, text_at};
use super::rule_sets::SetId;
use crate::words::{common_end, common_start};

/// Bytes of a row of affixes or patterns, and of the row of counts before them.
pub(super) const ROW_BYTES: usize = 8;
/// Bytes of a row of the starts.
pub(super) const START_BYTES: usize = 2;
/// The link of an affix that no other begins or ends.
pub(super) const NO_LINK: u16 = u16::MAX;

/// The wildcards of an index by their affixes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affixes<'p> {
    prefixes: Order<'p>,
    suffixes: Order<'p>,
    /// In the order of their suffixes, then of their prefixes.
    patterns: &'p [[u8; ROW_BYTES]],
    /// Where the patterns of each suffix begin, and where the last ones end.
    starts: &'p [[u8; START_BYTES]],
}

/// Distinct affixes in the order of their bytes, which is counted from the end for suffixes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order<'p> {
    pub(super) rows: &'p [[u8; ROW_BYTES]],
    pub(super) comparison: Comparison,
}

/// How affixes are compared: up to ASCII case or not, from the end or from the start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparison {
    pub(super) fold: bool,
    pub(super) of_suffixes: bool,
}

/// An affix: a pattern that has it, how long it is, and the longest other affix that begins it (of prefixes) or ends it (of suffixes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AffixRow {
    pub(super) text: u32,
    pub(super) length: u16,
    pub(super) link: u16,
}

/// A pattern: its prefix, the last prefix that begins with it, the bytes beside its `*`, and the rules that hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PatternRow {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) length: u16,
    pub(super) set: SetId,
}

impl AffixRow {
    pub(super) fn parse(row: &[u8; ROW_BYTES]) -> AffixRow {
        let [a, b, c, d, l0, l1, k0, k1] = *row;
        AffixRow {
            text: u32::from_le_bytes([a, b, c, d]),
            length: u16::from_le_bytes([l0, l1]),
            link: u16::from_le_bytes([k0, k1]),
        }
    }

    pub(super) fn to_bytes(self) -> [u8; ROW_BYTES] {
        let [a, b, c, d] = self.text.to_le_bytes();
        let [l0, l1] = self.length.to_le_bytes();
        let [k0, k1] = self.link.to_le_bytes();
        [a, b, c, d, l0, l1, k0, k1]
    }
}

impl PatternRow {
    fn parse(row: &[u8; ROW_BYTES]) -> PatternRow {
        let [f0, f1, l0, l1, n0, n1, s0, s1] = *row;
        PatternRow {
            first: u16::from_le_bytes([f0, f1]),
            last: u16::from_le_bytes([l0, l1]),
            length: u16::from_le_bytes([n0, n1]),
            set: SetId::from_bits(u16::from_le_bytes([s0, s1])),
        }
    }

    pub(super) fn to_bytes(self) -> [u8; ROW_BYTES] {
        let [f0, f1] = self.first.to_le_bytes();
        let [l0, l1] = self.last.to_le_bytes();
        let [n0, n1] = self.length.to_le_bytes();
        let [s0, s1] = self.set.to_bits().to_le_bytes();
        [f0, f1, l0, l1, n0, n1, s0, s1]
    }
}

impl<'p> Affixes<'p> {
    /// Takes the part apart; `None` when its counts do not fit its length.
    pub(super) fn parse(part: &'p [u8], fold: bool) -> Option<Affixes<'p>> {
        let (counts, rest) = part.split_first_chunk::<ROW_BYTES>()?;
        let [p0, p1, s0, s1, n0, n1, 0, 0] = *counts else {
            return None;
        };
        let bytes_of =
            |low, high| usize::from(u16::from_le_bytes([low, high])).wrapping_mul(ROW_BYTES);
        let (prefixes, rest) = rest.split_at_checked(bytes_of(p0, p1))?;
        let (suffixes, rest) = rest.split_at_checked(bytes_of(s0, s1))?;
        let (patterns, starts) = rest.split_at_checked(bytes_of(n0, n1))?;
        Some(Affixes {
            prefixes: Order {
                rows: rows(prefixes)?,
                comparison: Comparison {
                    fold,
                    of_suffixes: false,
                },
            },
            suffixes: Order {
                rows: rows(suffixes)?,
                comparison: Comparison {
                    fold,
                    of_suffixes: true,
                },
            },
            patterns: rows(patterns)?,
            starts: rows(starts)?,
        })
    }

    /// Calls `found` with the rules of each pattern that matches the value.
    ///
    /// # Complexity
    ///
    /// A binary search among the prefixes and one among the suffixes, each step linear in the value's bytes, eight at a time; plus a
    /// few instructions for each affix that begins or ends the value, and for each pattern whose suffix ends it.
    pub(super) fn find(&self, image: &[u8], value: &[u8], found: &mut dyn FnMut(SetId)) {
        let Some(prefix) = self.prefixes.longest(image, value) else {
            return;
        };
        let mut suffix = self.suffixes.longest(image, value);
        while let Some(at) = suffix {
            for row in self.patterns_of(at) {
                let row = PatternRow::parse(row);
                if row.first <= prefix
                    && prefix <= row.last
                    && usize::from(row.length) <= value.len()
                {
                    found(row.set);
                }
            }
            suffix = self.suffixes.next(at);
        }
    }

    /// The patterns with a suffix.
    fn patterns_of(&self, suffix: u16) -> &'p [[u8; ROW_BYTES]] {
        let start = |at: usize| {
            self.starts
                .get(at)
                .map(|start| usize::from(u16::from_le_bytes(*start)))
        };
        let at = usize::from(suffix);
        let bounds = start(at).zip(start(at.wrapping_add(1)));
        bounds
            .and_then(|(start, end)| self.patterns.get(start..end))
            .unwrap_or_default()
    }

    /// Whether the affixes are in order and linked rightly, and the patterns are those of the entries, which were checked.
    ///
    /// There are as many patterns as entries. Entries are distinct, each has its pattern, and no pattern is of two suffixes: so no
    /// pattern is left over, and their order follows from having found them all.
    ///
    /// # Complexity
    ///
    /// Two binary searches for each entry. No text is read once affixes are longer than the image together.
    pub(super) fn agree(&self, image: &[u8], entries: &[[u8; entries::ROW_BYTES]]) -> bool {
        let mut wildcards = 0_usize;
        let mut agree =
            self.prefixes.are_valid(image) && self.suffixes.are_valid(image) && self.are_grouped();
        for entry in entries.iter().map(EntryRow::parse) {
            let text = text_at(image, entry.text).unwrap_or_default();
            if let Some((prefix, suffix)) = split_at_wildcard(text) {
                wildcards = wildcards.saturating_add(1);
                agree = agree && self.holds(image, prefix, suffix, entry.set);
            }
        }
        agree && wildcards == self.patterns.len()
    }

    /// Whether no pattern is of two suffixes: each suffix has a start, and the starts are in order.
    fn are_grouped(&self) -> bool {
        let starts = self.starts.iter().map(|start| u16::from_le_bytes(*start));
        starts.len() == self.suffixes.rows.len().saturating_add(1) && starts.is_sorted()
    }

    /// Whether there is a pattern with these parts and this set.
    fn holds(&self, image: &[u8], prefix: &[u8], suffix: &[u8], set: SetId) -> bool {
        let Some((suffix_at, first)) = self
            .suffixes
            .find(image, suffix)
            .zip(self.prefixes.find(image, prefix))
        else {
            return false;
        };
        let due = PatternRow {
            first,
            last: self.prefixes.last_within(image, first, prefix),
            length: length_beside_wildcard(prefix, suffix),
            set,
        };
        let patterns = self.patterns_of(suffix_at);
        let place = patterns.binary_search_by(|row| PatternRow::parse(row).first.cmp(&first));
        let row = place.ok().and_then(|at| patterns.get(at));
        row.is_some_and(|row| PatternRow::parse(row) == due)
    }
}

impl Order<'_> {
    /// The longest affix that begins (of suffixes: ends) a value.
    fn longest(&self, image: &[u8], value: &[u8]) -> Option<u16> {
        let (before, text) = self.last_up_to(image, value)?;
        // An affix between one that begins the value and the value itself begins with that one too.
        self.longest_up_to(before, self.comparison.common(text, value))
    }

    /// The last affix in order that is not after a text: its place and its bytes.
    #[inline]
    fn last_up_to<'i>(&self, image: &'i [u8], text: &[u8]) -> Option<(u16, &'i [u8])> {
        let after = self
            .rows
            .partition_point(|row| self.comparison.compare(self.text(image, row), text).is_le());
        let at = after.checked_sub(1)?;
        Some((
            u16::try_from(at).ok()?,
            self.text(image, self.rows.get(at)?),
        ))
    }

    /// An affix if it has at most so many bytes, or else the first that its links lead to and that does.
    pub(super) fn longest_up_to(&self, mut at: u16, length: usize) -> Option<u16> {
        loop {
            let row = AffixRow::parse(self.rows.get(usize::from(at))?);
            if usize::from(row.length) <= length {
                return Some(at);
            }
            at = self.next(at)?;
        }
    }

    /// The longest other affix that begins (of suffixes: ends) an affix.
    fn next(&self, at: u16) -> Option<u16> {
        let row = AffixRow::parse(self.rows.get(usize::from(at))?);
        // It stands before: else a damaged image could lead in circles.
        (row.link < at).then_some(row.link)
    }

    /// The place of an affix.
    pub(super) fn find(&self, image: &[u8], affix: &[u8]) -> Option<u16> {
        let (at, text) = self.last_up_to(image, affix)?;
        self.comparison.compare(text, affix).is_eq().then_some(at)
    }

    /// The last affix that begins (of suffixes: ends) with the affix at a place.
    pub(super) fn last_within(&self, image: &[u8], at: u16, affix: &[u8]) -> u16 {
        let rest = self.rows.get(usize::from(at)..).unwrap_or_default();
        let within = rest.partition_point(|row| {
            self.comparison.common(self.text(image, row), affix) == affix.len()
        });
        at.saturating_add(u16::try_from(within.saturating_sub(1)).unwrap_or(NO_LINK))
    }

    /// The bytes of an affix.
    fn text<'i>(&self, image: &'i [u8], row: &[u8; ROW_BYTES]) -> &'i [u8] {
        let row = AffixRow::parse(row);
        let text = text_at(image, row.text).unwrap_or_default();
        self.comparison.affix(text, row.length)
    }

    /// Whether the affixes are within texts of the image, in order, each once, with the links that follow from them.
    fn are_valid(&self, image: &[u8]) -> bool {
        let mut left = image.len();
        let mut last: Option<(u16, &[u8])> = None;
        // Their number is a `u16`, so the place of the last one is below `NO_LINK`.
        for (at, row) in (0..NO_LINK).zip(self.rows) {
            let affix = self.text(image, row);
            let AffixRow { length, link, .. } = AffixRow::parse(row);
            let Some(rest) = left.checked_sub(affix.len()) else {
                return false;
            };
            left = rest;
            let follows = last.is_none_or(|(_, text)| self.comparison.compare(text, affix).is_lt());
            let due = last.and_then(|(before, text)| {
                self.longest_up_to(before, self.comparison.common(text, affix))
            });
            if !follows || affix.len() != usize::from(length) || link != due.unwrap_or(NO_LINK) {
                return false;
            }
            last = Some((at, affix));
        }
        true
    }
}

/// The bytes of a pattern beside its `*`: as many as a value has at least.
pub(super) fn length_beside_wildcard(prefix: &[u8], suffix: &[u8]) -> u16 {
    u16::try_from(prefix.len().saturating_add(suffix.len())).unwrap_or(u16::MAX)
}

impl Comparison {
    /// The first (of suffixes: the last) bytes of a pattern; none if it is shorter.
    pub(super) fn affix(self, text: &[u8], length: u16) -> &[u8] {
        let length = usize::from(length);
        let affix = if self.of_suffixes {
            let start = text.len().checked_sub(length);
            start.and_then(|start| text.get(start..))
        } else {
            text.get(..length)
        };
        affix.unwrap_or_default()
    }

    /// The order of affixes: byte by byte, from the end for suffixes, a shorter one before those that it begins or ends.
    pub(super) fn compare(self, left: &[u8], right: &[u8]) -> Ordering {
        let common = self.common(left, right);
        let next = |text: &[u8]| {
            let at = if self.of_suffixes {
                text.len().checked_sub(common)?.checked_sub(1)?
            } else {
                common
            };
            let byte = text.get(at).copied()?;
            Some(if self.fold {
                byte.to_ascii_lowercase()
            } else {
                byte
            })
        };
        next(left).cmp(&next(right))
    }

    /// How many bytes two texts have in common at their start, at their end for suffixes.
    #[inline(never)]
    pub(super) fn common(self, left: &[u8], right: &[u8]) -> usize {
        if self.of_suffixes {
            common_end(left, right, self.fold)
        } else {
            common_start(left, right, self.fold)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image that was never checked could otherwise lead in circles.
    #[test]
    fn links_lead_only_to_earlier_affixes() {
        let rows = [NO_LINK, 0, 2, 4].map(|link| {
            AffixRow {
                text: 0,
                length: 0,
                link,
            }
            .to_bytes()
        });
        let order = Order {
            rows: &rows,
            comparison: Comparison {
                fold: false,
                of_suffixes: false,
            },
        };
        assert_eq!(
            [0, 1, 2, 3].map(|at| order.next(at)),
            [None, Some(0), None, None]
        );
    }
}
