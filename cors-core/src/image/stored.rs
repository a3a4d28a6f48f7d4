//! The members of a dialect that an image stores, each as one byte: one table a type, read both ways.
//!
//! These bytes are the format. They do not depend on the order in which the members are declared.

use crate::dialect::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, MalformedPreflight, MethodSet,
    PreflightRule, RuleSelection, SentOn, VaryRule,
};
use crate::error::ImageError;

/// A member of a dialect that is stored as one byte.
pub(super) trait Stored: Sized {
    /// The byte.
    fn to_byte(self) -> u8;

    /// The member with this byte.
    fn from_byte(byte: u8) -> Result<Self, ImageError>;
}

/// A table for each type. It is exhaustive: the compiler notices a member without a byte, which two functions written by hand would not.
macro_rules! stored {
    ($($type:ident { $($byte:literal $member:ident)+ })+) => {$(
        impl Stored for $type {
            fn to_byte(self) -> u8 {
                match self {
                    $($type::$member => $byte,)+
                }
            }

            fn from_byte(byte: u8) -> Result<Self, ImageError> {
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

impl Stored for bool {
    fn to_byte(self) -> u8 {
        u8::from(self)
    }

    fn from_byte(byte: u8) -> Result<Self, ImageError> {
        match byte {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(ImageError::UnknownDialect),
        }
    }
}
