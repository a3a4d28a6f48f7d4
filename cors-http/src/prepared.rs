//! A policy for a whole service: a view of it, and the header values of its rules, made once.

use cors_core::{Policy, ResponseHeader, RuleValues};
use http::HeaderValue;
use self_cell::self_cell;

use crate::shared_policy::{SharedPolicy, part_of};

/// A policy with what does not depend on a request.
#[derive(Debug)]
pub(crate) struct Prepared {
    viewed: Viewed,
    /// The values of each rule: methods, exposed headers, seconds.
    rules: Box<[[Option<HeaderValue>; 3]]>,
}

self_cell!(
    /// A policy together with the view of it, so that its header is read once and not for each request.
    struct Viewed {
        owner: SharedPolicy,
        #[covariant]
        dependent: Policy,
    }

    impl {Debug}
);

impl Prepared {
    pub(crate) fn new(shared: SharedPolicy) -> Self {
        let viewed = Viewed::new(shared, SharedPolicy::policy);
        let image = viewed.borrow_owner().image();
        let values = |values: RuleValues<'_>| {
            [values.allow_methods, values.expose_headers, values.max_age]
                .map(|text| part_of(image, text))
        };
        let rules = viewed.borrow_dependent().rule_values().map(values);
        let rules = rules.collect();
        Prepared { viewed, rules }
    }

    pub(crate) fn policy(&self) -> &Policy<'_> {
        self.viewed.borrow_dependent()
    }

    /// What a rule says in a header. Where a dialect allows the exposed headers, Allow-Headers are those.
    #[inline]
    pub(crate) fn value(&self, rule: usize, header: ResponseHeader) -> Option<HeaderValue> {
        let [allow_methods, expose_headers, max_age] = self.rules.get(rule)?;
        match header {
            ResponseHeader::AccessControlAllowMethods => allow_methods.clone(),
            ResponseHeader::AccessControlAllowHeaders
            | ResponseHeader::AccessControlExposeHeaders => expose_headers.clone(),
            ResponseHeader::AccessControlMaxAge => max_age.clone(),
            ResponseHeader::AccessControlAllowOrigin
            | ResponseHeader::AccessControlAllowCredentials
            | ResponseHeader::Vary => None,
        }
    }
}
