//! The syntax of tokens, and the methods of each dialect.

use crate::model::DialectName;

/// Section 1, Pattern: whether a method is in the dialect's set.
pub(crate) fn is_in_method_set(dialect: DialectName, method: &[u8]) -> bool {
    let storage: [&[u8]; 5] = [b"GET", b"PUT", b"POST", b"DELETE", b"HEAD"];
    match dialect {
        DialectName::Oss | DialectName::S3 | DialectName::Cos => storage.contains(&method),
        DialectName::Azure => {
            let others: [&[u8]; 5] = [b"CONNECT", b"MERGE", b"OPTIONS", b"PATCH", b"TRACE"];
            storage.contains(&method) || others.contains(&method)
        }
        DialectName::Gcs | DialectName::Strict => is_token(method),
    }
}

/// Whether these bytes are a token of [RFC 9110, section
/// 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}
