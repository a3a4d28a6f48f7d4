//! Error tables: one row for each cause, with everything that does not depend on the request.

use super::cause::Cause;

/// A provider's error responses. The texts are the provider's own, including typos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorTable {
    pub(crate) rows: &'static [(Cause, ErrorRow)],
    /// The table to use for causes without a row here.
    pub(crate) fallback: Option<&'static ErrorTable>,
}

/// One error response: everything that does not depend on the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorRow {
    /// The HTTP status.
    pub(crate) status: u16,
    /// `Code`; empty if the response has no body.
    pub(crate) code: &'static str,
    /// `Message`, in pieces.
    pub(crate) message: &'static [Piece],
    /// `EC`, if it is known.
    pub(crate) ec: Option<&'static str>,
    /// Further elements of the body.
    pub(crate) extra: ExtraElements,
}

/// A part of a message. A piece that the subject does not have is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Fixed text.
    Text(&'static str),
    /// The name of the element that is wrong.
    Element,
    /// The value that is wrong.
    Value,
    /// What is wrong, where, and what to change, in this project's words.
    Explanation,
    /// The name of the checksum.
    ChecksumName,
    /// The name of the checksum's header.
    ChecksumHeader,
    /// The preflight's `Access-Control-Request-Method`.
    RequestMethod,
    /// The preflight's `Access-Control-Request-Headers`.
    RequestHeaders,
}

/// Further elements of an error's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtraElements {
    /// None.
    None,
    /// `BucketName`.
    BucketName,
    /// `ArgumentName` and `ArgumentValue`: the element of the document that is wrong, and its value.
    Argument,
    /// `Method`, and a `ResourceType` that is always `BUCKET`.
    MethodOnBucket,
    /// `Method`, and a `ResourceType` that distinguishes an object from a bucket.
    MethodOnResource,
}

impl ErrorTable {
    /// Returns the row for a cause.
    pub(crate) fn row(&self, cause: Cause) -> ErrorRow {
        let mut table = Some(self);
        while let Some(ErrorTable { rows, fallback }) = table {
            if let Some((_, row)) = rows.iter().find(|(known, _)| *known == cause) {
                return *row;
            }
            table = *fallback;
        }
        // Not reached: every provider in the registry has a row for every cause.
        ErrorRow::new(500, "InternalError", &[])
    }
}

impl ErrorRow {
    pub(crate) const fn new(status: u16, code: &'static str, message: &'static [Piece]) -> Self {
        ErrorRow {
            status,
            code,
            message,
            ec: None,
            extra: ExtraElements::None,
        }
    }

    /// A response that has a status and no body.
    pub(crate) const fn without_body(status: u16) -> Self {
        ErrorRow::new(status, "", &[])
    }

    pub(crate) const fn ec(self, ec: &'static str) -> Self {
        ErrorRow {
            ec: Some(ec),
            ..self
        }
    }

    pub(crate) const fn with(self, extra: ExtraElements) -> Self {
        ErrorRow { extra, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Provider;

    #[test]
    fn every_provider_has_a_row_for_every_cause() {
        for provider in Provider::ALL {
            for cause in Cause::ALL {
                let row = provider.wire.errors.row(cause);
                let has_text = row.code.is_empty() || !row.message.is_empty();
                assert!(has_text, "{}: {cause:?}", provider.name);
            }
        }
    }
}
