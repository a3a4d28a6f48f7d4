//! In what a server's answer differs from the provider's.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cors_xml::Provider;
use quick_xml::escape::unescape;
use serde::Serialize;

use super::document;
use super::expected::Expected;
use crate::http::Incoming;

/// What a difference is about, what a page notices first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A page is allowed what the provider refuses, or refused what it allows; or there is no
    /// answer.
    Access,
    /// The value of an Access-Control header.
    Headers,
    /// The names in Vary that caches need.
    Vary,
    /// Whether a document is accepted, or what is read back.
    Document,
    /// The status.
    Status,
    /// The code of an error.
    Code,
    /// The same list in another spelling: spaces after commas, or case.
    Spelling,
    /// The message of an error.
    Message,
}

impl Kind {
    pub(crate) const ALL: [Kind; 8] = [
        Kind::Access,
        Kind::Headers,
        Kind::Vary,
        Kind::Document,
        Kind::Status,
        Kind::Code,
        Kind::Spelling,
        Kind::Message,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Access => "access",
            Kind::Headers => "headers",
            Kind::Vary => "vary",
            Kind::Document => "document",
            Kind::Status => "status",
            Kind::Code => "code",
            Kind::Spelling => "spelling",
            Kind::Message => "message",
        }
    }
}

/// One aspect in which an answer differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    /// A header's name in lower case, or what else.
    pub(crate) aspect: String,
    pub(crate) provider: String,
    pub(crate) server: String,
}

/// What a server answered, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// `Vary` and `Access-Control-*`: names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
}

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

impl Answer {
    pub(crate) fn of(incoming: &Incoming) -> Answer {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in &incoming.headers {
            if !(name == "vary" || name.starts_with("access-control-")) {
                continue;
            }
            let value: String = value.iter().copied().map(char::from).collect();
            match headers.iter_mut().find(|(other, _)| other == name) {
                Some((_, joined)) => *joined = format!("{joined}, {value}"),
                None => headers.push((name.clone(), value)),
            }
        }
        Answer {
            status: incoming.status,
            code: error_code(&incoming.body),
            headers,
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Everything in which an answer differs, the kind that matters most first. The answer to a HEAD has
/// no document to compare.
pub(crate) fn differences(
    provider: &Provider,
    expected: &Expected,
    incoming: &Incoming,
    is_head: bool,
) -> Vec<Difference> {
    let answer = Answer::of(incoming);
    let mut found = Vec::new();
    let mut differ = |kind, aspect: &str, provider: String, server: String| {
        found.push(Difference {
            kind,
            aspect: aspect.to_owned(),
            provider,
            server,
        });
    };
    let is_granted = answer.header(ALLOW_ORIGIN).is_some();
    if let Some(granted) = expected.granted.filter(|granted| *granted != is_granted) {
        let said = |granted| if granted { "granted" } else { "not granted" }.to_owned();
        differ(Kind::Access, "access", said(granted), said(is_granted));
    }
    for (name, value) in &expected.headers {
        let server = answer.header(name);
        let Some(kind) = header_difference(name, value.as_deref(), server) else {
            continue;
        };
        // It is reported as access already.
        if kind == Kind::Access
            && expected
                .granted
                .is_some_and(|granted| granted != is_granted)
        {
            continue;
        }
        let or_none = |value: Option<&str>| value.unwrap_or("none").to_owned();
        differ(kind, name, or_none(value.as_deref()), or_none(server));
    }
    for (name, part) in &expected.contains {
        let server = answer.header(name).unwrap_or("none");
        if !server.contains(part.as_str()) {
            differ(
                Kind::Headers,
                name,
                format!("... {part} ..."),
                server.to_owned(),
            );
        }
    }
    let is_accepted = (200..300).contains(&answer.status);
    match (expected.accepted, expected.status) {
        (Some(accepted), _) if accepted != is_accepted => {
            let said = |accepted| if accepted { "accepted" } else { "refused" }.to_owned();
            differ(
                Kind::Document,
                "document",
                said(accepted),
                said(is_accepted),
            );
        }
        (_, Some(status)) if status != answer.status => {
            differ(
                Kind::Status,
                "status",
                status.to_string(),
                answer.status.to_string(),
            );
        }
        _ => {}
    }
    if !is_head {
        compare_body(provider, expected, incoming, &mut differ);
    }
    found.sort_by_key(|difference| difference.kind);
    found
}

fn compare_body(
    provider: &Provider,
    expected: &Expected,
    incoming: &Incoming,
    differ: &mut impl FnMut(Kind, &str, String, String),
) {
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    for (kind, aspect, wanted, element) in [
        (Kind::Code, "code", &expected.code, "Code"),
        (Kind::Message, "message", &expected.message, "Message"),
    ] {
        let server = element_text(&incoming.body, element);
        if wanted.is_some() && *wanted != server {
            differ(kind, aspect, or_none(wanted.clone()), or_none(server));
        }
    }
    if expected.rules.is_none() && expected.response_vary.is_none() {
        return;
    }
    let Some((rules, vary)) = document::read(provider, &incoming.body) else {
        differ(
            Kind::Document,
            "rules",
            "a configuration".to_owned(),
            "none".to_owned(),
        );
        return;
    };
    if let Some(wanted) = &expected.rules {
        // An ID may be assigned by the server.
        let without_id = |rules: &[reference::model::Rule]| {
            let mut rules = rules.to_vec();
            for rule in &mut rules {
                rule.id = None;
            }
            rules
        };
        if without_id(wanted) != without_id(&rules) {
            differ(
                Kind::Document,
                "rules",
                format!("{wanted:?}"),
                format!("{rules:?}"),
            );
        }
    }
    if let Some(wanted) = expected.response_vary.filter(|wanted| *wanted != vary) {
        differ(
            Kind::Document,
            "ResponseVary",
            wanted.to_string(),
            vary.to_string(),
        );
    }
}

/// The kind of difference of a header; `None` if it is the same.
fn header_difference(name: &str, wanted: Option<&str>, server: Option<&str>) -> Option<Kind> {
    if name == "vary" {
        return (vary_names(wanted) != vary_names(server)).then_some(Kind::Vary);
    }
    if wanted == server {
        return None;
    }
    if name == ALLOW_ORIGIN && wanted.is_some() != server.is_some() {
        return Some(Kind::Access);
    }
    let is_list = name.ends_with("-methods") || name.ends_with("-headers");
    let items = |value: &str| -> Vec<String> {
        let items = value
            .split(',')
            .map(|item| item.trim().to_ascii_lowercase());
        items.collect()
    };
    match (wanted, server) {
        (Some(wanted), Some(server)) if is_list && items(wanted) == items(server) => {
            Some(Kind::Spelling)
        }
        _ => Some(Kind::Headers),
    }
}

/// The names in Vary that are about CORS: compression and others have their own.
fn vary_names(value: Option<&str>) -> BTreeSet<String> {
    let names = value.unwrap_or_default().split(',');
    let names = names.map(|name| name.trim().to_ascii_lowercase());
    names
        .filter(|name| {
            name == "*" || name == "origin" || name.starts_with("access-control-request-")
        })
        .collect()
}

/// The code of an error document.
pub(crate) fn error_code(body: &[u8]) -> Option<String> {
    element_text(body, "Code")
}

/// The text of the first element of this name.
fn element_text(body: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (value, _) = rest.split_once(&format!("</{name}>"))?;
    Some(unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(status: u16, headers: &[(&str, &str)], body: &str) -> Incoming {
        let line = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        Incoming {
            status,
            headers: headers.iter().map(line).collect(),
            body: body.as_bytes().to_vec(),
            body_is_cut: false,
        }
    }

    fn kinds(expected: &Expected, answer: &Incoming) -> Vec<Kind> {
        let found = differences(&Provider::S3, expected, answer, false);
        found
            .into_iter()
            .map(|difference| difference.kind)
            .collect()
    }

    #[test]
    fn each_kind_of_difference_is_found_and_what_has_no_meaning_is_not() {
        let header = |name: &str, value: Option<&str>| Expected {
            headers: vec![(name.to_owned(), value.map(str::to_owned))],
            ..Expected::default()
        };
        let methods = header("access-control-allow-methods", Some("GET, PUT"));
        let vary = header("vary", Some("Origin, Access-Control-Request-Method"));
        let refused = Expected {
            granted: Some(false),
            status: Some(403),
            code: Some("AccessForbidden".to_owned()),
            message: Some("a \"b\"".to_owned()),
            ..header(ALLOW_ORIGIN, None)
        };
        let error = "<Error><Code>AccessForbidden</Code><Message>a &quot;b&quot;</Message></Error>";
        let origin = [(ALLOW_ORIGIN, "*")];
        for (expected, answer, found) in [
            (&refused, incoming(403, &[], error), &[][..]),
            (&refused, incoming(403, &origin, error), &[Kind::Access]),
            (&refused, incoming(200, &[], error), &[Kind::Status]),
            (
                &refused,
                incoming(403, &[], ""),
                &[Kind::Code, Kind::Message],
            ),
            (
                &methods,
                incoming(200, &[("access-control-allow-methods", "GET,PUT")], ""),
                &[Kind::Spelling],
            ),
            (
                &methods,
                incoming(200, &[("access-control-allow-methods", "GET")], ""),
                &[Kind::Headers],
            ),
            (&methods, incoming(200, &[], ""), &[Kind::Headers]),
            (
                &vary,
                incoming(
                    200,
                    &[
                        ("vary", "Accept-Encoding, access-control-request-method"),
                        ("vary", "origin"),
                    ],
                    "",
                ),
                &[],
            ),
            (
                &vary,
                incoming(200, &[("vary", "origin")], ""),
                &[Kind::Vary],
            ),
            (
                &Expected {
                    accepted: Some(false),
                    status: Some(400),
                    ..Expected::default()
                },
                incoming(200, &[], ""),
                &[Kind::Document],
            ),
        ] {
            assert_eq!(kinds(expected, &answer), found, "{expected:?} {answer:?}");
        }
    }
}
