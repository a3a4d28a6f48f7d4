//! What a table of errors is: a row for each cause, all of it that does not depend on the request.

use super::cause::Cause;

/// What a provider answers when it does not answer 200. The texts are the providers' own, their typos included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorTable {
    pub(crate) rows: &'static [(Cause, ErrorRow)],
    /// Whose rows stand in for those that are not here.
    pub(crate) otherwise: Option<&'static ErrorTable>,
}

/// One error: everything of it that does not depend on the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorRow {
    /// The HTTP status.
    pub(crate) status: u16,
    /// `Code`.
    pub(crate) code: &'static str,
    /// `Message`, piece by piece.
    pub(crate) message: &'static [Piece],
    /// `EC`, where it is known.
    pub(crate) ec: Option<&'static str>,
    /// What the body holds besides.
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

/// Which further elements an error's body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtraElements {
    /// None.
    None,
    /// `BucketName`.
    BucketName,
    /// `Method`, and a `ResourceType` that is `BUCKET` whatever was asked for.
    MethodOnBucket,
    /// `Method`, and a `ResourceType` that distinguishes an object from a bucket.
    MethodOnResource,
}

impl ErrorTable {
    /// The row of a cause.
    pub(crate) fn row(&self, cause: Cause) -> ErrorRow {
        let mut table = Some(self);
        while let Some(ErrorTable { rows, otherwise }) = table {
            if let Some((_, row)) = rows.iter().find(|(known, _)| *known == cause) {
                return *row;
            }
            table = *otherwise;
        }
        // No table of the registry lacks a row.
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
                assert!(!row.message.is_empty(), "{}: {cause:?}", provider.name);
            }
        }
    }
}
