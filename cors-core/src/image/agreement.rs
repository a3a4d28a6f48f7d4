//! Checks that an image's flags, sets and indexes say what its records say, so that a policy grants what its rules show.

use super::header::{HEADER_BYTES, HEADER_END, ORIGIN_INDEPENDENT, RESPONSE_VARY};
use super::patterns::Patterns;
use super::records::{HAS_WILDCARD, ONLY_WILDCARD, Record};
use super::{ALLOWS_CREDENTIALS, Image};
use crate::dialect::AllowCredentials;
use crate::error::ImageError;
use crate::origin::fixes_scheme_and_host_suffix;
use crate::pattern::Pattern;
use crate::rule::List;

/// How many entries are counted in one pass over the records: a bit each in a kilobyte of stack, so that an index of the
/// largest size takes four passes.
const ENTRIES_A_PASS: usize = 8192;

impl<'p> Image<'p> {
    /// Compares everything that decisions read with the records. The parts were checked before, each on its own.
    pub(super) fn check_agreement(&self) -> Result<(), ImageError> {
        let agrees = self.flags_agree()
            && self.numbered_records().all(|(rule, record)| {
                self.may_allow_credentials(&record) && self.methods_agree(rule, &record)
            })
            && self.index_agrees::<false>(
                &self.origins,
                Record::allowed_origins,
                wildcard_flags_agree,
            )
            && self.index_agrees::<true>(&self.headers, Record::allowed_headers, |_, _, _| true);
        if agrees {
            Ok(())
        } else {
            Err(ImageError::Inconsistent)
        }
    }

    fn numbered_records(&self) -> impl Iterator<Item = (u16, Record<'p>)> {
        (0..self.rule_count).map(|rule| (rule, self.record(rule)))
    }

    fn flags_agree(&self) -> bool {
        let answers_wildcard =
            |record: &Record<'_>| record.has(HAS_WILDCARD) && !record.has(ALLOWS_CREDENTIALS);
        let mut records = self.numbered_records();
        let is_independent =
            self.rule_count > 0 && records.all(|(_, record)| answers_wildcard(&record));
        self.has(ORIGIN_INDEPENDENT) == is_independent
            && self.flags & !(RESPONSE_VARY | ORIGIN_INDEPENDENT) == 0
            && self.bytes.get(HEADER_END..HEADER_BYTES) == Some(&[0; 4])
    }

    /// Whether the rule's origins are such as the dialect with the switch accepts beside it.
    fn may_allow_credentials(&self, record: &Record<'_>) -> bool {
        let is_asked = record.has(ALLOWS_CREDENTIALS)
            && self.response.allow_credentials == AllowCredentials::OptIn;
        let mut origins = record.allowed_origins().iter();
        !is_asked
            || origins
                .all(|origin| Pattern::parse(origin).is_some_and(fixes_scheme_and_host_suffix))
    }

    fn methods_agree(&self, rule: u16, record: &Record<'_>) -> bool {
        let list = record.allowed_methods();
        self.methods
            .agree(self.bytes, &self.sets, self.evaluation.methods, rule, list)
    }

    /// Whether each value of the records is found in the index under its rule, and nothing else is: the index has as many
    /// pairs of a pattern and a rule as the records.
    ///
    /// # Complexity
    ///
    /// A look-up for each value, once for each [`ENTRIES_A_PASS`] entries.
    fn index_agrees<const FOLD: bool>(
        &self,
        patterns: &Patterns<'_>,
        list_of: impl Fn(&Record<'p>) -> List<'p>,
        flags_agree: impl Fn(&Record<'p>, bool, usize) -> bool,
    ) -> bool {
        let mut pairs = 0_usize;
        let entries = patterns.entries.len();
        let mut seen = [0_u64; ENTRIES_A_PASS / 64];
        for first in (0..entries.max(1)).step_by(ENTRIES_A_PASS) {
            for (rule, record) in self.numbered_records() {
                let used = seen.iter_mut().take(entries.div_ceil(64));
                used.for_each(|word| *word = 0);
                let mut has_any = false;
                let mut length = 0_usize;
                for item in &list_of(&record) {
                    let text = item.as_bytes();
                    length = length.saturating_add(1);
                    if text == b"*" {
                        has_any = true;
                        continue;
                    }
                    if !Patterns::holds::<FOLD>(text) {
                        continue;
                    }
                    let found = patterns.find_pattern::<FOLD>(self.bytes, text);
                    let Some((at, _)) = found.filter(|(_, set)| self.sets.contains(*set, rule))
                    else {
                        return false;
                    };
                    let place = at.checked_sub(first);
                    if let Some(place) = place
                        && let Some(word) = seen.get_mut(place / 64)
                    {
                        let bit = 1_u64 << (place % 64);
                        pairs = pairs.saturating_add(usize::from(*word & bit == 0));
                        *word |= bit;
                    }
                }
                if has_any != self.sets.contains(patterns.any, rule)
                    || !flags_agree(&record, has_any, length)
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
