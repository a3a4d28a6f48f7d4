//! From a request to a decision: reads the four fields step by step and intersects sets of rules.

use crate::decision::Decision;
use crate::dialect::{MalformedPreflight, PreflightRule, RuleSelection};
use crate::grant::{Grant, Phase};
use crate::header::{RequestedNames, is_token};
use crate::image::{Image, SetId};
use crate::limits::{MAX_ORIGIN_BYTES, MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES};
use crate::origin::is_printable;
use crate::refusal::{BadRequest, Furthest, Limit, Refusal};
use crate::request::Request;
use crate::rule_set::{Narrow, RuleSet, Wide};
use crate::vary::AllowOriginValue;

/// The rule that was found, and what of the request it was found for.
struct Match<'r> {
    rule: u16,
    method: &'r [u8],
    lines: &'r [&'r [u8]],
}

impl<'p> Image<'p> {
    /// See [`Policy::decide`](crate::Policy::decide).
    pub(crate) fn decide<'r>(&self, request: &Request<'r>) -> Decision<'p, 'r> {
        let phase = self.phase(request);
        let Some(origin) = request.origin.filter(|origin| !origin.is_empty()) else {
            return match phase {
                Phase::Actual => {
                    Decision::not_cors(self.vary(request, phase, AllowOriginValue::Nothing))
                }
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
                let allow_origin = if grant.allows_any_origin() {
                    AllowOriginValue::Wildcard
                } else {
                    AllowOriginValue::Origin
                };
                Decision::granted(grant, self.vary(request, phase, allow_origin))
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
        Decision::refused(
            phase,
            refusal,
            self.vary(request, phase, AllowOriginValue::Nothing),
        )
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
        let rule = if self.rule_count <= 64 {
            self.first_match::<Narrow>(origin, method, lines)?
        } else {
            self.first_match_of_many(origin, method, lines)?
        };
        Ok(Match {
            rule,
            method,
            lines,
        })
    }

    /// [`Image::first_match`] for more than 64 rules, kept apart so that its sets take no stack from the common case.
    #[inline(never)]
    fn first_match_of_many(
        &self,
        origin: &[u8],
        method: &[u8],
        lines: &[&[u8]],
    ) -> Result<u16, Refusal> {
        self.first_match::<Wide>(origin, method, lines)
    }

    /// The first rule that matches all three.
    fn first_match<R: RuleSet>(
        &self,
        origin: &[u8],
        method: &[u8],
        lines: &[&[u8]],
    ) -> Result<u16, Refusal> {
        let mut rules = R::EMPTY;
        self.add_rules_for_origin(origin, &mut rules);
        let mut furthest = Furthest::Method;
        if rules.is_empty() {
            furthest = Furthest::Origin;
        }
        let method = self.find_method(method);
        rules.keep_set(&self.sets, method.unwrap_or(SetId::EMPTY));
        if self.evaluation.rule_selection == RuleSelection::FirstForOriginAndMethod {
            rules.keep_first(&self.sets);
        }
        if !lines.is_empty()
            && let Some(refused) = self.keep_rules_for_names(lines, &mut rules)?
        {
            furthest = Furthest::Header(refused);
        }
        rules.first().ok_or(Refusal::NoRuleMatched { furthest })
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
        if let Some(set) = self.origins.find_exact::<false>(self.as_bytes(), origin) {
            rules.add(&self.sets, set);
        }
        if self.origins.has_wildcards() && is_printable(origin) {
            rules.add(&self.sets, self.origins.any);
            self.origins
                .find_wildcards::<false>(self.as_bytes(), origin, |set| rules.add(&self.sets, set));
        }
    }

    /// Adds the rules with a pattern for a header name other than the name itself.
    fn add_rules_for_other_names(&self, name: &[u8], rules: &mut impl RuleSet) {
        rules.add(&self.sets, self.headers.any);
        self.headers
            .find_wildcards::<true>(self.as_bytes(), name, |set| rules.add(&self.sets, set));
    }

    /// Keeps the rules that allow every name; returns the index of the name that eliminated the last rule.
    fn keep_rules_for_names<R: RuleSet>(
        &self,
        lines: &[&[u8]],
        rules: &mut R,
    ) -> Result<Option<u16>, Refusal> {
        if joined_length_exceeds(lines, MAX_REQUEST_HEADER_BYTES) {
            return Err(Refusal::LimitExceeded(Limit::HeaderBytes));
        }
        let mut refused = None;
        let mut names = RequestedNames::new(lines);
        for index in 0..MAX_REQUEST_HEADER_NAMES {
            let Some(name) = names.next() else {
                return Ok(refused);
            };
            // Where no rule is left, or `*` allows any name, it only matters that it is one.
            if rules.is_within(&self.sets, self.headers.any) {
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
            let exact = exact.unwrap_or(SetId::EMPTY);
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
}

/// What one rule says of a request: read from the same sets that [`Image::decide`] intersects.
impl Image<'_> {
    pub(crate) fn rule_allows_origin(&self, rule: u16, origin: &[u8]) -> bool {
        let mut rules = Wide::EMPTY;
        self.add_rules_for_origin(origin, &mut rules);
        rules.contains(rule)
    }

    pub(crate) fn rule_allows_method(&self, rule: u16, method: &[u8]) -> bool {
        let mut rules = Wide::EMPTY;
        let set = self.find_method(method).unwrap_or(SetId::EMPTY);
        rules.add(&self.sets, set);
        rules.contains(rule)
    }

    pub(crate) fn rule_allows_header(&self, rule: u16, name: &[u8]) -> bool {
        let mut rules = Wide::EMPTY;
        if is_token(name) {
            rules.add(
                &self.sets,
                self.headers
                    .find_exact::<true>(self.as_bytes(), name)
                    .unwrap_or(SetId::EMPTY),
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
