//! Rules that can be changed: owned copies of a policy's, compiled again.

use cors_core::{CompileError, Configuration, Dialect, List, Policy, Rule, compile};

use crate::configuration::needed;

/// A rule that owns its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedRule {
    pub(crate) id: Option<String>,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) allowed_methods: Vec<String>,
    pub(crate) allowed_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age_seconds: Option<i32>,
    pub(crate) allow_credentials: bool,
}

impl OwnedRule {
    fn new(rule: &Rule<'_>) -> Self {
        let texts = |list: List<'_>| list.iter().map(str::to_owned).collect();
        OwnedRule {
            id: rule.id.map(str::to_owned),
            allowed_origins: texts(rule.allowed_origins),
            allowed_methods: texts(rule.allowed_methods),
            allowed_headers: texts(rule.allowed_headers),
            expose_headers: texts(rule.expose_headers),
            max_age_seconds: rule.max_age_seconds,
            allow_credentials: rule.allow_credentials,
        }
    }

    /// The rules of a policy.
    pub(crate) fn all(policy: &Policy<'_>) -> Vec<OwnedRule> {
        policy.rules().map(|rule| OwnedRule::new(&rule)).collect()
    }

    /// Compiles rules.
    pub(crate) fn compile(
        rules: &[OwnedRule],
        dialect: &Dialect,
        response_vary: bool,
    ) -> Result<Vec<u8>, CompileError> {
        let texts: Vec<[Vec<&str>; 4]> = rules
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
        let borrowed: Vec<Rule<'_>> = rules
            .iter()
            .zip(&texts)
            .map(|(rule, [origins, methods, headers, exposed])| Rule {
                id: rule.id.as_deref(),
                allowed_origins: List::new(origins),
                allowed_methods: List::new(methods),
                allowed_headers: List::new(headers),
                expose_headers: List::new(exposed),
                max_age_seconds: rule.max_age_seconds,
                allow_credentials: rule.allow_credentials,
            })
            .collect();
        compiled(&Configuration {
            dialect,
            rules: &borrowed,
            response_vary,
        })
    }
}

/// Compiles into an image of the right size.
pub(crate) fn compiled(configuration: &Configuration<'_>) -> Result<Vec<u8>, CompileError> {
    let mut image = vec![0; needed(configuration)];
    let length = compile(configuration, &mut image)?.as_bytes().len();
    image.truncate(length);
    Ok(image)
}
