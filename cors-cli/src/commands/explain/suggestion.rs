//! The one change that would make a refused request pass. Each is tried before it is said.

use cors_core::dialect::AllowHeaders;
use cors_core::{Configuration, Dialect, Field, Pattern, Policy, Rule, RuleBuf};
use cors_xml::Provider;
use serde::Serialize;

use super::play::Play;
use crate::browser::page::Page;
use crate::browser::verdict::{CorsFailure, Failure};

/// A change after which the page can read the answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Suggestion {
    /// A word that does not change from version to version.
    pub(crate) change: &'static str,
    /// The rule to change, counted from 0.
    pub(crate) rule: Option<usize>,
    /// The values to add.
    pub(crate) values: Vec<String>,
    /// The change in words.
    pub(crate) text: String,
}

/// Finds the smallest change that really helps, if there is one.
pub(crate) fn find(
    policy: &Policy<'_>,
    dialect: &'static Dialect,
    page: &Page,
    failure: &Failure,
) -> Option<Suggestion> {
    let rules: Vec<RuleBuf> = policy.rules().map(|rule| RuleBuf::from(&rule)).collect();
    let helps = |rules: &[RuleBuf], page: &Page| {
        let rules: Vec<Rule<'_>> = rules.iter().map(RuleBuf::as_rule).collect();
        let configuration = Configuration {
            response_vary: policy.response_vary(),
            ..Configuration::new(dialect, &rules)
        };
        let image = configuration.checked().ok()?.compile().ok()?;
        let play = Play::new(&image.as_policy(), dialect, page);
        play.failure.is_none().then_some(())
    };

    if let Failure::Actual(failure) | Failure::Preflight(failure) = failure
        && page.credentials
        && matches!(
            failure,
            CorsFailure::WildcardWithCredentials | CorsFailure::NoAllowCredentials
        )
    {
        let winner = Play::new(policy, dialect, page).winner();
        return with_credentials(*failure, winner, &rules, dialect, page, helps);
    }
    let mut best: Option<(usize, Suggestion)> = None;
    for index in 0..rules.len() {
        if let Some((cost, rules, suggestion)) = complete(&rules, index, dialect, page)
            && best.as_ref().is_none_or(|(least, _)| cost < *least)
            && helps(&rules, page).is_some()
        {
            best = Some((cost, suggestion));
        }
    }
    // A rule that lacks one thing is changed; one that lacks more is rather left alone.
    if let Some((1, suggestion)) = best {
        return Some(suggestion);
    }
    let (rules_with_new, suggestion) = new_rule(&rules, dialect, page);
    if helps(&rules_with_new, page).is_some() {
        return Some(suggestion);
    }
    best.map(|(_, suggestion)| suggestion)
}

/// What a rule lacks for this page, added: how many members change, the rules, and the change in words.
fn complete(
    rules: &[RuleBuf],
    index: usize,
    dialect: &Dialect,
    page: &Page,
) -> Option<(usize, Vec<RuleBuf>, Suggestion)> {
    let mut rules = rules.to_vec();
    let rule = rules.get_mut(index)?;
    let mut added: Vec<(Field, Vec<String>)> = Vec::new();
    if !rule
        .allowed_origins
        .iter()
        .any(|text| origin_matches(text, &page.origin))
    {
        rule.allowed_origins.push(page.origin.clone());
        added.push((Field::AllowedOrigin, vec![page.origin.clone()]));
    }
    let methods = dialect.evaluation.methods;
    let mut allowed = rule.allowed_methods.iter();
    if !allowed.any(|text| methods.allows(text, page.method.as_bytes())) {
        rule.allowed_methods.push(page.method.clone());
        added.push((Field::AllowedMethod, vec![page.method.clone()]));
    }
    let names = page.preflight_need().header_names;
    let headers_field = headers_field(dialect);
    let headers = match headers_field {
        Field::ExposeHeader => &mut rule.expose_headers,
        _ => &mut rule.allowed_headers,
    };
    // A list that the browser compares has no patterns, and its `*` does not stand for Authorization.
    let is_compared = headers_field == Field::ExposeHeader;
    let is_allowed = |name: &String| {
        headers.iter().any(|text| {
            let is_by_wildcard = text == "*" && name.eq_ignore_ascii_case("authorization");
            header_matches(text, name) && !(is_compared && is_by_wildcard)
        })
    };
    let missing: Vec<String> = names.into_iter().filter(|name| !is_allowed(name)).collect();
    if !missing.is_empty() {
        headers.extend(missing.iter().cloned());
        added.push((headers_field, missing));
    }
    let text = added
        .iter()
        .flat_map(|(field, values)| {
            values
                .iter()
                .map(move |value| written(dialect, *field, value))
        })
        .collect::<Vec<_>>()
        .join(", ");
    let change = match added.first() {
        Some((Field::AllowedOrigin, _)) => "add_allowed_origin",
        Some((Field::AllowedMethod, _)) => "add_allowed_method",
        _ => "add_allowed_header",
    };
    let cost = added.len();
    let suggestion = Suggestion {
        change: if cost == 1 { change } else { "complete_rule" },
        rule: Some(index),
        values: added.into_iter().flat_map(|(_, values)| values).collect(),
        text: format!(
            "add {text} {} rule {}",
            if Provider::of(dialect).documents.joins_lists() {
                "in"
            } else {
                "to"
            },
            index.saturating_add(1)
        ),
    };
    Some((cost, rules, suggestion))
}

fn origin_matches(text: &str, origin: &str) -> bool {
    Pattern::parse(text).is_some_and(|pattern| pattern.matches(origin.as_bytes()))
}

fn header_matches(text: &str, name: &str) -> bool {
    Pattern::parse(text).is_some_and(|pattern| pattern.matches_ignoring_case(name.as_bytes()))
}

/// The list that says which headers may be sent: some dialects have one for both directions.
fn headers_field(dialect: &Dialect) -> Field {
    if dialect.response.allow_headers == AllowHeaders::ExposeHeaders {
        Field::ExposeHeader
    } else {
        Field::AllowedHeader
    }
}

/// What is added to a provider's document for a value.
fn written(dialect: &Dialect, field: Field, value: &str) -> String {
    let documents = &Provider::of(dialect).documents;
    let name = documents.element_name(field);
    if documents.joins_lists() {
        format!("{value} to {name}")
    } else {
        format!("<{name}>{}</{name}>", escaped(value))
    }
}

/// A rule of its own for this page.
fn new_rule(rules: &[RuleBuf], dialect: &Dialect, page: &Page) -> (Vec<RuleBuf>, Suggestion) {
    let headers: Vec<String> = page.preflight_need().header_names.into_iter().collect();
    let field = headers_field(dialect);
    let one_list = field == Field::ExposeHeader;
    let rule = RuleBuf {
        allowed_origins: vec![page.origin.clone()],
        allowed_methods: vec![page.method.clone()],
        allowed_headers: if one_list {
            Vec::new()
        } else {
            headers.clone()
        },
        expose_headers: if one_list {
            headers.clone()
        } else {
            Vec::new()
        },
        ..RuleBuf::default()
    };
    let documents = &Provider::of(dialect).documents;
    let mut text = format!(
        "{} {}, {} {}",
        documents.element_name(Field::AllowedOrigin),
        page.origin,
        documents.element_name(Field::AllowedMethod),
        page.method
    );
    for header in &headers {
        text.push_str(", ");
        text.push_str(documents.element_name(field));
        text.push(' ');
        text.push_str(header);
    }
    let suggestion = Suggestion {
        change: "add_rule",
        rule: None,
        values: [vec![page.origin.clone(), page.method.clone()], headers].concat(),
        text: format!("add a rule with {text}"),
    };
    (rules.iter().cloned().chain([rule]).collect(), suggestion)
}

/// Credentials: name the origin where `*` stood, or go without.
fn with_credentials(
    failure: CorsFailure,
    winner: Option<usize>,
    rules: &[RuleBuf],
    dialect: &Dialect,
    page: &Page,
    helps: impl Fn(&[RuleBuf], &Page) -> Option<()>,
) -> Option<Suggestion> {
    if failure == CorsFailure::WildcardWithCredentials
        && let Some(index) = winner
    {
        let mut rules = rules.to_vec();
        let origins = &mut rules.get_mut(index)?.allowed_origins;
        origins.retain(|origin| origin != "*");
        origins.push(page.origin.clone());
        if helps(&rules, page).is_some() {
            return Some(Suggestion {
                change: "name_origin",
                rule: Some(index),
                values: vec![page.origin.clone()],
                text: format!(
                    "in rule {}, put {} in place of the {} `*`: a `*` does not count with credentials",
                    index.saturating_add(1),
                    page.origin,
                    Provider::of(dialect)
                        .documents
                        .element_name(Field::AllowedOrigin)
                ),
            });
        }
    }
    helps(rules, &page.without_credentials())?;
    Some(Suggestion {
        change: "drop_credentials",
        rule: None,
        values: Vec::new(),
        text: "let the page fetch without credentials (leave out --credentials): this dialect does not allow them here"
            .to_owned(),
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
