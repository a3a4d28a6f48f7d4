//! The requests of a probe: all that will be sent, in their order.

use std::fmt;

use cors_advice::browser::{Page, sent_origin};

use crate::exit::Fatal;
use crate::http::Url;

/// Origins that no server knows: the reserved domain `example` has no hosts (RFC 2606).
const STRANGERS: [&str; 3] = [
    "https://probe-one.example",
    "https://probe-two.example",
    "https://probe-three.example",
];

/// What a browser sends with each request, and caches may depend on.
const COMMON: [(&str, &str); 3] = [
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    (
        "user-agent",
        concat!("cors-probe/", env!("CARGO_PKG_VERSION")),
    ),
];

/// What a probe is asked for.
pub(crate) struct Question<'q> {
    pub(crate) url: &'q Url,
    /// The origin of the page; without one, both pages are strangers.
    pub(crate) origin: Option<&'q str>,
    pub(crate) methods: &'q [String],
    pub(crate) headers: &'q [String],
    pub(crate) credentials: bool,
    /// Whether to send requests that may change what is at the URL.
    pub(crate) write: bool,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// Its number in the list, from 1.
    pub(crate) number: usize,
    pub(crate) method: String,
    pub(crate) is_preflight: bool,
    /// The page that it is sent for; `None` for a request without Origin.
    pub(crate) page: Option<Page>,
    /// Whether the page's origin was asked for, and is not that of a stranger.
    pub(crate) is_own: bool,
    /// Whether it is sent only if the page's preflight lets it pass.
    pub(crate) needs_preflight: bool,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

/// Lists the requests: for each method a page's, a stranger's, one without Origin, and the page's
/// again. That order shows a cache that mixes them.
pub(crate) fn plan(question: &Question<'_>) -> Result<Vec<Planned>, Fatal> {
    let (first, second) = origins(question)?;
    let mut list = Vec::new();
    for method in question.methods {
        let with_origin = |origin| page(question, origin, method);
        let (first, second) = (with_origin(first)?, with_origin(second)?);
        let method = first.method().to_owned();
        let is_safe = ["GET", "HEAD", "OPTIONS"].contains(&method.as_str());
        for page in [&first, &second] {
            let is_own = question.origin == Some(page.origin());
            if page.preflight_need().is_needed() {
                list.push(preflight(page, is_own));
            }
            if is_safe || (question.write && page.origin() == first.origin()) {
                list.push(actual(&method, Some(page), is_own, !is_safe));
            }
        }
        if is_safe {
            list.push(actual(&method, None, false, false));
            list.push(actual(
                &method,
                Some(&first),
                question.origin.is_some(),
                false,
            ));
        }
    }
    if list.is_empty() {
        let method = question.methods.join(", ");
        return Err(Fatal(format!(
            "--method {method}: a page sends no preflight for it, and the request itself may change what is at the URL; add --write to send it, with an empty body"
        )));
    }
    for (number, planned) in (1..).zip(&mut list) {
        planned.number = number;
    }
    Ok(list)
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method)?;
        match &self.page {
            Some(page) => write!(f, " from {}", page.origin())?,
            None => f.write_str(" without Origin")?,
        }
        if let (true, Some(page)) = (self.is_preflight, &self.page) {
            write!(f, ", the preflight of {}", page.method())?;
            if let Some(names) = page.preflight_need().header_line() {
                write!(f, " with {names}")?;
            }
        }
        Ok(())
    }
}

/// The origin of the page and that of a stranger.
fn origins<'q>(question: &Question<'q>) -> Result<(&'q str, &'q str), Fatal> {
    let [first, second, third] = STRANGERS;
    let Some(origin) = question.origin else {
        return Ok((first, second));
    };
    // The messages begin with the name of the option.
    let checked = Page::new(origin, "GET").map_err(|error| Fatal(format!("--{error}")))?;
    if let Some(oddity) = checked.origin_oddity() {
        return Err(Fatal(format!(
            "--origin {origin}: no browser sends this: {oddity}; give scheme, host and port as the browser shows them"
        )));
    }
    if sent_origin(&question.url.to_string()).as_deref() == Some(origin) {
        return Err(Fatal(format!(
            "--origin {origin}: the URL is of the same origin, so that CORS does not apply; give the origin of a page that is elsewhere"
        )));
    }
    Ok((origin, if origin == second { third } else { second }))
}

fn page(question: &Question<'_>, origin: &str, method: &str) -> Result<Page, Fatal> {
    let page = Page::new(origin, method);
    let page = question
        .headers
        .iter()
        .try_fold(page, |page, header| Ok(page?.with_header(header)))
        .map_err(|error: cors_advice::browser::PageError| Fatal(format!("--{error}")))?
        .map_err(|error| Fatal(format!("--{error}")))?;
    if let Some(name) = page.dropped().first() {
        return Err(Fatal(format!(
            "--header {name}: a page cannot set it, and browsers drop it; remove it"
        )));
    }
    Ok(page.with_credentials(question.credentials))
}

fn preflight(page: &Page, is_own: bool) -> Planned {
    let mut headers = common();
    let mut add =
        |name: &str, value: &str| headers.push((name.to_owned(), value.as_bytes().to_vec()));
    add("origin", page.origin());
    add("access-control-request-method", page.method());
    if let Some(names) = page.preflight_need().header_line() {
        add("access-control-request-headers", &names);
    }
    Planned {
        number: 0,
        method: "OPTIONS".to_owned(),
        is_preflight: true,
        page: Some(page.clone()),
        is_own,
        needs_preflight: false,
        headers,
    }
}

/// Headers whose value is not known are left out.
fn actual(method: &str, page: Option<&Page>, is_own: bool, is_unsafe: bool) -> Planned {
    let mut headers = common();
    if let Some(page) = page {
        headers.push(("origin".to_owned(), page.origin().as_bytes().to_vec()));
        for (name, value) in page.headers() {
            let name = name.to_ascii_lowercase();
            if let Some(value) = value {
                headers.retain(|(other, _)| {
                    !(COMMON.iter().any(|(common, _)| other == common) && *other == name)
                });
                headers.push((name, value.to_vec()));
            }
        }
    }
    Planned {
        number: 0,
        method: method.to_owned(),
        is_preflight: false,
        page: page.cloned(),
        is_own,
        needs_preflight: is_unsafe && page.is_some_and(|page| page.preflight_need().is_needed()),
        headers,
    }
}

fn common() -> Vec<(String, Vec<u8>)> {
    COMMON
        .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
        .to_vec()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]
mod tests {
    use super::*;

    fn lines(
        methods: &[&str],
        headers: &[&str],
        origin: Option<&str>,
        write: bool,
    ) -> Result<Vec<String>, String> {
        let methods: Vec<String> = methods.iter().map(|text| (*text).to_owned()).collect();
        let headers: Vec<String> = headers.iter().map(|text| (*text).to_owned()).collect();
        let url = Url::parse("https://bucket.example/a").unwrap();
        let list = plan(&Question {
            url: &url,
            origin,
            methods: &methods,
            headers: &headers,
            credentials: false,
            write,
        });
        let list = list.map_err(|error| error.0)?;
        Ok(list
            .iter()
            .map(|planned| format!("{} {planned}", planned.number))
            .collect())
    }

    #[test]
    fn safe_methods_are_sent_from_a_page_a_stranger_without_origin_and_again() {
        assert_eq!(
            lines(&["get"], &[], Some("https://app.example"), false).unwrap(),
            [
                "1 GET from https://app.example",
                "2 GET from https://probe-two.example",
                "3 GET without Origin",
                "4 GET from https://app.example",
            ]
        );
        let with_headers = lines(&["GET"], &["x-b", "X-A: 1"], None, false).unwrap();
        assert_eq!(
            with_headers,
            [
                "1 OPTIONS from https://probe-one.example, the preflight of GET with x-a,x-b",
                "2 GET from https://probe-one.example",
                "3 OPTIONS from https://probe-two.example, the preflight of GET with x-a,x-b",
                "4 GET from https://probe-two.example",
                "5 GET without Origin",
                "6 GET from https://probe-one.example",
            ]
        );
    }

    #[test]
    fn what_may_change_something_is_sent_only_when_asked_for_and_once() {
        let preflights = [
            "1 OPTIONS from https://a.example, the preflight of PUT",
            "2 OPTIONS from https://probe-two.example, the preflight of PUT",
        ];
        assert_eq!(
            lines(&["put"], &[], Some("https://a.example"), false).unwrap(),
            preflights
        );
        let list = lines(&["PUT"], &[], Some("https://a.example"), true).unwrap();
        assert_eq!(list.get(1).unwrap(), "2 PUT from https://a.example");
        assert_eq!(list.len(), 3);
        let error = lines(&["POST"], &[], None, false).unwrap_err();
        assert!(error.contains("add --write"), "{error}");
    }

    #[test]
    fn a_stranger_is_never_the_page_itself() {
        let list = lines(&["GET"], &[], Some("https://probe-two.example"), false).unwrap();
        assert_eq!(
            list.get(1).unwrap(),
            "2 GET from https://probe-three.example"
        );
    }

    #[test]
    fn a_header_with_a_value_is_sent_and_replaces_what_is_common() {
        let url = Url::parse("https://bucket.example/a").unwrap();
        let list = plan(&Question {
            url: &url,
            origin: None,
            methods: &["GET".to_owned()],
            headers: &["Accept: text/plain".to_owned(), "x-a".to_owned()],
            credentials: false,
            write: false,
        })
        .unwrap();
        let sent = list.get(1).unwrap();
        let names: Vec<&str> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["accept-encoding", "user-agent", "origin", "accept"]);
    }

    #[test]
    fn what_no_page_can_be_or_send_is_refused() {
        for (origin, header, method, why) in [
            ("", "x-a", "GET", "--origin is empty"),
            (
                "https://a.example/b",
                "x-a",
                "GET",
                "no browser sends this: it sends https://a.example, and this one has a path",
            ),
            ("a.example", "x-a", "GET", "it has no scheme"),
            ("https://bucket.example", "x-a", "GET", "the same origin"),
            (
                "https://a.example",
                "cookie",
                "GET",
                "--header cookie: a page cannot set it",
            ),
            (
                "https://a.example",
                "x a",
                "GET",
                "--header \"x a\" is not a header name",
            ),
            (
                "https://a.example",
                "x-a",
                "TRACE",
                "--method TRACE is forbidden",
            ),
        ] {
            let error = lines(&[method], &[header], Some(origin), false).unwrap_err();
            assert!(error.contains(why), "{origin}: {error}");
        }
    }
}
