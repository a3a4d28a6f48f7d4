//! Methods: which ones a dialect knows and a rule allows, compared byte for byte.

use crate::dialect::MethodSet;
use crate::header::is_token;

impl MethodSet {
    /// Returns the methods of the set; none if it is every token.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::dialect::MethodSet;
    ///
    /// assert_eq!(MethodSet::Five.names(), ["GET", "PUT", "POST", "DELETE", "HEAD"]);
    /// assert!(MethodSet::Five.names().iter().all(|name| MethodSet::Five.contains(name.as_bytes())));
    /// assert!(MethodSet::AnyToken.names().is_empty());
    /// ```
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            MethodSet::Five => &["GET", "PUT", "POST", "DELETE", "HEAD"],
            MethodSet::StandardAndMerge => &[
                "GET", "PUT", "POST", "DELETE", "HEAD", "MERGE", "OPTIONS", "PATCH", "CONNECT",
                "TRACE",
            ],
            MethodSet::AnyToken | MethodSet::AnyTokenOrWildcard => &[],
        }
    }

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
    /// assert!(MethodSet::StandardAndMerge.contains(b"PATCH"));
    /// ```
    pub fn contains(self, method: &[u8]) -> bool {
        match self {
            MethodSet::Five | MethodSet::StandardAndMerge => {
                let mut names = self.names().iter();
                names.any(|name| name.as_bytes() == method)
            }
            MethodSet::AnyToken | MethodSet::AnyTokenOrWildcard => is_token(method),
        }
    }

    /// Whether a rule that lists `allowed` allows a method.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::dialect::MethodSet;
    ///
    /// assert!(MethodSet::AnyTokenOrWildcard.allows("*", b"PATCH"));
    /// assert!(!MethodSet::AnyToken.allows("*", b"PATCH"));
    /// ```
    pub fn allows(self, allowed: &str, method: &[u8]) -> bool {
        let is_any = allowed == "*" && self == MethodSet::AnyTokenOrWildcard;
        allowed.as_bytes() == method || (is_any && is_token(method))
    }
}
