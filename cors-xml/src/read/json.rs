//! Reading JSON into a tree, and naming what is not JSON.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::document_error::DocumentErrorKind;
use super::members::node::{Entry, MAX_DEPTH, Node, NodeValue, Unreadable, has_typographic_quote};

/// Reads a text into a tree.
pub(super) fn tree(text: &str) -> Result<Node<'_>, Unreadable> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(root) => Ok(node(text, root, 0)),
        Err(error) => Err(unreadable(
            text,
            offset_of(text, error.line(), error.column()),
        )),
    }
}

fn node<'d>(text: &'d str, raw: &'d RawValue, depth: usize) -> Node<'d> {
    let written = raw.get();
    let value = match written.as_bytes().first() {
        _ if depth >= MAX_DEPTH => NodeValue::Literal,
        Some(b'n') => NodeValue::Null,
        Some(b'"') => string(raw).map_or(NodeValue::Literal, NodeValue::String),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(written).unwrap_or_default();
            let depth = depth.saturating_add(1);
            NodeValue::List(
                items
                    .into_iter()
                    .map(|item| node(text, item, depth))
                    .collect(),
            )
        }
        Some(b'{') => {
            let Members(members) = serde_json::from_str(written).unwrap_or_default();
            let depth = depth.saturating_add(1);
            let entries = members.into_iter().map(|(name, key, value)| Entry {
                name,
                offset: offset(text, key),
                value: node(text, value, depth),
            });
            NodeValue::Object(entries.collect())
        }
        _ => NodeValue::Literal,
    };
    Node {
        offset: offset(text, raw),
        text: written,
        value,
    }
}

/// Returns the offset of a part of the text. The part borrows from the text, so its address
/// determines the offset.
fn offset(text: &str, part: &RawValue) -> usize {
    let part = part.get().as_ptr().addr();
    part.saturating_sub(text.as_ptr().addr())
}

/// Returns the text of a string; `None` if it is not Unicode.
fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    let inner = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        let text: String = serde_json::from_str(value.get()).ok()?;
        return Some(Cow::Owned(text));
    }
    Some(Cow::Borrowed(inner))
}

/// Returns the byte offset of a line and column as counted by `serde_json`: from 1, the column in
/// bytes, with 0 for before the line.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = before
        .saturating_add(column.saturating_sub(1))
        .min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}

/// Names what is at the offset where the text stops being JSON.
fn unreadable(text: &str, offset: usize) -> Unreadable {
    let (before, rest) = text.split_at_checked(offset).unwrap_or((text, ""));
    let comma = before.trim_ascii_end().strip_suffix(',').map(str::len);
    let (kind, offset) = match (rest.as_bytes(), comma) {
        ([b'/', b'/' | b'*', ..] | [b'#', ..], _) => (DocumentErrorKind::Comment, offset),
        ([b'\'', ..], _) => (DocumentErrorKind::SingleQuote, offset),
        _ if has_typographic_quote(rest) => (DocumentErrorKind::TypographicQuote, offset),
        ([b']' | b'}', ..], Some(comma)) => (DocumentErrorKind::TrailingComma, comma),
        _ => (DocumentErrorKind::InvalidJson, offset),
    };
    Unreadable {
        kind,
        offset,
        why: None,
    }
}

/// The members of an object in order, including repeated ones: name, key and value.
#[derive(Default)]
struct Members<'d>(Vec<(Cow<'d, str>, &'d RawValue, &'d RawValue)>);

impl<'d> Deserialize<'d> for Members<'d> {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'d> Visitor<'d> for MembersVisitor {
            type Value = Members<'d>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Members<'d>, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<&'d RawValue, &'d RawValue>()? {
                    members.push((string(key).unwrap_or_default(), key, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}
