//! What the provider answers to a row's question, without the parts in which the specification is
//! known to disagree with the row.

use reference::model::Rule;
use reference::vectors::{ErrorText, KnownDifference, Operation, Row, Text};
use serde::Serialize;

/// What the provider answers; what is absent is not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Expected {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Whether a document is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) accepted: Option<bool>,
    /// Whether there is an Access-Control-Allow-Origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) granted: Option<bool>,
    /// Names in lower case, and values; null is absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, Option<String>)>,
    /// Names in lower case, and parts of their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) contains: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown")]
    pub(crate) rules: Option<Vec<Rule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_vary: Option<bool>,
}

impl Expected {
    /// What a row says, without what `known` lists.
    pub(crate) fn of(row: &Row, known: Option<&KnownDifference>) -> Expected {
        let said = &row.expect;
        let is_put = row.op == Operation::PutCors;
        let mut expected = Expected {
            status: said.status,
            accepted: said
                .accept
                .or(said.status.filter(|_| is_put).map(|status| status == 200)),
            granted: said.match_rule.map(|rule| rule.is_some()).or(said.matches),
            headers: Vec::new(),
            contains: Vec::new(),
            code: None,
            message: None,
            rules: said.config.clone(),
            response_vary: said.response_vary,
        };
        expected.error(said.error.as_ref());
        for (name, value) in &said.headers {
            let value = value.as_ref().map(text);
            expected.headers.push((name.to_ascii_lowercase(), value));
        }
        for (name, part) in &said.headers_contain {
            let part = (name.to_ascii_lowercase(), text(part));
            expected.contains.push(part);
        }
        if let Some(names) = &said.names {
            expected.granted = Some(names.is_some());
            let joined = |names: &Vec<Text>| names.iter().map(text).collect::<Vec<_>>().join(", ");
            let value = names.as_ref().map(joined);
            // No name is asked for, and none is answered.
            let value = value.filter(|value| !value.is_empty());
            let name = "access-control-allow-headers".to_owned();
            expected.headers.push((name, value));
        }
        for aspect in known.into_iter().flat_map(|known| &known.differs) {
            expected.forget(aspect);
        }
        expected
    }

    /// Adds code and message.
    pub(crate) fn error(&mut self, error: Option<&ErrorText>) {
        self.code = error.and_then(|error| error.code.as_ref()).map(text);
        self.message = error.and_then(|error| error.message.as_ref()).map(text);
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Expected::default()
    }

    /// `aspect` is spelled as in [`reference::suite::Difference`].
    fn forget(&mut self, aspect: &str) {
        match aspect {
            // An error's code belongs to its status.
            "status" => (self.status, self.code, self.message) = (None, None, None),
            "rule" | "match" | "names" => self.granted = None,
            "accept" => (self.accepted, self.status) = (None, None),
            "error.code" => self.code = None,
            "error.message" => self.message = None,
            header => {
                self.headers.retain(|(name, _)| name != header);
                self.contains.retain(|(name, _)| name != header);
            }
        }
    }
}

/// The text of a value: each byte is one character.
pub(crate) fn text(value: &Text) -> String {
    value.as_bytes().iter().copied().map(char::from).collect()
}

#[expect(clippy::ref_option, reason = "what serde calls it with")]
fn shown<S: serde::Serializer>(rules: &Option<Vec<Rule>>, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(&format_args!("{:?}", rules.as_deref().unwrap_or_default()))
}
