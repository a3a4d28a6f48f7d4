//! Methods: which of them a dialect knows. They compare byte for byte.

use crate::dialect::MethodSet;
use crate::header::is_token;

impl MethodSet {
    /// Whether the method is in the set.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::dialect::MethodSet;
    ///
    /// assert!(MethodSet::Five.contains(b"PUT"));
    /// assert!(!MethodSet::Five.contains(b"put"));
    /// assert!(MethodSet::AnyToken.contains(b"PATCH"));
    /// ```
    pub fn contains(self, method: &[u8]) -> bool {
        match method {
            b"GET" | b"PUT" | b"POST" | b"DELETE" | b"HEAD" => true,
            b"MERGE" | b"OPTIONS" if self == MethodSet::FiveMergeOptions => true,
            _ => self == MethodSet::AnyToken && is_token(method),
        }
    }
}
