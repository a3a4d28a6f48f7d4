//! Authentication as the options require it.

use chrono::Utc;

use crate::credentials::Credentials;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::signature::{self, Sender, Signed};

/// Who may sign, and whether requests need a signature.
pub(crate) struct Access {
    credentials: Credentials,
    anonymous: bool,
}

impl Access {
    pub(crate) fn new(credentials: Credentials, anonymous: bool) -> Access {
        Access {
            credentials,
            anonymous,
        }
    }

    /// Returns the sender, and how the body is signed and framed.
    pub(crate) fn authenticate(&self, exchange: &Exchange) -> Result<Sender, Failure> {
        if self.anonymous && self.credentials.is_empty() {
            return Ok(Sender {
                key_id: None,
                payload: signature::unchecked(&exchange.headers),
            });
        }
        let signed = Signed {
            method: exchange.method.as_str(),
            target: &exchange.target,
            headers: &exchange.headers,
            now: Utc::now(),
        };
        let sender = signature::verify(&signed, &self.credentials)?;
        if sender.key_id.is_none() && !self.anonymous {
            return Err(UNSIGNED);
        }
        Ok(sender)
    }

    /// Returns the key that signed a form's policy. `field` returns a field of the form.
    pub(crate) fn authenticate_form<'f>(
        &self,
        field: impl Fn(&str) -> Option<&'f str>,
    ) -> Result<Option<String>, Failure> {
        match field("policy") {
            Some(_) if self.anonymous && self.credentials.is_empty() => Ok(None),
            Some(policy) => signature::verify_form(policy, field, &self.credentials).map(Some),
            None if self.anonymous => Ok(None),
            None => Err(UNSIGNED),
        }
    }
}

const UNSIGNED: Failure = Failure::new(403, "AccessDenied", "Access Denied", "unsigned");
