//! `cors diff`: which pages a new configuration lets through or keeps out, each with an example that was decided.

use std::collections::BTreeSet;
use std::io::{self, Write};

use cors_core::{Pattern, Policy, Request, ResponseHeader};
use serde::Serialize;

use crate::arguments::DiffArguments;
use crate::configuration::Source;
use crate::{End, Stopped};

/// Pages that are treated otherwise, and one of them.
#[derive(Serialize)]
struct Change<'c> {
    /// Whether the new configuration grants.
    granted: bool,
    /// The pattern that the example was made of.
    origin_pattern: &'c str,
    origin: String,
    method: &'c str,
    /// A request header without which nothing changes.
    header: Option<String>,
    /// Whether it changes for pages that send credentials only.
    credentials: bool,
    /// The rule that grants, counted from 0, in the configuration that does.
    rule: usize,
}

pub(crate) fn run(arguments: &DiffArguments) -> Result<End, Stopped> {
    if arguments.old == "-" && arguments.new == "-" {
        let why = "OLD and NEW cannot both be standard input; give a path for one of them";
        return Err(Stopped(why.to_owned()));
    }
    let dialect = arguments.dialect.dialect();
    let old = Source::read(&arguments.old)?.compile(dialect)?;
    let new = Source::read(&arguments.new)?.compile(dialect)?;
    let (old, new) = (old.as_policy(), new.as_policy());
    let changes = changes(&old, &new);
    let mut out = io::stdout().lock();
    if arguments.json {
        let report = serde_json::json!({ "changes": changes });
        writeln!(out, "{report}")?;
    } else {
        for change in &changes {
            write_change(&mut out, change)?;
        }
        let granted = changes.iter().filter(|change| change.granted).count();
        let refused = changes.len().saturating_sub(granted);
        writeln!(out, "newly granted: {granted}, newly refused: {refused}")?;
    }
    Ok(if changes.is_empty() {
        End::Good
    } else {
        End::Bad
    })
}

fn write_change(out: &mut impl Write, change: &Change<'_>) -> io::Result<()> {
    let Change {
        origin_pattern,
        origin,
        method,
        ..
    } = change;
    let sign = if change.granted { '+' } else { '-' };
    let verb = if change.granted {
        "granted by new"
    } else {
        "refused, was granted by old"
    };
    let rule = change.rule.saturating_add(1);
    let header = change.header.as_deref();
    let with = match (header, change.credentials) {
        (None, false) => String::new(),
        (None, true) => " with credentials".to_owned(),
        (Some(name), _) => format!(" with {name}"),
    };
    writeln!(
        out,
        "{sign} {method} from {origin_pattern}{with}: {verb} rule {rule}, for instance {origin}"
    )
}

/// Compares pattern by pattern, method by method, then with credentials, and header by header, where that makes the
/// difference.
fn changes<'c>(old: &Policy<'c>, new: &Policy<'c>) -> Vec<Change<'c>> {
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
                    let page = Page {
                        origin_pattern: pattern,
                        method,
                        header: name,
                        credentials,
                    };
                    page.change(old, new)
                });
                let Some(change) = change else { continue };
                // With the header, or with credentials, it is the same change as without.
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
struct Page<'c> {
    origin_pattern: &'c str,
    method: &'c str,
    header: Option<String>,
    credentials: bool,
}

impl<'c> Page<'c> {
    /// How one of them is treated otherwise, if one is.
    fn change(&self, old: &Policy<'c>, new: &Policy<'c>) -> Option<Change<'c>> {
        let origins = samples(self.origin_pattern, &ANY_ORIGIN, &ORIGIN_WILDCARDS);
        origins.into_iter().find_map(|origin| {
            let header = self.header.as_deref();
            let granted = [old, new].map(|policy| self.passes(policy, &origin, header));
            let (granted, rule) = match granted {
                [None, Some(rule)] => (true, rule),
                [Some(rule), None] => (false, rule),
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

    /// The rule that lets a page through: its preflight, with the header listed and credentials allowed.
    fn passes(&self, policy: &Policy<'_>, origin: &str, header: Option<&str>) -> Option<usize> {
        let lines: Vec<&[u8]> = header.iter().map(|name| name.as_bytes()).collect();
        let preflight = Request {
            method: b"OPTIONS",
            origin: Some(origin.as_bytes()),
            access_control_request_method: Some(self.method.as_bytes()),
            access_control_request_headers: &lines,
        };
        let decision = policy.decide(&preflight);
        let rule = decision.grant()?.rule_index();
        let has = |wanted: ResponseHeader, is_due: &dyn Fn(&str) -> bool| {
            let headers = decision.headers();
            headers
                .iter()
                .any(|(header, value)| header == wanted && is_due(&value.to_string()))
        };
        let is_listed = header.is_none_or(|name| {
            has(ResponseHeader::AccessControlAllowHeaders, &|list| {
                let mut names = list.split(", ");
                names.any(|listed| listed.eq_ignore_ascii_case(name))
            })
        });
        let allows_credentials = !self.credentials
            || has(ResponseHeader::AccessControlAllowCredentials, &|value| {
                value == "true"
            });
        (is_listed && allows_credentials).then_some(rule)
    }
}

/// What stands for the `*` of an origin: a label, two labels, a label that nobody names, and nothing.
const ORIGIN_WILDCARDS: [&str; 4] = ["app", "a.b", "zq7x9", ""];
/// What stands for `*` alone as an origin.
const ANY_ORIGIN: [&str; 2] = ["https://zq7x9.example", "null"];
/// What stands for `*` alone as a header name.
const ANY_HEADER: [&str; 1] = ["zq7x9"];
/// What stands for the `*` of a header name.
const HEADER_WILDCARDS: [&str; 3] = ["a", "zq7x9", ""];

/// Values that a pattern matches.
fn samples(pattern: &str, any: &[&str], stars: &[&str]) -> Vec<String> {
    match Pattern::parse(pattern) {
        Some(Pattern::Any) => any.iter().map(|text| (*text).to_owned()).collect(),
        Some(Pattern::Affix { prefix, suffix }) => stars
            .iter()
            .map(|star| format!("{prefix}{star}{suffix}"))
            .collect(),
        Some(Pattern::Exact(_)) | None => vec![pattern.to_owned()],
    }
}
