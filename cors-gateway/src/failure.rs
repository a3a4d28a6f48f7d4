//! Why a request was not served: status, the provider's error document, a word for the log.

use std::fmt;

use cors_xml::{Cause, Provider, PutError, Subject, WireError};
use object_store::Error;

use crate::element::element;

/// The host that errors name; it says nothing about the machine.
pub(crate) const HOST_ID: &str = "cors-gateway";

/// An error answer, before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    /// A word for log and metrics, from a fixed set.
    pub(crate) reason: &'static str,
    /// Details for the log only.
    pub(crate) detail: Option<String>,
    /// The fine-grained code of OSS, if it is known.
    pub(crate) ec: Option<&'static str>,
    text: Text,
}

#[derive(Clone, Debug)]
enum Text {
    /// An error that is not about CORS.
    Plain {
        code: &'static str,
        message: &'static str,
    },
    /// The whole document, as cors-xml writes it.
    Written(String),
}

impl Failure {
    pub(crate) const fn new(
        status: u16,
        code: &'static str,
        message: &'static str,
        reason: &'static str,
    ) -> Failure {
        Failure {
            status,
            reason,
            detail: None,
            ec: None,
            text: Text::Plain { code, message },
        }
    }

    pub(crate) const fn ec(mut self, ec: &'static str) -> Failure {
        self.ec = Some(ec);
        self
    }

    pub(crate) fn detail(self, detail: impl Into<String>) -> Failure {
        Failure {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// An error in the provider's words.
    pub(crate) fn wire(error: &WireError<'_>, reason: &'static str, request_id: &str) -> Failure {
        let mut document = String::new();
        // Writing to a string cannot fail.
        let _ = error.write_to(request_id, HOST_ID, &mut document);
        Failure {
            status: error.status,
            reason,
            detail: None,
            ec: error.ec,
            text: Text::Written(document),
        }
    }

    /// A body that does not match its headers, in the provider's words.
    pub(crate) fn put(error: &PutError, provider: &Provider, request_id: &str) -> Failure {
        Failure::wire(&error.to_wire_error(provider), error.word(), request_id)
            .detail(error.to_string())
    }

    /// The store failed, or does not have what was asked of it; the client is not shown why.
    pub(crate) fn store(error: &Error) -> Failure {
        if let Error::NotImplemented { .. } | Error::NotSupported { .. } = error {
            return NOT_IMPLEMENTED.detail(error.to_string());
        }
        Failure::new(
            500,
            "InternalError",
            "We encountered an internal error. Please try again.",
            "store",
        )
        .detail(error.to_string())
    }

    /// A request document that cannot be read, in the provider's words.
    pub(crate) fn malformed(provider: &Provider, request_id: &str) -> Failure {
        let error = provider.error(Cause::Malformed, Subject::None);
        Failure::wire(&error, "document", request_id)
    }

    /// Writes the error document, with the EC if the provider has such codes. `resource` is the
    /// path of the request.
    pub(crate) fn into_document(self, request_id: &str, resource: &str, has_ec: bool) -> String {
        let (code, message) = match self.text {
            Text::Written(document) => return document,
            Text::Plain { code, message } => (code, message),
        };
        let mut document = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
        for (name, text) in [
            ("Code", code),
            ("Message", message),
            ("Resource", resource),
            ("RequestId", request_id),
            ("HostId", HOST_ID),
        ] {
            element(name, text, &mut document);
        }
        if let Some(ec) = self.ec.filter(|_| has_ec) {
            element("EC", ec, &mut document);
        }
        document.push_str("</Error>");
        document
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> &str {
        match &self.text {
            Text::Plain { code, .. } => code,
            Text::Written(_) => "",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason)
    }
}

/// So that a stream of a body can end with one.
impl std::error::Error for Failure {}

pub(crate) const NO_SUCH_KEY: Failure = Failure::new(
    404,
    "NoSuchKey",
    "The specified key does not exist.",
    "no_such_key",
)
.ec("0026-00000001");

pub(crate) const NO_SUCH_VERSION: Failure = Failure::new(
    404,
    "NoSuchVersion",
    "The specified version does not exist.",
    "no_such_version",
);

pub(crate) const NOT_IMPLEMENTED: Failure = Failure::new(
    501,
    "NotImplemented",
    "A header or query you provided implies functionality that is not implemented.",
    "not_implemented",
);

pub(crate) const METHOD_NOT_ALLOWED: Failure = Failure::new(
    405,
    "MethodNotAllowed",
    "The specified method is not allowed against this resource.",
    "method_not_allowed",
);

pub(crate) const INCOMPLETE: Failure = Failure::new(
    400,
    "IncompleteBody",
    "The request body terminated unexpectedly or is not framed as announced.",
    "incomplete_body",
);
