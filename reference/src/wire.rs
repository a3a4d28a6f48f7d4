//! A failed preflight on the wire: status, code and message (section 4 of `docs/semantics.md`).

use crate::model::{Answer, BadRequest, Decision, DialectName, Refusal, Request};

/// The code and message of an error document; bytes, because S3 repeats parts of the request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WireError {
    /// The error's code.
    pub code: &'static str,
    /// The error's message, before any escaping.
    pub message: Vec<u8>,
}

/// The status of a preflight; an actual request's status is the operation's own.
///
/// GCS answers a preflight that it does not grant with 200, without CORS headers and without a body
/// (known from reports).
pub fn status(dialect: DialectName, answer: &Answer) -> Option<u16> {
    match answer.decision {
        Decision::NotCors | Decision::Actual(_) => None,
        Decision::Preflight(Ok(_)) => Some(200),
        Decision::Preflight(Err(Refusal::BadRequest(_))) => Some(400),
        Decision::Preflight(Err(_)) if dialect == DialectName::Gcs => Some(200),
        Decision::Preflight(Err(_)) => Some(403),
    }
}

/// The error of a refused preflight, if the bucket exists; `None` if the answer has no body.
pub fn error(dialect: DialectName, request: &Request, answer: &Answer) -> Option<WireError> {
    let Decision::Preflight(Err(refusal)) = answer.decision else {
        return None;
    };
    let (code, message) = match refusal {
        Refusal::BadRequest(_) if dialect == DialectName::Azure => {
            ("InvalidHeaderValue", AZURE_HEADER_MISSING.to_vec())
        }
        _ if dialect == DialectName::Azure => ("CorsPreflightFailure", AZURE_REFUSED.to_vec()),
        Refusal::BadRequest(fault) => ("BadRequest", bad_request_message(request, fault)),
        _ if dialect == DialectName::Gcs => return None,
        Refusal::NotEnabled if dialect != DialectName::Oss => {
            ("AccessForbidden", NOT_ENABLED.to_vec())
        }
        _ => ("AccessForbidden", not_allowed_message(dialect)),
    };
    Some(WireError { code, message })
}

/// `<Method>` of an `AccessForbidden` body on S3: the requested method, else OPTIONS.
pub fn forbidden_method(request: &Request) -> Vec<u8> {
    request
        .access_control_request_method
        .clone()
        .unwrap_or_else(|| b"OPTIONS".to_vec())
}

const AZURE_REFUSED: &[u8] = b"CORS not enabled or no matching rule found for this request.";
const AZURE_HEADER_MISSING: &[u8] = b"A required CORS header is not present.";
const NOT_ENABLED: &[u8] = b"CORSResponse: CORS is not enabled for this bucket.";

fn bad_request_message(request: &Request, fault: BadRequest) -> Vec<u8> {
    let method = request
        .access_control_request_method
        .as_deref()
        .unwrap_or(b"null");
    let names = request.access_control_request_headers.join(&b',');
    match fault {
        BadRequest::MissingOrigin => {
            b"Insufficient information. Origin request header needed.".to_vec()
        }
        BadRequest::MissingMethod | BadRequest::InvalidMethod => {
            [b"Invalid Access-Control-Request-Method: ", method].concat()
        }
        BadRequest::InvalidHeaderName => [
            b"Access-Control-Request-Headers \"",
            names.as_slice(),
            b"\" contains invalid character.",
        ]
        .concat(),
    }
}

/// The providers' own text, typos included: OSS misspells the last header's name.
fn not_allowed_message(dialect: DialectName) -> Vec<u8> {
    let last = match dialect {
        DialectName::Oss => "Access-Control-Requet-Headers",
        _ => "Access-Control-Request-Headers",
    };
    format!(
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
         request method / Access-Control-Request-Method or {last} are not whitelisted by the resource's CORS spec."
    )
    .into_bytes()
}
