//! What is wrong with several answers together: a cache that mixes origins, or that may.

use cors_advice::browser::Page;

use super::exchange::Exchange;
use super::finding::{Finding, SetBy};
use super::party;

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// The findings of the answers to equal requests that differ in their Origin.
pub(crate) fn findings(exchanges: &[Exchange]) -> Vec<Finding> {
    let answered = exchanges
        .iter()
        .filter(|exchange| exchange.answer().is_some());
    let mut groups: Vec<Vec<&Exchange>> = Vec::new();
    for exchange in answered {
        let key = |other: &Exchange| (other.planned.method.clone(), other.planned.is_preflight);
        let group = groups.iter_mut().find(|group| {
            group
                .first()
                .is_some_and(|first| key(first) == key(exchange))
        });
        match group {
            Some(group) => group.push(exchange),
            None => groups.push(vec![exchange]),
        }
    }
    let groups = groups.iter();
    let of_group = |group: &Vec<&Exchange>| {
        let mixed = mixed(group, exchanges);
        if mixed.is_some() {
            mixed
        } else {
            unkept(group)
        }
    };
    groups.filter_map(of_group).collect()
}

/// The answer names the origin of another request, or an equal request was answered otherwise.
fn mixed(group: &[&Exchange], all: &[Exchange]) -> Option<Finding> {
    let of_another = |exchange: &&&Exchange| {
        let value = exchange.value(ALLOW_ORIGIN);
        let another = group.iter().find(|other| {
            other.planned.number < exchange.planned.number
                && origin(other) != origin(exchange)
                && other.planned.page.is_some()
                && origin(other) == value.as_deref()
        });
        // A server may name one page to everybody, but it does not know a stranger.
        another
            .is_some_and(|other| !other.planned.is_own || !party::stored(exchange, all).is_empty())
    };
    let wrong: Vec<&&Exchange> = group.iter().filter(of_another).collect();
    if let Some(first) = wrong.first() {
        let value = first.value(ALLOW_ORIGIN).unwrap_or_default();
        let to = origin(first).unwrap_or("a request without Origin");
        let evidence = party::stored(first, all);
        return Some(Finding {
            kind: "cache_mixes_origins",
            requests: wrong
                .iter()
                .map(|exchange| exchange.planned.number)
                .collect(),
            header: Some(ALLOW_ORIGIN.to_owned()),
            text: format!(
                "{to} is answered with {value}, the origin of an earlier request: the first page that asks decides for all others"
            ),
            set_by: Some(SetBy {
                who: "a cache, which returned an answer that it had stored",
                evidence: if evidence.is_empty() {
                    vec!["the answer itself: no server knows that origin".to_owned()]
                } else {
                    evidence
                },
            }),
            change: change(group),
        });
    }
    // The page asks twice; the answers must not depend on what was asked between.
    let again = group.iter().find_map(|last| {
        let mut earlier = group
            .iter()
            .filter(|other| other.planned.number < last.planned.number);
        let first = earlier.find(|first| {
            first.planned.page.is_some()
                && origin(first) == origin(last)
                && first.value(ALLOW_ORIGIN) != last.value(ALLOW_ORIGIN)
        })?;
        Some((first, last))
    });
    let (first, last) = again?;
    let shown = |exchange: &Exchange| {
        exchange
            .value(ALLOW_ORIGIN)
            .unwrap_or_else(|| "none".to_owned())
    };
    let is_stored = [first, last]
        .iter()
        .any(|exchange| !party::stored(exchange, all).is_empty());
    Some(Finding {
        kind: if is_stored {
            "cache_mixes_origins"
        } else {
            "answers_differ"
        },
        requests: vec![first.planned.number, last.planned.number],
        header: Some(ALLOW_ORIGIN.to_owned()),
        text: format!("equal requests get {} and {}", shown(first), shown(last)),
        set_by: Some(party::of(
            if party::stored(first, all).is_empty() {
                last
            } else {
                first
            },
            all,
        )),
        change: if is_stored {
            change(group)
        } else {
            "wait until all servers have the same rules, or look for a cache that does not show"
                .to_owned()
        },
    })
}

/// The server's answers depend on Origin, and not all of them say so.
fn unkept(group: &[&Exchange]) -> Option<Finding> {
    let is_preflight = group
        .first()
        .is_some_and(|exchange| exchange.planned.is_preflight);
    let value = |exchange: &Exchange| exchange.value(ALLOW_ORIGIN);
    let depends = group.iter().any(|exchange| {
        value(exchange).is_some_and(|value| Some(value.as_str()) == origin(exchange))
            && group.iter().any(|other| value(other) != value(exchange))
    });
    // Caches keep no answers to OPTIONS: RFC 9110, 9.3.7.
    if is_preflight || !depends {
        return None;
    }
    let has_credentials = |exchange: &&Exchange| {
        exchange
            .planned
            .page
            .as_ref()
            .is_some_and(Page::has_credentials)
    };
    let has_credentials = group.iter().any(has_credentials);
    // `*` serves every page, but not one that sends credentials.
    let serves_all =
        |exchange: &Exchange| value(exchange).as_deref() == Some("*") && !has_credentials;
    let silent: Vec<&&Exchange> = group
        .iter()
        .filter(|exchange| {
            !serves_all(exchange)
                && !exchange.lists("vary", "origin")
                && !exchange.lists("vary", "*")
                && !exchange.lists("cache-control", "no-store")
        })
        .collect();
    let first = silent.first()?;
    let which = if silent.len() == group.len() {
        "no answer has"
    } else if silent
        .iter()
        .all(|exchange| exchange.planned.page.is_none())
    {
        "the answer to a request without Origin has no"
    } else {
        "not every answer has"
    };
    Some(Finding {
        kind: "vary_missing",
        requests: silent.iter().map(|exchange| exchange.planned.number).collect(),
        header: Some("vary".to_owned()),
        text: format!("{which} `Vary: Origin`, although the answers depend on it: a cache, also the browser's own, may serve one for another"),
        set_by: Some(party::of(first, &[])),
        change: "let every answer have Vary: Origin, also without an Origin in the request; until then put Origin in the cache key, and crossorigin on elements that load the URL".to_owned(),
    })
}

fn change(group: &[&Exchange]) -> String {
    let all_vary = group
        .iter()
        .all(|exchange| exchange.lists("vary", "origin"));
    if all_vary {
        "the answers have Vary: Origin, and the cache ignores it: put Origin in its key, and clear it".to_owned()
    } else {
        "let the server answer with Vary: Origin, or put Origin in the key of the cache; then clear it".to_owned()
    }
}

fn origin(exchange: &Exchange) -> Option<&str> {
    exchange.planned.page.as_ref().map(Page::origin)
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{OWN, STRANGER, answered, get, kinds, plain};
    use super::*;

    type Lines<'a> = &'a [(&'a str, &'a str)];

    /// The answers to the four requests of a method.
    fn four(answers: [Lines<'_>; 4]) -> Vec<Exchange> {
        let planned = [get(1, OWN), get(2, STRANGER), plain(3), get(4, OWN)];
        let pairs = planned.into_iter().zip(answers);
        pairs
            .map(|(planned, lines)| answered(planned, 200, lines))
            .collect()
    }

    const GRANT: (&str, &str) = (ALLOW_ORIGIN, OWN);
    const VARY: (&str, &str) = ("vary", "Accept, ORIGIN");
    const HIT: (&str, &str) = ("x-cache", "HIT");

    #[test]
    fn answers_that_vary_and_say_so_are_right() {
        let of = [&[GRANT, VARY][..], &[VARY], &[VARY], &[GRANT, VARY, HIT]];
        assert_eq!(findings(&four(of)), []);
        let wildcard = &[(ALLOW_ORIGIN, "*")][..];
        assert_eq!(findings(&four([wildcard; 4])), []);
        // The same page for everybody: there is nothing to vary.
        assert_eq!(findings(&four([&[GRANT]; 4])), []);
        // `*` serves every page.
        let to_all = &[(ALLOW_ORIGIN, "*")][..];
        assert_eq!(
            findings(&four([&[GRANT, VARY], to_all, to_all, &[GRANT, VARY]])),
            []
        );
        let no_store = ("cache-control", "private, no-store");
        assert_eq!(
            findings(&four([
                &[GRANT, no_store],
                &[no_store],
                &[no_store],
                &[GRANT, no_store]
            ])),
            []
        );
    }

    #[test]
    fn a_cache_that_replays_the_first_answer_is_found() {
        let of = [&[GRANT][..], &[GRANT, HIT], &[GRANT, HIT], &[GRANT, HIT]];
        let found = findings(&four(of));
        assert_eq!(kinds(&found), [("cache_mixes_origins", &[2, 3][..])]);
        let [found] = found.as_slice() else {
            unreachable!()
        };
        assert_eq!(
            found.set_by.as_ref().map(|set_by| set_by.evidence.clone()),
            Some(vec!["x-cache: HIT".to_owned()])
        );
        assert!(
            found.change.starts_with("let the server answer with Vary"),
            "{}",
            found.change
        );
        let of = [
            &[GRANT, VARY][..],
            &[GRANT, VARY, HIT],
            &[GRANT, VARY, HIT],
            &[GRANT, VARY, HIT],
        ];
        assert!(
            findings(&four(of))
                .iter()
                .all(|found| found.change.contains("ignores it"))
        );
    }

    #[test]
    fn a_stored_answer_without_a_sign_is_known_by_a_stranger_s_origin() {
        let stranger = &[(ALLOW_ORIGIN, STRANGER)][..];
        let found = findings(&four([&[GRANT], stranger, stranger, &[GRANT]]));
        assert_eq!(kinds(&found), [("cache_mixes_origins", &[3][..])]);
    }

    #[test]
    fn equal_requests_with_other_answers_are_found() {
        let found = findings(&four([
            &[GRANT, VARY],
            &[VARY],
            &[VARY],
            &[VARY, ("age", "3")],
        ]));
        assert_eq!(kinds(&found), [("cache_mixes_origins", &[1, 4][..])]);
        let found = findings(&four([&[VARY], &[VARY], &[VARY], &[GRANT, VARY]]));
        assert_eq!(kinds(&found), [("answers_differ", &[1, 4][..])]);
    }

    #[test]
    fn a_missing_vary_is_found_where_the_answers_depend_on_origin() {
        for (answers, requests, text) in [
            (
                [&[GRANT][..], &[], &[], &[GRANT]],
                &[1, 2, 3, 4][..],
                "no answer has",
            ),
            (
                [&[GRANT, VARY], &[VARY], &[], &[GRANT, VARY]],
                &[3],
                "the answer to a request without Origin",
            ),
            (
                [&[GRANT, VARY], &[], &[VARY], &[GRANT, VARY]],
                &[2],
                "not every answer",
            ),
        ] {
            let found = findings(&four(answers));
            assert_eq!(kinds(&found), [("vary_missing", requests)]);
            assert!(
                found.iter().all(|found| found.text.starts_with(text)),
                "{found:?}"
            );
        }
    }
}
