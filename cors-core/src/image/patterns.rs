//! The patterns of an image: from one text to the sets of rules that it matches. Find and check.
//!
//! Every pattern that holds more than `*` has one entry. Entries are in the order of their hashes; the fanout says where each
//! slice of that order begins. To find the patterns with a `*`, each shape is tried once: hash the value's first and last so
//! many bytes, look, compare. What is found is the id of a set of rules.

use core::cmp::Ordering;

use super::affixes::Affixes;
use super::entries::{self, EntryRow, can_match, order, pattern_hash, split_at_wildcard, tag};
use super::fanout::Fanout;
use super::hash::{equal, hash, hash_parts};
use super::offsets::{rows, text_at};
use super::rule_sets::{SetId, SetTable};
use super::shapes::{self, ShapeRow};
use crate::error::ImageError;
use crate::words;

/// Up to so many entries are compared with a value one by one, which costs less than hashing it; where words are small it would
/// cost code.
const FEW: usize = if words::WIDE { 4 } else { 0 };

/// The patterns of one kind: all origins, or all header names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patterns<'p> {
    /// The rules that hold `*`.
    pub(crate) any: SetId,
    pub(super) entries: &'p [[u8; entries::ROW_BYTES]],
    pub(super) fanout: Fanout<'p>,
    /// Shapes, or affixes: what finds the patterns with a `*`.
    pub(super) wildcards: &'p [u8],
    pub(super) has_affixes: bool,
    /// What hashes begin with.
    pub(super) seed: u64,
}

impl Patterns<'_> {
    /// Whether some pattern has a `*` beside other bytes.
    pub(crate) fn has_wildcards_beside_text(&self) -> bool {
        !self.wildcards.is_empty()
    }

    /// The rules with the value itself as a pattern: then the value equals a text of the configuration.
    ///
    /// # Complexity
    ///
    /// Linear in the value's bytes, eight at a time; plus a comparison for each entry that shares slice and tag with
    /// the value's hash: about none beside the one sought, and never more than there are entries.
    #[inline]
    pub(crate) fn find_exact<const FOLD: bool>(&self, image: &[u8], value: &[u8]) -> Option<SetId> {
        let is_it = |entry: &EntryRow| {
            let text = text_at(image, entry.text);
            // Most are of another length, and a call would cost more.
            text.is_some_and(|text| text.len() == value.len() && equal::<FOLD>(text, value))
        };
        let found = if self.entries.len() <= FEW {
            self.entries.iter().map(EntryRow::parse).find(is_it)
        } else {
            self.find_by_hash(hash::<FOLD>(value, self.seed), is_it)
        };
        found.map(|entry| entry.set)
    }

    /// Calls `found` with the rules of each pattern that has a `*` beside other bytes, and matches the value. `is_allowed` says
    /// whether bytes may stand for the `*`; it allows all bytes of patterns.
    ///
    /// # Complexity
    ///
    /// For each shape, at most 16, as for [`Patterns::find_exact`], with the length of the shape in place of the value's; beyond as
    /// for [`Affixes::find`]. `is_allowed` is called once for each pattern of a shape that matches, or once in all.
    #[inline]
    pub(crate) fn find_wildcards<const FOLD: bool>(
        &self,
        image: &[u8],
        value: &[u8],
        is_allowed: fn(&[u8]) -> bool,
        mut found: impl FnMut(SetId),
    ) {
        if FEW == 0 || self.entries.len() > FEW {
            return self.find_among_many(image, value, FOLD, is_allowed, &mut found);
        }
        for row in rows(self.wildcards).unwrap_or_default() {
            let Some((prefix, suffix)) = ShapeRow::parse(row).cut(value) else {
                continue;
            };
            let mut entries = self.entries.iter().map(EntryRow::parse);
            let entry = entries.find(|entry| {
                let text = text_at(image, entry.text).unwrap_or_default();
                consists_of(text, prefix, suffix, FOLD)
            });
            if let Some(entry) = entry
                && is_allowed(between(value, prefix, suffix))
            {
                found(entry.set);
            }
        }
    }

    /// [`Patterns::find_wildcards`] where entries are found by their hash.
    // Apart from the few entries of most policies, which need less of a frame.
    #[inline(never)]
    fn find_among_many(
        &self,
        image: &[u8],
        value: &[u8],
        fold: bool,
        is_allowed: fn(&[u8]) -> bool,
        found: &mut dyn FnMut(SetId),
    ) {
        if self.has_affixes {
            if is_allowed(value) {
                find_by_affixes(self.wildcards, image, value, fold, found);
            }
            return;
        }
        for row in rows(self.wildcards).unwrap_or_default() {
            let Some((prefix, suffix)) = ShapeRow::parse(row).cut(value) else {
                continue;
            };
            let hash = hash_parts(prefix, suffix, self.seed, fold);
            let entry = self.find_by_hash(hash, |entry| {
                let text = text_at(image, entry.text).unwrap_or_default();
                consists_of(text, prefix, suffix, fold)
            });
            if let Some(entry) = entry
                && is_allowed(between(value, prefix, suffix))
            {
                found(entry.set);
            }
        }
    }

    /// The shapes, if there are no affixes in their place.
    fn shapes(&self) -> &[[u8; shapes::ROW_BYTES]] {
        if self.has_affixes {
            return &[];
        }
        rows(self.wildcards).unwrap_or_default()
    }

    /// Whether what finds the patterns with a `*` are whole rows, or affixes of the entries' patterns.
    fn wildcards_agree(&self, image: &[u8], fold: bool) -> bool {
        if !self.has_affixes {
            return self.wildcards.len().is_multiple_of(shapes::ROW_BYTES);
        }
        // Few entries are compared by their shapes, which are then not there.
        self.entries.len() > shapes::MAX_SHAPES
            && Affixes::parse(self.wildcards, fold)
                .is_some_and(|affixes| affixes.agree(image, self.entries))
    }

    #[inline]
    fn find_by_hash(&self, hash: u64, is_it: impl Fn(&EntryRow) -> bool) -> Option<EntryRow> {
        let tag = tag(hash);
        let mut entries = self.slice_of(hash).iter().map(EntryRow::parse);
        entries.find(|entry| entry.tag == tag && is_it(entry))
    }

    /// The entries in a hash's slice.
    #[inline]
    fn slice_of(&self, hash: u64) -> &[[u8; entries::ROW_BYTES]] {
        let slice = self.fanout.find(hash, self.entries.len());
        slice
            .and_then(|(start, end)| self.entries.get(start..end))
            .unwrap_or_default()
    }

    /// Whether an index has an entry for a pattern, which is not `*`.
    pub(super) fn holds(text: &[u8], fold: bool) -> bool {
        can_match(text, fold)
    }

    /// The place and the rules of the entry of a pattern, in an index that was checked.
    ///
    /// # Complexity
    ///
    /// As [`Patterns::find_exact`]; among entries whose hashes collide the search halves them.
    pub(super) fn find_pattern(
        &self,
        image: &[u8],
        pattern: &[u8],
        fold: bool,
    ) -> Option<(usize, SetId)> {
        let hash = pattern_hash(pattern, self.seed, fold);
        let (start, end) = self.fanout.find(hash, self.entries.len())?;
        let slice = self.entries.get(start..end)?;
        let place = slice.binary_search_by(|row| {
            let text = text_at(image, EntryRow::parse(row).text).unwrap_or_default();
            if equal_texts(text, pattern, fold) {
                return Ordering::Equal;
            }
            order(
                (pattern_hash(text, self.seed, fold), text),
                (hash, pattern),
                fold,
            )
        });
        let place = place.ok()?;
        let set = EntryRow::parse(slice.get(place)?).set;
        Some((start.saturating_add(place), set))
    }

    /// How many pairs of a pattern and a rule there are.
    pub(super) fn count_pairs(&self, sets: &SetTable<'_>) -> usize {
        let entries = self.entries.iter();
        entries
            .map(|row| sets.count(EntryRow::parse(row).set))
            .sum()
    }

    /// Checks that the parts fit together and hold patterns that could match, each where it is looked for.
    ///
    /// # Complexity
    ///
    /// Linear in the image: no text is read once texts are longer than the image together.
    pub(super) fn check(
        &self,
        image: &[u8],
        sets: &SetTable<'_>,
        rule_count: u16,
        fold: bool,
    ) -> Result<(), ImageError> {
        let mut left = image.len();
        let mut last = None;
        let shapes = self.shapes();
        let mut is_found = self.fanout.is_valid(self.entries.len())
            && shapes::are_valid(shapes)
            && sets.has(self.any, rule_count);
        for (index, row) in self.entries.iter().enumerate() {
            let entry = EntryRow::parse(row);
            let text = text_at(image, entry.text).ok_or(ImageError::Inconsistent)?;
            left = left
                .checked_sub(text.len())
                .ok_or(ImageError::Inconsistent)?;
            if !can_match(text, fold) {
                return Err(ImageError::InvalidText);
            }
            let hash = pattern_hash(text, self.seed, fold);
            let slice = self.fanout.find(hash, self.entries.len());
            is_found &= sets.has(entry.set, rule_count)
                && entry.tag == tag(hash)
                && slice.is_some_and(|(start, end)| start <= index && index < end)
                && last.is_none_or(|last| order(last, (hash, text), fold) == Ordering::Less)
                && split_at_wildcard(text).is_none_or(|(prefix, suffix)| {
                    !words::has(b'*', suffix)
                        && (self.has_affixes || shapes::include(shapes, prefix, suffix))
                });
            last = Some((hash, text));
        }
        if is_found && self.wildcards_agree(image, fold) {
            Ok(())
        } else {
            Err(ImageError::Inconsistent)
        }
    }
}

/// [`Patterns::find_among_many`] where there are many shapes.
#[inline(never)]
fn find_by_affixes(
    part: &[u8],
    image: &[u8],
    value: &[u8],
    fold: bool,
    found: &mut dyn FnMut(SetId),
) {
    if let Some(affixes) = Affixes::parse(part, fold) {
        affixes.find(image, value, found);
    }
}

/// Whether a pattern consists of a prefix, a `*` and a suffix.
#[inline]
fn consists_of(pattern: &[u8], prefix: &[u8], suffix: &[u8], fold: bool) -> bool {
    if pattern.len() != prefix.len().saturating_add(suffix.len()).saturating_add(1) {
        return false;
    }
    let (start, rest) = pattern.split_at_checked(prefix.len()).unwrap_or_default();
    equal_texts(start, prefix, fold)
        && rest.split_first().is_some_and(|(wildcard, end)| {
            *wildcard == b'*' && (end.is_empty() || equal_texts(end, suffix, fold))
        })
}

#[inline]
fn equal_texts(left: &[u8], right: &[u8], fold: bool) -> bool {
    if fold {
        equal::<true>(left, right)
    } else {
        equal::<false>(left, right)
    }
}

/// The bytes of a value that are neither its prefix nor its suffix.
#[inline]
fn between<'v>(value: &'v [u8], prefix: &[u8], suffix: &[u8]) -> &'v [u8] {
    let place = prefix.len()..value.len().wrapping_sub(suffix.len());
    value.get(place).unwrap_or_default()
}
