//! What is wrong with a document: found in its content, and placed in its text.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cors_core::{CompileError, CompileErrorKind, Field};

use crate::providers::Provider;
use crate::read::content::{Content, Violation};
use crate::read::document_error::{DocumentError, DocumentErrorKind, DocumentErrors};
use crate::read::method_advice::method_advice;
use crate::read::position::Positions;
use crate::read::syntax_error::SyntaxError;

/// The error of a document that is too large to be read.
pub(crate) fn too_large(limit: usize) -> DocumentErrors {
    let error = SyntaxError::at(0, DocumentErrorKind::TooLarge { limit });
    not_well_formed("", error, None)
}

/// The error of a document in a form that this build cannot read.
pub(crate) fn not_built_in() -> DocumentErrors {
    let error = SyntaxError::at(0, DocumentErrorKind::FormNotBuiltIn);
    not_well_formed("", error, None)
}

/// The error of a text that is not well-formed, and why, if the parser says so.
pub(crate) fn not_well_formed(
    text: &str,
    error: SyntaxError<'_>,
    why: Option<String>,
) -> DocumentErrors {
    let SyntaxError { kind, offset, name } = error;
    let violation = Violation {
        kind,
        offset,
        rule: None,
        element: name.map(Into::into),
        value: None,
        advice: why.map(|why| format!("{kind}: {why}").into()),
        meant: None,
    };
    DocumentErrors::new(violation.to_error(&mut Positions::new(text)), Vec::new())
}

impl Content<'_> {
    /// Finds where in the document an error of the rules is.
    pub(super) fn violation(&self, provider: &Provider, error: &CompileError) -> Violation<'_> {
        let kind = DocumentErrorKind::Invalid(error.kind);
        let rule = error.rule.and_then(|index| self.rules.get(index));
        let value = rule
            .zip(error.field)
            .and_then(|(rule, field)| rule.value(&self.values, field, error.item.unwrap_or(0)));
        let advice = match (error.kind, value) {
            (CompileErrorKind::UnknownMethod, Some(value)) => {
                method_advice(&provider.dialect, self.shape, &value.text)
            }
            (CompileErrorKind::NoOrigin, _) => self.at_least_one(Field::AllowedOrigin),
            (CompileErrorKind::NoMethod, _) => self.at_least_one(Field::AllowedMethod),
            _ => None,
        };
        let advice = advice.map(Into::into);
        match value {
            Some(value) => Violation {
                kind,
                offset: value.offset,
                rule: error.rule,
                element: Some(value.name.into()),
                value: Some((&*value.text).into()),
                advice,
                meant: None,
            },
            None => Violation {
                kind,
                offset: rule.map_or(0, |rule| rule.offset),
                rule: error.rule,
                element: self.rule_name.map(Into::into),
                value: None,
                advice,
                meant: None,
            },
        }
    }

    /// Whether a missing member is reported as misspelt.
    pub(super) fn is_explained(&self, error: &CompileError) -> bool {
        let missing = match error.kind {
            CompileErrorKind::NoOrigin => Field::AllowedOrigin,
            CompileErrorKind::NoMethod => Field::AllowedMethod,
            _ => return false,
        };
        self.is_misspelt(error.rule, missing)
    }

    /// Asks for a value of this member, by its name in this form.
    fn at_least_one(&self, field: Field) -> Option<String> {
        let (around, name) = self.shape?.path_of(field)?;
        let around = around.map(|around| format!(" in `{around}`"));
        let around = around.unwrap_or_default();
        Some(format!("add `{name}`{around}, with at least one value"))
    }
}

impl Violation<'_> {
    pub(super) fn reborrow(&self) -> Violation<'_> {
        Violation {
            element: self.element.as_deref().map(Into::into),
            value: self.value.as_deref().map(Into::into),
            advice: self.advice.as_deref().map(Into::into),
            ..*self
        }
    }

    pub(super) fn to_error(&self, positions: &mut Positions<'_>) -> DocumentError {
        let (line, column) = positions.of(self.offset);
        DocumentError {
            kind: self.kind,
            line,
            column,
            rule: self.rule,
            element: self.element.as_deref().map(Into::into),
            value: self.value.as_deref().map(Into::into),
            advice: self.advice.as_deref().map(Into::into),
        }
    }
}
