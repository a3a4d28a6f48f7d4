//! How the answers differ from what a configuration says.

use std::collections::BTreeSet;

use cors_advice::explain::Answer;
use cors_core::{Policy, Request};
use cors_xml::Provider;

use super::exchange::Exchange;
use super::finding::Finding;
use super::party;

/// The kind of these findings.
pub(crate) const DIFFERS: &str = "differs_from_rules";

/// The headers that rules decide, and how their values are compared.
const COMPARED: [(&str, Compared); 7] = [
    ("access-control-allow-origin", Compared::Text),
    ("access-control-allow-credentials", Compared::Text),
    ("access-control-allow-methods", Compared::Methods),
    ("access-control-allow-headers", Compared::Names),
    ("access-control-expose-headers", Compared::Names),
    ("access-control-max-age", Compared::Text),
    ("vary", Compared::AtLeast),
];

#[derive(Clone, Copy)]
enum Compared {
    Text,
    Methods,
    Names,
    /// A response may vary by more than the rules know of.
    AtLeast,
}

/// A finding for each header and status that is not what the rules say.
pub(crate) fn findings(
    policy: &Policy<'_>,
    provider: &Provider,
    exchanges: &[Exchange],
) -> Vec<Finding> {
    let is_silent = |exchange: &Exchange| {
        COMPARED
            .iter()
            .all(|(name, how)| matches!(how, Compared::AtLeast) || exchange.value(name).is_none())
    };
    let none_in_force = exchanges.iter().all(is_silent);
    let mut findings = Vec::new();
    for exchange in exchanges {
        let Some(received) = exchange.answer() else {
            continue;
        };
        let said = said(policy, provider, exchange);
        let mut differs = |header: Option<&str>, text: String| {
            findings.push(Finding {
                kind: DIFFERS,
                requests: vec![exchange.planned.number],
                header: header.map(str::to_owned),
                text,
                set_by: Some(party::of(exchange, exchanges)),
                change: change(exchange, exchanges, none_in_force),
            });
        };
        if let Some(status) = said.status
            && status != received.status
            && !((200..300).contains(&status) && (200..300).contains(&received.status))
        {
            differs(
                None,
                format!(
                    "the preflight is answered with {}; the rules say {status}",
                    received.status
                ),
            );
        }
        for (name, how) in COMPARED {
            let wanted = said.headers.iter().find(|(header, _)| *header == name);
            let wanted = wanted.map(|(_, value)| value.as_str());
            let got = exchange.value(name);
            if !how.agrees(wanted, got.as_deref()) {
                let words = |value: Option<&str>| {
                    value.map_or("that there is none".to_owned(), str::to_owned)
                };
                let text = match &got {
                    Some(got) => format!("it is {got}; the rules say {}", words(wanted)),
                    None => format!("there is none; the rules say {}", words(wanted)),
                };
                differs(Some(name), text);
            }
        }
    }
    findings
}

impl Compared {
    fn agrees(self, wanted: Option<&str>, got: Option<&str>) -> bool {
        let items = |text: Option<&str>, fold: bool| -> BTreeSet<String> {
            let items = text.unwrap_or_default().split(',').map(str::trim);
            let items = items.filter(|item| !item.is_empty());
            items
                .map(|item| {
                    if fold {
                        item.to_ascii_lowercase()
                    } else {
                        item.to_owned()
                    }
                })
                .collect()
        };
        match self {
            Compared::Text => wanted == got,
            Compared::Methods => items(wanted, false) == items(got, false),
            Compared::Names => items(wanted, true) == items(got, true),
            Compared::AtLeast => {
                let got = items(got, true);
                got.contains("*") || items(wanted, true).is_subset(&got)
            }
        }
    }
}

/// What the rules say to a request.
fn said(policy: &Policy<'_>, provider: &Provider, exchange: &Exchange) -> Answer {
    let sent = |name: &str| {
        let mut headers = exchange.planned.headers.iter();
        headers
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_slice())
    };
    let names = sent("access-control-request-headers");
    let request = Request {
        method: exchange.planned.method.as_bytes(),
        origin: sent("origin"),
        access_control_request_method: sent("access-control-request-method"),
        access_control_request_headers: names.as_slice(),
    };
    Answer::new(provider, &request, &policy.decide(&request))
}

fn change(exchange: &Exchange, all: &[Exchange], none_in_force: bool) -> String {
    let text = if !party::stored(exchange, all).is_empty() {
        "the cache keeps an answer of earlier rules, or of another origin: clear it, and let it vary by Origin"
    } else if none_in_force {
        "the rules are not in force: upload them to this bucket, and wait until the provider applies them"
    } else if party::of(exchange, all).who != "the server" {
        "look at what is in front of the server, which may set or remove the header, and compare the rules in force with FILE"
    } else {
        "compare the rules in force with FILE; a change may take minutes to apply"
    };
    text.to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]
mod tests {
    use super::super::finding::merged;
    use super::super::recorded::{OWN, STRANGER, answered, get, kinds, plain, preflight};
    use super::*;

    const RULES: &str = "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod>\
        <AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-a</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>";

    fn of(exchanges: &[Exchange]) -> Vec<Finding> {
        let provider = &Provider::S3;
        let image = provider
            .form_of(RULES.as_bytes())
            .parse(RULES.as_bytes())
            .unwrap()
            .compile()
            .unwrap();
        findings(&image.as_policy(), provider, exchanges)
    }

    const VARY: (&str, &str) = (
        "vary",
        "Accept, origin, access-control-request-headers, access-control-request-method",
    );
    const GRANTED: [(&str, &str); 6] = [
        ("access-control-allow-origin", OWN),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "PUT,GET"),
        ("access-control-expose-headers", "etag"),
        ("access-control-max-age", "60"),
        VARY,
    ];

    fn with(
        line: Option<(&'static str, &'static str)>,
        without: &str,
    ) -> Vec<(&'static str, &'static str)> {
        let mut lines = GRANTED.to_vec();
        lines.push(("access-control-allow-headers", "x-a"));
        lines.retain(|(name, _)| *name != without);
        lines.extend(line);
        lines
    }

    #[test]
    fn answers_as_the_rules_say_have_no_finding() {
        let exchanges = [
            answered(preflight(false), 204, &with(None, "")),
            answered(
                get(2, OWN),
                200,
                &with(None, "access-control-allow-headers"),
            ),
            answered(get(3, STRANGER), 200, &[]),
            answered(plain(4), 200, &[]),
        ];
        let findings: Vec<Finding> = of(&exchanges);
        assert_eq!(findings, []);
    }

    #[test]
    fn each_header_that_differs_is_named() {
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-credentials", "yes"),
            ("access-control-allow-methods", "GET"),
            ("access-control-allow-headers", "x-a, x-b"),
            ("access-control-expose-headers", "etag, date"),
            ("access-control-max-age", "600"),
            ("vary", "accept"),
        ] {
            for line in [Some((name, value)), None] {
                let found = of(&[answered(preflight(false), 200, &with(line, name))]);
                assert_eq!(found.len(), 1, "{name}: {found:?}");
                assert!(
                    found
                        .iter()
                        .all(|found| found.header.as_deref() == Some(name)
                            && found
                                .text
                                .contains(line.map_or("there is none", |(_, value)| value))),
                    "{found:?}"
                );
            }
        }
    }

    #[test]
    fn a_status_that_differs_is_named_and_what_no_rule_grants_too() {
        let found = of(&[answered(preflight(false), 403, &[])]);
        assert!(
            found
                .first()
                .unwrap()
                .text
                .contains("answered with 403; the rules say 200"),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .all(|found| found.change.starts_with("the rules are not in force"))
        );
        let found = of(&[answered(
            get(1, STRANGER),
            200,
            &[("access-control-allow-origin", "*"), ("via", "1.1 front")],
        )]);
        assert_eq!(kinds(&found), [(DIFFERS, &[1][..])]);
        assert!(found.iter().all(|found| found.text
            == "it is *; the rules say that there is none"
            && found.change.starts_with("look at what is in front")));
        let found = of(&[answered(
            plain(1),
            200,
            &[("access-control-allow-origin", "*"), ("age", "3")],
        )]);
        assert!(
            found
                .iter()
                .all(|found| found.change.starts_with("the cache keeps")),
            "{found:?}"
        );
    }

    #[test]
    fn one_difference_of_several_answers_is_one_finding() {
        let lines = [("access-control-allow-origin", "*")];
        let found = merged(of(&[
            answered(get(1, STRANGER), 200, &lines),
            answered(get(2, STRANGER), 200, &lines),
        ]));
        assert_eq!(kinds(&found), [(DIFFERS, &[1, 2][..])]);
    }
}
