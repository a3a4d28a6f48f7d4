//! Authentication as the options require it, and what is served without a signature.

use chrono::Utc;
use hyper::Method;
use hyper::header::{HOST, HeaderName, HeaderValue, ORIGIN};

use crate::credentials::Credentials;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::host::{is_loopback, is_within};
use crate::operations::form::Fields;
use crate::options::Options;
use crate::signature::{self, Scheme, Sender, Signed};
use crate::style::Style;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who may sign, how, and whether requests need a signature.
pub(crate) struct Access {
    credentials: Credentials,
    schemes: Vec<Scheme>,
    anonymous: bool,
    domains: Vec<String>,
}

impl Access {
    pub(crate) fn new(options: &Options) -> Access {
        let schemes = Style::of(options.provider).schemes.iter().copied();
        Access {
            credentials: options.credentials.clone(),
            schemes: schemes
                .filter(|scheme| *scheme != Scheme::OssV1 || options.v1_signatures)
                .collect(),
            anonymous: options.anonymous,
            domains: options.domains.clone(),
        }
    }

    /// Returns the sender, and how the body is signed and framed. `is_granted` is whether the
    /// bucket's rules grant the request to the page that sends it.
    pub(crate) fn authenticate(
        &self,
        exchange: &Exchange,
        is_granted: bool,
    ) -> Result<Sender, Failure> {
        let sender = if self.anonymous && self.credentials.is_empty() {
            Sender {
                key_id: None,
                payload: signature::unchecked(&exchange.headers),
            }
        } else {
            let signed = Signed {
                method: exchange.method.as_str(),
                target: &exchange.target,
                headers: &exchange.headers,
                now: Utc::now(),
            };
            signature::verify(&signed, &self.credentials, &self.schemes)?
        };
        if sender.key_id.is_none() {
            self.admit_unsigned(exchange, is_granted)?;
        }
        Ok(sender)
    }

    /// Returns the key that signed a form's policy. A form without a policy is a request without a
    /// signature.
    pub(crate) fn authenticate_form(
        &self,
        exchange: &Exchange,
        is_granted: bool,
        form: &Fields,
    ) -> Result<Option<String>, Failure> {
        match form.get("policy") {
            Some(policy) if !self.anonymous || !self.credentials.is_empty() => {
                let field = |name: &str| form.get(name);
                signature::verify_form(policy, field, &self.credentials, &self.schemes).map(Some)
            }
            _ => self.admit_unsigned(exchange, is_granted).map(|()| None),
        }
    }

    /// Checks a request without a signature.
    ///
    /// Differs: both providers perform an actual request that CORS refuses, because its sender is
    /// known. Here the sender may be any page that this machine's browser shows. It can send a
    /// write without a preflight, and it can give its own name this machine's address, so that
    /// nothing is cross-origin.
    fn admit_unsigned(&self, exchange: &Exchange, is_granted: bool) -> Result<(), Failure> {
        if !self.anonymous {
            return Err(denied("unsigned", ""));
        }
        let text = |name| exchange.headers.get(name).map(HeaderValue::to_str);
        let host = text(HOST).and_then(Result::ok).unwrap_or_default();
        let is_listed = || self.domains.iter().any(|domain| is_within(host, domain));
        if !is_loopback(host) && !is_listed() {
            return Err(denied(
                "host",
                "without a signature, Host must be loopback or that of a --domain",
            ));
        }
        let is_read = matches!(
            exchange.method,
            Method::GET | Method::HEAD | Method::OPTIONS
        );
        // A browser sets Sec-Fetch-Site itself; one that does not send it sends Origin with writes.
        let is_from_a_page = match text(SEC_FETCH_SITE) {
            Some(site) => !matches!(site, Ok("same-origin" | "none")),
            None => exchange.headers.contains_key(ORIGIN),
        };
        if !is_read && is_from_a_page && !is_granted {
            return Err(denied(
                "cross_site",
                "a page of another origin writes without a signature only as the bucket's rules grant",
            ));
        }
        Ok(())
    }
}

fn denied(reason: &'static str, detail: &str) -> Failure {
    let failure = Failure::new(403, "AccessDenied", "Access Denied", reason);
    match detail {
        "" => failure,
        _ => failure.detail(detail),
    }
}
