//! The engine, asked and answering in this crate's types. The only module that knows both.

use cors_advice::lint;
use cors_core as core;

use crate::model::{
    Answer, BadRequest, Configuration, Decision, DialectName, Furthest, Limit, Refusal, Request,
    Rule,
};

/// The engine's answer. A configuration that does not compile matches nothing, as one without rules.
///
/// # Panics
///
/// If the engine does not read its own image.
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

/// What a policy answers.
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

/// Compiles a configuration into an image of its own.
///
/// # Errors
///
/// The engine's.
pub fn compile(configuration: &Configuration) -> Result<Vec<u8>, core::CompileError> {
    with_configuration(configuration, |configuration| {
        Ok(configuration.checked()?.compile()?.into_bytes())
    })
}

/// Every error that the engine finds in a configuration.
pub fn errors(
    configuration: &Configuration,
    one_bare_wildcard_per_rule: bool,
) -> Vec<core::CompileError> {
    with_configuration(configuration, |configuration| {
        let limits = core::dialect::Limits {
            one_bare_wildcard_per_rule,
            ..configuration.dialect.limits
        };
        let dialect = core::Dialect {
            limits,
            ..*configuration.dialect
        };
        core::check(&core::Configuration {
            dialect: &dialect,
            ..*configuration
        })
        .collect()
    })
}

/// What lint says of a configuration.
pub fn findings(configuration: &Configuration) -> Vec<lint::Finding> {
    with_configuration(configuration, |configuration| {
        lint::lint(configuration).collect()
    })
}

/// The configuration in another dialect, and for each loss that the conversion reports, its rule and what was lost.
pub fn converted(
    configuration: &Configuration,
    to: DialectName,
) -> (
    Configuration,
    Vec<(Option<usize>, cors_advice::convert::LossKind)>,
) {
    let provider = match to {
        // No provider has documents of it.
        DialectName::Strict => cors_xml::Provider {
            dialect: core::Dialect::STRICT,
            ..cors_xml::Provider::S3
        },
        _ => *cors_xml::Provider::of(dialect(to)),
    };
    with_configuration(configuration, |original| {
        let conversion = cors_advice::convert::Conversion::new(original, &provider);
        let losses = conversion.losses().iter();
        let losses = losses.map(|loss| (loss.rule, loss.kind)).collect();
        let converted = conversion.with_configuration(|converted| Configuration {
            dialect: to,
            rules: converted.rules.iter().map(rule).collect(),
            response_vary: converted.response_vary,
        });
        (converted, losses)
    })
}

/// Calls `ask` with a configuration of the engine's type.
pub fn with_configuration<T>(
    configuration: &Configuration,
    ask: impl FnOnce(&core::Configuration<'_>) -> T,
) -> T {
    let texts: Vec<[Vec<&str>; 4]> = configuration
        .rules
        .iter()
        .map(|rule| {
            [
                &rule.allowed_origins,
                &rule.allowed_methods,
                &rule.allowed_headers,
                &rule.expose_headers,
            ]
            .map(|list| list.iter().map(String::as_str).collect())
        })
        .collect();
    let rules: Vec<core::Rule<'_>> = configuration
        .rules
        .iter()
        .zip(&texts)
        .map(|(rule, [origins, methods, headers, exposed])| core::Rule {
            id: rule.id.as_deref(),
            allowed_origins: core::List::new(origins),
            allowed_methods: core::List::new(methods),
            allowed_headers: core::List::new(headers),
            expose_headers: core::List::new(exposed),
            max_age_seconds: rule.max_age_seconds,
            allow_credentials: rule.allow_credentials,
        })
        .collect();
    ask(&core::Configuration {
        dialect: dialect(configuration.dialect),
        rules: &rules,
        response_vary: configuration.response_vary,
    })
}

/// The engine's data of a dialect.
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

/// A rule of a policy, owned.
pub fn rule(rule: &core::Rule<'_>) -> Rule {
    let texts = |list: core::List<'_>| list.iter().map(str::to_owned).collect();
    Rule {
        id: rule.id.map(str::to_owned),
        allowed_origins: texts(rule.allowed_origins),
        allowed_methods: texts(rule.allowed_methods),
        allowed_headers: texts(rule.allowed_headers),
        expose_headers: texts(rule.expose_headers),
        max_age_seconds: rule.max_age_seconds,
        allow_credentials: rule.allow_credentials,
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
        headers: decision
            .headers()
            .iter()
            .map(|(header, value)| (header.name().to_owned(), rendered(&value)))
            .collect(),
    }
}

/// A header value, written in each way that there is; they must agree.
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
        other => panic!("a refusal that the specification does not know: {other:?}"),
    }
}
