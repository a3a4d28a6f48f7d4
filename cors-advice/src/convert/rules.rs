//! What a conversion asks of rules and lists, and removes from them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use cors_core::dialect::{AllowCredentials, AllowOrigin, MethodSet};
use cors_core::{CompileError, CompileErrorKind, Configuration, Dialect, Rule};

use crate::block::{Comparison, covers_all};
use crate::owners::OriginOwners;

/// Removes as many of the last values of a kind as there are too many, and returns them, the last
/// one first.
pub(super) fn remove_last<'c>(
    list: &mut Vec<&'c str>,
    limit: u16,
    is_of_kind: impl Fn(&str) -> bool,
) -> Vec<&'c str> {
    let mut seen = 0_usize;
    let mut removed = list
        .extract_if(.., |value| {
            seen = seen.saturating_add(usize::from(is_of_kind(value)));
            is_of_kind(value) && seen > usize::from(limit)
        })
        .collect::<Vec<_>>();
    removed.reverse();
    removed
}

/// Removes the items that have an error, and returns them with it.
pub(super) fn remove_items<'c>(
    list: &mut Vec<&'c str>,
    errors: &[CompileError],
) -> Vec<(CompileErrorKind, &'c str)> {
    let mut removed = Vec::new();
    let mut errors = errors.iter().peekable();
    let mut item = 0_usize;
    list.retain(|value| {
        let error = errors.next_if(|error| error.item == Some(item));
        item = item.saturating_add(1);
        removed.extend(error.map(|error| (error.kind, *value)));
        error.is_none()
    });
    removed
}

/// Whether a rule's answers allow credentials.
pub(super) fn allows_credentials(dialect: &Dialect, rule: &Rule<'_>) -> bool {
    let mut origins = rule.allowed_origins.iter();
    let answers_wildcard = match dialect.response.allow_origin {
        AllowOrigin::WildcardInRule => origins.any(|origin| origin == "*"),
        AllowOrigin::OnlyWildcard => origins.eq(["*"]),
    };
    match dialect.response.allow_credentials {
        AllowCredentials::Never => false,
        AllowCredentials::UnlessWildcard => !answers_wildcard,
        AllowCredentials::OptIn => rule.allow_credentials,
    }
}

/// Each rule that comes before another for the same origin and method, and allows fewer headers; with
/// the first such other.
pub(super) fn shadowed(configuration: &Configuration<'_>) -> Vec<(usize, usize)> {
    let Configuration { dialect, rules, .. } = *configuration;
    let methods = dialect.evaluation.methods;
    let owners = OriginOwners::new(dialect.origin_comparison, rules.iter().copied());
    let overlaps = owners.overlaps(rules.len());
    let distinct = rules
        .iter()
        .map(|rule| rule.allowed_methods.iter().collect());
    let distinct: Vec<BTreeSet<&str>> = distinct.collect();
    let of_rule = |(index, (rule, later)): (usize, (&Rule<'_>, BTreeSet<usize>))| {
        let other = later
            .into_iter()
            .filter(|other| *other > index)
            .find(|number| {
                let own = distinct.get(index).zip(distinct.get(*number));
                own.is_some_and(|(own, other)| shares_method(methods, own, other))
                    && rules.get(*number).is_some_and(|other| {
                        let [list, others] =
                            [rule, other].map(|rule| rule.requestable_headers(dialect));
                        !covers_all(list, others, Comparison::Names, |_| ())
                    })
            })?;
        Some((index, other))
    };
    let rules = rules.iter().zip(overlaps).enumerate();
    rules.filter_map(of_rule).collect()
}

/// Whether some method matches both rules.
fn shares_method(methods: MethodSet, one: &BTreeSet<&str>, other: &BTreeSet<&str>) -> bool {
    let has_any = |list: &BTreeSet<&str>| methods.allows("*", b"GET") && list.contains("*");
    let all = |list: &BTreeSet<&str>, others: &BTreeSet<&str>| has_any(list) && !others.is_empty();
    all(one, other) || all(other, one) || !one.is_disjoint(other)
}
