//! Notes to an explanation: what is unusual about the page's request, and what else decides whether
//! it works.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cors_core::{Policy, Request, ResponseHeader};
use cors_xml::Form;

use crate::browser::{Page, rendered_headers};
use crate::edit::Edit;

/// A note to an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Note {
    /// A word that is stable across versions: about the request `origin_not_sent`,
    /// `header_dropped`, `response_header`, `value_not_known`, `value_not_safelisted` or
    /// `header_repeated`; about what is around it `cache` or `resumable_upload`.
    pub kind: &'static str,
    /// The note: a clause without a full stop.
    pub text: String,
    /// A change to the rules that helps.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub edit: Option<Edit>,
}

impl Note {
    fn new(kind: &'static str, text: String) -> Note {
        Note {
            kind,
            text,
            edit: None,
        }
    }
}

/// What is unusual about the page's request.
pub(super) fn of_page(page: &Page) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |kind, text| notes.push(Note::new(kind, text));
    if let Some(oddity) = page.origin_oddity() {
        note(
            "origin_not_sent",
            format!("a browser does not send this origin: {oddity}"),
        );
    }
    for name in page.dropped() {
        note(
            "header_dropped",
            format!("a page cannot set {name}; the browser drops it"),
        );
    }
    for name in page.response_headers() {
        note(
            "response_header",
            format!("{name} is a response header; leave it out of the request"),
        );
    }
    for name in page.names_without_value() {
        note(
            "value_not_known",
            format!(
                "whether {name} needs a preflight depends on its value; pass it as '{name}: VALUE'"
            ),
        );
    }
    for (name, why) in page.unsafe_values() {
        note(
            "value_not_safelisted",
            format!("{name} needs a preflight because of its value: {why}"),
        );
    }
    for (name, is_unsafe) in page.repeated_headers() {
        let result = if is_unsafe {
            "and then sends a preflight for it"
        } else {
            "here with the same result"
        };
        note(
            "header_repeated",
            format!(
                "{name} is set several times; Chromium joins the values before it judges them, {result}"
            ),
        );
    }
    notes
}

/// What else decides whether the page works. `is_readable` says whether it can read the answer.
pub(super) fn of_surroundings(
    policy: &Policy<'_>,
    form: Form<'_>,
    page: &Page,
    is_readable: bool,
) -> Vec<Note> {
    let cache = is_readable.then(|| cache(policy, form, page)).flatten();
    let uploads = matches!(page.method(), "PUT" | "POST");
    let resumable = form.provider().wire.resumable_upload_keeps_origin && uploads;
    let resumable = resumable.then(|| {
        let origin = page.origin();
        let text = format!(
            "in a resumable upload, the Origin of the request that starts it decides the answers to all its requests: start it from a page on {origin}, or send Origin: {origin} when your server starts it"
        );
        Note::new("resumable_upload", text)
    });
    cache.into_iter().chain(resumable).collect()
}

/// Whether a cache may serve the page an answer that was stored for another request: see
/// [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).
fn cache(policy: &Policy<'_>, form: Form<'_>, page: &Page) -> Option<Note> {
    // Other methods are not answered from caches.
    if !matches!(page.method(), "GET" | "HEAD") {
        return None;
    }
    let (allow_origin, varies) = page.with_requests(|_, actual| cache_headers(policy, actual));
    let allow_origin = allow_origin?;
    let (_, varies_without_origin) = page.with_requests(|_, actual| {
        let without_origin = Request {
            origin: None,
            ..*actual
        };
        cache_headers(policy, &without_origin)
    });
    let is_for_one_origin = allow_origin != b"*" && !varies;
    let stored = match (varies_without_origin, is_for_one_origin) {
        (true, false) => return None,
        (true, true) => "for another origin",
        (false, false) => "for a request without Origin, which has no Access-Control-Allow-Origin",
        (false, true) => "for a request without Origin or with another one",
    };
    let dialect = form.provider().dialect.name;
    let setting = form.provider().documents.response_vary && !policy.response_vary();
    let edit = setting.then_some(Edit::SetResponseVary(true));
    let remedy = match &edit {
        Some(edit) => edit.in_form(form).to_string(),
        None => "let every request for the object have an Origin (crossorigin on <img>, <video> and <link>), or give the requests of pages a query of their own, such as ?cors".to_string(),
    };
    Some(Note {
        edit,
        ..Note::new(
            "cache",
            format!(
                "a browser's cache or a CDN may serve this page an answer that was stored {stored}, because {dialect} does not send Vary: Origin with it; {remedy}; in a CDN, put Origin into the cache key"
            ),
        )
    })
}

/// Access-Control-Allow-Origin, and whether Vary lists Origin.
fn cache_headers(policy: &Policy<'_>, request: &Request<'_>) -> (Option<Vec<u8>>, bool) {
    let headers = rendered_headers(&policy.decide(request));
    let value = |sought: ResponseHeader| {
        let found = headers.iter().find(|(header, _)| *header == sought);
        found.map(|(_, value)| value.clone())
    };
    let vary = value(ResponseHeader::Vary).unwrap_or_default();
    let mut names = vary.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let varies = names.any(|name| name.eq_ignore_ascii_case(b"origin"));
    (value(ResponseHeader::AccessControlAllowOrigin), varies)
}
