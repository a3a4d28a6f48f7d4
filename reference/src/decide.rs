//! Finds the rule that wins: the steps of section 1 in the specification, `docs/semantics.md`, one
//! by one.

use crate::model::{
    BadRequest, Configuration, DialectName, Furthest, Limit, Phase, Refusal, Request, Rule,
};
use crate::pattern::{header_matches, origin_matches_in};
use crate::syntax::{is_in_method_set, is_token};

/// The longest `Origin` that is read, in bytes (section 1, Caps).
pub const ORIGIN_BYTES_MAX: usize = 4 * 1024;
/// The longest `Access-Control-Request-Headers`, all lines joined with a comma, in bytes (section
/// 1, Caps).
pub const HEADER_BYTES_MAX: usize = 16 * 1024;
/// The most names in `Access-Control-Request-Headers` (section 1, Caps).
pub const HEADER_ITEMS_MAX: usize = 256;

/// A match: the winning rule's index, and what the request asked for.
pub(crate) struct Match {
    pub(crate) rule: usize,
    pub(crate) origin: Vec<u8>,
    /// The effective method of step 4.
    pub(crate) method: Vec<u8>,
    /// The header names of step 5, as sent.
    pub(crate) names: Vec<String>,
}

/// Steps 1 to 7. With `Phase::NotCors` the outcome has no meaning.
pub(crate) fn decide(
    configuration: &Configuration,
    request: &Request,
) -> (Phase, Result<Match, Refusal>) {
    // Step 1.
    let phase = if is_preflight(configuration.dialect, request) {
        Phase::Preflight
    } else {
        Phase::Actual
    };

    // Step 2.
    let origin = match &request.origin {
        Some(origin) if !origin.is_empty() => origin,
        _ if phase == Phase::Preflight => {
            return (phase, Err(Refusal::BadRequest(BadRequest::MissingOrigin)));
        }
        _ => {
            return (
                Phase::NotCors,
                Err(Refusal::BadRequest(BadRequest::MissingOrigin)),
            );
        }
    };
    (phase, find_match(configuration, request, phase, origin))
}

/// Steps 3 to 7 for a request that has an origin.
fn find_match(
    configuration: &Configuration,
    request: &Request,
    phase: Phase,
    origin: &[u8],
) -> Result<Match, Refusal> {
    // Step 3.
    if configuration.rules.is_empty() {
        return Err(Refusal::NotEnabled);
    }
    // Section 1, Caps: the cap on Origin. Choice: it is checked before the method and the names.
    if origin.len() > ORIGIN_BYTES_MAX {
        return Err(Refusal::LimitExceeded(Limit::Origin));
    }
    // Step 4. Choice: only S3 treats a method outside the set as a bad request.
    let method = effective_method(configuration.dialect, request, phase)?;
    // Step 5.
    let names = names_to_check(configuration.dialect, request, phase)?;
    // Step 6.
    let rule = winning_rule(configuration, origin, &method, &names)?;
    Ok(Match {
        rule,
        origin: origin.to_vec(),
        method,
        names,
    })
}

/// Step 1. Storage dialects treat every OPTIONS request as a preflight; Fetch also requires the
/// requested method.
fn is_preflight(dialect: DialectName, request: &Request) -> bool {
    let options = request.method == b"OPTIONS";
    match dialect {
        DialectName::Strict => options && request.access_control_request_method.is_some(),
        _ => options,
    }
}

/// Step 4.
fn effective_method(
    dialect: DialectName,
    request: &Request,
    phase: Phase,
) -> Result<Vec<u8>, Refusal> {
    let requested = request.access_control_request_method.clone();
    if phase == Phase::Preflight {
        let method = requested.ok_or(Refusal::BadRequest(BadRequest::MissingMethod))?;
        let outside_is_bad = dialect == DialectName::S3;
        if outside_is_bad && !is_in_method_set(dialect, &method) {
            return Err(Refusal::BadRequest(BadRequest::InvalidMethod));
        }
        return Ok(method);
    }
    match requested {
        Some(method) if has_request_headers_on_actual(dialect) => Ok(method),
        _ => Ok(request.method.clone()),
    }
}

/// Steps 4 and 5, `request_headers_on_actual`: whether the preflight's headers count on an actual
/// request too.
fn has_request_headers_on_actual(dialect: DialectName) -> bool {
    dialect == DialectName::S3
}

/// Step 5, and the reading of `Access-Control-Request-Headers` (section 1, Request).
fn names_to_check(
    dialect: DialectName,
    request: &Request,
    phase: Phase,
) -> Result<Vec<String>, Refusal> {
    let lines = &request.access_control_request_headers;
    if phase == Phase::Actual && !has_request_headers_on_actual(dialect) {
        return Ok(Vec::new());
    }
    // Several field lines are equivalent to one joined with a comma.
    let field = lines.join(&b',');
    if field.len() > HEADER_BYTES_MAX {
        return Err(Refusal::LimitExceeded(Limit::HeaderBytes));
    }
    let mut names = Vec::new();
    for item in field.split(|byte| *byte == b',') {
        let item = trim_space_and_tab(item);
        if item.is_empty() {
            continue;
        }
        // Choice: the item beyond the cap is not read, so the cap is reported before a fault of
        // that item.
        if names.len() == HEADER_ITEMS_MAX {
            return Err(Refusal::LimitExceeded(Limit::HeaderItems));
        }
        match String::from_utf8(item.to_vec()) {
            Ok(name) if is_token(item) => names.push(name),
            _ if dialect == DialectName::S3 => {
                return Err(Refusal::BadRequest(BadRequest::InvalidHeaderName));
            }
            _ => return Err(Refusal::InvalidHeaderName),
        }
    }
    Ok(names)
}

/// Drops SP and HTAB at both ends.
fn trim_space_and_tab(mut item: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = item {
        item = rest;
    }
    item
}

/// Step 6: the index of the rule that wins, or the furthest step that any rule reached.
///
/// Choice: if the furthest step is a header, its index is that of the first name up to which no
/// rule allows all.
fn winning_rule(
    configuration: &Configuration,
    origin: &[u8],
    method: &[u8],
    names: &[String],
) -> Result<usize, Refusal> {
    let no_rule_matched = |furthest| Err(Refusal::NoRuleMatched(furthest));
    let rules: Vec<(usize, &Rule)> = configuration.rules.iter().enumerate().collect();

    let by_origin: Vec<_> = rules
        .into_iter()
        .filter(|(_, rule)| allows_origin(configuration.dialect, rule, origin))
        .collect();
    if by_origin.is_empty() {
        return no_rule_matched(Furthest::Origin);
    }
    let by_method: Vec<_> = by_origin
        .into_iter()
        .filter(|(_, rule)| allows_method(configuration.dialect, rule, method))
        .collect();
    if by_method.is_empty() {
        return no_rule_matched(Furthest::Method);
    }
    let candidates = match configuration.dialect {
        // All three: a rule that fails on any of the three is skipped and the next is tried.
        DialectName::Oss | DialectName::S3 | DialectName::Cos | DialectName::Strict => by_method,
        // First for origin and method: the first rule that matches both is final.
        DialectName::Azure | DialectName::Gcs => by_method.into_iter().take(1).collect(),
    };
    let allows = |rule: &Rule, name: &str| allows_header(configuration.dialect, rule, name);
    for (index, rule) in &candidates {
        if names.iter().all(|name| allows(rule, name)) {
            return Ok(*index);
        }
    }
    // Each candidate allows some names before it refuses the first; the candidate that gets
    // furthest shows the name that stopped it.
    let leading = |rule: &Rule| names.iter().take_while(|name| allows(rule, name)).count();
    no_rule_matched(Furthest::Header(
        candidates
            .iter()
            .map(|(_, rule)| leading(rule))
            .max()
            .unwrap_or(0),
    ))
}

fn allows_origin(dialect: DialectName, rule: &Rule, origin: &[u8]) -> bool {
    rule.allowed_origins
        .iter()
        .any(|pattern| origin_matches_in(dialect, pattern, origin))
}

/// Methods compare byte for byte; one outside the dialect's set matches no rule. On GCS `*` matches
/// any method (documented).
fn allows_method(dialect: DialectName, rule: &Rule, method: &[u8]) -> bool {
    rule.allowed_methods.iter().any(|allowed| {
        allowed.as_bytes() == method
            || (dialect == DialectName::Gcs && allowed == "*" && is_token(method))
    })
}

/// An empty `AllowedHeader` list matches no header name. GCS's one list is `ResponseHeader`
/// (documented), in which a lone `*` matches every name (known from files in use).
fn allows_header(dialect: DialectName, rule: &Rule, name: &str) -> bool {
    let list = match dialect {
        DialectName::Gcs => &rule.expose_headers,
        _ => &rule.allowed_headers,
    };
    list.iter()
        .any(|pattern| header_matches(pattern, name.as_bytes()))
}
