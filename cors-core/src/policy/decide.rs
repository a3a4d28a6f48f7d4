//! From a request to a decision: reads the four fields step by step and intersects sets of rules.

use super::lookup::MethodRow;
use super::rule_set::{Narrow, RuleSet, SetName, Wide};
use super::{Policy, layout};
use crate::decision::{BadRequest, Decision, Furthest, Grant, Limit, Phase, Refusal, VaryValue};
use crate::dialect::{MalformedPreflight, PreflightRule, RuleSelection, VaryRule};
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
    /// and each name, adds the configuration's part: for each of its distinct shapes (pairs of prefix and suffix length, at most
    /// as many as patterns with a `*`) the bytes of the shape; its distinct methods, at most 64; and a comparison for each
    /// pattern whose hash the tenant made collide with another's. Otherwise the number of rules and patterns does not count. Less
    /// than 1 KiB of stack, no other space.
    pub fn decide<'r>(&self, request: &Request<'r>) -> Decision<'p, 'r> {
        let phase = self.phase(request);
        let Some(origin) = request.origin.filter(|origin| !origin.is_empty()) else {
            return match phase {
                Phase::Actual => Decision::not_cors(self.vary(request, phase, Given::Nothing)),
                Phase::Preflight => self.refused(
                    request,
                    phase,
                    Refusal::BadRequest(BadRequest::MissingOrigin),
                ),
            };
        };
        match self.evaluate(request, origin, phase) {
            Ok((rule, method, lines)) => {
                let grant = Grant {
                    record: self.record_bytes(rule).unwrap_or_default(),
                    rule,
                    response: self.response,
                    phase,
                    method: self.text_of(method),
                    origin,
                    lines,
                };
                let given = if grant.allows_any_origin() {
                    Given::Star
                } else {
                    Given::Origin
                };
                Decision::granted(grant, self.vary(request, phase, given))
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
        Decision::refused(phase, refusal, self.vary(request, phase, Given::Nothing))
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

    /// The first rule that matches, with the method and the field lines that it was asked for, or why there is none. Every
    /// step works on sets of rules, so that the rule found is the first in order for which all of them hold.
    fn evaluate<'r>(
        &self,
        request: &Request<'r>,
        origin: &[u8],
        phase: Phase,
    ) -> Result<(u16, MethodRow, &'r [&'r [u8]]), Refusal> {
        if self.rule_count == 0 {
            return Err(Refusal::NotEnabled);
        }
        if origin.len() > MAX_ORIGIN_BYTES {
            return Err(Refusal::LimitExceeded(Limit::OriginBytes));
        }
        let method = self.effective_method(request, phase)?;
        let lines = self.names_to_check(request, phase);
        let (rule, method) = if self.rule_count <= 64 {
            self.first_match::<Narrow>(origin, method, lines)?
        } else {
            self.first_match_of_many(origin, method, lines)?
        };
        Ok((rule, method, lines))
    }

    /// [`Policy::first_match`] for more than 64 rules, kept apart so that its sets take no stack from the common case.
    #[inline(never)]
    fn first_match_of_many(
        &self,
        origin: &[u8],
        method: &[u8],
        lines: &[&[u8]],
    ) -> Result<(u16, MethodRow), Refusal> {
        self.first_match::<Wide>(origin, method, lines)
    }

    /// The first rule that matches all three, and the row of the method.
    fn first_match<R: RuleSet>(
        &self,
        origin: &[u8],
        method: &[u8],
        lines: &[&[u8]],
    ) -> Result<(u16, MethodRow), Refusal> {
        let mut rules = R::EMPTY;
        self.add_rules_for_origin(origin, &mut rules);
        let mut furthest = Furthest::Method;
        if rules.is_empty() {
            furthest = Furthest::Origin;
        }
        let method = self.method_row(method);
        rules.keep_named(&self.sets, method.map_or(SetName::EMPTY, |row| row.set));
        if self.evaluation.rule_selection == RuleSelection::FirstForOriginAndMethod {
            rules.keep_first(&self.sets);
        }
        if !lines.is_empty()
            && let Some(refused) = self.keep_rules_for_names(lines, &mut rules)?
        {
            furthest = Furthest::Header(refused);
        }
        match (rules.first(), method) {
            (Some(rule), Some(method)) => Ok((rule, method)),
            _ => Err(Refusal::NoRuleMatched { furthest }),
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

    /// Adds the rules with a pattern for the origin.
    fn add_rules_for_origin(&self, origin: &[u8], rules: &mut impl RuleSet) {
        if let Some(set) = self.origins.exact::<false>(origin) {
            rules.add(&self.sets, set);
        }
        let has_wildcards = self.origins.any != SetName::EMPTY || !self.origins.shapes.is_empty();
        if has_wildcards && is_printable(origin) {
            rules.add(&self.sets, self.origins.any);
            self.origins.add_affixes::<false>(&self.sets, origin, rules);
        }
    }

    /// The row of a method that some rule allows.
    #[inline]
    fn method_row(&self, method: &[u8]) -> Option<MethodRow> {
        let key = MethodRow::key(method);
        for row in self.methods {
            let row = MethodRow::parse(row);
            if row.is(method, key, || self.text_of(row)) {
                return Some(row);
            }
        }
        self.wildcard_row(method)
    }

    /// The row of `*`, where that is any method. The set of a method that is listed holds the rules with a `*` too.
    #[cold]
    fn wildcard_row(&self, method: &[u8]) -> Option<MethodRow> {
        if !self.evaluation.methods.allows("*", method) {
            return None;
        }
        let mut rows = self.methods.iter().map(MethodRow::parse);
        rows.find(|row| self.text_of(*row) == b"*")
    }

    /// Adds the rules with a pattern for a header name other than the name itself.
    fn add_rules_for_other_names(&self, name: &[u8], rules: &mut impl RuleSet) {
        rules.add(&self.sets, self.headers.any);
        self.headers.add_affixes::<true>(&self.sets, name, rules);
    }

    /// Keeps the rules that allow every name; gives the place of the first name at which the last of them went.
    fn keep_rules_for_names<R: RuleSet>(
        &self,
        lines: &[&[u8]],
        rules: &mut R,
    ) -> Result<Option<u16>, Refusal> {
        if joined_length_exceeds(lines, MAX_REQUEST_HEADER_BYTES) {
            return Err(Refusal::LimitExceeded(Limit::HeaderBytes));
        }
        let is_used = self.evaluation.rule_selection != RuleSelection::HeadersIgnored;
        let mut refused = None;
        let mut names = RequestedNames::new(lines);
        for index in 0..MAX_REQUEST_HEADER_NAMES {
            let Some(name) = names.next() else {
                return Ok(refused);
            };
            // Where no rule is left, or `*` allows any name, it only matters that it is one.
            if !is_used || rules.is_within(&self.sets, self.headers.any) {
                if !is_token(name) {
                    return Err(self.invalid_name());
                }
                continue;
            }
            // A name equal to a pattern is a token, as the pattern is one.
            let exact = self.headers.exact::<true>(name);
            if exact.is_none() && !is_token(name) {
                return Err(self.invalid_name());
            }
            let exact = exact.unwrap_or(SetName::EMPTY);
            if rules.is_within(&self.sets, exact) {
                continue;
            }
            let mut allowed = R::EMPTY;
            allowed.add(&self.sets, exact);
            self.add_rules_for_other_names(name, &mut allowed);
            rules.keep(&allowed);
            if rules.is_empty() {
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
        match self.evaluation.malformed_preflight {
            MalformedPreflight::BadRequest => Refusal::BadRequest(BadRequest::InvalidHeaderName),
            MalformedPreflight::Refused => Refusal::InvalidHeaderName,
        }
    }

    /// The Vary that is due to an answer.
    fn vary(&self, request: &Request<'_>, phase: Phase, given: Given) -> VaryValue {
        match self.response.vary {
            VaryRule::ResponseVary => VaryValue::origin_if(self.response_vary()),
            VaryRule::OnGrant if given == Given::Nothing => VaryValue::None,
            VaryRule::OnGrant => VaryValue::AsS3,
            VaryRule::WhenEnabled => VaryValue::origin_if(self.rule_count > 0),
            VaryRule::ReadUnlessWildcard => {
                let is_read = matches!(request.method, b"GET" | b"HEAD");
                VaryValue::origin_if(self.rule_count > 0 && is_read && given != Given::Star)
            }
            VaryRule::Complete => {
                let origin = self.rule_count > 0 && self.flags & layout::ORIGIN_INDEPENDENT == 0;
                match (phase, request.method) {
                    (Phase::Preflight, _) => VaryValue::preflight(origin),
                    // Whether this is a preflight depends on the header that it did not have.
                    (Phase::Actual, b"OPTIONS") => VaryValue::options(origin),
                    (Phase::Actual, _) => VaryValue::origin_if(origin),
                }
            }
        }
    }
}

/// What Access-Control-Allow-Origin is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Nothing,
    Star,
    Origin,
}

/// What one rule says of a request: read from the very sets that [`Policy::decide`] intersects.
impl Policy<'_> {
    pub(crate) fn rule_allows_origin(&self, rule: u16, origin: &[u8]) -> bool {
        let mut rules = Wide::EMPTY;
        self.add_rules_for_origin(origin, &mut rules);
        rules.contains(rule)
    }

    pub(crate) fn rule_allows_method(&self, rule: u16, method: &[u8]) -> bool {
        let mut rules = Wide::EMPTY;
        let row = self.method_row(method);
        rules.add(&self.sets, row.map_or(SetName::EMPTY, |row| row.set));
        rules.contains(rule)
    }

    pub(crate) fn rule_allows_header(&self, rule: u16, name: &[u8]) -> bool {
        let mut rules = Wide::EMPTY;
        if is_token(name) {
            rules.add(
                &self.sets,
                self.headers.exact::<true>(name).unwrap_or(SetName::EMPTY),
            );
            self.add_rules_for_other_names(name, &mut rules);
        }
        rules.contains(rule)
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
