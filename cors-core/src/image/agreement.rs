//! Checks that an image's flags, sets and indexes say what its records say, so that a policy grants what its rules show.

use super::header::{HEADER_AFFIXES, ORIGIN_AFFIXES, RESPONSE_VARY, SEEDS};
use super::patterns::Patterns;
use super::records::{
    HAS_WILDCARD, ONLY_WILDCARD, OTHER_SPELLINGS, REPEATS_EXPOSED, Record, prefixed,
};
use super::{ALLOWS_CREDENTIALS, Image};
use crate::dialect::{AllowCredentials, AllowHeaders, OriginComparison};
use crate::origin::fixes_scheme_and_host_suffix;

/// How many entries are counted in one pass over the records: a bit each in a kilobyte of stack, so that an index of the
/// largest size takes four passes.
const ENTRIES_A_PASS: usize = 8192;

impl<'p> Image<'p> {
    /// Whether everything that decisions read says what the records say. The parts were checked before, each on its own.
    pub(super) fn agrees(&self, comparison: OriginComparison) -> bool {
        self.flags_agree()
            && self.numbered_records().all(|(rule, record)| {
                self.unlisted_texts_agree(&record, comparison)
                    && self.may_allow_credentials(&record)
                    && self.methods_agree(rule, &record)
            })
            && self.index_agrees(&self.origins, false)
            && self.index_agrees(&self.headers, true)
    }

    fn numbered_records(&self) -> impl Iterator<Item = (u16, Record<'p>)> {
        (0..self.rule_count).map(|rule| (rule, self.record(rule)))
    }

    fn flags_agree(&self) -> bool {
        // Nothing is hashed where `*` is the only pattern.
        let [origins, headers] = [self.origins.entries, self.headers.entries];
        let is_hashed = !origins.is_empty() || !headers.is_empty();
        let seeds = if is_hashed { SEEDS } else { 1 };
        self.flags & !(RESPONSE_VARY | ORIGIN_AFFIXES | HEADER_AFFIXES) == 0
            && self.origins.seed < u64::from(seeds)
    }

    /// Whether the rule's origins are such as the dialect with the switch accepts beside it.
    fn may_allow_credentials(&self, record: &Record<'_>) -> bool {
        let is_asked = record.has(ALLOWS_CREDENTIALS)
            && self.response.allow_credentials == AllowCredentials::OptIn;
        !is_asked || record.listed_origins().all(fixes_scheme_and_host_suffix)
    }

    /// Whether the texts that are looked up and not listed are those that the dialect wants, and no others.
    fn unlisted_texts_agree(&self, record: &Record<'_>, comparison: OriginComparison) -> bool {
        let mut stored = record.other_origins();
        let mut has_others = false;
        for (text, port) in record
            .listed_origins()
            .filter_map(|origin| comparison.other_spelling(origin))
        {
            has_others = true;
            let length = u16::try_from(text.len().saturating_add(port.len()));
            if length.is_ok()
                && stored.next().and_then(|other| other.strip_prefix(text)) != Some(port)
            {
                return false;
            }
        }
        let is_one_list = self.response.allow_headers == AllowHeaders::ExposeHeaders;
        record.has(OTHER_SPELLINGS) == has_others
            && stored.next().is_none()
            && record.has(REPEATS_EXPOSED) == is_one_list
            && (!is_one_list || record.header_names().eq(record.exposed_names()))
    }

    fn methods_agree(&self, rule: u16, record: &Record<'_>) -> bool {
        let listed = record.listed_methods();
        self.methods.agree(
            self.bytes,
            &self.sets,
            self.evaluation.methods,
            rule,
            listed,
        )
    }

    /// Whether each value of the records is found in the index under its rule, and nothing else is: the index has as many
    /// pairs of a pattern and a rule as the records.
    ///
    /// # Complexity
    ///
    /// A look-up for each value, once for each [`ENTRIES_A_PASS`] entries.
    fn index_agrees(&self, patterns: &Patterns<'_>, of_headers: bool) -> bool {
        let mut pairs = 0_usize;
        let entries = patterns.entries.len();
        let mut seen = [0_u64; ENTRIES_A_PASS / 64];
        for first in (0..entries.max(1)).step_by(ENTRIES_A_PASS) {
            for (rule, record) in self.numbered_records() {
                let used = seen.iter_mut().take(entries.div_ceil(64));
                used.for_each(|word| *word = 0);
                let mut has_any = false;
                let mut length = 0_usize;
                for texts in record.texts_looked_up(of_headers) {
                    for text in prefixed(texts) {
                        length = length.saturating_add(1);
                        if text == b"*" {
                            has_any = true;
                            continue;
                        }
                        if !Patterns::holds(text, of_headers) {
                            continue;
                        }
                        let found = patterns.find_pattern(self.bytes, text, of_headers);
                        let Some((at, _)) = found.filter(|(_, set)| self.sets.contains(*set, rule))
                        else {
                            return false;
                        };
                        let place = at.wrapping_sub(first);
                        if let Some(word) = seen.get_mut(place / 64) {
                            let bit = 1_u64 << (place % 64);
                            pairs = pairs.saturating_add(usize::from(*word & bit == 0));
                            *word |= bit;
                        }
                    }
                }
                if has_any != self.sets.contains(patterns.any, rule)
                    || !(of_headers || wildcard_flags_agree(&record, has_any, length))
                {
                    return false;
                }
            }
        }
        pairs == patterns.count_pairs(&self.sets)
    }
}

/// Whether the record's flags about `*` among its origins are true.
fn wildcard_flags_agree(record: &Record<'_>, has_wildcard: bool, length: usize) -> bool {
    record.has(HAS_WILDCARD) == has_wildcard
        && record.has(ONLY_WILDCARD) == (has_wildcard && length == 1)
}
