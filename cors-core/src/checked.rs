//! A configuration that was checked: made once, and everything is compiled from it.

use crate::check::check;
use crate::compile::{bytes_needed, write_image};
use crate::error::CompileError;
use crate::policy::Policy;
#[cfg(feature = "alloc")]
use crate::policy_vec::PolicyVec;
use crate::rule::Configuration;

/// A configuration without errors. [`Configuration::checked`] makes one; every policy image is compiled from one.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let checked = Configuration::new(&Dialect::OSS, &rules).checked()?;
/// let mut buffer = [0; 512];
/// assert!(checked.bytes_needed().is_some_and(|needed| needed <= buffer.len()));
/// assert_eq!(checked.compile_into(&mut buffer)?.len(), 1);
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked<'c>(Configuration<'c>);

impl<'c> Configuration<'c> {
    /// Checks the configuration.
    ///
    /// # Errors
    ///
    /// The first error that [`check`] finds.
    ///
    /// # Complexity
    ///
    /// As [`check`].
    pub fn checked(&self) -> Result<Checked<'c>, CompileError> {
        match check(self).next() {
            Some(error) => Err(error),
            None => Ok(Checked(*self)),
        }
    }

    /// Takes a configuration as checked, without checking it again: for an owner that has checked these very rules under this
    /// dialect and has kept them since.
    ///
    /// # Security
    ///
    /// Rules that were never checked cannot cause a panic, but what is compiled from them may put control characters into
    /// responses, and may answer what the dialect forbids.
    pub const fn assume_checked(self) -> Checked<'c> {
        Checked(self)
    }
}

impl<'c> Checked<'c> {
    /// The configuration.
    pub const fn configuration(&self) -> &Configuration<'c> {
        &self.0
    }

    /// A number of bytes in which the configuration surely compiles; `None` beyond 4 GiB.
    ///
    /// # Complexity
    ///
    /// Linear in the number of items.
    pub fn bytes_needed(&self) -> Option<usize> {
        bytes_needed(&self.0)
    }

    /// Compiles the rules into a policy image at the front of a buffer.
    ///
    /// # Errors
    ///
    /// A limit of the image format, or [`BufferTooSmall`](crate::CompileErrorKind::BufferTooSmall) with a number of bytes that
    /// is enough. What the buffer holds after an error is unspecified.
    ///
    /// # Complexity
    ///
    /// As [`compile`].
    pub fn compile_into<'b>(&self, buffer: &'b mut [u8]) -> Result<Policy<'b>, CompileError> {
        write_image(&self.0, buffer).map(Policy::of)
    }

    /// Compiles the rules into an image on the heap, of exactly the bytes it needs.
    ///
    /// # Errors
    ///
    /// A limit of the image format. No document of a provider's size reaches one.
    ///
    /// # Complexity
    ///
    /// As [`compile`].
    #[cfg(feature = "alloc")]
    pub fn compile(&self) -> Result<PolicyVec, CompileError> {
        // Beyond 4 GiB the error says that the format holds no such configuration.
        let mut image = alloc::vec![0; self.bytes_needed().unwrap_or(0)];
        let length = self.compile_into(&mut image)?.as_bytes().len();
        image.truncate(length);
        Ok(PolicyVec::trusted(image))
    }
}

/// Checks rules and compiles them into a policy image at the front of a buffer.
///
/// No rule at all compiles too: such a policy answers as a bucket without a configuration does.
///
/// # Errors
///
/// As [`Configuration::checked`], then as [`Checked::compile_into`].
///
/// # Complexity
///
/// `n log n` in the number of patterns, linear in the text of the rules; no space beyond the buffer.
/// A tenant who looks for patterns with colliding hashes adds a comparison of two texts to each step, and makes it happen up to 17 times.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, Policy, Rule, compile};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let mut buffer = [0; 512];
/// let image = compile(&Configuration::new(&Dialect::OSS, &rules), &mut buffer)?.as_bytes();
/// assert!(Policy::from_bytes(image).is_ok());
/// # Ok::<(), cors_core::CompileError>(())
/// ```
pub fn compile<'b>(
    configuration: &Configuration<'_>,
    buffer: &'b mut [u8],
) -> Result<Policy<'b>, CompileError> {
    configuration.checked()?.compile_into(buffer)
}
