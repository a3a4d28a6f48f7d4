//! The engine, with questions and answers in the reference's types.

use cors_core as core;

use reference::model::{
    Answer, BadRequest, Configuration, Decision, DialectName, Furthest, Limit, Refusal, Request,
    Rule,
};

/// Returns the engine's answer. A configuration that does not compile matches nothing, like one
/// without rules.
///
/// # Panics
///
/// If the engine does not accept its own image.
#[expect(clippy::panic, reason = "the broken promise that this crate looks for")]
pub fn evaluate(configuration: &Configuration, request: &Request) -> Answer {
    let image = compile(configuration).unwrap_or_else(|_| {
        let nothing = Configuration {
            rules: Vec::new(),
            ..configuration.clone()
        };
        compile(&nothing).unwrap_or_default()
    });
    match core::Policy::from_bytes(&image) {
        Ok(policy) => decide(&policy, request),
        Err(error) => panic!("the engine's own image: {error}"),
    }
}

/// Returns a policy's answer.
pub fn decide(policy: &core::Policy<'_>, request: &Request) -> Answer {
    with_request(request, |request| answer(&policy.decide(request)))
}

/// Calls `ask` with a request of the engine's type.
pub fn with_request<T>(request: &Request, ask: impl FnOnce(&core::Request<'_>) -> T) -> T {
    let lines: Vec<&[u8]> = request
        .access_control_request_headers
        .iter()
        .map(Vec::as_slice)
        .collect();
    ask(&core::Request {
        method: &request.method,
        origin: request.origin.as_deref(),
        access_control_request_method: request.access_control_request_method.as_deref(),
        access_control_request_headers: &lines,
    })
}

/// Compiles a configuration into an image.
///
/// # Errors
///
/// The engine's errors.
pub fn compile(configuration: &Configuration) -> Result<Vec<u8>, core::CompileError> {
    with_configuration(configuration, |configuration| {
        Ok(configuration.checked()?.compile()?.into_bytes())
    })
}

/// Returns every error that the engine finds in a configuration.
pub fn errors(
    configuration: &Configuration,
    one_bare_wildcard_per_rule: bool,
) -> Vec<core::CompileError> {
    with_configuration(configuration, |configuration| {
        let dialect = configuration
            .dialect
            .with_one_bare_wildcard_per_rule(one_bare_wildcard_per_rule);
        core::check(&core::Configuration {
            dialect: &dialect,
            ..*configuration
        })
        .collect()
    })
}

/// Calls `ask` with a configuration of the engine's type.
pub fn with_configuration<T>(
    configuration: &Configuration,
    ask: impl FnOnce(&core::Configuration<'_>) -> T,
) -> T {
    let owned: Vec<core::RuleBuf> = configuration.rules.iter().map(rule_buf).collect();
    let rules: Vec<core::Rule<'_>> = owned.iter().map(core::RuleBuf::as_rule).collect();
    ask(&core::Configuration {
        dialect: dialect(configuration.dialect),
        rules: &rules,
        response_vary: configuration.response_vary,
    })
}

/// The engine's data for a dialect.
pub fn dialect(name: DialectName) -> &'static core::Dialect {
    match name {
        DialectName::Oss => &core::Dialect::OSS,
        DialectName::S3 => &core::Dialect::S3,
        DialectName::Cos => &core::Dialect::COS,
        DialectName::Gcs => &core::Dialect::GCS,
        DialectName::Azure => &core::Dialect::AZURE,
        DialectName::Strict => &core::Dialect::STRICT,
    }
}

/// A rule of a policy, in the reference's type.
pub fn rule(rule: &core::Rule<'_>) -> Rule {
    let core::RuleBuf {
        id,
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
        max_age_seconds,
        allow_credentials,
    } = core::RuleBuf::from(rule);
    Rule {
        id,
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
        max_age_seconds,
        allow_credentials,
    }
}

fn rule_buf(rule: &Rule) -> core::RuleBuf {
    let Rule {
        id,
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
        max_age_seconds,
        allow_credentials,
    } = rule.clone();
    core::RuleBuf {
        id,
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
        max_age_seconds,
        allow_credentials,
    }
}

/// A decision with its headers rendered.
pub fn answer(decision: &core::Decision<'_, '_>) -> Answer {
    let result = |result: &Result<core::Grant<'_, '_>, core::Refusal>| match result {
        Ok(grant) => Ok(grant.rule_index()),
        Err(reason) => Err(refusal(*reason)),
    };
    Answer {
        decision: match &decision.outcome() {
            core::Outcome::NotCors => Decision::NotCors,
            core::Outcome::Preflight(outcome) => Decision::Preflight(result(outcome)),
            core::Outcome::Actual(outcome) => Decision::Actual(result(outcome)),
        },
        headers: headers(decision),
    }
}

/// The headers of a decision, taken in every available way; all must agree.
fn headers(decision: &core::Decision<'_, '_>) -> Vec<(String, Vec<u8>)> {
    let mut listed = Vec::new();
    let mut seen = Vec::new();
    decision.for_each_header(|name, value| seen.push((name, rendered(&value))));
    for (name, value) in decision.headers().iter() {
        listed.push((name, rendered(&value)));
    }
    assert_eq!(listed, seen);
    let lengths = decision.headers();
    let lengths = lengths
        .iter()
        .filter(|(_, value)| value.as_bytes().is_none());
    let needed = lengths.map(|(_, value)| value.encoded_len()).sum();
    assert!(needed <= core::MAX_VALUE_BYTES);
    let mut buffer = vec![0; needed];
    let mut slots = [core::Header::EMPTY; core::MAX_HEADERS];
    let stored = decision.headers_into(&mut slots, &mut buffer);
    let stored = stored.unwrap_or_default().iter();
    let stored: Vec<_> = stored
        .map(|header| (header.name, header.value.to_vec()))
        .collect();
    assert_eq!(listed, stored);
    if let Some(room) = needed.checked_sub(1) {
        let mut slots = [core::Header::EMPTY; core::MAX_HEADERS];
        assert_eq!(decision.headers_into(&mut slots, &mut vec![0; room]), None);
    }
    listed
        .into_iter()
        .map(|(name, value)| (name.name().to_owned(), value))
        .collect()
}

/// A header value, written in every available way; all must agree.
fn rendered(value: &core::HeaderValue<'_>) -> Vec<u8> {
    let mut bytes = vec![0; value.encoded_len()];
    assert_eq!(value.write_to(&mut bytes), Some(bytes.len()));
    if let Some(room) = bytes.len().checked_sub(1) {
        assert_eq!(value.write_to(&mut vec![0; room]), None);
    }
    if let Ok(text) = str::from_utf8(&bytes) {
        assert_eq!(value.to_string(), text);
    }
    assert!(value.as_bytes().is_none_or(|ready| ready == bytes));
    let source = match value.source() {
        core::ValueSource::Constant(text) => Some(text.as_bytes()),
        core::ValueSource::Request(bytes) | core::ValueSource::Rule(bytes) => Some(bytes),
        core::ValueSource::RequestedNames => None,
    };
    assert_eq!(source, value.as_bytes());
    bytes
}

#[expect(clippy::panic, reason = "the broken promise that this crate looks for")]
fn refusal(refusal: core::Refusal) -> Refusal {
    match refusal {
        core::Refusal::BadRequest(reason) => Refusal::BadRequest(match reason {
            core::BadRequest::MissingOrigin => BadRequest::MissingOrigin,
            core::BadRequest::MissingMethod => BadRequest::MissingMethod,
            core::BadRequest::InvalidMethod => BadRequest::InvalidMethod,
            core::BadRequest::InvalidHeaderName => BadRequest::InvalidHeaderName,
        }),
        core::Refusal::NotEnabled => Refusal::NotEnabled,
        core::Refusal::NoRuleMatched { furthest } => Refusal::NoRuleMatched(match furthest {
            core::Furthest::Origin => Furthest::Origin,
            core::Furthest::Method => Furthest::Method,
            core::Furthest::Header(index) => Furthest::Header(usize::from(index)),
        }),
        core::Refusal::InvalidHeaderName => Refusal::InvalidHeaderName,
        core::Refusal::LimitExceeded(limit) => Refusal::LimitExceeded(match limit {
            core::Limit::OriginBytes => Limit::Origin,
            core::Limit::HeaderBytes => Limit::HeaderBytes,
            core::Limit::HeaderNames => Limit::HeaderItems,
        }),
        other => panic!("a refusal that is not in the specification: {other:?}"),
    }
}
