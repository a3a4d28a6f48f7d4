//! The answer that is right: what the engine decides about the request, and whether a response says that.

use std::collections::BTreeSet;

use conformance::engine;
use cors_core::{Grant, Outcome, Refusal};
use reference::model::Request;

use crate::connection::Response;

/// The six headers of the CORS protocol for responses (Fetch, section 3.2.3).
const HEADERS: [&str; 6] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
];

/// What a response shows of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The status of a preflight; that of other requests is the server's own.
    pub(crate) status: Option<u16>,
    /// Each of the six, in order, with every line of it.
    headers: Vec<(&'static str, Vec<Vec<u8>>)>,
    /// The tokens of Vary, in lower case.
    vary: BTreeSet<String>,
    pub(crate) is_granted: bool,
}

impl Shown {
    /// What the engine decides. `vary` is what the server adds to Vary itself where it serves a request.
    ///
    /// # Errors
    ///
    /// An image that the engine does not read.
    pub(crate) fn right(image: &[u8], request: &Request, vary: &[String]) -> Result<Shown, String> {
        let policy = cors_core::Policy::from_bytes(image).map_err(|error| error.to_string())?;
        let (answer, status) = engine::with_request(request, |request| {
            let decision = policy.decide(request);
            let status = match decision.outcome() {
                Outcome::Preflight(result) => Some(result.map_or_else(Refusal::status, granted)),
                Outcome::NotCors | Outcome::Actual(_) => None,
            };
            (engine::answer(&decision), status)
        });
        let of = |name: &str| {
            let named = answer.headers.iter().filter(|(known, _)| known == name);
            named.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let mut tokens = tokens(&of("vary"));
        if status.is_none() {
            tokens.extend(vary.iter().cloned());
        }
        Ok(Shown {
            status,
            headers: HEADERS.map(|name| (name, of(name))).to_vec(),
            vary: tokens,
            is_granted: answer.rule().is_some(),
        })
    }

    /// What a response shows, about a request for which this is right.
    pub(crate) fn of(&self, response: &Response) -> Shown {
        let of = |name: &str| {
            let values = response.values(name);
            values.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
        };
        Shown {
            status: self.status.map(|_| response.status),
            headers: HEADERS.map(|name| (name, of(name))).to_vec(),
            vary: tokens(&of("vary")),
            is_granted: self.is_granted,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut lines = Vec::new();
        lines.extend(self.status.map(|status| format!("status {status}")));
        for (name, values) in &self.headers {
            let values = values.iter();
            lines.extend(values.map(|value| format!("{name}: {}", value.escape_ascii())));
        }
        let vary: Vec<&str> = self.vary.iter().map(String::as_str).collect();
        lines.push(format!("Vary has {{{}}}", vary.join(", ")));
        lines.join("; ")
    }
}

fn granted(_: Grant<'_, '_>) -> u16 {
    200
}

fn tokens(values: &[Vec<u8>]) -> BTreeSet<String> {
    let items = values
        .iter()
        .flat_map(|value| value.split(|byte| *byte == b','));
    let items = items.map(|item| String::from_utf8_lossy(crate::raw::trimmed(item)).to_lowercase());
    items.filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use conformance::engine::compile;
    use reference::model::{Configuration, DialectName, Rule};

    #[test]
    fn one_header_too_few_or_too_many_is_a_difference() {
        let rule = Rule {
            allowed_origins: vec!["https://a.example".to_owned()],
            allowed_methods: vec!["GET".to_owned()],
            ..Rule::default()
        };
        let image = compile(&Configuration {
            dialect: DialectName::Strict,
            rules: vec![rule],
            response_vary: false,
        })
        .unwrap();
        let request = Request {
            method: b"GET".to_vec(),
            origin: Some(b"https://a.example".to_vec()),
            ..Request::default()
        };
        let right = Shown::right(&image, &request, &["accept".to_owned()]).unwrap();
        assert!(right.is_granted);
        let response = |fields: &[(&str, &str)]| Response {
            status: 404,
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
        };
        let allow = ("access-control-allow-origin", "https://a.example");
        let same = |fields: &[(&str, &str)]| right.of(&response(fields)) == right;
        assert!(same(&[("vary", "ACCEPT"), allow, ("vary", "Origin,")]));
        assert!(!same(&[allow, ("vary", "Origin")]));
        assert!(!same(&[("vary", "accept, origin")]));
        assert!(!same(&[allow, allow, ("vary", "accept, origin")]));
        let age = ("access-control-max-age", "5");
        assert!(!same(&[allow, age, ("vary", "accept, origin")]));
    }
}
