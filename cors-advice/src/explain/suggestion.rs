//! What would let a page read that cannot: changes to its request, to the rules, or to both.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cors_core::{Field, MAX_REQUEST_HEADER_NAMES, Policy};
use cors_xml::Form;

use super::page_change::{PageChange, method_names};
use super::rule_change::{RuleChange, Search};
use crate::browser::{Page, judge};
use crate::edit::Edit;

/// Changes after which the page can read the response. They have been tried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Suggestion {
    /// A word that is stable across versions: of the change to the rules `add_allowed_origin`,
    /// `add_allowed_method`, `add_allowed_header`, `complete_rule`, `add_rule` or `name_origin`; if the rules stay, of the change to the request `correct_origin`,
    /// `correct_method`, `leave_out_header` or `drop_credentials`.
    pub change: &'static str,
    /// The index of the rule to change, from 0.
    pub rule: Option<usize>,
    /// The values to add, or of the headers to leave out.
    pub values: Vec<String>,
    /// The changes in words: clauses joined with `, and `, as the document spells its values.
    pub text: String,
    /// The changes to the page's request.
    pub page: Vec<PageChange>,
    /// The changes to the rules, in order.
    pub edits: Vec<Edit>,
}

impl Suggestion {
    /// Returns the page after the changes to its request; `None` if no page can be so.
    pub fn applied_to(&self, page: &Page) -> Option<Page> {
        let mut changes = self.page.iter();
        changes.try_fold(page.clone(), |page, change| change.applied(&page))
    }

    fn new(form: Form<'_>, page: Vec<PageChange>, rules: Option<RuleChange>) -> Suggestion {
        let (edits, caution) = match rules {
            Some(change) => (change.edits, change.caution),
            None => (Vec::new(), None),
        };
        let of_page = page
            .iter()
            .map(|change| change.text(form.provider().dialect.name));
        let of_rules = edits.iter().map(|edit| edit.in_form(form).to_string());
        let mut text = of_page.chain(of_rules).collect::<Vec<_>>().join(", and ");
        if let Some(caution) = caution {
            text = format!("{text} ({caution})");
        }
        let of_rules = edits.iter().flat_map(values);
        let values = if edits.is_empty() {
            page.iter().flat_map(PageChange::values).collect()
        } else {
            of_rules.collect()
        };
        Suggestion {
            change: word(&page, &edits),
            rule: edits.first().and_then(Edit::rule),
            values,
            text,
            page,
            edits,
        }
    }
}

/// The suggestion, or why there is none. A request with more than 256 header names is refused under
/// any rules.
pub(super) fn find(
    policy: &Policy<'_>,
    form: Form<'_>,
    page: &Page,
) -> Result<Suggestion, Option<String>> {
    if page.preflight_need().header_names.len() > MAX_REQUEST_HEADER_NAMES {
        return Err(None);
    }
    let dialect = &form.provider().dialect;
    let corrections = PageChange::corrections(policy, page);
    let mut changes = corrections.iter();
    let corrected = changes.try_fold(page.clone(), |page, change| change.applied(&page));
    let corrected = corrected.ok_or(None)?;
    let method = corrected.method();
    if !dialect.evaluation.methods.contains(method.as_bytes()) {
        let names = method_names(dialect.evaluation.methods);
        return Err(Some(if method == "OPTIONS" {
            format!(
                "OPTIONS needs no rule on {}: preflights are answered by the rules of the method that they ask for, {names}",
                dialect.name
            )
        } else {
            format!("there is no {method} on {}; use {names}", dialect.name)
        }));
    }
    if let Some(suggestion) = with_page(policy, form, corrections.clone(), &corrected) {
        return Ok(suggestion);
    }
    let without = corrected.has_credentials().then(|| {
        let changes = [corrections, [PageChange::WithoutCredentials].into()].concat();
        let page = corrected.clone().with_credentials(false);
        with_page(policy, form, changes, &page)
    });
    without.flatten().ok_or_else(|| origin_obstacle(&corrected))
}

/// What helps the corrected page: nothing more, or a change to the rules.
fn with_page(
    policy: &Policy<'_>,
    form: Form<'_>,
    changes: Vec<PageChange>,
    page: &Page,
) -> Option<Suggestion> {
    let rules = match judge(policy, form.provider(), page) {
        // A page that is not changed has failed already.
        Ok(_) => None,
        Err(failure) => Some(Search { policy, form, page }.find(&failure)?),
    };
    Some(Suggestion::new(form, changes, rules))
}

/// Why no rule is written for an origin.
fn origin_obstacle(page: &Page) -> Option<String> {
    if page.origin() == "null" {
        return Some("null is the origin of local files and of frames with a sandbox, and a rule for it lets every site in; serve the page from an origin of its own, such as http://localhost:8000".to_string());
    }
    page.origin_oddity().map(|why| {
        format!(
            "a browser does not send the origin {}: {why}",
            page.origin()
        )
    })
}

fn word(page: &[PageChange], edits: &[Edit]) -> &'static str {
    match edits {
        [] => page.first().map_or("", PageChange::word),
        [Edit::Add { field, .. }] => match field {
            Field::AllowedOrigin => "add_allowed_origin",
            Field::AllowedMethod => "add_allowed_method",
            _ => "add_allowed_header",
        },
        [Edit::InsertRule { .. }] => "add_rule",
        [Edit::Replace { .. }] => "name_origin",
        _ => "complete_rule",
    }
}

/// The values that a change adds.
fn values(edit: &Edit) -> Vec<String> {
    match edit {
        Edit::Add { values, .. } | Edit::Replace { with: values, .. } => values.clone(),
        Edit::InsertRule { new, .. } => [
            &*new.allowed_origins,
            &new.allowed_methods,
            &new.allowed_headers,
            &new.expose_headers,
        ]
        .concat(),
        _ => Vec::new(),
    }
}
