//! The owner of a policy image on the heap.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::error::ImageError;
use crate::policy::Policy;

/// Owns a policy image on the heap: one that [`Checked::compile`](crate::Checked::compile) made, or that was read and checked.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, PolicyVec, Request, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let compiled = Configuration::new(&Dialect::OSS, &rules).checked()?.compile()?;
/// let stored = compiled.as_bytes().to_vec();
/// let policy = PolicyVec::from_bytes(stored)?;
/// let request = Request { method: b"GET", origin: Some(b"https://a.example"), ..Request::EMPTY };
/// assert!(policy.as_policy().decide(&request).grant().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyVec {
    image: Box<[u8]>,
}

impl PolicyVec {
    /// Takes over a policy image, for instance from a metadata store.
    ///
    /// # Errors
    ///
    /// As [`Policy::from_bytes`].
    ///
    /// # Complexity
    ///
    /// Linear in the image.
    pub fn from_bytes(image: impl Into<Box<[u8]>>) -> Result<Self, ImageError> {
        let image = image.into();
        Policy::from_bytes(&image)?;
        Ok(PolicyVec { image })
    }

    /// Takes over what a compile has just written.
    pub(crate) fn trusted(image: Vec<u8>) -> Self {
        PolicyVec {
            image: image.into(),
        }
    }

    /// The policy. Costs a few nanoseconds; keep it where many requests are decided.
    pub fn as_policy(&self) -> Policy<'_> {
        Policy::trusted(&self.image)
    }

    /// The image.
    pub fn as_bytes(&self) -> &[u8] {
        &self.image
    }

    /// The image, consuming its owner.
    pub fn into_bytes(self) -> Vec<u8> {
        self.image.into()
    }
}
