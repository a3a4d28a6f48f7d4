//! The value of Vary: which of them is due to an answer, and its text.

use crate::dialect::VaryRule;
use crate::grant::{Grant, Phase};
use crate::image::{Image, RESPONSE_VARY};
use crate::request::Request;

/// The value of Vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VaryValue {
    None,
    Origin,
    /// As S3 orders it.
    AsS3,
    RequestMethod,
    OriginRequestMethod,
    RequestMethodHeaders,
    OriginRequestMethodHeaders,
}

impl VaryValue {
    pub(crate) fn origin_if(origin: bool) -> Self {
        if origin {
            VaryValue::Origin
        } else {
            VaryValue::None
        }
    }

    pub(crate) fn options(origin: bool) -> Self {
        if origin {
            VaryValue::OriginRequestMethod
        } else {
            VaryValue::RequestMethod
        }
    }

    pub(crate) fn preflight(origin: bool) -> Self {
        if origin {
            VaryValue::OriginRequestMethodHeaders
        } else {
            VaryValue::RequestMethodHeaders
        }
    }

    /// The text; empty for no Vary.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            VaryValue::None => "",
            VaryValue::Origin => "Origin",
            VaryValue::AsS3 => {
                "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
            }
            VaryValue::RequestMethod => "Access-Control-Request-Method",
            VaryValue::OriginRequestMethod => "Origin, Access-Control-Request-Method",
            VaryValue::RequestMethodHeaders => {
                "Access-Control-Request-Method, Access-Control-Request-Headers"
            }
            VaryValue::OriginRequestMethodHeaders => {
                "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
            }
        }
    }
}

impl Image<'_> {
    /// The Vary that is due to an answer.
    #[inline]
    pub(crate) fn vary(
        &self,
        request: &Request<'_>,
        phase: Phase,
        grant: Option<&Grant<'_, '_>>,
    ) -> VaryValue {
        match self.response.vary {
            VaryRule::ResponseVary => VaryValue::origin_if(self.has(RESPONSE_VARY)),
            VaryRule::OnGrant if grant.is_none() => VaryValue::None,
            VaryRule::OnGrant => VaryValue::AsS3,
            VaryRule::WhenEnabled => VaryValue::origin_if(self.rule_count > 0),
            VaryRule::ReadUnlessWildcard => {
                let is_read = matches!(request.method, b"GET" | b"HEAD");
                let is_wildcard = grant.is_some_and(Grant::allows_any_origin);
                VaryValue::origin_if(self.rule_count > 0 && is_read && !is_wildcard)
            }
            VaryRule::Complete => {
                // Also where every rule answers with `*`: an answer to a request without Origin has no Allow-Origin, and a
                // cache must not serve it to a page (https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).
                let origin = self.rule_count > 0;
                match (phase, request.method) {
                    (Phase::Preflight, _) => VaryValue::preflight(origin),
                    // Whether this is a preflight depends on the header that it did not have.
                    (Phase::Actual, b"OPTIONS") => VaryValue::options(origin),
                    (Phase::Actual, _) => VaryValue::origin_if(origin),
                }
            }
        }
    }
}
