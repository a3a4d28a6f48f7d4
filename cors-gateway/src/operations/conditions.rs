//! The conditions of a read
//! ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2)).

use std::time::SystemTime;

use hyper::HeaderMap;
use hyper::header::{HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};

use crate::objects::Stored;

/// The conditions of a request, and the object that it reads.
pub(super) struct Conditions<'r> {
    pub(super) headers: &'r HeaderMap,
    pub(super) etag: &'r str,
    pub(super) stored: &'r Stored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Met,
    Failed,
    NotModified,
}

impl Conditions<'_> {
    /// A tag counts before a time, as the RFC says.
    pub(super) fn outcome(&self) -> Outcome {
        let is_unchanged = || self.is_unchanged_since(IF_UNMODIFIED_SINCE);
        if !self.tags(IF_MATCH).or_else(is_unchanged).unwrap_or(true) {
            return Outcome::Failed;
        }
        let is_unchanged = || self.is_unchanged_since(IF_MODIFIED_SINCE);
        if self
            .tags(IF_NONE_MATCH)
            .or_else(is_unchanged)
            .unwrap_or(false)
        {
            return Outcome::NotModified;
        }
        Outcome::Met
    }

    /// Whether one of the header's tags is the object's; `None` without the header.
    pub(super) fn tags(&self, name: HeaderName) -> Option<bool> {
        let value = self.headers.get(name)?.to_str().ok()?;
        let etag = self.etag.trim_matches('"');
        Some(value.split(',').map(str::trim).any(|tag| {
            let bare = tag.trim_start_matches("W/").trim_matches('"');
            tag == "*" || bare.eq_ignore_ascii_case(etag)
        }))
    }

    /// Whether the object is no newer than the header's time. A time that cannot be read does not
    /// count.
    fn is_unchanged_since(&self, name: HeaderName) -> Option<bool> {
        let time = self.headers.get(name)?.to_str().ok()?;
        let time = httpdate::parse_http_date(time).ok()?;
        // Times of HTTP are whole seconds.
        let modified = httpdate::fmt_http_date(SystemTime::from(self.stored.modified));
        Some(httpdate::parse_http_date(&modified).ok()? <= time)
    }
}
