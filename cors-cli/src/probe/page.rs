//! What is wrong with single answers: what keeps a page out, what lets every page in, and what no
//! browser accepts.

use cors_advice::browser::{CorsFailure, Failure, Page, sent_origin};
use cors_advice::near_miss::NearMiss;

use super::exchange::{Exchange, Outcome};
use super::finding::Finding;
use super::party;
use crate::http::Url;

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const ALLOW_CREDENTIALS: &str = "access-control-allow-credentials";

/// Headers that are one value: in two lines, a browser joins them to one that nothing matches.
const SINGLE: [&str; 3] = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, "access-control-max-age"];

/// The findings of each answer by itself.
pub(crate) fn findings(url: &Url, exchanges: &[Exchange]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let own = exchanges.iter().find(|exchange| exchange.planned.is_own);
    let own = own.and_then(|exchange| exchange.planned.page.as_ref());
    findings.extend(own.and_then(|page| mixed_content(url, page)));
    for exchange in exchanges {
        findings.extend(no_answer(exchange));
        findings.extend(doubled(exchange, exchanges));
        findings.extend(redirected(url, exchange, exchanges));
        findings.extend(wildcard_with_credentials(exchange, exchanges));
        findings.extend(any_origin_with_credentials(exchange, exchanges));
        findings.extend(kept_out(exchange, exchanges));
    }
    findings
}

fn finding(
    exchange: &Exchange,
    all: &[Exchange],
    kind: &'static str,
    header: Option<&str>,
    text: String,
    change: &str,
) -> Finding {
    Finding {
        kind,
        requests: vec![exchange.planned.number],
        header: header.map(str::to_owned),
        text,
        set_by: Some(party::of(exchange, all)),
        change: change.to_owned(),
    }
}

/// [Mixed content](https://w3c.github.io/webappsec-mixed-content/#should-block-fetch): a browser
/// blocks it before it sends anything.
fn mixed_content(url: &Url, page: &Page) -> Option<Finding> {
    let authority = url.authority();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    let is_loopback = host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || authority.starts_with("[::1]");
    let is_mixed = !url.is_https() && page.origin().starts_with("https://") && !is_loopback;
    is_mixed.then(|| Finding {
        kind: "mixed_content",
        requests: Vec::new(),
        header: None,
        text: "a page on https:// cannot request http://: the browser blocks it before CORS"
            .to_owned(),
        set_by: None,
        change: "request the URL by https://".to_owned(),
    })
}

fn no_answer(exchange: &Exchange) -> Option<Finding> {
    let Outcome::Failed(why) = &exchange.outcome else {
        return None;
    };
    Some(Finding {
        kind: "no_answer",
        requests: vec![exchange.planned.number],
        header: None,
        text: format!(
            "{} has no HTTP answer, although other requests have one: {why}",
            exchange.planned.method
        ),
        set_by: None,
        change: format!(
            "let the server, and what is in front of it, answer {}",
            exchange.planned.method
        ),
    })
}

fn doubled(exchange: &Exchange, all: &[Exchange]) -> Vec<Finding> {
    let repeated = |name: &str| {
        exchange.lines(name).count() > 1
            || (name != "access-control-max-age"
                && exchange.value(name).unwrap_or_default().contains(','))
    };
    let names = SINGLE.into_iter().filter(|name| repeated(name));
    let findings = names.map(|name| {
        let lines: Vec<String> = exchange.lines(name).collect();
        let text = if lines.len() > 1 {
            format!(
                "it is there {} times ({}); a browser joins them, and the result matches no page",
                lines.len(),
                lines.join("; ")
            )
        } else {
            format!(
                "it has several values in one line ({}); it may have one",
                lines.join("; ")
            )
        };
        Finding {
            set_by: Some(party::of_two(exchange, all)),
            ..finding(
                exchange,
                all,
                "doubled_header",
                Some(name),
                text,
                "let one of them set the headers of CORS, and remove them from the other",
            )
        }
    });
    findings.collect()
}

/// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch): the redirected request
/// has `Origin: null` if it leaves the server's origin.
fn redirected(url: &Url, exchange: &Exchange, all: &[Exchange]) -> Option<Finding> {
    let status = exchange.answer()?.status;
    if exchange.planned.is_preflight
        || exchange.planned.page.is_none()
        || !matches!(status, 301 | 302 | 303 | 307 | 308)
    {
        return None;
    }
    let location = exchange.value("location")?;
    let here = sent_origin(&url.to_string());
    let there = match location.strip_prefix("//") {
        Some(_) => sent_origin(&format!(
            "{}:{location}",
            if url.is_https() { "https" } else { "http" }
        )),
        None if location.contains("://") => sent_origin(&location),
        None => here.clone(),
    };
    let (text, change) = if there == here {
        (
            format!(
                "{status} to {location}, on the same server: both answers need the headers, and this probe follows no redirect"
            ),
            "probe that URL too, or have pages request it",
        )
    } else {
        (
            format!(
                "{status} to {location}, on another origin: the browser goes on with `Origin: null`, which rules for the page's origin do not allow"
            ),
            "have pages request that URL itself",
        )
    };
    Some(finding(
        exchange,
        all,
        "redirected",
        Some("location"),
        text,
        change,
    ))
}

fn wildcard_with_credentials(exchange: &Exchange, all: &[Exchange]) -> Option<Finding> {
    let wildcard = exchange.value(ALLOW_ORIGIN)? == "*";
    let allowed = exchange.value(ALLOW_CREDENTIALS)? == "true";
    (wildcard && allowed).then(|| {
        finding(
            exchange,
            all,
            "star_with_credentials",
            Some(ALLOW_ORIGIN),
            "it is `*` with access-control-allow-credentials: true; browsers accept the two together from no server".to_owned(),
            "list the origins that may send credentials, or remove access-control-allow-credentials",
        )
    })
}

/// What a stranger's origin shows: the header is a copy of the request's.
fn any_origin_with_credentials(exchange: &Exchange, all: &[Exchange]) -> Option<Finding> {
    let page = exchange.planned.page.as_ref()?;
    let is_granted = exchange.value(ALLOW_ORIGIN)? == page.origin()
        && exchange.value(ALLOW_CREDENTIALS)? == "true";
    (is_granted && !exchange.planned.is_own).then(|| {
        finding(
            exchange,
            all,
            "any_origin_with_credentials",
            Some(ALLOW_ORIGIN),
            format!("{}, an unknown origin, is granted with credentials: every site may read with a visitor's cookies", page.origin()),
            "list the origins that may send credentials, and grant others nothing or `*`",
        )
    })
}

/// Why the page that was asked about cannot read. A stranger may be refused, but not in a way that
/// refuses everybody.
fn kept_out(exchange: &Exchange, all: &[Exchange]) -> Option<Finding> {
    let page = exchange.planned.page.as_ref()?;
    let failure = exchange.judged()?.err()?;
    let answer = exchange.answer()?;
    let refuses_all = matches!(
        failure,
        Failure::PreflightStatus(300..=399 | 401 | 405 | 407 | 501)
    );
    if !exchange.planned.is_own && !refuses_all {
        return None;
    }
    let cors_failure = match &failure {
        Failure::Preflight(failure) | Failure::Actual(failure) => Some(*failure),
        _ => None,
    };
    // Said where the lines are counted.
    let is_doubled = |name: &str| exchange.lines(name).count() > 1;
    let is_said = match cors_failure {
        Some(CorsFailure::OtherOrigin) => {
            is_doubled(ALLOW_ORIGIN)
                || exchange
                    .value(ALLOW_ORIGIN)
                    .unwrap_or_default()
                    .contains(',')
        }
        Some(CorsFailure::NoAllowCredentials) => is_doubled(ALLOW_CREDENTIALS),
        Some(CorsFailure::WildcardWithCredentials) => {
            exchange.value(ALLOW_CREDENTIALS).as_deref() == Some("true")
        }
        _ => false,
    };
    if is_said {
        return None;
    }
    let stored = party::stored(exchange, all);
    let (header, text, change) = match &failure {
        Failure::PreflightStatus(status) => return Some(preflight_refused(exchange, all, *status)),
        Failure::InvalidList(header) => (
            *header,
            failure.to_string(),
            "write names with commas between",
        ),
        Failure::Method => (
            "access-control-allow-methods",
            format!("it does not list {}", page.method()),
            "add the method to the rule for this origin",
        ),
        Failure::Header(name) => (
            "access-control-allow-headers",
            format!("it does not list {name}"),
            "add the header to the rule for this origin",
        ),
        _ => match cors_failure {
            Some(CorsFailure::NoAllowCredentials) => (
                ALLOW_CREDENTIALS,
                "the page sends credentials, and this is not `true`".to_owned(),
                "let the server set it to `true` for this origin, or send no credentials",
            ),
            Some(CorsFailure::WildcardWithCredentials) => (
                ALLOW_ORIGIN,
                "it is `*`, which does not count for a page that sends credentials".to_owned(),
                "list the page's origin in a rule of its own, or send no credentials",
            ),
            Some(CorsFailure::OtherOrigin) => (
                ALLOW_ORIGIN,
                other_origin(exchange, page),
                "let the server answer with the page's origin as the browser sends it",
            ),
            _ if answer.status >= 400 => (
                ALLOW_ORIGIN,
                format!(
                    "the answer is {} and has no such header: the browser reports CORS, but the error comes first",
                    answer.status
                ),
                "find out why the request fails; then let error responses have the header too",
            ),
            _ => (
                ALLOW_ORIGIN,
                "the answer has no such header, which keeps the page out".to_owned(),
                "allow the page's origin and method in the rules; if they do, look whether they are in force, and whether something on the way removes the header",
            ),
        },
    };
    let change = if stored.is_empty() {
        change
    } else {
        "clear the cache, and let it keep the answers of different origins apart (Vary: Origin from the server, or Origin in the cache key)"
    };
    Some(finding(
        exchange,
        all,
        failure.reason(),
        Some(header),
        text,
        change,
    ))
}

fn other_origin(exchange: &Exchange, page: &Page) -> String {
    let value = exchange.value(ALLOW_ORIGIN).unwrap_or_default();
    match NearMiss::of(&value, page.origin()) {
        Some(near) => format!(
            "it is {value}, not the page's {}: it has {near}",
            page.origin()
        ),
        None => format!("it is {value}, not the page's {}", page.origin()),
    }
}

/// A preflight whose status is not one of success, by what the status tells.
fn preflight_refused(exchange: &Exchange, all: &[Exchange], status: u16) -> Finding {
    let authenticates = exchange.value("www-authenticate").is_some();
    let (kind, header, text, change) = match status {
        300..=399 => (
            "preflight_redirected",
            Some("location"),
            format!(
                "the preflight is answered with {status} to {}; browsers follow no redirect of a preflight",
                exchange.value("location").unwrap_or_default()
            ),
            "have pages request the other URL itself, or answer OPTIONS here",
        ),
        _ if matches!(status, 401 | 407) || authenticates => (
            "preflight_authenticated",
            Some("www-authenticate").filter(|_| authenticates),
            format!(
                "the preflight is answered with {status}, which asks for credentials; browsers send none with a preflight"
            ),
            "answer OPTIONS with Access-Control-Request-Method before authentication",
        ),
        405 | 501 => {
            let allow = exchange
                .value("allow")
                .map(|allow| format!(" (allow: {allow})"));
            (
                "preflight_not_handled",
                None,
                format!(
                    "the preflight is answered with {status}: OPTIONS is not handled{}",
                    allow.unwrap_or_default()
                ),
                "let OPTIONS reach what answers preflights, or turn CORS on there",
            )
        }
        500.. => (
            "preflight_error",
            None,
            format!("the preflight is answered with {status}, an error of the server"),
            "look at the server's log",
        ),
        _ => (
            "preflight_refused",
            None,
            format!("the preflight is answered with {status}"),
            "allow origin, method and headers in one rule; `cors explain` with the rules tries which change helps",
        ),
    };
    finding(exchange, all, kind, header, text, change)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]
mod tests {
    use super::super::exchange::Outcome;
    use super::super::recorded::{OWN, STRANGER, answered, get, kinds, plain, planned, preflight};
    use super::*;

    fn of(exchanges: &[Exchange]) -> Vec<Finding> {
        findings(&Url::parse("https://bucket.example/a").unwrap(), exchanges)
    }

    /// The one finding of an answer.
    fn one(exchange: Exchange) -> Finding {
        let mut findings = of(&[exchange]);
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings.remove(0)
    }

    const GRANT: (&str, &str) = (ALLOW_ORIGIN, OWN);

    #[test]
    fn a_right_answer_has_no_finding() {
        let lines = [GRANT, ("vary", "Origin")];
        let of_preflight = [
            GRANT,
            ("access-control-allow-methods", "PUT"),
            ("access-control-allow-headers", "X-A"),
        ];
        let exchanges = [
            answered(get(1, OWN), 200, &lines),
            answered(get(2, STRANGER), 200, &[]),
            answered(plain(3), 302, &[("location", "https://elsewhere.example/")]),
            answered(preflight(false), 200, &of_preflight),
        ];
        assert_eq!(of(&exchanges), []);
    }

    #[test]
    fn what_keeps_the_page_out_is_named_and_a_stranger_may_be_refused() {
        for (status, lines, kind, header, text) in [
            (
                200,
                &[][..],
                "no_allow_origin",
                ALLOW_ORIGIN,
                "no such header, which keeps the page out",
            ),
            (
                404,
                &[],
                "no_allow_origin",
                ALLOW_ORIGIN,
                "the answer is 404",
            ),
            (
                200,
                &[(ALLOW_ORIGIN, "https://app.example/")],
                "other_origin",
                ALLOW_ORIGIN,
                "it has a slash at the end",
            ),
            (
                200,
                &[(ALLOW_ORIGIN, "null")],
                "other_origin",
                ALLOW_ORIGIN,
                "it is null, not the page's https://app.example",
            ),
        ] {
            let found = one(answered(get(1, OWN), status, lines));
            assert_eq!((found.kind, found.header.as_deref()), (kind, Some(header)));
            assert!(found.text.contains(text), "{}", found.text);
            assert_eq!(of(&[answered(get(1, STRANGER), status, lines)]), []);
        }
        let with_credentials = || planned("GET", &[], true).remove(0);
        let found = one(answered(with_credentials(), 200, &[GRANT]));
        assert_eq!(
            (found.kind, found.header.as_deref()),
            ("no_allow_credentials", Some(ALLOW_CREDENTIALS))
        );
        let found = one(answered(with_credentials(), 200, &[(ALLOW_ORIGIN, "*")]));
        assert_eq!(
            (found.kind, found.text.contains("does not count")),
            ("star_with_credentials", true)
        );
    }

    #[test]
    fn what_a_preflight_lacks_is_named() {
        for (lines, kind, header, text) in [
            (
                &[][..],
                "preflight_no_allow_origin",
                ALLOW_ORIGIN,
                "no such header",
            ),
            (
                &[GRANT],
                "method_not_allowed",
                "access-control-allow-methods",
                "does not list PUT",
            ),
            (
                &[GRANT, ("access-control-allow-methods", "*")],
                "header_not_allowed",
                "access-control-allow-headers",
                "does not list x-a",
            ),
            (
                &[GRANT, ("access-control-allow-methods", "GET PUT")],
                "preflight_invalid_list",
                "access-control-allow-methods",
                "commas",
            ),
        ] {
            let found = one(answered(preflight(false), 204, lines));
            assert_eq!((found.kind, found.header.as_deref()), (kind, Some(header)));
            assert!(found.text.contains(text), "{}", found.text);
        }
    }

    #[test]
    fn a_refused_preflight_is_described_by_its_status() {
        for (status, lines, kind, text, refuses_all) in [
            (
                301,
                &[("location", "https://b.example/")][..],
                "preflight_redirected",
                "301 to https://b.example/",
                true,
            ),
            (
                401,
                &[],
                "preflight_authenticated",
                "asks for credentials",
                true,
            ),
            (
                407,
                &[],
                "preflight_authenticated",
                "asks for credentials",
                true,
            ),
            (
                403,
                &[("www-authenticate", "Basic")],
                "preflight_authenticated",
                "asks for credentials",
                false,
            ),
            (
                405,
                &[("allow", "GET, HEAD")],
                "preflight_not_handled",
                "(allow: GET, HEAD)",
                true,
            ),
            (
                501,
                &[],
                "preflight_not_handled",
                "OPTIONS is not handled",
                true,
            ),
            (502, &[], "preflight_error", "an error of the server", false),
            (403, &[], "preflight_refused", "answered with 403", false),
            (404, &[], "preflight_refused", "answered with 404", false),
        ] {
            let found = one(answered(preflight(false), status, lines));
            assert_eq!(found.kind, kind);
            assert!(found.text.contains(text), "{}", found.text);
            let mut of_stranger = preflight(false);
            of_stranger.is_own = false;
            let findings = of(&[answered(of_stranger, status, lines)]);
            assert_eq!(findings.is_empty(), !refuses_all, "{status}: {findings:?}");
        }
    }

    #[test]
    fn a_doubled_header_is_found_for_any_page_and_said_once() {
        for (lines, header) in [
            (&[GRANT, GRANT][..], ALLOW_ORIGIN),
            (&[(ALLOW_ORIGIN, "*, *")], ALLOW_ORIGIN),
            (
                &[
                    GRANT,
                    ("access-control-max-age", "1"),
                    ("access-control-max-age", "1"),
                ],
                "access-control-max-age",
            ),
        ] {
            let found = one(answered(get(1, OWN), 200, lines));
            assert_eq!(
                (found.kind, found.header.as_deref()),
                ("doubled_header", Some(header))
            );
            assert_eq!(
                kinds(&of(&[answered(get(1, STRANGER), 200, lines)])),
                [("doubled_header", &[1][..])]
            );
        }
        let lines = [
            GRANT,
            (ALLOW_CREDENTIALS, "true"),
            (ALLOW_CREDENTIALS, "true"),
            ("via", "1.1 front"),
        ];
        let found = one(answered(planned("GET", &[], true).remove(0), 200, &lines));
        assert_eq!(found.kind, "doubled_header");
        let set_by = found.set_by.unwrap();
        assert_eq!(
            set_by.who,
            "the server and what is in front of it, each once"
        );
        assert_eq!(set_by.evidence, ["via: 1.1 front"]);
    }

    #[test]
    fn a_redirect_of_a_page_is_found_and_says_what_becomes_of_the_origin() {
        for (location, text) in [
            (
                "https://other.example/b",
                "on another origin: the browser goes on with `Origin: null`",
            ),
            ("http://bucket.example/a", "`Origin: null`"),
            ("//other.example/b", "`Origin: null`"),
            ("/b", "on the same server"),
            ("https://bucket.example:443/b", "on the same server"),
            ("//bucket.example/b", "on the same server"),
        ] {
            let found = one(answered(get(1, OWN), 307, &[GRANT, ("location", location)]));
            assert_eq!(found.kind, "redirected");
            assert!(found.text.contains(text), "{location}: {}", found.text);
        }
        assert_eq!(of(&[answered(get(1, OWN), 304, &[GRANT])]), []);
    }

    #[test]
    fn a_wildcard_with_credentials_is_found_for_any_page() {
        let lines = [(ALLOW_ORIGIN, "*"), (ALLOW_CREDENTIALS, "true")];
        for exchange in [
            answered(get(1, OWN), 200, &lines),
            answered(get(1, STRANGER), 200, &lines),
            answered(plain(1), 200, &lines),
            answered(planned("GET", &[], true).remove(0), 200, &lines),
        ] {
            assert_eq!(one(exchange).kind, "star_with_credentials");
        }
    }

    #[test]
    fn a_stranger_with_credentials_is_found_and_the_page_itself_is_not() {
        let lines = |origin| [(ALLOW_ORIGIN, origin), (ALLOW_CREDENTIALS, "true")];
        assert_eq!(
            one(answered(get(1, STRANGER), 200, &lines(STRANGER))).kind,
            "any_origin_with_credentials"
        );
        assert_eq!(of(&[answered(get(1, OWN), 200, &lines(OWN))]), []);
        assert_eq!(of(&[answered(get(1, STRANGER), 200, &lines(OWN))]), []);
    }

    #[test]
    fn a_request_without_an_answer_is_found() {
        let exchange = Exchange {
            planned: preflight(false),
            outcome: Outcome::Failed("closed".to_owned()),
        };
        let found = one(exchange);
        assert_eq!(
            (found.kind, found.text.contains("closed")),
            ("no_answer", true)
        );
    }

    #[test]
    fn a_secure_page_cannot_request_http_but_of_its_own_machine() {
        let granted = [answered(get(1, OWN), 200, &[GRANT])];
        for (url, is_found) in [
            ("http://bucket.example/", true),
            ("http://localhost.example:8080/", true),
            ("http://localhost:8080/", false),
            ("http://photos.localhost/", false),
            ("http://127.0.0.1:8333/", false),
            ("http://[::1]:8333/", false),
            ("https://bucket.example/", false),
        ] {
            let findings = findings(&Url::parse(url).unwrap(), &granted);
            assert_eq!(
                findings.iter().any(|found| found.kind == "mixed_content"),
                is_found,
                "{url}"
            );
        }
    }

    #[test]
    fn a_stored_answer_is_blamed_on_the_cache() {
        let found = one(answered(get(1, OWN), 200, &[("age", "7")]));
        assert_eq!(found.kind, "no_allow_origin");
        assert!(
            found.change.starts_with("clear the cache"),
            "{}",
            found.change
        );
        assert_eq!(found.set_by.unwrap().evidence, ["age: 7"]);
    }
}
