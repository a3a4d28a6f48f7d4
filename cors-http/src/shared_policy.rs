//! A policy shared by reference count, with its header values prepared once.

use std::fmt;
use std::sync::Arc;

use cors_core::{CompileError, Configuration, ImageError, Policy, PolicyVec};
use http::HeaderValue;
use self_cell::self_cell;

/// A policy image on the heap, shared by reference count. The header values of each rule are
/// prepared and cheap to clone.
#[derive(Clone)]
pub struct SharedPolicy(Arc<Prepared>);

struct Prepared {
    image: Viewed,
    rules: Box<[RuleValues]>,
}

self_cell!(
    /// The image together with the view of it, so that its header is read once and not for each
    /// request.
    struct Viewed {
        owner: PolicyVec,
        #[covariant]
        dependent: Policy,
    }
);

/// The values of a rule that do not depend on the request.
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

    /// The policy.
    pub fn policy(&self) -> &Policy<'_> {
        self.0.image.borrow_dependent()
    }

    /// The policy image.
    pub fn as_bytes(&self) -> &[u8] {
        self.policy().as_bytes()
    }

    /// The values of a rule; empty if the rule does not exist.
    pub(crate) fn values_of_rule(&self, rule: usize) -> &RuleValues {
        const NONE: &RuleValues = &RuleValues {
            allow_methods: None,
            expose_headers: None,
            max_age: None,
        };
        self.0.rules.get(rule).unwrap_or(NONE)
    }
}

impl From<PolicyVec> for SharedPolicy {
    fn from(image: PolicyVec) -> Self {
        let image = Viewed::new(image, PolicyVec::as_policy);
        let rules = image.borrow_dependent().rule_values().map(RuleValues::of);
        let rules = rules.collect();
        SharedPolicy(Arc::new(Prepared { image, rules }))
    }
}

impl RuleValues {
    fn of(values: cors_core::RuleValues<'_>) -> Self {
        let prepared = |value: &[u8]| match value {
            [] => None,
            value => HeaderValue::from_bytes(value).ok(),
        };
        RuleValues {
            allow_methods: prepared(values.allow_methods),
            expose_headers: prepared(values.expose_headers),
            max_age: prepared(values.max_age),
        }
    }
}
