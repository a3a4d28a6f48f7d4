//! The tree that JSON, YAML and Terraform are read into, with the offset of every value.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::read::document_error::DocumentErrorKind;

/// How deep values may be nested. A value further down is passed over, and no form has one there.
pub(crate) const MAX_DEPTH: usize = 32;

/// A value.
#[derive(Debug)]
pub(crate) struct Node<'d> {
    pub(crate) offset: usize,
    /// As written.
    pub(crate) text: &'d str,
    pub(crate) value: NodeValue<'d>,
}

#[derive(Debug)]
pub(crate) enum NodeValue<'d> {
    Null,
    String(Cow<'d, str>),
    /// A number, true or false; also whatever is nested too deep.
    Literal,
    List(Vec<Node<'d>>),
    Object(Vec<Entry<'d>>),
    /// Something that stands for a value: a variable, a function, a reference.
    #[cfg_attr(
        not(feature = "terraform"),
        expect(dead_code, reason = "only Terraform has expressions")
    )]
    Expression,
}

/// A member of an object. Objects keep the order of their members, and repeated ones.
#[derive(Debug)]
pub(crate) struct Entry<'d> {
    pub(crate) name: Cow<'d, str>,
    /// The offset of the name.
    pub(crate) offset: usize,
    pub(crate) value: Node<'d>,
}

/// Why a text is not in its notation, and from which offset on.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) kind: DocumentErrorKind,
    pub(crate) offset: usize,
    /// What the parser of the notation says.
    pub(crate) why: Option<String>,
}

/// Whether a text begins with a quotation mark that text editors put in place of `"`.
pub(crate) fn has_typographic_quote(text: &str) -> bool {
    text.starts_with(|first| matches!(first, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'))
}

impl<'d> Node<'d> {
    /// Returns the members; `None` if the value is not an object.
    pub(super) fn as_object(&self) -> Option<&[Entry<'d>]> {
        match &self.value {
            NodeValue::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the items; `None` if the value is not a list.
    pub(super) fn as_list(&self) -> Option<&[Node<'d>]> {
        match &self.value {
            NodeValue::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether the value has to be computed. `CloudFormation` writes its functions in JSON as objects
    /// with one member, `Ref` or `Fn::..`:
    /// [intrinsic functions](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
    pub(super) fn is_expression(&self) -> bool {
        match &self.value {
            NodeValue::Expression => true,
            NodeValue::Object(entries) => matches!(
                entries.as_slice(),
                [Entry { name, .. }] if name == "Ref" || name.starts_with("Fn::")
            ),
            _ => false,
        }
    }
}
