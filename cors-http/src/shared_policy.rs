//! A policy image shared by reference count.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use cors_core::{CompileError, Configuration, ImageError, Policy, PolicyVec};
use http::HeaderValue;

/// A policy image on the heap, shared by reference count: what a server keeps for each of its buckets. It takes about
/// 150 bytes more than the image, and keeps nothing of the requests that it decides.
#[derive(Clone)]
pub struct SharedPolicy {
    policy: Arc<PolicyVec>,
    /// The same bytes, for header values that are parts of them.
    image: Bytes,
}

impl fmt::Debug for SharedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedPolicy").field(&self.policy()).finish()
    }
}

impl SharedPolicy {
    /// Compiles rules.
    ///
    /// # Errors
    ///
    /// As [`Configuration::checked`], then as [`Checked::compile`](cors_core::Checked::compile).
    pub fn compile(configuration: &Configuration<'_>) -> Result<Self, CompileError> {
        Ok(SharedPolicy::from(configuration.checked()?.compile()?))
    }

    /// Checks and takes ownership of a policy image, for instance from a metadata store.
    ///
    /// # Errors
    ///
    /// As [`Policy::from_bytes`].
    pub fn from_image(image: impl Into<Box<[u8]>>) -> Result<Self, ImageError> {
        Ok(SharedPolicy::from(PolicyVec::from_bytes(image)?))
    }

    /// The policy. Reads the header of the image, which takes about as long as deciding a request.
    pub fn policy(&self) -> Policy<'_> {
        self.policy.as_policy()
    }

    /// The policy image.
    pub fn as_bytes(&self) -> &[u8] {
        &self.image
    }

    /// The image, to take header values from.
    pub(crate) fn image(&self) -> &Bytes {
        &self.image
    }
}

impl From<PolicyVec> for SharedPolicy {
    fn from(policy: PolicyVec) -> Self {
        let policy = Arc::new(policy);
        let image = Bytes::from_owner(Image(Arc::clone(&policy)));
        SharedPolicy { policy, image }
    }
}

/// The owner of the bytes of `SharedPolicy::image`.
struct Image(Arc<PolicyVec>);

impl AsRef<[u8]> for Image {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The header value that is this part of the image, without a copy.
pub(crate) fn part_of(image: &Bytes, text: &[u8]) -> Option<HeaderValue> {
    let start = text.as_ptr().addr().wrapping_sub(image.as_ptr().addr());
    let end = start.checked_add(text.len());
    match end.filter(|end| *end <= image.len()) {
        Some(end) => HeaderValue::from_maybe_shared(image.slice(start..end)).ok(),
        // Not a part of it.
        None => HeaderValue::from_bytes(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_image_becomes_a_value_without_a_copy_and_other_text_with_one() {
        let image = Bytes::from_static(b"GET, PUT\n");
        let part = image.get(5..8).unwrap_or_default();
        let value = part_of(&image, part).unwrap_or(HeaderValue::from_static(""));
        assert_eq!(
            (value.as_bytes(), value.as_bytes().as_ptr()),
            (&b"PUT"[..], part.as_ptr())
        );
        for text in [&b"PUT"[..], b"", &[b'a'; 64]] {
            let text = text.to_vec();
            let value = part_of(&image, &text).unwrap_or(HeaderValue::from_static("?"));
            assert_eq!(value.as_bytes(), text);
        }
        assert_eq!(part_of(&image, &image), None);
    }
}
