//! `cors_engine_request`: what C read of a request.

use arrayvec::ArrayVec;
use cors_core::{MAX_FIELD_LINES, MAX_REQUEST_HEADER_BYTES, Request as CoreRequest};

use crate::error::Error;
use crate::text::{Lent, Text};

/// `cors_engine_request`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Request<'a> {
    /// The method; must be set.
    pub method: Text<'a>,
    /// `Origin`.
    pub origin: Text<'a>,
    /// `Access-Control-Request-Method`.
    pub access_control_request_method: Text<'a>,
    /// `Access-Control-Request-Headers`, a text for each field line.
    pub access_control_request_headers: Lent<'a, Text<'a>>,
}

impl Request<'_> {
    /// Calls `read` with the request as the engine knows it.
    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&CoreRequest<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut lines: ArrayVec<&[u8], MAX_FIELD_LINES> = ArrayVec::new();
        for line in self.access_control_request_headers.values()? {
            let line = line.values()?;
            if lines.try_push(line).is_err() {
                lines.iter_mut().for_each(|line| *line = &TOO_MUCH);
                break;
            }
        }
        read(&CoreRequest {
            method: self.method.get()?.ok_or(Error::Null)?,
            origin: self.origin.get()?,
            access_control_request_method: self.access_control_request_method.get()?,
            access_control_request_headers: &lines,
        })
    }
}

/// Replaces each of too many field lines: together they are longer than the engine's limit, so it refuses the request with its
/// own reason.
static TOO_MUCH: [u8; MAX_REQUEST_HEADER_BYTES / MAX_FIELD_LINES + 1] =
    [b','; MAX_REQUEST_HEADER_BYTES / MAX_FIELD_LINES + 1];
