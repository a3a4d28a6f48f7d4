//! Recorded answers for the tests of findings.
#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::browser::Page;

use super::exchange::{Exchange, Outcome};
use super::finding::Finding;
use super::plan::{Planned, Question, plan};
use crate::http::{Incoming, Url};

/// The page whose origin was asked for.
pub(crate) const OWN: &str = "https://app.example";
pub(crate) const STRANGER: &str = "https://probe-two.example";

/// The requests for one method, with its headers, from `OWN`.
pub(crate) fn planned(method: &str, headers: &[&str], credentials: bool) -> Vec<Planned> {
    let url = Url::parse("https://bucket.example/a").unwrap();
    let headers: Vec<String> = headers.iter().map(|text| (*text).to_owned()).collect();
    let list = plan(&Question {
        url: &url,
        origin: Some(OWN),
        methods: &[method.to_owned()],
        headers: &headers,
        credentials,
        write: true,
    });
    list.ok().unwrap()
}

/// A GET from an origin.
pub(crate) fn get(number: usize, origin: &str) -> Planned {
    let mut planned = plain(number);
    let page = Page::new(origin, "GET").unwrap();
    let line = ("origin".to_owned(), origin.as_bytes().to_vec());
    planned.headers.push(line);
    planned.page = Some(page);
    planned.is_own = origin == OWN;
    planned
}

/// A GET without Origin.
pub(crate) fn plain(number: usize) -> Planned {
    let mut list = planned("GET", &[], false);
    list.retain(|planned| planned.page.is_none());
    let mut planned = list.remove(0);
    planned.number = number;
    planned
}

/// The preflight of a PUT with `x-a` from `OWN`.
pub(crate) fn preflight(credentials: bool) -> Planned {
    planned("PUT", &["x-a"], credentials)
        .first()
        .unwrap()
        .clone()
}

pub(crate) fn answered(planned: Planned, status: u16, lines: &[(&str, &str)]) -> Exchange {
    let headers = lines
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
        .collect();
    Exchange {
        planned,
        outcome: Outcome::Answered(Incoming {
            status,
            headers,
            body: Vec::new(),
            body_is_cut: false,
        }),
    }
}

/// The kinds and requests of findings.
pub(crate) fn kinds(findings: &[Finding]) -> Vec<(&'static str, &[usize])> {
    let findings = findings.iter();
    findings
        .map(|finding| (finding.kind, finding.requests.as_slice()))
        .collect()
}
