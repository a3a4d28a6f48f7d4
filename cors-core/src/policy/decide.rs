//! From a request to a decision: reads the four fields step by step and intersects sets of rules.

use super::lookup::MethodRow;
use super::rule_set::{RuleSet, SetName};
use super::{Policy, layout};
use crate::decision::{
    BadRequest, Decision, Furthest, Grant, Limit, Outcome, Phase, Refusal, VaryValue,
};
use crate::dialect::{HeaderPhase, Malformed, PreflightRule, VaryRule};
use crate::header::{MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES, RequestedNames, is_token};
use crate::origin::{MAX_ORIGIN_BYTES, is_printable};
use crate::request::Request;

impl<'p> Policy<'p> {
    /// Decides one request. The same question gives the same answer: nothing is remembered.
    ///
    /// # Complexity
    ///
    /// Time linear in the bytes of the request up to the caps ([`MAX_ORIGIN_BYTES`](crate::MAX_ORIGIN_BYTES),
    /// [`MAX_REQUEST_HEADER_BYTES`](crate::MAX_REQUEST_HEADER_BYTES),
    /// [`MAX_REQUEST_HEADER_NAMES`](crate::MAX_REQUEST_HEADER_NAMES)); beyond a cap nothing more is read. To this the origin,
    /// and each name, adds the configuration's part: its distinct shapes (pairs of prefix and suffix length), at most the
    /// patterns with a `*`; and its distinct methods, at most 64. The number of rules and patterns does not count
    /// otherwise. Less than 1 KiB of stack, no other space.
    pub fn decide<'r>(&self, request: &Request<'r>) -> Decision<'p, 'r> {
        let phase = self.phase(request);
        let Some(origin) = request.origin.filter(|origin| !origin.is_empty()) else {
            return match phase {
                Phase::Actual => self.decision(request, Outcome::NotCors),
                Phase::Preflight => {
                    let refusal = Refusal::BadRequest(BadRequest::MissingOrigin);
                    self.decision(request, Outcome::Preflight(Err(refusal)))
                }
            };
        };
        let result = self.evaluate(request, origin, phase);
        let outcome = match phase {
            Phase::Preflight => Outcome::Preflight(result),
            Phase::Actual => Outcome::Actual(result),
        };
        self.decision(request, outcome)
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

    /// The first rule that matches, or why there is none. Every step works on sets of rules, so that the rule found is the
    /// first in order for which all of them hold.
    fn evaluate<'r>(
        &self,
        request: &Request<'r>,
        origin: &'r [u8],
        phase: Phase,
    ) -> Result<Grant<'p, 'r>, Refusal> {
        if self.rule_count == 0 {
            return Err(Refusal::NotEnabled);
        }
        if origin.len() > MAX_ORIGIN_BYTES {
            return Err(Refusal::LimitExceeded(Limit::OriginBytes));
        }
        let method = self.effective_method(request, phase)?;
        let lines = self.names_to_check(request, phase);

        let mut rules = self.rules_for_origin(origin);
        let mut furthest = if rules.is_empty(&self.sets) {
            Some(Furthest::Origin)
        } else {
            None
        };
        let method = self.method_row(method);
        rules.keep_named(&self.sets, method.map_or(SetName::Empty, |row| row.set));
        if furthest.is_none() && rules.is_empty(&self.sets) {
            furthest = Some(Furthest::Method);
        }
        if self.evaluation.header_phase == HeaderPhase::CommitThenFail {
            rules.keep_first(&self.sets);
        }
        if !lines.is_empty()
            && let Some(refused) = self.keep_rules_for_names(lines, &mut rules)?
            && furthest.is_none()
        {
            furthest = Some(Furthest::Header(refused));
        }
        match (furthest, rules.first(&self.sets)) {
            (None, Some(rule)) => Ok(Grant::new(
                self.record_bytes(rule).unwrap_or_default(),
                rule,
                self.response,
                phase,
                method.map_or(&[], |row| self.text_of(row)),
                origin,
                lines,
            )),
            (furthest, _) => Err(Refusal::NoRuleMatched {
                furthest: furthest.unwrap_or(Furthest::Origin),
            }),
        }
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
                let known = self.evaluation.malformed == Malformed::Refused
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

    /// The rules with a pattern for the origin.
    fn rules_for_origin(&self, origin: &[u8]) -> RuleSet {
        let mut rules = RuleSet::EMPTY;
        self.origins
            .add_exact::<false>(&self.sets, origin, &mut rules);
        let has_wildcards = self.origins.any != SetName::Empty || !self.origins.shapes.is_empty();
        if has_wildcards && is_printable(origin) {
            rules.add(&self.sets, self.origins.any);
            self.origins
                .add_affixes::<false>(&self.sets, origin, &mut rules);
        }
        rules
    }

    /// The row of a method that some rule allows.
    fn method_row(&self, method: &[u8]) -> Option<MethodRow> {
        let key = MethodRow::key(method);
        let rows = self.methods.iter().map(MethodRow::parse);
        rows.filter(|row| row.key == key)
            .find(|row| self.text_of(*row) == method)
    }

    /// The rules with a pattern for the header name, or `None` when it is no token.
    fn rules_for_header(&self, name: &[u8]) -> Option<RuleSet> {
        let mut rules = RuleSet::EMPTY;
        // A name equal to an exact pattern is a token, as the pattern is one.
        if !self.headers.add_exact::<true>(&self.sets, name, &mut rules) && !is_token(name) {
            return None;
        }
        rules.add(&self.sets, self.headers.any);
        self.headers
            .add_affixes::<true>(&self.sets, name, &mut rules);
        Some(rules)
    }

    /// Keeps the rules that allow every name; gives the place of the first name at which none was left.
    fn keep_rules_for_names(
        &self,
        lines: &[&[u8]],
        rules: &mut RuleSet,
    ) -> Result<Option<u16>, Refusal> {
        if joined_length_exceeds(lines, MAX_REQUEST_HEADER_BYTES) {
            return Err(Refusal::LimitExceeded(Limit::HeaderBytes));
        }
        let is_used = self.evaluation.header_phase != HeaderPhase::NotUsed;
        let mut refused = None;
        let mut names = RequestedNames::new(lines);
        for index in 0..MAX_REQUEST_HEADER_NAMES {
            let Some(name) = names.next() else {
                return Ok(refused);
            };
            // Where `*` allows any name already, it only matters that it is one.
            if !is_used || refused.is_some() || rules.is_within(&self.sets, self.headers.any) {
                if !is_token(name) {
                    return Err(self.invalid_name());
                }
                continue;
            }
            let allowed = self
                .rules_for_header(name)
                .ok_or_else(|| self.invalid_name())?;
            rules.keep(&self.sets, &allowed);
            if rules.is_empty(&self.sets) {
                refused = u16::try_from(index).ok();
            }
        }
        if names.next().is_some() {
            Err(Refusal::LimitExceeded(Limit::HeaderNames))
        } else {
            Ok(refused)
        }
    }

    fn invalid_name(&self) -> Refusal {
        match self.evaluation.malformed {
            Malformed::BadRequest => Refusal::BadRequest(BadRequest::InvalidHeaderName),
            Malformed::Refused => Refusal::InvalidHeaderName,
        }
    }

    /// Adds the Vary that is due to an outcome.
    fn decision<'r>(&self, request: &Request<'r>, outcome: Outcome<'p, 'r>) -> Decision<'p, 'r> {
        let vary = match self.response.vary {
            VaryRule::ResponseVary => VaryValue::origin_if(self.response_vary()),
            VaryRule::OnGrant => match &outcome {
                Outcome::Preflight(Ok(_)) | Outcome::Actual(Ok(_)) => VaryValue::AsS3,
                _ => VaryValue::None,
            },
            VaryRule::WhenEnabled => VaryValue::origin_if(self.rule_count > 0),
            VaryRule::ReadUnlessStar => {
                let is_read = matches!(request.method, b"GET" | b"HEAD");
                let is_star =
                    matches!(&outcome, Outcome::Actual(Ok(grant)) if grant.allows_any_origin());
                VaryValue::origin_if(self.rule_count > 0 && is_read && !is_star)
            }
            VaryRule::Complete => {
                let origin = self.rule_count > 0 && self.flags & layout::ORIGIN_INDEPENDENT == 0;
                match (&outcome, request.method) {
                    (Outcome::Preflight(_), _) => VaryValue::preflight(origin),
                    // Whether this is a preflight depends on the header that it did not have.
                    (_, b"OPTIONS") => VaryValue::options(origin),
                    _ => VaryValue::origin_if(origin),
                }
            }
        };
        Decision::new(outcome, vary)
    }
}

/// What one rule says of a request: read from the very sets that [`Policy::decide`] intersects.
impl Policy<'_> {
    pub(crate) fn rule_allows_origin(&self, rule: u16, origin: &[u8]) -> bool {
        self.rules_for_origin(origin).contains(rule)
    }

    pub(crate) fn rule_allows_method(&self, rule: u16, method: &[u8]) -> bool {
        let mut rules = RuleSet::EMPTY;
        rules.add(
            &self.sets,
            self.method_row(method)
                .map_or(SetName::Empty, |row| row.set),
        );
        rules.contains(rule)
    }

    pub(crate) fn rule_allows_header(&self, rule: u16, name: &[u8]) -> bool {
        self.rules_for_header(name)
            .is_some_and(|rules| rules.contains(rule))
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
