//! A policy shared by reference count, its header values prepared once.

use std::fmt;
use std::sync::Arc;

use cors_core::{CompileError, CompileErrorKind, Configuration, ImageError, Policy, compile};
use http::HeaderValue;

/// A policy image on the heap, shared by reference count, with the header values of each rule ready to be cloned.
#[derive(Clone)]
pub struct SharedPolicy(Arc<Prepared>);

struct Prepared {
    image: Box<[u8]>,
    rules: Box<[RuleValues]>,
}

/// The values that a rule gives, whatever the request.
#[derive(Default)]
pub(crate) struct RuleValues {
    pub(crate) allow_methods: Option<HeaderValue>,
    pub(crate) expose_headers: Option<HeaderValue>,
    pub(crate) max_age: Option<HeaderValue>,
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
    /// As [`compile`].
    pub fn compile(configuration: &Configuration<'_>) -> Result<Self, CompileError> {
        // No image fits in nothing; the error says how much is enough.
        let needed = match compile(configuration, &mut []) {
            Err(CompileError {
                kind: CompileErrorKind::BufferTooSmall { needed },
                ..
            }) => needed,
            Err(error) => return Err(error),
            Ok(_) => 0,
        };
        let mut image = vec![0; needed];
        let length = compile(configuration, &mut image)?.as_bytes().len();
        image.truncate(length);
        Ok(SharedPolicy::prepare(image.into()))
    }

    /// Takes over a policy image, for instance out of a metadata store.
    ///
    /// # Errors
    ///
    /// As [`Policy::from_bytes`].
    pub fn from_image(image: impl Into<Box<[u8]>>) -> Result<Self, ImageError> {
        let image = image.into();
        Policy::from_bytes(&image)?;
        Ok(SharedPolicy::prepare(image))
    }

    fn prepare(image: Box<[u8]>) -> Self {
        let values = |policy: Policy<'_>| -> Box<[RuleValues]> {
            let joined = |list: cors_core::List<'_>| {
                let items: Vec<&str> = list.iter().collect();
                if items.is_empty() {
                    None
                } else {
                    HeaderValue::try_from(items.join(", ")).ok()
                }
            };
            let rules = policy.rules().map(|rule| RuleValues {
                allow_methods: joined(rule.allowed_methods),
                expose_headers: joined(rule.expose_headers),
                max_age: rule
                    .max_age_seconds
                    .and_then(|seconds| HeaderValue::try_from(seconds.to_string()).ok()),
            });
            rules.collect()
        };
        let rules = Policy::from_checked_bytes(&image)
            .map(values)
            .unwrap_or_default();
        SharedPolicy(Arc::new(Prepared { image, rules }))
    }

    /// The policy.
    ///
    /// # Complexity
    ///
    /// Constant, a few nanoseconds: the image was checked when it was taken over.
    pub fn policy(&self) -> Option<Policy<'_>> {
        Policy::from_checked_bytes(&self.0.image).ok()
    }

    /// The image.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.image
    }

    pub(crate) fn values_of_rule(&self, rule: usize) -> Option<&RuleValues> {
        self.0.rules.get(rule)
    }
}
