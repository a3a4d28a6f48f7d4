//! Parsing the text of a `MaxAgeSeconds`.

use core::num::IntErrorKind;

use cors_core::CompileErrorKind;
use cors_core::dialect::Limits;

use super::document_error::DocumentErrorKind;

/// Parses an integer as written in XML Schema. A number that does not fit an `i32` is outside every
/// provider's range.
pub(crate) fn seconds(limits: &Limits, text: &str) -> Result<i32, DocumentErrorKind> {
    text.parse::<i32>().map_err(|error| match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => {
            DocumentErrorKind::Invalid(CompileErrorKind::MaxAgeOutOfRange {
                min: limits.min_max_age_seconds,
                max: limits.max_max_age_seconds,
            })
        }
        _ => DocumentErrorKind::NotAnInteger,
    })
}
