//! The scope of a V4 credential, and the key that is derived from it.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::refusal::malformed;
use crate::failure::Failure;

/// Bytes of a date such as `20261124`, which begins a time.
const DATE_BYTES: usize = 8;

/// `KEY/DATE/REGION/SERVICE/REQUEST`. A key may contain `/`.
#[derive(Clone, Copy)]
pub(super) struct Scope<'t> {
    pub(super) key_id: &'t str,
    /// The part from the date on.
    pub(super) text: &'t str,
    date: &'t str,
    region: &'t str,
}

impl<'t> Scope<'t> {
    /// Reads the scope of a credential. `time` is that of the request, as
    /// [`basic_time`](super::clock::basic_time) accepts it.
    pub(super) fn parse(
        text: &'t str,
        service: &str,
        request: &str,
        time: &str,
    ) -> Result<Scope<'t>, Failure> {
        let scope = Scope::split(text, service, request).ok_or_else(|| malformed("Credential"))?;
        if time.get(..DATE_BYTES) != Some(scope.date) {
            return Err(malformed(
                "the date in Credential must be the date of the request",
            ));
        }
        Ok(scope)
    }

    /// Writes the credential that [`parse`](Scope::parse) reads.
    pub(super) fn credential(
        key_id: &str,
        time: &str,
        region: &str,
        service: &str,
        request: &str,
    ) -> String {
        let date = time.get(..DATE_BYTES).unwrap_or(time);
        format!("{key_id}/{date}/{region}/{service}/{request}")
    }

    fn split(text: &'t str, service: &str, request: &str) -> Option<Scope<'t>> {
        let mut parts = text.rsplitn(5, '/');
        if parts.next()? != request || parts.next()? != service {
            return None;
        }
        let (region, date, key_id) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Scope {
            key_id,
            text: text.get(key_id.len().checked_add(1)?..)?,
            date,
            region,
        })
    }

    pub(super) fn signing_key(
        &self,
        prefix: &str,
        secret: &str,
        service: &str,
        request: &str,
    ) -> [u8; 32] {
        let first = [prefix.as_bytes(), secret.as_bytes()].concat();
        [self.date, self.region, service, request]
            .into_iter()
            .fold(None, |key: Option<[u8; 32]>, part| {
                Some(match key {
                    None => hmac_sha256(&first, part.as_bytes()),
                    Some(key) => hmac_sha256(&key, part.as_bytes()),
                })
            })
            .unwrap_or_default()
    }
}

pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC accepts keys of every length.
    Hmac::<Sha256>::new_from_slice(key).map_or([0; 32], |mac| {
        mac.chain_update(message).finalize().into_bytes().into()
    })
}

/// The `name=value` items of an Authorization header, separated by `,` and optional spaces.
fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(',')
        .filter_map(|item| item.trim().split_once('='))
}

pub(super) fn parameter<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    parameters(text)
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value)
}
