//! A `MaxAgeSeconds` as text.

use core::num::IntErrorKind;

use cors_core::CompileErrorKind;
use cors_core::dialect::Limits;

use super::document_error::DocumentErrorKind;

/// An integer as XML Schema writes one. One that no `i32` holds is out of every provider's range.
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
