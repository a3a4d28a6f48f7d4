//! Reading a form with named members from the tree of its text, with the offset of every value.

mod around;
mod find;
mod native;
pub(super) mod node;
mod reader;
mod rule;

#[cfg(not(feature = "terraform"))]
use node::{Node, Unreadable};
use reader::MemberReader;

use super::content::Content;
use super::document::{Document, Rejected};
use super::document_error::DocumentErrorKind;
use super::json;
use super::syntax_error::SyntaxError;
use super::violation::{not_built_in, not_well_formed, too_large};
use crate::providers::Provider;
use crate::shapes::Notation;
use crate::syntax::Syntax;

/// The largest text that is read in the notations of templates, in bytes: what `CloudFormation` reads
/// ([quotas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)).
/// It contains more than the rules, whose limits are the provider's.
const MAX_TEMPLATE_BYTES: usize = 1024 * 1024;

/// Reads a document and checks it in full.
pub(super) fn parse<'d>(
    provider: &'d Provider,
    notation: &'d Notation,
    bytes: &'d [u8],
) -> Result<Document<'d>, Rejected<'d>> {
    let Some(shape) = notation.members() else {
        return Err(not_built_in().into());
    };
    let limit = match notation {
        Notation::Yaml(_) | Notation::Terraform(..) => {
            provider.documents.max_bytes.max(MAX_TEMPLATE_BYTES)
        }
        Notation::Xml | Notation::Json(_) => provider.documents.max_bytes,
    };
    if bytes.len() > limit {
        return Err(too_large(limit).into());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = core::str::from_utf8(valid).unwrap_or_default();
        let error = SyntaxError::at(valid.len(), DocumentErrorKind::NotUtf8);
        not_well_formed(valid, error, None)
    })?;
    let root = match (Syntax::of(bytes), notation) {
        (Syntax::Json, _) => json::tree(text),
        (_, Notation::Terraform(..)) => terraform_tree(text),
        (Syntax::Other, Notation::Yaml(_)) => yaml_tree(text),
        (Syntax::Other, _) if text.contains(':') => yaml_tree(text),
        _ => json::tree(text),
    };
    let root = root.map_err(|error| {
        let at = SyntaxError::at(error.offset, error.kind);
        not_well_formed(text, at, error.why)
    })?;
    let mut reader = MemberReader {
        provider,
        notation,
        shape,
        content: Content {
            shape: Some(shape),
            ..Content::default()
        },
        rule_bytes: 0,
        target: None,
    };
    reader.root(&root);
    Document::checked(provider, text, reader.content)
}

#[cfg(feature = "yaml")]
use super::yaml::tree as yaml_tree;

/// Without YAML, what is not JSON is reported as that.
#[cfg(not(feature = "yaml"))]
use super::json::tree as yaml_tree;

#[cfg(feature = "terraform")]
use super::terraform::tree as terraform_tree;

#[cfg(not(feature = "terraform"))]
fn terraform_tree(_: &str) -> Result<Node<'_>, Unreadable> {
    Err(Unreadable {
        kind: DocumentErrorKind::FormNotBuiltIn,
        offset: 0,
        why: None,
    })
}
