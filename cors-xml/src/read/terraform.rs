//! Reading Terraform's configuration language into a tree, without computing anything.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};

use super::document_error::DocumentErrorKind;
use super::members::node::{Entry, Node, NodeValue, Unreadable, has_typographic_quote};

/// Reads a text into a tree. A block is an object in a list of all blocks of its name, inside an
/// object for each of its labels.
pub(super) fn tree(text: &str) -> Result<Node<'_>, Unreadable> {
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => Ok(Node {
            offset: 0,
            text,
            value: object(text, &body),
        }),
        Err(error) => {
            let mut offset = error.location().offset().min(text.len());
            while !text.is_char_boundary(offset) {
                offset = offset.saturating_sub(1);
            }
            let rest = text.get(offset..).unwrap_or_default();
            let why = error.message().into();
            let (kind, why) = if has_typographic_quote(rest) {
                (DocumentErrorKind::TypographicQuote, None)
            } else {
                (DocumentErrorKind::InvalidTerraform, Some(why))
            };
            Err(Unreadable { kind, offset, why })
        }
    }
}

fn object<'d>(text: &'d str, body: &Body) -> NodeValue<'d> {
    let mut entries: Vec<Entry<'d>> = Vec::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => entries.push(Entry {
                name: Cow::Owned(attribute.key.as_str().into()),
                offset: range(text, attribute.key.span()).start,
                value: value(text, &attribute.value),
            }),
            Structure::Block(block) => {
                let (name, node) = of_block(text, block);
                let list = entries
                    .iter_mut()
                    .find_map(|entry| match &mut entry.value.value {
                        NodeValue::List(blocks) if entry.name == name => Some(blocks),
                        _ => None,
                    });
                match list {
                    Some(blocks) => blocks.push(node),
                    None => entries.push(Entry {
                        name: Cow::Owned(name.into()),
                        offset: node.offset,
                        value: Node {
                            offset: node.offset,
                            text: node.text,
                            value: NodeValue::List(Vec::from([node])),
                        },
                    }),
                }
            }
        }
    }
    NodeValue::Object(entries)
}

/// Returns the name of a block and its contents. A `dynamic` block is as many blocks of the name in
/// its label as are computed.
fn of_block<'d, 'b>(text: &'d str, block: &'b Block) -> (&'b str, Node<'d>) {
    let written = range(text, block.span());
    let node = |value| Node {
        offset: written.start,
        text: text.get(written.clone()).unwrap_or_default(),
        value,
    };
    let name = block.ident.as_str();
    if let ("dynamic", Some(label)) = (name, block.labels.first()) {
        return (label.as_str(), node(NodeValue::Expression));
    }
    let mut contents = object(text, &block.body);
    for label in block.labels.iter().rev() {
        contents = NodeValue::Object(Vec::from([Entry {
            name: Cow::Owned(label.as_str().into()),
            offset: written.start,
            value: node(contents),
        }]));
    }
    (name, node(contents))
}

fn value<'d>(text: &'d str, expression: &Expression) -> Node<'d> {
    let written = range(text, expression.span());
    let slice = text.get(written.clone()).unwrap_or_default();
    let value = match expression {
        Expression::Null(_) => NodeValue::Null,
        Expression::Bool(_) | Expression::Number(_) => NodeValue::Literal,
        Expression::String(string) => NodeValue::String(Cow::Owned(String::from(string.as_str()))),
        Expression::Array(items) => {
            NodeValue::List(items.iter().map(|item| value(text, item)).collect())
        }
        Expression::Object(members) => {
            let entries = members.iter().map(|(key, member)| {
                let (name, offset) = match key {
                    ObjectKey::Ident(name) => (name.as_str(), range(text, name.span()).start),
                    ObjectKey::Expression(key) => (
                        key.as_str().unwrap_or_default(),
                        range(text, key.span()).start,
                    ),
                };
                Entry {
                    name: Cow::Owned(name.into()),
                    offset,
                    value: value(text, member.expr()),
                }
            });
            NodeValue::Object(entries.collect())
        }
        Expression::Parenthesis(inner) => value(text, inner.inner()).value,
        // The sign of a number.
        Expression::UnaryOp(_) if slice.parse::<f64>().is_ok() => NodeValue::Literal,
        _ => NodeValue::Expression,
    };
    Node {
        offset: written.start,
        text: slice,
        value,
    }
}

/// Returns where something was written.
fn range(text: &str, span: Option<Range<usize>>) -> Range<usize> {
    let range = span.unwrap_or_default();
    range.start.min(text.len())..range.end.min(text.len())
}
