//! Texts for logs: the words of refusals, what to do about an error, names of headers, the version. All end in NUL.

use core::ffi::{CStr, c_char, c_int, c_uint};
use core::ptr;

use cors_core::{ImageError, ResponseHeader};

use crate::error::Error;

/// The version of the binary interface. It changes when a struct or the meaning of a function changes.
pub const ABI_VERSION: c_int = 1;

/// The words of [`Refusal::word`](cors_core::Refusal::word), each at the place of its number.
pub(crate) const REASONS: [&CStr; 10] = [
    c"",
    c"missing_origin",
    c"missing_method",
    c"bad_method",
    c"bad_header",
    c"not_enabled",
    c"origin",
    c"method",
    c"header",
    c"limit",
];

/// Every error, and what to do about it.
pub(crate) const ERRORS: [(Error, &CStr); 16] = [
    (Error::Null, c"a pointer is NULL; pass memory"),
    (Error::Length, c"a length is negative or impossible; pass the number of bytes"),
    (Error::Room, c"the memory is too small; pass as much as the header says, or as the function has asked for"),
    (Error::NotOpen, c"the policy is not open; call cors_engine_policy_open and look at what it returns"),
    (Error::Image(ImageError::NotAnImage), c"not a policy image; compile the rules to make one"),
    (Error::Image(ImageError::UnknownVersion(0)), c"policy image of another version; compile the rules again with this release"),
    (Error::Image(ImageError::WrongLength { stated: 0 }), c"policy image truncated or extended; copy it again"),
    (Error::Image(ImageError::UnknownDialect), c"policy image of an unknown dialect; compile the rules again"),
    (Error::Image(ImageError::Inconsistent), c"policy image damaged; compile the rules again"),
    (Error::Image(ImageError::InvalidText), c"policy image with invalid text; compile the rules again"),
    (Error::Name, c"no provider or form has this name; use one that `cors --help` lists, such as s3 or oss-json"),
    (Error::Document, c"the document has errors; each is in the text beside this code"),
    (Error::Rules, c"the rules have errors; each is in the text beside this code"),
    (Error::Utf8, c"a text is not UTF-8; convert it"),
    (Error::Page, c"no page can make this request; pass an origin, a method and header names"),
    (Error::Internal, c"a defect of the library; please report it"),
];

/// The word for a reason, the same in logs, metrics and JSON; empty for 0, NULL for a number that is not a reason.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_reason_name(reason: c_uint) -> *const c_char {
    let index = usize::try_from(reason).unwrap_or(usize::MAX);
    REASONS.get(index).map_or(ptr::null(), |word| word.as_ptr())
}

/// What to do about an error; never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_error_text(error: c_int) -> *const c_char {
    let mut known = ERRORS.iter().filter(|(known, _)| known.code() == error);
    let text = match known.next() {
        Some((_, text)) => text,
        None if error == 0 => c"no error",
        None => c"an error of a newer release",
    };
    text.as_ptr()
}

/// The version of the library.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The version of the binary interface.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_abi_version() -> c_int {
    ABI_VERSION
}

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The name with a NUL at its end.
pub(crate) const fn header_name(header: ResponseHeader) -> &'static CStr {
    match header {
        ResponseHeader::AccessControlAllowOrigin => c"access-control-allow-origin",
        ResponseHeader::AccessControlAllowCredentials => c"access-control-allow-credentials",
        ResponseHeader::AccessControlAllowMethods => c"access-control-allow-methods",
        ResponseHeader::AccessControlAllowHeaders => c"access-control-allow-headers",
        ResponseHeader::AccessControlExposeHeaders => c"access-control-expose-headers",
        ResponseHeader::AccessControlMaxAge => c"access-control-max-age",
        ResponseHeader::Vary => c"vary",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cors_core::{BadRequest, Furthest, Limit, Refusal};

    #[test]
    fn reasons_are_the_words_of_the_refusals() {
        let no_rule = |furthest| Refusal::NoRuleMatched { furthest };
        let refusals = [
            Refusal::BadRequest(BadRequest::MissingOrigin),
            Refusal::BadRequest(BadRequest::MissingMethod),
            Refusal::BadRequest(BadRequest::InvalidMethod),
            Refusal::BadRequest(BadRequest::InvalidHeaderName),
            Refusal::InvalidHeaderName,
            Refusal::NotEnabled,
            no_rule(Furthest::Origin),
            no_rule(Furthest::Method),
            no_rule(Furthest::Header(1)),
            Refusal::LimitExceeded(Limit::OriginBytes),
        ];
        for refusal in refusals {
            let word = REASONS
                .get(usize::from(refusal.code()))
                .map(|word| word.to_bytes());
            assert_eq!(word, Some(refusal.word().as_bytes()));
        }
    }

    #[test]
    fn header_names_are_those_of_the_engine() {
        let headers = [
            ResponseHeader::AccessControlAllowOrigin,
            ResponseHeader::AccessControlAllowCredentials,
            ResponseHeader::AccessControlAllowMethods,
            ResponseHeader::AccessControlAllowHeaders,
            ResponseHeader::AccessControlExposeHeaders,
            ResponseHeader::AccessControlMaxAge,
            ResponseHeader::Vary,
        ];
        for header in headers {
            assert_eq!(header_name(header).to_bytes(), header.name().as_bytes());
        }
    }
}
