//! Cases made from a fuzzer's bytes by `arbitrary`: rules built from few pieces that collide,
//! requests derived from the rules.
//!
//! [`generate`](crate::generate) does the same for proptest; here each byte is a choice that a
//! fuzzer can change separately.

use arbitrary::Arbitrary;
use reference::model::{Configuration, DialectName, Request, Rule};

/// A configuration and a related request.
#[derive(Arbitrary, Clone, Debug)]
pub struct Case {
    dialect: u8,
    response_vary: bool,
    request: Asked,
    /// How often the rules are repeated; more than 64 rules need a second word of a bit set.
    copies: u8,
    rules: Vec<Written>,
}

#[derive(Arbitrary, Clone, Debug)]
struct Written {
    id: Option<Text>,
    origins: Vec<Text>,
    methods: Vec<Method>,
    headers: Vec<Text>,
    exposed: Vec<Text>,
    max_age_seconds: Option<i32>,
    allow_credentials: bool,
}

/// A value of a rule.
#[derive(Arbitrary, Clone, Debug)]
enum Text {
    Exact(Piece, Piece),
    Affix(Piece, Piece),
    Star,
    Any(String),
}

/// A text from a list that all rules share.
#[derive(Arbitrary, Clone, Copy, Debug)]
struct Piece(u8);

#[derive(Arbitrary, Clone, Debug)]
enum Method {
    Known(u8),
    Any(String),
}

#[derive(Arbitrary, Clone, Debug)]
struct Asked {
    preflight: bool,
    method: Method,
    origin: Option<Wish>,
    access_control_request_method: Option<Method>,
    lines: Vec<Vec<Wish>>,
}

/// Text that a rule matches or nearly matches, or arbitrary bytes.
#[derive(Arbitrary, Clone, Debug)]
enum Wish {
    Matching {
        rule: u8,
        item: u8,
        middle: Piece,
        more: Option<u8>,
    },
    Bytes(Vec<u8>),
}

const PIECES: [&str; 20] = [
    "",
    "a",
    "b",
    ".b",
    "a.b",
    "https://",
    "https://a",
    "https://a.",
    "http://",
    ":80",
    "null",
    "x-",
    "X-A",
    "-a",
    "x-amz-",
    "\u{e9}",
    " ",
    "authorization",
    "&",
    "\t",
];

const METHODS: [&str; 10] = [
    "GET", "PUT", "POST", "DELETE", "HEAD", "MERGE", "OPTIONS", "PATCH", "get", "*",
];

/// A few more rules than fit into two words of a bit set.
const RULES_MAX: usize = 130;

impl Case {
    /// The rules; they may be invalid.
    pub fn configuration(&self) -> Configuration {
        let names = DialectName::ALL;
        let rules: Vec<Rule> = self
            .rules
            .iter()
            .take(RULES_MAX)
            .map(Written::rule)
            .collect();
        // Mostly one; sometimes many copies.
        let copies = usize::from(self.copies.saturating_sub(192)).saturating_add(1);
        let rules = rules
            .iter()
            .cycle()
            .take(rules.len().saturating_mul(copies));
        Configuration {
            dialect: pick(&names, self.dialect).unwrap_or(DialectName::Oss),
            rules: rules.take(RULES_MAX).cloned().collect(),
            response_vary: self.response_vary,
        }
    }

    /// The request.
    pub fn request(&self) -> Request {
        let asked = &self.request;
        let matching = |wish: &Wish, list: fn(&Written) -> &Vec<Text>| match wish {
            Wish::Bytes(bytes) => bytes.clone(),
            Wish::Matching {
                rule,
                item,
                middle,
                more,
            } => {
                let rule = self.rules.get(usize::from(*rule) % self.rules.len().max(1));
                let list = rule.map(list).map(Vec::as_slice).unwrap_or_default();
                let text = list.get(usize::from(*item) % list.len().max(1));
                let text = text.map(Text::text).unwrap_or_default();
                let mut bytes = text.replace('*', middle.text()).into_bytes();
                bytes.extend(more);
                bytes
            }
        };
        Request {
            method: if asked.preflight {
                b"OPTIONS".to_vec()
            } else {
                asked.method.text().into_bytes()
            },
            origin: asked
                .origin
                .as_ref()
                .map(|wish| matching(wish, |rule| &rule.origins)),
            access_control_request_method: asked
                .access_control_request_method
                .as_ref()
                .map(|method| method.text().into_bytes()),
            access_control_request_headers: asked
                .lines
                .iter()
                .map(|line| {
                    let names: Vec<Vec<u8>> = line
                        .iter()
                        .map(|wish| matching(wish, |rule| &rule.headers))
                        .collect();
                    names.join(&b", "[..])
                })
                .collect(),
        }
    }
}

impl Written {
    fn rule(&self) -> Rule {
        let texts = |list: &[Text]| list.iter().map(Text::text).collect();
        Rule {
            id: self.id.as_ref().map(Text::text),
            allowed_origins: texts(&self.origins),
            allowed_methods: self.methods.iter().map(Method::text).collect(),
            allowed_headers: texts(&self.headers),
            expose_headers: texts(&self.exposed),
            max_age_seconds: self.max_age_seconds,
            allow_credentials: self.allow_credentials,
        }
    }
}

impl Text {
    fn text(&self) -> String {
        match self {
            Text::Exact(first, second) => [first.text(), second.text()].concat(),
            Text::Affix(prefix, suffix) => [prefix.text(), "*", suffix.text()].concat(),
            Text::Star => "*".to_owned(),
            Text::Any(text) => text.clone(),
        }
    }
}

impl Piece {
    fn text(self) -> &'static str {
        pick(&PIECES, self.0).unwrap_or_default()
    }
}

impl Method {
    fn text(&self) -> String {
        match self {
            Method::Known(index) => pick(&METHODS, *index).unwrap_or_default().to_owned(),
            Method::Any(text) => text.clone(),
        }
    }
}

fn pick<T: Copy>(list: &[T], index: u8) -> Option<T> {
    let index = usize::from(index).checked_rem(list.len())?;
    list.get(index).copied()
}
