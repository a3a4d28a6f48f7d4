//! What all rivals are asked, and whether the answer is right.

use http::{HeaderMap, Method, Request};

use crate::cases::{HEADERS, THREE_NAMES, exact, text};

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// GET from the last of the exact origins.
    Actual,
    /// A preflight from there, for PUT with three names.
    Preflight,
    /// GET from another origin.
    Refused,
    /// GET without an origin.
    NoOrigin,
}

/// A question to a configuration of some exact origins.
pub(super) struct Question {
    pub(super) kind: Kind,
    pub(super) origins: Vec<&'static str>,
    pub(super) headers: Vec<(&'static str, &'static str)>,
}

impl Question {
    pub(super) fn new(kind: Kind, count: usize) -> Question {
        let origins: Vec<&'static str> = (0..count).map(|number| text(exact(number))).collect();
        let last = origins[count - 1];
        let headers = match kind {
            Kind::Actual => vec![("origin", last)],
            Kind::Preflight => vec![
                ("origin", last),
                ("access-control-request-method", "PUT"),
                ("access-control-request-headers", requested_names()),
            ],
            Kind::Refused => vec![("origin", "https://evil.example.org")],
            Kind::NoOrigin => vec![],
        };
        Question {
            kind,
            origins,
            headers,
        }
    }

    /// The subject's name for a rival.
    pub(super) fn name(&self, rival: &str) -> String {
        let kind = match self.kind {
            Kind::Actual => "actual",
            Kind::Preflight => "preflight3",
            Kind::Refused => "refused",
            Kind::NoOrigin => "no-origin",
        };
        format!("{rival}/{kind}/exact-{}", self.origins.len())
    }

    /// The name of the bare call of a rival with the same request.
    pub(super) fn base_name(&self, rival: &str) -> String {
        match self.kind {
            Kind::Actual => format!("{rival}/base"),
            Kind::Preflight => format!("{rival}/base/preflight3"),
            Kind::Refused => format!("{rival}/base/refused"),
            Kind::NoOrigin => format!("{rival}/base/no-origin"),
        }
    }

    pub(super) fn method(&self) -> Method {
        match self.kind {
            Kind::Preflight => Method::OPTIONS,
            _ => Method::GET,
        }
    }

    /// One of the request's headers.
    pub(super) fn header(&self, name: &str) -> Option<&'static str> {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    /// The request as an `http` server passes it.
    pub(super) fn request<B>(&self, body: B) -> Request<B> {
        let mut request = Request::builder().method(self.method()).uri("/object");
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        request.body(body).expect("a valid request")
    }

    /// Whether response headers grant what was asked, to the requesting origin and only to it; or grant
    /// nothing. `values` returns the values of a header.
    pub(super) fn is_answered(&self, values: impl Fn(&'static str) -> Vec<String>) -> bool {
        let origins = values("access-control-allow-origin");
        match self.kind {
            Kind::Refused | Kind::NoOrigin => !origins
                .iter()
                .any(|origin| origin == "*" || Some(&**origin) == self.header("origin")),
            Kind::Actual => origins == [self.headers[0].1],
            Kind::Preflight => {
                let lists = |name, item: &str| {
                    let lines = values(name).join(",");
                    let mut items = lines.split(',').map(str::trim);
                    items.any(|found| found.eq_ignore_ascii_case(item))
                };
                origins == [self.headers[0].1]
                    && lists("access-control-allow-methods", "PUT")
                    && requested_names()
                        .split(',')
                        .all(|name| lists("access-control-allow-headers", name))
            }
        }
    }

    /// The same for the header map of `http`.
    pub(super) fn is_answered_by(&self, headers: &HeaderMap) -> bool {
        self.is_answered(|name| {
            let values = headers.get_all(name).iter();
            values
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect()
        })
    }
}

/// The names of the preflight.
fn requested_names() -> &'static str {
    std::str::from_utf8(THREE_NAMES[0]).expect("ASCII")
}

/// The allowed headers as other libraries can express them: the name that is asked for in place of the
/// pattern that allows it.
pub(super) fn headers() -> Vec<&'static str> {
    let headers = HEADERS.iter().copied();
    headers
        .map(|name| {
            if name == "x-amz-*" {
                "x-amz-date"
            } else {
                name
            }
        })
        .collect()
}
