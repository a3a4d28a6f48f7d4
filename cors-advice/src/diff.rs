//! Finds the pages that a new configuration newly grants or refuses, each with an example judged
//! under both.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use cors_core::{Pattern, Policy};
use cors_xml::Provider;

use crate::browser::{Page, judge, sent_origin};

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

/// Compares two policies of one provider.
///
/// Every origin pattern is tried with every method, then with credentials, and with every header,
/// where that makes the difference. Each change was judged as a browser judges it, under both, with
/// an origin that browsers send. An empty result is not a proof: only a few origins are tried for
/// each pattern.
///
/// # Complexity
///
/// A few judgements for each combination of origin pattern, method and header of both policies. For
/// people and tools.
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
/// let changes = diff(&Provider::S3, &old, &new);
/// let changes: Vec<_> = changes.iter().map(|change| (change.granted, change.origin_pattern)).collect();
/// assert_eq!(changes, [(true, "https://*.a.example"), (false, "https://a.example")]);
/// # Ok::<(), cors_core::CompileError>(())
/// ```
pub fn diff<'p>(provider: &Provider, old: &Policy<'p>, new: &Policy<'p>) -> Vec<Change<'p>> {
    let rules = || old.rules().chain(new.rules());
    let patterns: BTreeSet<&str> = rules()
        .flat_map(|rule| rule.allowed_origins.iter())
        .collect();
    let methods: BTreeSet<&str> = rules()
        .flat_map(|rule| rule.allowed_methods.iter())
        .collect();
    let headers: BTreeSet<String> = rules()
        .flat_map(|rule| {
            rule.allowed_headers
                .iter()
                .chain(rule.expose_headers.iter())
        })
        .map(str::to_ascii_lowercase)
        .collect();
    let mut seen = BTreeSet::new();
    let mut changes = Vec::new();
    for pattern in patterns {
        for method in &methods {
            let plain = [(None, false), (None, true)].into_iter();
            let more = headers.iter().map(|name| (Some(name), false));
            for (header, credentials) in plain.chain(more) {
                let names = header.map_or_else(
                    || vec![None],
                    |name| {
                        samples(name, &ANY_HEADER, &HEADER_WILDCARDS)
                            .into_iter()
                            .map(Some)
                            .collect()
                    },
                );
                let change = names.into_iter().find_map(|name| {
                    let pages = Pages {
                        origin_pattern: pattern,
                        method,
                        header: name,
                        credentials,
                    };
                    pages.change(provider, old, new)
                });
                let Some(change) = change else { continue };
                // The same change with the header, or with credentials, is not repeated.
                if header.is_none() && !credentials {
                    seen.insert((pattern, *method, change.granted));
                } else if seen.contains(&(pattern, *method, change.granted)) {
                    continue;
                }
                changes.push(change);
            }
        }
    }
    changes
}

/// Pages whose origins match a pattern.
struct Pages<'p> {
    origin_pattern: &'p str,
    method: &'p str,
    header: Option<String>,
    credentials: bool,
}

impl<'p> Pages<'p> {
    /// The first difference among them, if there is one.
    fn change(
        &self,
        provider: &Provider,
        old: &Policy<'p>,
        new: &Policy<'p>,
    ) -> Option<Change<'p>> {
        let origins = origins(self.origin_pattern);
        origins.into_iter().find_map(|origin| {
            let page = self.on(&origin)?;
            let (granted, rule) = match [old, new].map(|policy| judge(policy, provider, &page)) {
                [Err(_), Ok(rule)] => (true, rule),
                [Ok(rule), Err(_)] => (false, rule),
                _ => return None,
            };
            Some(Change {
                granted,
                origin_pattern: self.origin_pattern,
                origin,
                method: self.method,
                header: self.header.clone(),
                credentials: self.credentials,
                rule,
            })
        })
    }

    /// The page on one origin, if a browser can have it.
    fn on(&self, origin: &str) -> Option<Page> {
        let page = Page::new(origin, self.method).ok()?;
        let page = match &self.header {
            Some(header) => page.with_header(header).ok()?,
            None => page,
        };
        Some(page.with_credentials(self.credentials))
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
