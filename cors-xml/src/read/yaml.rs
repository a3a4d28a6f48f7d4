//! Reading YAML into a tree, without its tags, anchors and aliases.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::document_error::DocumentErrorKind;
use super::members::node::{Entry, MAX_DEPTH, Node, NodeValue, Unreadable, has_typographic_quote};

/// Reads a text into a tree.
pub(super) fn tree(text: &str) -> Result<Node<'_>, Unreadable> {
    let mut builder = Builder {
        text,
        offsets: Offsets::new(text),
        open: Vec::new(),
        root: None,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let offset = builder.offsets.of(*error.marker());
            invalid(offset, error.info())
        })?;
        builder.event(event, span)?;
    }
    Ok(builder.root.unwrap_or(Node {
        offset: 0,
        text: "",
        value: NodeValue::Null,
    }))
}

fn invalid(offset: usize, why: &str) -> Unreadable {
    Unreadable {
        kind: DocumentErrorKind::InvalidYaml,
        offset,
        why: Some(why.into()),
    }
}

struct Builder<'d> {
    text: &'d str,
    offsets: Offsets,
    /// The lists and mappings that are not closed yet.
    open: Vec<Open<'d>>,
    root: Option<Node<'d>>,
}

struct Open<'d> {
    offset: usize,
    /// Its tag says how to compute a value.
    is_expression: bool,
    contents: Contents<'d>,
}

enum Contents<'d> {
    List(Vec<Node<'d>>),
    /// The members, and the name whose value is next.
    Object(Vec<Entry<'d>>, Option<(Cow<'d, str>, usize)>),
}

impl<'d> Builder<'d> {
    fn event(&mut self, event: Event<'d>, span: Span) -> Result<(), Unreadable> {
        let offset = self.offsets.of(span.start);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(invalid(
                offset,
                "keep only one document; this is the second",
            )),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Scalar(text, style, _, tag) => {
                let written = self.written(offset, span);
                let is_string = tag
                    .as_ref()
                    .is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let value = if tag.is_some() && !is_string {
                    NodeValue::Expression
                } else if style != ScalarStyle::Plain || is_string {
                    NodeValue::String(text)
                } else if has_typographic_quote(&text) {
                    return Err(Unreadable {
                        kind: DocumentErrorKind::TypographicQuote,
                        offset,
                        why: None,
                    });
                } else {
                    plain(text)
                };
                self.end(offset, written, value)
            }
            Event::Alias(_) => {
                let written = self.written(offset, span);
                self.end(offset, written, NodeValue::Expression)
            }
            Event::SequenceStart(_, tag) => {
                self.begin(offset, tag.is_some(), Contents::List(Vec::new()))
            }
            Event::MappingStart(_, tag) => {
                self.begin(offset, tag.is_some(), Contents::Object(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let end = self.offsets.of(span.end);
                let written = self.text.get(open.offset..end).unwrap_or_default();
                let value = match open.contents {
                    _ if open.is_expression => NodeValue::Expression,
                    Contents::List(items) => NodeValue::List(items),
                    Contents::Object(entries, _) => NodeValue::Object(entries),
                };
                self.end(open.offset, written.trim_ascii_end(), value)
            }
        }
    }

    fn written(&self, offset: usize, span: Span) -> &'d str {
        let end = self.offsets.of(span.end);
        self.text.get(offset..end).unwrap_or_default()
    }

    fn begin(
        &mut self,
        offset: usize,
        is_expression: bool,
        contents: Contents<'d>,
    ) -> Result<(), Unreadable> {
        if self.open.len() >= MAX_DEPTH {
            return Err(invalid(offset, "nested too deep"));
        }
        self.open.push(Open {
            offset,
            is_expression,
            contents,
        });
        Ok(())
    }

    /// Adds a value to what is open.
    fn end(
        &mut self,
        offset: usize,
        text: &'d str,
        value: NodeValue<'d>,
    ) -> Result<(), Unreadable> {
        let node = Node {
            offset,
            text,
            value,
        };
        match self.open.last_mut().map(|open| &mut open.contents) {
            None => self.root = Some(node),
            Some(Contents::List(items)) => items.push(node),
            Some(Contents::Object(entries, name)) => match (name.take(), node.value) {
                (Some((name, offset)), value) => entries.push(Entry {
                    name,
                    offset,
                    value: Node { value, ..node },
                }),
                (None, NodeValue::String(text)) => *name = Some((text, offset)),
                (None, NodeValue::Null | NodeValue::Literal) => {
                    *name = Some((Cow::Borrowed(text), offset));
                }
                (None, _) => return Err(invalid(offset, "write the name as plain text")),
            },
        }
        Ok(())
    }
}

/// Returns the meaning of a scalar without quotes:
/// [core schema](https://yaml.org/spec/1.2.2/#1032-tag-resolution).
fn plain(text: Cow<'_, str>) -> NodeValue<'_> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.parse::<f64>().is_ok();
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => NodeValue::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => NodeValue::Literal,
        _ if is_number => NodeValue::Literal,
        _ => NodeValue::String(text),
    }
}

/// The byte offset of each character, which the parser counts; empty if each is one byte.
struct Offsets(Vec<usize>, usize);

impl Offsets {
    fn new(text: &str) -> Self {
        let offsets = text.char_indices().map(|(offset, _)| offset);
        let offsets = if text.is_ascii() {
            Vec::new()
        } else {
            offsets.collect()
        };
        Offsets(offsets, text.len())
    }

    fn of(&self, marker: Marker) -> usize {
        let Offsets(offsets, length) = self;
        if offsets.is_empty() {
            return marker.index().min(*length);
        }
        offsets.get(marker.index()).copied().unwrap_or(*length)
    }
}
