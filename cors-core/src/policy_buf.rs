//! The owner of a policy image in a fixed number of bytes.

use crate::checked::compile;
use crate::error::CompileError;
use crate::policy::Policy;
use crate::rule::Configuration;

/// Owns a policy image of up to `BYTES` bytes, on the stack or in a static. Nothing is allocated.
///
/// # Examples
///
/// ```
/// use cors_core::{CompileErrorKind, Configuration, Dialect, List, PolicyBuf, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let configuration = Configuration::new(&Dialect::OSS, &rules);
/// let error = PolicyBuf::<64>::compile(&configuration).unwrap_err();
/// assert!(matches!(error.kind, CompileErrorKind::BufferTooSmall { needed } if needed <= 256));
/// assert!(PolicyBuf::<256>::compile(&configuration).is_ok());
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyBuf<const BYTES: usize> {
    image: heapless::Vec<u8, BYTES>,
}

impl<const BYTES: usize> PolicyBuf<BYTES> {
    /// Compiles rules into a new owner.
    ///
    /// # Errors
    ///
    /// As [`compile`].
    ///
    /// # Complexity
    ///
    /// As [`compile`].
    pub fn compile(configuration: &Configuration<'_>) -> Result<Self, CompileError> {
        let mut buffer = [0; BYTES];
        let length = compile(configuration, &mut buffer)?.as_bytes().len();
        let mut image = heapless::Vec::from_array(buffer);
        image.truncate(length);
        Ok(PolicyBuf { image })
    }

    /// The policy. Costs a few nanoseconds; keep it where many requests are decided.
    pub fn as_policy(&self) -> Policy<'_> {
        Policy::trusted(&self.image)
    }

    /// The image.
    pub fn as_bytes(&self) -> &[u8] {
        &self.image
    }
}
