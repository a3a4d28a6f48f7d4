//! The members of a dialect that an image stores, each as one byte: one table a type, read both ways.
//!
//! These bytes are the format. They do not depend on the order in which the members are declared.

use crate::dialect::providers::Dialect;
use crate::dialect::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, Evaluation, MalformedPreflight,
    MethodSet, OriginComparison, PreflightRule, ResponseHeaders, RuleSelection, SentOn, VaryRule,
};
use crate::error::ImageError;

/// What an image stores of a dialect: a byte for each member.
type Stored = [[u8; 4]; 3];

/// A table for each type. It is exhaustive: the compiler notices a member without a byte, which two functions written by hand would not.
macro_rules! stored {
    ($($type:ident { $($byte:literal $member:ident)+ })+) => {$(
        impl $type {
            /// The byte of this member.
            pub(super) const fn to_byte(self) -> u8 {
                match self {
                    $($type::$member => $byte,)+
                }
            }

            /// The member with this byte.
            pub(super) const fn from_byte(byte: u8) -> Result<Self, ImageError> {
                match byte {
                    $($byte => Ok($type::$member),)+
                    _ => Err(ImageError::UnknownDialect),
                }
            }
        }
    )+};
}

stored! {
    PreflightRule { 0 Options 1 OptionsWithRequestMethod }
    MethodSet { 0 Five 1 StandardAndMerge 2 AnyToken 3 AnyTokenOrWildcard }
    MalformedPreflight { 0 BadRequest 1 Refused }
    RuleSelection { 0 AllThree 1 FirstForOriginAndMethod }
    AllowOrigin { 0 WildcardInRule 1 OnlyWildcard }
    AllowCredentials { 0 Never 1 UnlessWildcard 2 OptIn }
    AllowMethods { 0 RuleList 1 Requested }
    AllowHeaders { 0 Requested 1 RequestedLowerCase 2 ExposeHeaders }
    SentOn { 0 Both 1 Preflight 2 Actual }
    VaryRule { 0 ResponseVary 1 OnGrant 2 WhenEnabled 3 ReadUnlessWildcard 4 Complete }
}

/// The switch with this byte.
pub(super) const fn switch(byte: u8) -> Result<bool, ImageError> {
    match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ImageError::UnknownDialect),
    }
}

/// What an image stores of a dialect.
pub(super) const fn stored(evaluation: Evaluation, response: ResponseHeaders) -> Stored {
    [
        [
            evaluation.preflight.to_byte(),
            evaluation.methods.to_byte(),
            evaluation.malformed_preflight.to_byte(),
            evaluation.request_headers_on_actual as u8,
        ],
        [
            evaluation.rule_selection.to_byte(),
            response.allow_origin.to_byte(),
            response.allow_credentials.to_byte(),
            response.allow_methods.to_byte(),
        ],
        [
            response.allow_headers.to_byte(),
            response.expose_headers.to_byte(),
            response.max_age.to_byte(),
            response.vary.to_byte(),
        ],
    ]
}

/// What an image stores of each dialect, and how the dialect compares origins, which is not stored: the records show it.
pub(super) const STORED: [(Stored, OriginComparison); Dialect::ALL.len()] = {
    const fn row(dialect: &Dialect) -> (Stored, OriginComparison) {
        let bytes = stored(dialect.evaluation, dialect.response);
        (bytes, dialect.origin_comparison)
    }
    let [oss, s3, cos, gcs, azure, strict] = Dialect::ALL;
    [
        row(oss),
        row(s3),
        row(cos),
        row(gcs),
        row(azure),
        row(strict),
    ]
};
