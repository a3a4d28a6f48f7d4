//! The crate `cors-core` 0.1.1 of another author: one rule, a decision with its headers as bytes,
//! without a framework, so there is no bare call. It looks at neither the method nor the names that a
//! preflight asks for, and returns the configured lists.

use std::hint::black_box;

use other_cors_core::{AllowHeaders, AllowOrigin, Cors, CorsDecision};

use super::question::{Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

/// A decision; it holds the headers.
pub(super) fn asked(question: Question) -> Subject {
    let cors = cors(&question);
    let asked = Asked::of(&question);
    Subject::new(
        question.name("other-cors-core"),
        move || asked.decide(&cors),
        |decision| is_answered(&question, decision),
    )
}

/// A decision, and its headers as lines of HTTP/1 in a buffer.
pub(super) fn http1(question: Question) -> Subject {
    let cors = cors(&question);
    let asked = Asked::of(&question);
    let mut buffer = vec![0; 1024];
    let mut write = move || {
        let decision = asked.decide(&cors);
        let mut written = 0;
        for (name, value) in headers_of(&decision) {
            for bytes in [name, b": ", value, b"\r\n"] {
                buffer[written..written + bytes.len()].copy_from_slice(bytes);
                written += bytes.len();
            }
        }
        black_box(&mut buffer);
        written
    };
    let expected = write();
    Subject::new(
        question.name("other-cors-core/http1"),
        write,
        // Four headers, of which the rendered ones alone have as many bytes.
        |written| *written == expected && *written > 180,
    )
}

fn cors(question: &Question) -> Cors {
    Cors::builder()
        .allow_origin(AllowOrigin::exact(question.origins.iter()))
        .allow_methods(METHODS)
        .allow_headers(AllowHeaders::list(headers()))
        .build()
        .expect("valid options")
}

#[derive(Clone, Copy)]
struct Asked {
    method: &'static [u8],
    origin: Option<&'static [u8]>,
    request_method: Option<&'static [u8]>,
    request_headers: Option<&'static [u8]>,
}

impl Asked {
    fn of(question: &Question) -> Asked {
        let header = |name| question.header(name).map(str::as_bytes);
        let request_method = header("access-control-request-method");
        Asked {
            method: if request_method.is_some() {
                b"OPTIONS"
            } else {
                b"GET"
            },
            origin: header("origin"),
            request_method,
            request_headers: header("access-control-request-headers"),
        }
    }

    fn decide(&self, cors: &Cors) -> CorsDecision {
        let asked = black_box(self);
        cors.evaluate(
            asked.method,
            asked.origin,
            asked.request_method,
            asked.request_headers,
            false,
        )
    }
}

fn headers_of(decision: &CorsDecision) -> impl Iterator<Item = (&[u8], &[u8])> {
    let headers = match decision {
        CorsDecision::Simple(headers) | CorsDecision::Preflight(headers) => Some(headers),
        CorsDecision::NotCors | CorsDecision::Rejected => None,
    };
    headers
        .into_iter()
        .flatten()
        .map(|(name, value)| (&name[..], &value[..]))
}

fn is_answered(question: &Question, decision: &CorsDecision) -> bool {
    question.is_answered(|name| {
        headers_of(decision)
            .filter(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .collect()
    })
}
