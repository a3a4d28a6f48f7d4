//! Everything that is wrong with a configuration, error by error, without allocating.

use crate::dialect::{ExposeWildcard, HeaderWildcard, Limits, MethodSet, OriginWildcard};
use crate::error::{CompileError, CompileErrorKind, Field};
use crate::header::is_token;
use crate::origin::{fixes_scheme_and_host_suffix, is_in_port, is_subdomain_wildcard};
use crate::pattern::Pattern;
use crate::rule::{Configuration, List, Rule};

/// Every error of a configuration, in the order of the document. An empty iterator means that it is valid.
///
/// What only a policy image limits (its size, the number of distinct patterns) is found by
/// [`compile`](crate::compile) alone.
///
/// # Complexity
///
/// Linear in the text of the rules, constant space; with `one_bare_wildcard_per_rule` too.
///
/// # Examples
///
/// ```
/// use cors_core::{CompileErrorKind, Configuration, Dialect, List, Rule, check};
///
/// let rules = [Rule { allowed_methods: List::new(&["get"]), ..Rule::EMPTY }];
/// let kinds: Vec<_> = check(&Configuration::new(&Dialect::OSS, &rules)).map(|error| error.kind).collect();
/// assert_eq!(kinds, [CompileErrorKind::NoOrigin, CompileErrorKind::UnknownMethod]);
/// ```
pub fn check<'c>(
    configuration: &Configuration<'c>,
) -> impl Iterator<Item = CompileError> + use<'c> {
    let dialect = *configuration.dialect;
    let limit = dialect.limits.max_rules.min(crate::limits::MAX_RULES);
    let too_many = configuration
        .rules
        .get(usize::from(limit))
        .map(|_| CompileError {
            kind: CompileErrorKind::TooManyRules { limit },
            rule: Some(usize::from(limit)),
            field: None,
            item: None,
        });
    let rules = configuration.rules.iter().enumerate();
    too_many
        .into_iter()
        .chain(rules.flat_map(move |(index, rule)| {
            rule_errors(dialect.evaluation.methods, dialect.limits, rule).map(move |error| {
                CompileError {
                    rule: Some(index),
                    ..error
                }
            })
        }))
}

/// What is wrong with one rule; positions without the rule's index.
fn rule_errors<'c>(
    methods: MethodSet,
    limits: Limits,
    rule: &Rule<'c>,
) -> impl Iterator<Item = CompileError> + use<'c> {
    let Rule {
        id,
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
        ..
    } = *rule;
    let Rule {
        max_age_seconds,
        allow_credentials,
        ..
    } = *rule;
    let credentials = allow_credentials && limits.allow_credentials;
    let one_wildcard = limits.one_bare_wildcard_per_rule;

    let id = id
        .and_then(|id| id_error(limits, id))
        .map(|kind| alone(Field::Id, kind));
    let no_origin = allowed_origins
        .is_empty()
        .then(|| alone(Field::AllowedOrigin, CompileErrorKind::NoOrigin));
    let origins = items(
        Field::AllowedOrigin,
        allowed_origins,
        one_wildcard,
        move |value| origin_error(limits, credentials, value),
    );
    let too_many_origins =
        (allowed_origins.iter().count() > usize::from(limits.max_origins)).then(|| {
            let limit = limits.max_origins;
            alone(
                Field::AllowedOrigin,
                CompileErrorKind::TooManyOrigins { limit },
            )
        });
    let no_method = allowed_methods
        .is_empty()
        .then(|| alone(Field::AllowedMethod, CompileErrorKind::NoMethod));
    let methods = items(Field::AllowedMethod, allowed_methods, false, move |value| {
        (!methods.contains(value.as_bytes())).then_some(CompileErrorKind::UnknownMethod)
    });
    let headers = items(
        Field::AllowedHeader,
        allowed_headers,
        one_wildcard,
        move |value| header_error(limits, value),
    );
    let too_many_exposed =
        too_many_headers(limits, expose_headers).map(|kind| alone(Field::ExposeHeader, kind));
    let too_many_headers =
        too_many_headers(limits, allowed_headers).map(|kind| alone(Field::AllowedHeader, kind));
    let exposed = items(Field::ExposeHeader, expose_headers, false, move |value| {
        expose_error(limits, value)
    });
    let (min, max) = (limits.min_max_age_seconds, limits.max_max_age_seconds);
    let max_age = max_age_seconds
        .filter(|seconds| !(min..=max).contains(seconds))
        .map(|_| {
            alone(
                Field::MaxAgeSeconds,
                CompileErrorKind::MaxAgeOutOfRange { min, max },
            )
        });
    let switch = (allow_credentials && !limits.allow_credentials)
        .then(|| alone(Field::AllowCredentials, CompileErrorKind::NotInDialect));

    id.into_iter()
        .chain(no_origin)
        .chain(origins)
        .chain(too_many_origins)
        .chain(no_method)
        .chain(methods)
        .chain(headers)
        .chain(too_many_headers)
        .chain(exposed)
        .chain(too_many_exposed)
        .chain(max_age)
        .chain(switch)
}

fn alone(field: Field, kind: CompileErrorKind) -> CompileError {
    CompileError {
        kind,
        rule: None,
        field: Some(field),
        item: None,
    }
}

/// The errors of a list's items, at most one an item.
fn items<'c>(
    field: Field,
    list: List<'c>,
    one_bare_wildcard: bool,
    error_of: impl Fn(&'c str) -> Option<CompileErrorKind>,
) -> impl Iterator<Item = CompileError> {
    let mut stars = 0_usize;
    list.iter().enumerate().filter_map(move |(index, value)| {
        stars = stars.saturating_add(usize::from(value == "*"));
        let second = (one_bare_wildcard && value == "*" && stars > 1)
            .then_some(CompileErrorKind::SecondBareWildcard);
        let too_long = (value.len() > usize::from(u16::MAX)).then_some(CompileErrorKind::TooLong);
        let kind = error_of(value).or(second).or(too_long)?;
        Some(CompileError {
            kind,
            rule: None,
            field: Some(field),
            item: Some(index),
        })
    })
}

fn id_error(limits: Limits, id: &str) -> Option<CompileErrorKind> {
    match limits.max_id_characters {
        None => Some(CompileErrorKind::NotInDialect),
        Some(limit) if id.chars().count() > usize::from(limit) => {
            Some(CompileErrorKind::IdTooLong { limit })
        }
        Some(_) => control_character(id),
    }
}

fn origin_error(limits: Limits, credentials: bool, value: &str) -> Option<CompileErrorKind> {
    if value.is_empty() && !limits.empty_origin {
        return Some(CompileErrorKind::Empty);
    }
    let Some(pattern) = Pattern::parse(value) else {
        return Some(CompileErrorKind::SecondWildcard);
    };
    let permitted = match (limits.origin_wildcard, pattern) {
        (OriginWildcard::Once, _) | (_, Pattern::Any | Pattern::Exact(_)) => true,
        (OriginWildcard::OnceOutsidePort, Pattern::Affix { prefix, .. }) => {
            if is_in_port(prefix) {
                return Some(CompileErrorKind::WildcardInPort);
            }
            true
        }
        (OriginWildcard::Alone, Pattern::Affix { .. }) => false,
        (OriginWildcard::Subdomain, Pattern::Affix { prefix, suffix }) => {
            is_subdomain_wildcard(prefix, suffix)
        }
    };
    if !permitted {
        return Some(CompileErrorKind::MisplacedWildcard);
    }
    control_character(value)
        .or_else(|| value_too_long(limits, value))
        .or_else(|| {
            (credentials && !fixes_scheme_and_host_suffix(value.as_bytes()))
                .then_some(CompileErrorKind::CredentialsForUnfixedOrigin)
        })
}

fn header_error(limits: Limits, value: &str) -> Option<CompileErrorKind> {
    if limits.header_wildcard == HeaderWildcard::NoList {
        return Some(CompileErrorKind::NotInDialect);
    }
    if value.is_empty() {
        return Some(CompileErrorKind::Empty);
    }
    match Pattern::parse(value) {
        None => Some(CompileErrorKind::SecondWildcard),
        Some(Pattern::Affix { suffix, .. })
            if limits.header_wildcard == HeaderWildcard::Last && !suffix.is_empty() =>
        {
            Some(CompileErrorKind::MisplacedWildcard)
        }
        Some(_) => control_character(value).or_else(|| value_too_long(limits, value)),
    }
}

fn value_too_long(limits: Limits, value: &str) -> Option<CompileErrorKind> {
    let limit = limits.max_value_characters;
    if limit == u16::MAX {
        return None;
    }
    // Characters are counted only where the bytes are too many.
    let is_too_long =
        value.len() > usize::from(limit) && value.chars().count() > usize::from(limit);
    is_too_long.then_some(CompileErrorKind::ValueTooLong { limit })
}

fn too_many_headers(limits: Limits, headers: List<'_>) -> Option<CompileErrorKind> {
    let (literal, prefixed) = (limits.max_literal_headers, limits.max_prefixed_headers);
    // Most dialects have no such limit, and no list needs counting then.
    if (literal, prefixed) == (u16::MAX, u16::MAX) {
        return None;
    }
    let with_wildcard = headers.iter().filter(|value| value.contains('*')).count();
    let without = headers.iter().count().saturating_sub(with_wildcard);
    (without > usize::from(literal) || with_wildcard > usize::from(prefixed))
        .then_some(CompileErrorKind::TooManyHeaders { literal, prefixed })
}

fn expose_error(limits: Limits, value: &str) -> Option<CompileErrorKind> {
    if value.is_empty() {
        return Some(CompileErrorKind::Empty);
    }
    let name = match limits.expose_header_wildcard {
        ExposeWildcard::Alone if value == "*" => return None,
        ExposeWildcard::Nowhere | ExposeWildcard::Alone => value,
        ExposeWildcard::Last => value.strip_suffix('*').unwrap_or(value),
    };
    if name.contains('*') {
        return Some(CompileErrorKind::WildcardInExposeHeader);
    }
    // Byte by byte: what a token holds is ASCII, and a search for a set of characters decodes each.
    let excluded = |byte: u8| {
        let mut characters = limits.expose_header_excludes.iter();
        characters.any(|character| char::from(byte) == *character)
    };
    (!is_token(value.as_bytes()) || value.bytes().any(excluded))
        .then_some(CompileErrorKind::NotAHeaderName)
        .or_else(|| value_too_long(limits, value))
}

/// A control character in a value that reaches storage, or a response.
fn control_character(value: &str) -> Option<CompileErrorKind> {
    // To the end in any case: values are short and almost all of them are fine, and without a way out in the middle this
    // compiles to vector instructions.
    value
        .bytes()
        .fold(false, |found, byte| found | matches!(byte, 0..=0x1f | 0x7f))
        .then_some(CompileErrorKind::ControlCharacter)
}
