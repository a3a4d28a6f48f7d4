//! Changes to a page's request that help it, whatever the rules are.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cors_core::Policy;
use cors_core::dialect::MethodSet;

use crate::browser::{Page, sent_origin};

/// A change to a page's request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum PageChange {
    /// Ask for the origin that a browser sends.
    Origin(String),
    /// Spell the method so.
    Method(String),
    /// Leave out these headers, which only a response has.
    LeaveOut(BTreeSet<String>),
    /// Leave out the credentials.
    WithoutCredentials,
}

impl PageChange {
    /// Returns the page after the change; `None` if no page can be so.
    pub fn applied(&self, page: &Page) -> Option<Page> {
        let page = page.clone();
        match self {
            PageChange::Origin(origin) => page.with_origin(origin).ok(),
            PageChange::Method(method) => page.with_method(method).ok(),
            PageChange::LeaveOut(names) => Some(page.without_headers(names)),
            PageChange::WithoutCredentials => Some(page.with_credentials(false)),
        }
    }

    /// What is not right about the request by itself, and how to correct it.
    pub(super) fn corrections(policy: &Policy<'_>, page: &Page) -> Vec<PageChange> {
        let origin = sent_origin(page.origin())
            .filter(|sent| sent != page.origin())
            .map(PageChange::Origin);
        let method = upper_case_method(policy, page.method()).map(PageChange::Method);
        let names = page.response_headers();
        let headers = (!names.is_empty()).then_some(PageChange::LeaveOut(names));
        [origin, method, headers].into_iter().flatten().collect()
    }

    /// The kind of change as a word that is stable across versions.
    pub(super) fn word(&self) -> &'static str {
        match self {
            PageChange::Origin(_) => "correct_origin",
            PageChange::Method(_) => "correct_method",
            PageChange::LeaveOut(_) => "leave_out_header",
            PageChange::WithoutCredentials => "drop_credentials",
        }
    }

    pub(super) fn values(&self) -> Vec<String> {
        match self {
            PageChange::Origin(value) | PageChange::Method(value) => [value.clone()].into(),
            PageChange::LeaveOut(names) => names.iter().cloned().collect(),
            PageChange::WithoutCredentials => Vec::new(),
        }
    }

    /// The change as a clause.
    pub(super) fn text(&self, dialect: &str) -> String {
        match self {
            PageChange::Origin(origin) => format!("take {origin}: that is what a browser sends"),
            PageChange::Method(method) => {
                format!("send {method} in upper case: fetch() leaves this method as it is")
            }
            PageChange::LeaveOut(names) => {
                let list: Vec<&str> = names.iter().map(String::as_str).collect();
                let is = if list.len() > 1 {
                    "these are response headers"
                } else {
                    "it is a response header"
                };
                format!("leave {} out of the request: {is}", list.join(", "))
            }
            PageChange::WithoutCredentials => format!(
                "make the page fetch without credentials: {dialect} does not allow them here"
            ),
        }
    }
}

/// The method in upper case, if a rule lists it so or the dialect only knows it so. `fetch()`
/// changes the case of six methods only.
fn upper_case_method(policy: &Policy<'_>, method: &str) -> Option<String> {
    let upper = method.to_ascii_uppercase();
    let methods = policy.evaluation().methods;
    let is_listed = |method: &str| {
        let mut rules = policy.rules();
        rules.any(|rule| rule.allowed_methods.iter().any(|listed| listed == method))
    };
    let is_better = upper != method
        && methods.contains(upper.as_bytes())
        && (!methods.contains(method.as_bytes()) || (is_listed(&upper) && !is_listed(method)));
    is_better.then_some(upper)
}

/// The methods of a dialect, for a message; empty if it has any.
pub(super) fn method_names(methods: MethodSet) -> String {
    const KNOWN: [&str; 10] = [
        "GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "MERGE", "OPTIONS", "CONNECT", "TRACE",
    ];
    if methods.contains(b"ANY-TOKEN") {
        return String::new();
    }
    let names: Vec<&str> = KNOWN
        .into_iter()
        .filter(|name| methods.contains(name.as_bytes()))
        .collect();
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}
