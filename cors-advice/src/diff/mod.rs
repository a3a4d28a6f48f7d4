//! Finds the pages that a new configuration newly grants or refuses, each with an example judged
//! under both.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use cors_core::{MAX_ORIGIN_BYTES, Pattern, Policy};
use cors_xml::Provider;

use crate::browser::{Page, judge, sent_origin};
use crate::owners::OriginOwners;

/// A set of pages that two policies treat differently, with an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Change<'p> {
    /// Whether the new configuration grants the request.
    pub granted: bool,
    /// The pattern that the example was made from.
    pub origin_pattern: &'p str,
    /// The origin of the example.
    pub origin: String,
    /// The method.
    pub method: &'p str,
    /// The request header that is needed for the difference.
    pub header: Option<String>,
    /// Whether only pages that send credentials are affected.
    pub credentials: bool,
    /// The index of the rule that grants, from 0, in the configuration that grants.
    pub rule: usize,
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Changes<'p> {
    /// The first [`MAX_CHANGES`] changes, in the order of pattern, method and header.
    pub changes: Vec<Change<'p>>,
    /// How many more changes there are.
    pub more: usize,
    /// How many changes grant a request that was refused, those in `more` included.
    pub granted: usize,
    /// How many changes refuse a request that was granted, those in `more` included.
    pub refused: usize,
    /// How many pages were judged under both policies.
    pub judged: usize,
    /// Whether all pages were judged. If not, there are more than [`MAX_JUDGED`], and the numbers are
    /// those of the pages that were.
    pub is_complete: bool,
}

/// The maximum number of changes in [`Changes::changes`]: more than a person reads.
pub const MAX_CHANGES: usize = 1000;

/// The maximum number of pages that a comparison judges: some seconds of work. Two configurations
/// of a hundred rules with fifty headers need less.
pub const MAX_JUDGED: usize = 1 << 20;

/// Compares two policies of one provider.
///
/// Every origin pattern is tried with every method, then with credentials, and with every header,
/// where that makes the difference. Each change was judged as a browser judges it, under both, for
/// one of the patterns that belong to the same rules; the others differ in the same way. Only
/// origins that browsers send are tried. An empty result is not a proof: only a few origins are
/// tried for each pattern.
///
/// # Complexity
///
/// A few judgements for each combination of method, header and set of origin patterns that belong
/// to the same rules, at most [`MAX_JUDGED`]; beside that, linear in the policies and their origin
/// patterns. For people and tools.
///
/// # Examples
///
/// ```
/// use cors_advice::diff::diff;
/// use cors_core::{Configuration, Dialect, List, PolicyVec, Rule};
/// use cors_xml::Provider;
///
/// let compile = |origins: &[&str]| -> Result<PolicyVec, cors_core::CompileError> {
///     let rule = Rule { allowed_origins: List::new(origins), allowed_methods: List::new(&["GET"]), ..Rule::EMPTY };
///     Configuration::new(&Dialect::S3, &[rule]).checked()?.compile()
/// };
/// let (old, new) = (compile(&["https://a.example"])?, compile(&["https://*.a.example"])?);
/// let (old, new) = (old.as_policy(), new.as_policy());
/// let found = diff(&Provider::S3, &old, &new);
/// let changes: Vec<_> = found.changes.iter().map(|change| (change.granted, change.origin_pattern)).collect();
/// assert_eq!(changes, [(true, "https://*.a.example"), (false, "https://a.example")]);
/// # Ok::<(), cors_core::CompileError>(())
/// ```
pub fn diff<'p>(provider: &Provider, old: &Policy<'p>, new: &Policy<'p>) -> Changes<'p> {
    let rules = || old.rules().chain(new.rules());
    let patterns: BTreeSet<&str> = rules()
        .flat_map(|rule| rule.allowed_origins.iter())
        .collect();
    let mut comparison = Comparison {
        provider,
        policies: [old, new],
        methods: rules()
            .flat_map(|rule| rule.allowed_methods.iter())
            .collect(),
        headers: rules()
            .flat_map(|rule| {
                rule.allowed_headers
                    .iter()
                    .chain(rule.expose_headers.iter())
            })
            .map(str::to_ascii_lowercase)
            .collect(),
        judged: 0,
    };
    let owners = OriginOwners::new(rules());
    let mut classes = BTreeMap::new();
    let mut found = Changes {
        changes: Vec::new(),
        more: 0,
        granted: 0,
        refused: 0,
        judged: 0,
        is_complete: true,
    };
    for pattern in patterns {
        let origins = origins(pattern);
        let key: Vec<_> = origins
            .iter()
            .map(|origin| class(&owners, origin))
            .collect();
        let class = classes.entry(key).or_insert_with(|| {
            comparison.of(&origins, MAX_CHANGES.saturating_sub(found.changes.len()))
        });
        found.granted = found.granted.saturating_add(class.granted);
        found.refused = found.refused.saturating_add(class.refused);
        found.is_complete &= class.is_complete;
        let room = MAX_CHANGES.saturating_sub(found.changes.len());
        let shown = class.differences.iter().take(room);
        found.changes.extend(shown.filter_map(|difference| {
            Some(Change {
                granted: difference.granted,
                origin_pattern: pattern,
                origin: origins.get(difference.origin)?.clone(),
                method: difference.method,
                header: difference.header.clone(),
                credentials: difference.credentials,
                rule: difference.rule,
            })
        }));
    }
    let all = found.granted.saturating_add(found.refused);
    found.more = all.saturating_sub(found.changes.len());
    found.judged = comparison.judged;
    found
}

/// What a decision depends on in an origin: whether a page can have it and a request carry it, and
/// the rules that it matches.
fn class(owners: &OriginOwners<'_>, origin: &str) -> (bool, bool, BTreeSet<usize>) {
    let is_possible = Page::new(origin, "GET").is_ok();
    let is_short = origin.len() <= MAX_ORIGIN_BYTES;
    (is_possible, is_short, owners.matching(origin))
}

/// Two policies, and what pages are made of.
struct Comparison<'a, 'p> {
    provider: &'a Provider,
    policies: [&'a Policy<'p>; 2],
    methods: BTreeSet<&'p str>,
    headers: BTreeSet<String>,
    judged: usize,
}

/// The changes of the origin patterns that belong to the same rules.
struct Class<'p> {
    /// The first ones, as many as are shown.
    differences: Vec<Difference<'p>>,
    granted: usize,
    refused: usize,
    is_complete: bool,
}

/// A change, without the origin's text.
struct Difference<'p> {
    granted: bool,
    /// The index of the sample.
    origin: usize,
    method: &'p str,
    header: Option<String>,
    credentials: bool,
    rule: usize,
}

impl<'p> Comparison<'_, 'p> {
    /// The changes of pages on these origins; at most `room` of them are kept.
    fn of(&mut self, origins: &[String], room: usize) -> Class<'p> {
        let mut class = Class {
            differences: Vec::new(),
            granted: 0,
            refused: 0,
            is_complete: true,
        };
        let methods: Vec<&'p str> = self.methods.iter().copied().collect();
        let headers = core::mem::take(&mut self.headers);
        for method in methods {
            let mut seen = [false; 2];
            let plain = [(None, false), (None, true)].into_iter();
            let more = headers.iter().map(|name| (Some(name), false));
            for (header, credentials) in plain.chain(more) {
                if self.judged >= MAX_JUDGED {
                    class.is_complete = false;
                    break;
                }
                let names = header.map_or_else(
                    || vec![None],
                    |name| {
                        samples(name, &ANY_HEADER, &HEADER_WILDCARDS)
                            .into_iter()
                            .map(Some)
                            .collect()
                    },
                );
                let difference = names.into_iter().find_map(|name| {
                    self.difference(origins, method, name.as_deref(), credentials)
                });
                let Some(difference) = difference else {
                    continue;
                };
                // The same change with the header, or with credentials, is not repeated.
                let [refused, granted] = &mut seen;
                let seen = if difference.granted { granted } else { refused };
                if *seen {
                    continue;
                }
                *seen = header.is_none() && !credentials;
                let number = if difference.granted {
                    &mut class.granted
                } else {
                    &mut class.refused
                };
                *number = number.saturating_add(1);
                if class.differences.len() < room {
                    class.differences.push(difference);
                }
            }
        }
        self.headers = headers;
        class
    }

    /// The first difference among pages on these origins, if there is one.
    fn difference(
        &mut self,
        origins: &[String],
        method: &'p str,
        header: Option<&str>,
        credentials: bool,
    ) -> Option<Difference<'p>> {
        origins.iter().enumerate().find_map(|(index, origin)| {
            self.judged = self.judged.saturating_add(1);
            let page = Page::new(origin, method).ok()?;
            let page = match header {
                Some(header) => page.with_header(header).ok()?,
                None => page,
            };
            let page = page.with_credentials(credentials);
            let judged = self
                .policies
                .map(|policy| judge(policy, self.provider, &page));
            let (granted, rule) = match judged {
                [Err(_), Ok(rule)] => (true, rule),
                [Ok(rule), Err(_)] => (false, rule),
                _ => return None,
            };
            Some(Difference {
                granted,
                origin: index,
                method,
                header: header.map(str::to_owned),
                credentials,
                rule,
            })
        })
    }
}

/// Replacements for the `*` in an origin: a label, two labels, a label that no rule contains,
/// nothing, and a port.
const ORIGIN_WILDCARDS: [&str; 5] = ["app", "a.b", "zq7x9", "", "8080"];
/// Origins whose beginning can be that of a pattern without a whole scheme.
const BEGINNINGS: [&str; 6] = [
    "http://app",
    "https://app",
    "http://a.b",
    "https://a.b",
    "http://zq7x9",
    "https://zq7x9",
];
/// Replacements for a lone `*` as an origin.
const ANY_ORIGIN: [&str; 2] = ["https://zq7x9.example", "null"];
/// Replacements for a lone `*` as a header name.
const ANY_HEADER: [&str; 1] = ["zq7x9"];
/// Replacements for the `*` in a header name.
const HEADER_WILDCARDS: [&str; 3] = ["a", "zq7x9", ""];

/// Origins that browsers send and a pattern matches.
fn origins(pattern: &str) -> Vec<String> {
    let mut origins = samples(pattern, &ANY_ORIGIN, &ORIGIN_WILDCARDS);
    if let Some(Pattern::Affix { prefix, suffix }) = Pattern::parse(pattern) {
        let beginnings = BEGINNINGS.iter().filter(|text| text.starts_with(prefix));
        origins.extend(beginnings.map(|text| format!("{text}{suffix}")));
    }
    origins.retain(|origin| sent_origin(origin).as_ref() == Some(origin));
    origins
}

/// Values that a pattern matches.
fn samples(pattern: &str, any: &[&str], wildcards: &[&str]) -> Vec<String> {
    match Pattern::parse(pattern) {
        Some(Pattern::Any) => any.iter().map(|text| (*text).to_owned()).collect(),
        Some(Pattern::Affix { prefix, suffix }) => wildcards
            .iter()
            .map(|text| format!("{prefix}{text}{suffix}"))
            .collect(),
        Some(Pattern::Exact(_)) | None => vec![pattern.to_owned()],
    }
}
