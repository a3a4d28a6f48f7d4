//! The laws of work: what lint, conversion and comparison do is bounded by the size of what they read.

use std::collections::BTreeSet;

use cors_advice::diff::{Changes, MAX_CHANGES, MAX_JUDGED};
use cors_advice::{browser, convert, diff, lint};
use cors_core::{Field, Pattern, Policy};
use cors_xml::Provider;
use reference::model::{Configuration, Rule};

use super::{Verdict, equal, that};
use crate::{engine, providers};

/// Lint's look-ups are at most twice the number of values, times the rules and the blocks of 128
/// values, times the pairs of lengths around a `*`.
///
/// # Errors
///
/// The number of look-ups, and the limit.
pub fn lint_work_is_bounded(configuration: &Configuration) -> Verdict {
    let looks = std::cell::Cell::new(0_usize);
    let count = |more: usize| looks.set(looks.get() + more);
    engine::with_configuration(configuration, |configuration| {
        lint::lint_counted(configuration, &count).for_each(drop);
    });
    let values: Vec<&String> = configuration.rules.iter().flat_map(values).collect();
    let shapes: BTreeSet<(usize, usize)> = values
        .iter()
        .filter_map(|value| value.split_once('*'))
        .map(|(prefix, suffix)| (prefix.len(), suffix.len()))
        .collect();
    let passes = configuration.rules.len() + values.len() / 128 + 2;
    let limit = 2 * values.len() * passes * (shapes.len() + 2);
    let looks = looks.get();
    that(
        looks <= limit,
        &format!("lint looked up {looks} values, not at most {limit}"),
    )
}

/// Lint reports for each value of a list the first other value that makes it redundant.
///
/// # Errors
///
/// The findings that were expected, and those that were returned.
pub fn redundant_values_are_found(configuration: &Configuration) -> Verdict {
    let redundant = |code| matches!(code, lint::LintCode::Duplicate | lint::LintCode::Redundant);
    let given: Vec<_> = providers::findings(configuration)
        .into_iter()
        .filter(|finding| redundant(finding.code) && finding.field == Some(Field::AllowedHeader))
        .map(|finding| (finding.rule, finding.item, finding.covered_by))
        .collect();
    let mut expected = Vec::new();
    for (rule, list) in configuration.rules.iter().enumerate() {
        let names: Vec<String> = list
            .allowed_headers
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        let patterns: Vec<_> = names.iter().map(|name| Pattern::parse(name)).collect();
        for (item, value) in patterns.iter().enumerate() {
            let covering = patterns.iter().enumerate().position(|(index, known)| {
                let (Some(known), Some(value)) = (known, value) else {
                    return false;
                };
                known.covers(value) && (index < item || !value.covers(known))
            });
            if let Some(covering) = covering {
                expected.push((rule, Some(item), Some(covering)));
            }
        }
    }
    equal("redundant headers", &expected, &given)
}

/// A conversion checks each rule a few times, whatever the rule holds.
///
/// # Errors
///
/// The number of checks.
pub fn conversion_work_is_bounded(configuration: &Configuration, to: &Provider) -> Verdict {
    // An ID, four lists with two kinds of errors each, credentials twice, a max age, and the last check.
    let limit = 13 * configuration.rules.len();
    let checks = engine::with_configuration(configuration, |configuration| {
        convert::Conversion::new(configuration, to).checks()
    });
    that(
        checks <= limit,
        &format!("{checks} checks of rules, not at most {limit}"),
    )
}

/// Every change that a comparison returns is one: its example is granted under one of the policies and
/// refused under the other. The numbers are those of the changes, and as many pages are judged as
/// the limit says, or as the distinct sets of rules, methods and headers need.
///
/// # Errors
///
/// The change that is not true, or the number.
pub fn changes_are_true(provider: &Provider, old: &[u8], new: &[u8]) -> Verdict {
    let policy = |image| Policy::from_bytes(image).map_err(|error| error.to_string());
    let (old, new) = (policy(old)?, policy(new)?);
    let found = diff::diff(provider, &old, &new);
    let Changes {
        changes,
        more,
        granted,
        refused,
        judged,
        is_complete,
        ..
    } = &found;
    for change in changes {
        let page = browser::Page::new(&change.origin, change.method)
            .and_then(|page| match &change.header {
                Some(header) => page.with_header(header),
                None => Ok(page),
            })
            .map_err(|error| error.to_string())?
            .with_credentials(change.credentials);
        let [before, after] =
            [&old, &new].map(|policy| browser::judge(policy, provider, &page).ok());
        let expected = if change.granted {
            (None, Some(change.rule))
        } else {
            (Some(change.rule), None)
        };
        equal(&format!("{change:?}"), &expected, &(before, after))?;
    }
    equal(
        "number of changes",
        &(granted + refused),
        &(changes.len() + more),
    )?;
    equal(
        "shown",
        &(changes.len() + more).min(MAX_CHANGES),
        &changes.len(),
    )?;
    // At most four origins and three names are tried for each combination.
    let limit = MAX_JUDGED + 12;
    let bounded = *judged <= limit && (*is_complete || *judged >= MAX_JUDGED);
    that(
        bounded,
        &format!("{judged} pages were judged, is_complete {is_complete}"),
    )
}

fn values(rule: &Rule) -> impl Iterator<Item = &String> {
    let Rule {
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
        ..
    } = rule;
    [
        allowed_origins,
        allowed_methods,
        allowed_headers,
        expose_headers,
    ]
    .into_iter()
    .flatten()
}
