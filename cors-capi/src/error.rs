//! The errors of C functions: negative numbers that never change.

use core::ffi::c_int;

use cors_core::ImageError;

/// Why a function did nothing. A refused request is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A pointer is NULL that must not be.
    Null,
    /// A length is more than half of the address space: a negative number, most likely.
    Length,
    /// The caller's memory is too small.
    Room,
    /// The policy was not opened, or opening it failed.
    NotOpen,
    /// The bytes are not a policy image.
    Image(ImageError),
    /// No provider or form has this name.
    Name,
    /// The document has errors.
    Document,
    /// The rules have errors.
    Rules,
    /// A text is not UTF-8.
    Utf8,
    /// No page can make this request.
    Page,
    /// A defect of the library.
    Internal,
}

impl Error {
    /// The number.
    pub const fn code(self) -> c_int {
        match self {
            Error::Null => -1,
            Error::Length => -2,
            Error::Room => -3,
            Error::NotOpen => -4,
            // An image error is 10 less than its number in cors-core.
            Error::Image(error) => -10 - error.code() as c_int,
            Error::Name => -21,
            Error::Document => -22,
            Error::Rules => -23,
            Error::Utf8 => -24,
            Error::Page => -25,
            Error::Internal => -31,
        }
    }

    /// What a function returns: 0 or the number of its error.
    pub(crate) fn status(result: Result<(), Error>) -> c_int {
        result.map_or_else(Error::code, |()| 0)
    }
}

impl From<ImageError> for Error {
    fn from(error: ImageError) -> Error {
        Error::Image(error)
    }
}
