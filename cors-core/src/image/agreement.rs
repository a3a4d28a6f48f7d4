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

/// How many entries are counted in one pass over the records; more would cost stack.
const ENTRIES_A_PASS: usize = 1024;

impl<'p> Image<'p> {
    /// Compares everything that decisions read with the records. The parts were checked before, each on its own.
    pub(super) fn check_agreement(&self) -> Result<(), ImageError> {
        let agrees = self.flags_agree()
            && self.numbered_records().all(|(rule, record)| {
                record_agrees(&record)
                    && self.may_allow_credentials(&record)
                    && self.methods_agree(rule, &record)
            })
            && self.index_agrees::<false>(&self.origins, |record| record.rule().allowed_origins)
            && self.index_agrees::<true>(&self.headers, |record| record.rule().allowed_headers);
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
        let mut origins = record.rule().allowed_origins.iter();
        !is_asked
            || origins
                .all(|origin| Pattern::parse(origin).is_some_and(fixes_scheme_and_host_suffix))
    }

    fn methods_agree(&self, rule: u16, record: &Record<'_>) -> bool {
        let list = record.rule().allowed_methods;
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
    ) -> bool {
        let mut pairs = 0_usize;
        let entries = patterns.entries.len();
        for first in (0..entries.max(1)).step_by(ENTRIES_A_PASS) {
            for (rule, record) in self.numbered_records() {
                let mut seen = [0_u64; ENTRIES_A_PASS / 64];
                let mut has_any = false;
                for item in &list_of(&record) {
                    let text = item.as_bytes();
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
                if has_any != self.sets.contains(patterns.any, rule) {
                    return false;
                }
            }
        }
        pairs == patterns.count_pairs(&self.sets)
    }
}

/// Whether the record's flags about `*` are true.
fn record_agrees(record: &Record<'_>) -> bool {
    let origins = record.rule().allowed_origins;
    let has_wildcard = origins.iter().any(|origin| origin == "*");
    let is_alone = has_wildcard && origins.iter().nth(1).is_none();
    record.has(HAS_WILDCARD) == has_wildcard && record.has(ONLY_WILDCARD) == is_alone
}
