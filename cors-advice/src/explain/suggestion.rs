//! Finds the smallest change that makes a refused request succeed. Each suggestion is tried first.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use cors_core::dialect::AllowHeaders;
use cors_core::{
    Configuration, Dialect, Field, Grant, MAX_REQUEST_HEADER_NAMES, Pattern, Policy, Rule, RuleBuf,
};
use cors_xml::{Provider, escape_text};

use crate::browser::{CorsFailure, Failure, Page, judge};

/// Most rules that are tried with one thing added, and as many with several: rules that need the
/// least come first, and of these nearly always the first one helps.
const MAX_TRIED: usize = 16;

/// A change after which the page can read the response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Suggestion {
    /// A word that is stable across versions: `add_allowed_origin`, `add_allowed_method`,
    /// `add_allowed_header`, `complete_rule`, `add_rule`, `name_origin` or `drop_credentials`.
    pub change: &'static str,
    /// The index of the rule to change, from 0.
    pub rule: Option<usize>,
    /// The values to add.
    pub values: Vec<String>,
    /// The change in words.
    pub text: String,
}

/// Finds the smallest change that helps, if there is one.
///
/// # Complexity
///
/// Each of at most 256 header names is compared with each pattern of the rules; then at most
/// 2 * `MAX_TRIED` + 1 changed configurations are compiled and asked. A request with more names is
/// refused under any rules.
pub(super) fn find(
    policy: &Policy<'_>,
    provider: &Provider,
    page: &Page,
    failure: &Failure,
) -> Option<Suggestion> {
    let names: Vec<String> = page.preflight_need().header_names.into_iter().collect();
    if names.len() > MAX_REQUEST_HEADER_NAMES {
        return None;
    }
    let rules: Vec<RuleBuf> = policy.rules().map(|rule| RuleBuf::from(&rule)).collect();
    let helps = |rules: &[RuleBuf], page: &Page| {
        let rules: Vec<Rule<'_>> = rules.iter().map(RuleBuf::as_rule).collect();
        let configuration = Configuration {
            response_vary: policy.response_vary(),
            ..Configuration::new(&provider.dialect, &rules)
        };
        let image = configuration.checked().ok()?.compile().ok()?;
        judge(&image.as_policy(), provider, page).ok()
    };

    if let Failure::Actual(failure) | Failure::Preflight(failure) = failure
        && page.has_credentials()
        && matches!(
            failure,
            CorsFailure::WildcardWithCredentials | CorsFailure::NoAllowCredentials
        )
    {
        return with_credentials(
            *failure,
            winner(policy, page),
            &rules,
            provider,
            page,
            helps,
        );
    }
    let mut lacks: Vec<Lack> = (0..)
        .zip(&rules)
        .map(|(index, rule)| Lack::of(index, rule, provider, page, &names))
        .collect();
    lacks.sort_by_key(|lack| lack.added.len());
    let first_of = |lacks: &[Lack]| {
        let mut tried = lacks.iter().take(MAX_TRIED);
        tried.find_map(|lack| {
            helps(&lack.added_to(&rules)?, page)?;
            Some(lack.suggestion(provider))
        })
    };
    let (one, several): (Vec<Lack>, Vec<Lack>) = lacks
        .into_iter()
        .filter(|lack| !lack.added.is_empty())
        .partition(|lack| lack.added.len() == 1);
    // A rule that lacks one thing is changed; otherwise a new rule is preferred.
    first_of(&one)
        .or_else(|| {
            let (rules_with_new, suggestion) = new_rule(&rules, provider, page, &names);
            helps(&rules_with_new, page).map(|_| suggestion)
        })
        .or_else(|| first_of(&several))
}

/// The rule that answers the page's deciding request.
fn winner(policy: &Policy<'_>, page: &Page) -> Option<usize> {
    page.with_requests(|preflight, actual| {
        let decision = policy.decide(preflight.unwrap_or(actual));
        decision.grant().map(Grant::rule_index)
    })
}

/// What a rule lacks for a page.
struct Lack {
    index: usize,
    /// The members to add to, each with its new values.
    added: Vec<(Field, Vec<String>)>,
}

impl Lack {
    fn of(
        index: usize,
        rule: &RuleBuf,
        provider: &Provider,
        page: &Page,
        names: &[String],
    ) -> Lack {
        let mut added: Vec<(Field, Vec<String>)> = Vec::new();
        let mut origins = rule.allowed_origins.iter();
        if !origins.any(|text| origin_matches(text, page.origin())) {
            added.push((Field::AllowedOrigin, vec![page.origin().to_owned()]));
        }
        let methods = provider.dialect.evaluation.methods;
        let mut allowed = rule.allowed_methods.iter();
        if !allowed.any(|text| methods.allows(text, page.method().as_bytes())) {
            added.push((Field::AllowedMethod, vec![page.method().to_owned()]));
        }
        let headers_field = headers_field(&provider.dialect);
        // A list that the browser compares has no patterns, and its `*` does not include
        // Authorization.
        let is_compared = headers_field == Field::ExposeHeader;
        let headers = if is_compared {
            &rule.expose_headers
        } else {
            &rule.allowed_headers
        };
        let is_allowed = |name: &String| {
            headers.iter().any(|text| {
                let is_by_wildcard = text == "*" && name.eq_ignore_ascii_case("authorization");
                header_matches(text, name) && !(is_compared && is_by_wildcard)
            })
        };
        let missing = names.iter().filter(|name| !is_allowed(name));
        let missing: Vec<String> = missing.cloned().collect();
        if !missing.is_empty() {
            added.push((headers_field, missing));
        }
        Lack { index, added }
    }

    /// The rules with what this one lacks.
    fn added_to(&self, rules: &[RuleBuf]) -> Option<Vec<RuleBuf>> {
        let mut rules = rules.to_vec();
        let rule = rules.get_mut(self.index)?;
        for (field, values) in &self.added {
            let list = match field {
                Field::AllowedOrigin => &mut rule.allowed_origins,
                Field::AllowedMethod => &mut rule.allowed_methods,
                Field::ExposeHeader => &mut rule.expose_headers,
                _ => &mut rule.allowed_headers,
            };
            list.extend(values.iter().cloned());
        }
        Some(rules)
    }

    fn suggestion(&self, provider: &Provider) -> Suggestion {
        let added = self.added.iter().flat_map(|(field, values)| {
            let written = move |value: &String| written(provider, *field, value);
            values.iter().map(written)
        });
        let text = added.collect::<Vec<_>>().join(", ");
        let change = match self.added.as_slice() {
            [(Field::AllowedOrigin, _)] => "add_allowed_origin",
            [(Field::AllowedMethod, _)] => "add_allowed_method",
            [_] => "add_allowed_header",
            _ => "complete_rule",
        };
        let values = self.added.iter().flat_map(|(_, values)| values);
        Suggestion {
            change,
            rule: Some(self.index),
            values: values.cloned().collect(),
            text: format!(
                "add {text} {} rule {}",
                if provider.documents.joins_lists() {
                    "in"
                } else {
                    "to"
                },
                self.index.saturating_add(1)
            ),
        }
    }
}

fn origin_matches(text: &str, origin: &str) -> bool {
    Pattern::parse(text).is_some_and(|pattern| pattern.matches(origin.as_bytes()))
}

fn header_matches(text: &str, name: &str) -> bool {
    Pattern::parse(text).is_some_and(|pattern| pattern.matches_ignoring_case(name.as_bytes()))
}

/// The list of the headers that may be sent: some dialects have one list for both directions.
fn headers_field(dialect: &Dialect) -> Field {
    if dialect.response.allow_headers == AllowHeaders::ExposeHeaders {
        Field::ExposeHeader
    } else {
        Field::AllowedHeader
    }
}

/// The text that adds a value to a provider's document.
fn written(provider: &Provider, field: Field, value: &str) -> String {
    let documents = &provider.documents;
    let name = documents.element_name(field);
    if documents.joins_lists() {
        format!("{value} to {name}")
    } else {
        format!("<{name}>{}</{name}>", escape_text(value))
    }
}

/// Adds a new rule for this page.
fn new_rule(
    rules: &[RuleBuf],
    provider: &Provider,
    page: &Page,
    names: &[String],
) -> (Vec<RuleBuf>, Suggestion) {
    let headers = names.to_vec();
    let field = headers_field(&provider.dialect);
    let one_list = field == Field::ExposeHeader;
    let rule = RuleBuf {
        allowed_origins: vec![page.origin().to_owned()],
        allowed_methods: vec![page.method().to_owned()],
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
    let documents = &provider.documents;
    let mut text = format!(
        "{} {}, {} {}",
        documents.element_name(Field::AllowedOrigin),
        page.origin(),
        documents.element_name(Field::AllowedMethod),
        page.method()
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
        values: [
            vec![page.origin().to_owned(), page.method().to_owned()],
            headers,
        ]
        .concat(),
        text: format!("add a rule with {text}"),
    };
    (rules.iter().cloned().chain([rule]).collect(), suggestion)
}

/// For a request with credentials: replaces `*` by the origin, or drops the credentials.
fn with_credentials(
    failure: CorsFailure,
    winner: Option<usize>,
    rules: &[RuleBuf],
    provider: &Provider,
    page: &Page,
    helps: impl Fn(&[RuleBuf], &Page) -> Option<usize>,
) -> Option<Suggestion> {
    if failure == CorsFailure::WildcardWithCredentials
        && let Some(index) = winner
    {
        let mut rules = rules.to_vec();
        let origins = &mut rules.get_mut(index)?.allowed_origins;
        origins.retain(|origin| origin != "*");
        origins.push(page.origin().to_owned());
        if helps(&rules, page).is_some() {
            return Some(Suggestion {
                change: "name_origin",
                rule: Some(index),
                values: vec![page.origin().to_owned()],
                text: format!(
                    "in rule {}, replace the {2} `*` with {1}: `*` does not count with credentials",
                    index.saturating_add(1),
                    page.origin(),
                    provider.documents.element_name(Field::AllowedOrigin)
                ),
            });
        }
    }
    helps(rules, &page.clone().with_credentials(false))?;
    Some(Suggestion {
        change: "drop_credentials",
        rule: None,
        values: Vec::new(),
        text: "make the page fetch without credentials (leave out --credentials): this dialect does not allow them here"
            .to_owned(),
    })
}
