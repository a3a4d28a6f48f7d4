//! The header fields of a response, row by row of section 2's table (`docs/semantics.md`).

use crate::decide::Match;
use crate::model::{Configuration, DialectName, Phase, Request, Rule};

use DialectName::{Azure, Cos, Gcs, Oss, S3, Strict};

/// Returns every header field of the answer, in the order in which they are sent; a refusal has no
/// `Access-Control-*`.
pub(crate) fn headers(
    configuration: &Configuration,
    request: &Request,
    phase: Phase,
    granted: Option<&Match>,
) -> Vec<(String, Vec<u8>)> {
    let dialect = configuration.dialect;
    let winner =
        granted.and_then(|granted| Some((granted, configuration.rules.get(granted.rule)?)));
    let mut headers: Vec<(&str, Option<Vec<u8>>)> = Vec::new();
    if let Some((granted, rule)) = winner {
        headers.extend([
            (
                "access-control-allow-origin",
                Some(allow_origin(dialect, rule, granted)),
            ),
            (
                "access-control-allow-credentials",
                allow_credentials(dialect, rule),
            ),
            (
                "access-control-allow-methods",
                Some(allow_methods(dialect, rule, granted)),
            ),
            (
                "access-control-allow-headers",
                allow_headers(dialect, phase, rule, granted),
            ),
            (
                "access-control-expose-headers",
                expose_headers(dialect, phase, rule),
            ),
            ("access-control-max-age", max_age(dialect, phase, rule)),
        ]);
    }
    headers.push((
        "vary",
        vary(configuration, request, phase, winner.map(|(_, rule)| rule)),
    ));
    headers
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// Section 2: `*` if the rule lists `*` (Azure: only if it lists nothing else), else the request's
/// origin.
fn allow_origin(dialect: DialectName, rule: &Rule, granted: &Match) -> Vec<u8> {
    if answers_any_origin(dialect, rule) {
        b"*".to_vec()
    } else {
        granted.origin.clone()
    }
}

fn answers_any_origin(dialect: DialectName, rule: &Rule) -> bool {
    match dialect {
        Azure => rule.allowed_origins == ["*"],
        Oss | S3 | Cos | Gcs | Strict => rule.allowed_origins.iter().any(|origin| origin == "*"),
    }
}

/// Section 2: `true` or absent, never `false`, and never together with `*`.
fn allow_credentials(dialect: DialectName, rule: &Rule) -> Option<Vec<u8>> {
    let offered = match dialect {
        Oss | Cos | Gcs => false,
        S3 | Azure => true,
        Strict => rule.allow_credentials,
    };
    (offered && !answers_any_origin(dialect, rule)).then(|| b"true".to_vec())
}

/// Section 2: the whole list of the rule in the order of the configuration; on Azure the requested
/// method.
fn allow_methods(dialect: DialectName, rule: &Rule, granted: &Match) -> Vec<u8> {
    match dialect {
        Azure => granted.method.clone(),
        Oss | S3 | Cos | Gcs | Strict => rule.allowed_methods.join(", ").into_bytes(),
    }
}

/// Section 2: rendered from the validated names, never copied from the request.
fn allow_headers(
    dialect: DialectName,
    phase: Phase,
    rule: &Rule,
    granted: &Match,
) -> Option<Vec<u8>> {
    let requested = granted.names.join(", ");
    match dialect {
        Oss | Cos | Azure => not_empty(requested),
        S3 | Strict => not_empty(requested.to_ascii_lowercase()),
        // Choice: the rule's list is ResponseHeader, GCS's only list, for both directions.
        Gcs if phase == Phase::Preflight => not_empty(rule.expose_headers.join(", ")),
        Gcs => None,
    }
}

/// Section 2: the rule's list; on Azure and STRICT on actual requests only.
fn expose_headers(dialect: DialectName, phase: Phase, rule: &Rule) -> Option<Vec<u8>> {
    match dialect {
        Azure | Strict if phase == Phase::Preflight => None,
        _ => not_empty(rule.expose_headers.join(", ")),
    }
}

/// Section 2: if and only if configured, 0 included; on Azure and STRICT on preflights only.
fn max_age(dialect: DialectName, phase: Phase, rule: &Rule) -> Option<Vec<u8>> {
    match dialect {
        Azure | Strict if phase == Phase::Actual => None,
        _ => rule
            .max_age_seconds
            .map(|seconds| seconds.to_string().into_bytes()),
    }
}

/// Section 2, last row and Strict Vary. `winner` is the rule that granted the request.
fn vary(
    configuration: &Configuration,
    request: &Request,
    phase: Phase,
    winner: Option<&Rule>,
) -> Option<Vec<u8>> {
    let origin_if = |due: bool| due.then(|| b"Origin".to_vec());
    let has_rules = !configuration.rules.is_empty();
    match configuration.dialect {
        // On every response, matched or not, CORS or not.
        Oss | Cos => origin_if(configuration.response_vary),
        S3 => winner.map(|_| {
            b"Origin, Access-Control-Request-Headers, Access-Control-Request-Method".to_vec()
        }),
        Gcs => origin_if(has_rules),
        // On GET and HEAD, when an exact origin matched, or when CORS is enabled and none matched.
        Azure => {
            let reads = request.method == b"GET" || request.method == b"HEAD";
            origin_if(
                has_rules && reads && !winner.is_some_and(|rule| answers_any_origin(Azure, rule)),
            )
        }
        Strict => strict_vary(configuration, request, phase),
    }
}

/// Strict Vary: every request header that could have changed the CORS headers, in every branch.
fn strict_vary(configuration: &Configuration, request: &Request, phase: Phase) -> Option<Vec<u8>> {
    let mut names = Vec::new();
    // Without rules nothing depends on the origin. With rules, whether there is an origin matters even to `*`.
    if !configuration.rules.is_empty() {
        names.push("Origin");
    }
    // Choice: whether an OPTIONS request is a preflight depends on the requested method, with or
    // without rules.
    if request.method == b"OPTIONS" {
        names.push("Access-Control-Request-Method");
    }
    if phase == Phase::Preflight {
        names.push("Access-Control-Request-Headers");
    }
    not_empty(names.join(", "))
}

fn not_empty(text: String) -> Option<Vec<u8>> {
    (!text.is_empty()).then(|| text.into_bytes())
}
