//! A grant: the winning rule, and what it says of the request.

use crate::dialect::{AllowOrigin, ResponseHeaders};
use crate::image::{HAS_WILDCARD, ONLY_WILDCARD, Record};

/// A request that a rule matches: the rule, and what the response headers are made of.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'p, 'r> {
    pub(crate) record: &'p [u8],
    pub(crate) rule: u16,
    pub(crate) response: ResponseHeaders,
    pub(crate) phase: Phase,
    /// The requested method. Methods are compared byte for byte, so the rule spells it alike.
    pub(crate) method: &'r [u8],
    pub(crate) origin: &'r [u8],
    /// The field lines of Access-Control-Request-Headers whose names were checked.
    pub(crate) lines: &'r [&'r [u8]],
}

impl<'p, 'r> Grant<'p, 'r> {
    pub(crate) fn record(&self) -> Record<'p> {
        Record::parse(self.record).unwrap_or(Record::EMPTY)
    }

    /// The winning rule, counted from 0.
    pub fn rule_index(&self) -> usize {
        usize::from(self.rule)
    }

    /// The winning rule's `ID`.
    pub fn rule_id(&self) -> Option<&'p str> {
        self.record().rule().id
    }

    /// The value of Access-Control-Allow-Origin: `*` or the request's origin.
    pub fn allow_origin<'a>(&self) -> &'a [u8]
    where
        'p: 'a,
        'r: 'a,
    {
        if self.allows_any_origin() {
            b"*"
        } else {
            self.origin
        }
    }

    /// Whether Access-Control-Allow-Origin is `*`.
    pub fn allows_any_origin(&self) -> bool {
        let flag = match self.response.allow_origin {
            AllowOrigin::WildcardInRule => HAS_WILDCARD,
            AllowOrigin::OnlyWildcard => ONLY_WILDCARD,
        };
        self.record.first().is_some_and(|flags| flags & flag != 0)
    }

    /// The winning rule's `MaxAgeSeconds`.
    pub fn max_age_seconds(&self) -> Option<i32> {
        self.record().rule().max_age_seconds
    }
}

/// Preflight or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Preflight,
    Actual,
}
