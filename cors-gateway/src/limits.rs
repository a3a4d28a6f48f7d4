//! Limits that more than one part of the gateway keeps to.

/// Most header fields of a request: the limits of CORS, and room for the SDK that sends the most.
pub(crate) const MAX_HEADERS: usize = 128;
