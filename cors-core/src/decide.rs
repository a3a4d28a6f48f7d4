//! From a request to a decision: reads the four fields step by step and intersects sets of rules.

use crate::decision::Decision;
use crate::dialect::{MalformedPreflight, PreflightRule, RuleSelection};
use crate::grant::{Grant, Phase};
use crate::header::{RequestedNames, is_token};
use crate::image::{Image, SetId, SetTable};
use crate::limits::{MAX_ORIGIN_BYTES, MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES};
use crate::origin::is_printable;
use crate::refusal::{BadRequest, Furthest, Limit, Refusal};
use crate::request::Request;

/// The rule that was found, and what of the request it was found for.
struct Match<'r> {
    rule: u16,
    method: &'r [u8],
    lines: &'r [&'r [u8]],
}

/// Up to 64 rules that follow each other, of which those that are left have their bit set: the lowest bit is the first of them.
/// Policies of more rules are decided block after block, and only in blocks with a rule for the origin.
#[derive(Clone, Copy)]
struct Block {
    number: u16,
    rules: u64,
}

/// What of a block matches, and how far its best rule got.
#[derive(Clone, Copy)]
struct BlockMatch {
    block: Block,
    furthest: Furthest,
}

impl<'p> Image<'p> {
    /// See [`Policy::decide`](crate::Policy::decide).
    pub(crate) fn decide<'r>(&self, request: &Request<'r>) -> Decision<'p, 'r> {
        let phase = self.phase(request);
        let Some(origin) = request.origin.filter(|origin| !origin.is_empty()) else {
            return match phase {
                Phase::Actual => Decision::not_cors(self.vary(request, phase, None)),
                Phase::Preflight => self.refused(
                    request,
                    phase,
                    Refusal::BadRequest(BadRequest::MissingOrigin),
                ),
            };
        };
        match self.evaluate(request, origin, phase) {
            Ok(Match {
                rule,
                method,
                lines,
            }) => {
                let grant = Grant {
                    record: self.record_bytes(rule),
                    rule,
                    response: self.response,
                    phase,
                    method,
                    origin,
                    lines,
                };
                Decision::granted(grant, self.vary(request, phase, Some(&grant)))
            }
            Err(refusal) => self.refused(request, phase, refusal),
        }
    }

    fn refused<'r>(
        &self,
        request: &Request<'r>,
        phase: Phase,
        refusal: Refusal,
    ) -> Decision<'p, 'r> {
        Decision::refused(phase, refusal, self.vary(request, phase, None))
    }

    /// Which kind of CORS request this is, or would be if it has an Origin.
    pub(crate) fn phase(&self, request: &Request<'_>) -> Phase {
        let is_preflight = request.method == b"OPTIONS"
            && match self.evaluation.preflight {
                PreflightRule::Options => true,
                // https://fetch.spec.whatwg.org/#cors-preflight-request
                PreflightRule::OptionsWithRequestMethod => {
                    request.access_control_request_method.is_some()
                }
            };
        if is_preflight {
            Phase::Preflight
        } else {
            Phase::Actual
        }
    }

    /// The first rule that matches, with what it was asked for, or why there is none. Every
    /// step works on sets of rules, so that the rule found is the first in order for which all of them hold.
    #[inline]
    fn evaluate<'r>(
        &self,
        request: &Request<'r>,
        origin: &[u8],
        phase: Phase,
    ) -> Result<Match<'r>, Refusal> {
        if self.rule_count == 0 {
            return Err(Refusal::NotEnabled);
        }
        if origin.len() > MAX_ORIGIN_BYTES {
            return Err(Refusal::LimitExceeded(Limit::OriginBytes));
        }
        let method = self.effective_method(request, phase)?;
        let lines = self.names_to_check(request, phase);
        let rule = self.first_match(origin, method, lines)?;
        Ok(Match {
            rule,
            method,
            lines,
        })
    }

    /// The first rule that matches all three.
    #[inline]
    fn first_match(&self, origin: &[u8], method: &[u8], lines: &[&[u8]]) -> Result<u16, Refusal> {
        let first = self.first_match_from(0, origin, method, lines)?;
        match first.block.first() {
            Some(rule) => Ok(rule),
            None => self.first_match_after(first, origin, method, lines),
        }
    }

    /// [`Image::first_match`] in the blocks after one without a match.
    #[cold]
    #[inline(never)]
    fn first_match_after(
        &self,
        mut last: BlockMatch,
        origin: &[u8],
        method: &[u8],
        lines: &[&[u8]],
    ) -> Result<u16, Refusal> {
        let mut furthest = last.furthest;
        let selection = self.evaluation.rule_selection;
        loop {
            let is_final = match last.furthest {
                Furthest::Origin => true,
                Furthest::Method => false,
                Furthest::Header(_) => selection == RuleSelection::FirstForOriginAndMethod,
            };
            let from = last.block.number.wrapping_add(1);
            if is_final || usize::from(from) >= self.sets.row_words() {
                return Err(Refusal::NoRuleMatched { furthest });
            }
            last = self.first_match_from(from, origin, method, lines)?;
            furthest = furthest.max(last.furthest);
            if let Some(rule) = last.block.first() {
                return Ok(rule);
            }
        }
    }

    /// The rules of one block that match all three: the first block, from a number on, that has a rule for the origin.
    #[expect(
        clippy::inline_always,
        reason = "a call would spill what the one common block needs"
    )]
    #[inline(always)]
    fn first_match_from(
        &self,
        from: u16,
        origin: &[u8],
        method: &[u8],
        lines: &[&[u8]],
    ) -> Result<BlockMatch, Refusal> {
        let mut block = self.first_block_for_origin(origin, from);
        let mut furthest = Furthest::Method;
        if block.rules == 0 {
            furthest = Furthest::Origin;
        }
        block.rules &= self.sets.word(self.find_method(method), block.number);
        if self.evaluation.rule_selection == RuleSelection::FirstForOriginAndMethod {
            block.rules &= block.rules.wrapping_neg();
        }
        if !lines.is_empty()
            && let Some(refused) = self.keep_rules_for_names(lines, &mut block)?
        {
            furthest = Furthest::Header(refused);
        }
        Ok(BlockMatch { block, furthest })
    }

    /// The method that the rules are asked for.
    pub(crate) fn effective_method<'r>(
        &self,
        request: &Request<'r>,
        phase: Phase,
    ) -> Result<&'r [u8], Refusal> {
        let requested = request.access_control_request_method;
        match phase {
            Phase::Preflight => {
                let method = requested.ok_or(Refusal::BadRequest(BadRequest::MissingMethod))?;
                let known = self.evaluation.malformed_preflight == MalformedPreflight::Refused
                    || self.evaluation.methods.contains(method);
                if known {
                    Ok(method)
                } else {
                    Err(Refusal::BadRequest(BadRequest::InvalidMethod))
                }
            }
            Phase::Actual if self.evaluation.request_headers_on_actual => {
                Ok(requested.unwrap_or(request.method))
            }
            Phase::Actual => Ok(request.method),
        }
    }

    /// The field lines whose names take part: those of a preflight, and of an actual request where the dialect says so.
    pub(crate) fn names_to_check<'r>(&self, request: &Request<'r>, phase: Phase) -> &'r [&'r [u8]] {
        if phase == Phase::Preflight || self.evaluation.request_headers_on_actual {
            request.access_control_request_headers
        } else {
            &[]
        }
    }

    /// The first block, from a number on, with a rule that has a pattern for the origin; no rule where there is none.
    #[inline]
    fn first_block_for_origin(&self, origin: &[u8], from: u16) -> Block {
        let mut first = Block::NONE;
        if let Some(set) = self.origins.find_exact::<false>(self.as_bytes(), origin) {
            first.add(&self.sets, set, from);
        }
        if self.origins.any != SetId::EMPTY && is_printable(origin) {
            first.add(&self.sets, self.origins.any, from);
        }
        if self.origins.has_wildcards_beside_text() {
            self.add_wildcards_for_origin(origin, from, &mut first);
        }
        first
    }

    /// Adds the rules with a `*` beside other bytes in a pattern for the origin.
    // Apart from the common case, whose values would otherwise spill and be loaded again.
    #[inline(never)]
    fn add_wildcards_for_origin(&self, origin: &[u8], from: u16, first: &mut Block) {
        let add = |set| self.add_rules(set, from, first);
        self.origins
            .find_wildcards::<false>(self.as_bytes(), origin, is_printable, add);
    }

    /// Adds the rules of a set; out of line, as two loops call it.
    #[inline(never)]
    fn add_rules(&self, set: SetId, from: u16, first: &mut Block) {
        first.add(&self.sets, set, from);
    }

    /// Keeps the rules that allow every name; returns the index of the name that eliminated the last rule.
    #[inline(never)]
    fn keep_rules_for_names(
        &self,
        lines: &[&[u8]],
        block: &mut Block,
    ) -> Result<Option<u16>, Refusal> {
        if joined_length_exceeds(lines, MAX_REQUEST_HEADER_BYTES) {
            return Err(Refusal::LimitExceeded(Limit::HeaderBytes));
        }
        let word = |set| self.sets.word(set, block.number);
        let allowing_any = word(self.headers.any);
        let mut rules = block.rules;
        let mut refused = None;
        for (index, name) in (0_u16..).zip(RequestedNames::new(lines)) {
            if usize::from(index) == MAX_REQUEST_HEADER_NAMES {
                return Err(Refusal::LimitExceeded(Limit::HeaderNames));
            }
            // Where no rule is left, or `*` allows any name, it only matters that it is one.
            if rules & !allowing_any == 0 {
                if !is_token(name) {
                    return Err(self.invalid_name());
                }
                continue;
            }
            // A name equal to a pattern is a token, as the pattern is one.
            let exact = self.headers.find_exact::<true>(self.as_bytes(), name);
            if exact.is_none() && !is_token(name) {
                return Err(self.invalid_name());
            }
            let allowing = exact.map_or(0, word);
            if rules & !allowing == 0 {
                continue;
            }
            rules &= allowing | allowing_any | self.rules_with_wildcard_for(name, block.number);
            if rules == 0 {
                refused = Some(index);
            }
        }
        block.rules = rules;
        Ok(refused)
    }

    /// The rules of a block with a `*` beside other bytes in a pattern for a header name.
    #[inline(never)]
    fn rules_with_wildcard_for(&self, name: &[u8], number: u16) -> u64 {
        let mut rules = 0;
        let found = |set| rules |= self.sets.word(set, number);
        self.headers
            .find_wildcards::<true>(self.as_bytes(), name, |_| true, found);
        rules
    }

    #[cold]
    #[inline(never)]
    fn invalid_name(&self) -> Refusal {
        match self.evaluation.malformed_preflight {
            MalformedPreflight::BadRequest => Refusal::BadRequest(BadRequest::InvalidHeaderName),
            MalformedPreflight::Refused => Refusal::InvalidHeaderName,
        }
    }
}

impl Block {
    /// No rule, in a block after all others.
    const NONE: Block = Block {
        number: u16::MAX,
        rules: 0,
    };

    /// Adds the rules of a set that are in the first block, from a number on, of which any rule is in the set or already here.
    #[inline]
    fn add(&mut self, sets: &SetTable<'_>, set: SetId, from: u16) {
        if let Some((number, rules)) = sets.first_word(set, from) {
            if number < self.number {
                *self = Block { number, rules };
            } else if number == self.number {
                self.rules |= rules;
            }
        }
    }

    /// The first rule in order.
    fn first(&self) -> Option<u16> {
        let place = u16::try_from(self.rules.trailing_zeros()).ok()?;
        (self.rules != 0).then_some((self.number << 6) | place)
    }
}

/// What one rule says of a request: read from the same sets that [`Image::decide`] intersects.
impl Image<'_> {
    pub(crate) fn rule_allows_origin(&self, rule: u16, origin: &[u8]) -> bool {
        let exact = self.origins.find_exact::<false>(self.as_bytes(), origin);
        let mut is_allowed = exact.is_some_and(|set| self.sets.contains(set, rule));
        if is_printable(origin) {
            is_allowed |= self.sets.contains(self.origins.any, rule);
            let found = |set| is_allowed |= self.sets.contains(set, rule);
            self.origins
                .find_wildcards::<false>(self.as_bytes(), origin, |_| true, found);
        }
        is_allowed
    }

    pub(crate) fn rule_allows_method(&self, rule: u16, method: &[u8]) -> bool {
        self.sets.contains(self.find_method(method), rule)
    }

    pub(crate) fn rule_allows_header(&self, rule: u16, name: &[u8]) -> bool {
        let exact = self.headers.find_exact::<true>(self.as_bytes(), name);
        let mut is_allowed = exact.is_some_and(|set| self.sets.contains(set, rule))
            || self.sets.contains(self.headers.any, rule);
        let found = |set| is_allowed |= self.sets.contains(set, rule);
        self.headers
            .find_wildcards::<true>(self.as_bytes(), name, |_| true, found);
        is_token(name) && is_allowed
    }
}

/// Whether the lines, joined with `,`, are longer than a limit. Stops at the line that exceeds it.
fn joined_length_exceeds(lines: &[&[u8]], limit: usize) -> bool {
    let mut left = Some(limit.saturating_add(1));
    for line in lines {
        left = left
            .and_then(|left| left.checked_sub(line.len()))
            .and_then(|left| left.checked_sub(1));
        if left.is_none() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_joined_lines_count_their_commas() {
        assert!(!joined_length_exceeds(&[], 0));
        assert!(!joined_length_exceeds(&[b"ab", b"c"], 4));
        assert!(joined_length_exceeds(&[b"ab", b"c"], 3));
        assert!(joined_length_exceeds(&[b"", b"", b"", b""], 2));
        assert!(!joined_length_exceeds(&[b"", b"", b"", b""], 3));
    }
}
