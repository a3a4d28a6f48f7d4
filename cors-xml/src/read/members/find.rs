//! Finding the rules in a document: alone, in the object of the form, or inside a record or template.

use alloc::vec::Vec;

use cors_core::Field;

use super::node::{Node, NodeValue};
use crate::shapes::{Member, MemberShape};

/// Where the rules are.
pub(super) enum Found<'n, 'd> {
    /// The array of rules is the document.
    Bare(&'n Node<'d>),
    /// The document is one rule, without an array.
    OneRule(&'n Node<'d>),
    /// In an object, or in several.
    In(Vec<&'n Node<'d>>),
    Nowhere,
}

/// Finds the rules of a document.
pub(super) fn find<'n, 'd>(shape: &MemberShape, root: &'n Node<'d>) -> Found<'n, 'd> {
    let mut found = Vec::new();
    if let Some(items) = root.as_list() {
        // A list of records, or of rules.
        for item in items {
            search(shape, item, true, false, &mut found);
        }
        if found.is_empty() && shape.may_be_bare {
            return Found::Bare(root);
        }
    } else {
        search(shape, root, true, false, &mut found);
        if found.is_empty() && is_rule(shape, root) {
            return Found::OneRule(root);
        }
    }
    if found.is_empty() {
        Found::Nowhere
    } else {
        Found::In(found)
    }
}

/// Collects the objects that have the member with the rules, if they are the outermost or inside one
/// of the shape's members.
fn search<'n, 'd>(
    shape: &MemberShape,
    node: &'n Node<'d>,
    is_outermost: bool,
    is_within: bool,
    found: &mut Vec<&'n Node<'d>>,
) {
    match &node.value {
        NodeValue::Object(entries) => {
            let has_rules = entries.iter().any(|entry| shape.is_wrapper(&entry.name));
            if has_rules && (is_outermost || is_within) {
                return found.push(node);
            }
            for entry in entries {
                let is_within = is_within || shape.within.contains(&&*entry.name);
                search(shape, &entry.value, false, is_within, found);
            }
        }
        NodeValue::List(items) => {
            for item in items {
                search(shape, item, false, is_within, found);
            }
        }
        NodeValue::Null | NodeValue::String(_) | NodeValue::Literal | NodeValue::Expression => {}
    }
}

/// Whether an object has a member that only a rule has.
fn is_rule(shape: &MemberShape, node: &Node<'_>) -> bool {
    let entries = node.as_object().unwrap_or_default();
    entries.iter().any(|entry| {
        let known = shape.members.iter().find(|(name, _)| *name == entry.name);
        known.is_some_and(|(_, member)| match member {
            Member::Value(field) => matches!(field, Field::AllowedOrigin | Field::AllowedMethod),
            Member::Object(_) => true,
            Member::Target => false,
        })
    })
}
