//! The question that a row asks, in an implementation's types: a configuration, and usually a
//! request.

use crate::model::{Configuration, Request, Rule};
use crate::vectors::{BrokenVector, Bucket, Lines, Operation, Row, Text};

/// The question for an implementation.
#[derive(Clone, Debug)]
pub enum Question {
    /// The answer to this request.
    Evaluate(Configuration, Request),
    /// Whether this configuration is accepted; the option `one_bare_wildcard_per_rule` is the
    /// row's.
    Accept(Configuration),
    /// None that a rule or a request can answer: documents, storage, HTTP.
    Elsewhere,
}

impl Row {
    /// Converts the row into a question for an implementation: a question about a pattern or a list
    /// becomes a rule and a request.
    ///
    /// # Errors
    ///
    /// If the row lacks a field that its operation needs.
    pub fn question(&self) -> Result<Question, BrokenVector> {
        let get = || Rule {
            allowed_methods: vec!["GET".to_owned()],
            ..Rule::default()
        };
        Ok(match self.op {
            // Listing the buckets is a request without a bucket, so without a configuration.
            _ if self.target.as_deref() == Some("service") => Question::Elsewhere,
            Operation::Preflight | Operation::Actual | Operation::AcrhSubset => {
                Question::Evaluate(self.configuration(), self.request()?)
            }
            Operation::MatchGlob | Operation::MatchOrigin => {
                let rule = Rule {
                    allowed_origins: vec![self.pattern()?],
                    ..get()
                };
                let request = Request {
                    method: b"GET".to_vec(),
                    origin: Some(self.input()?),
                    ..Request::default()
                };
                Question::Evaluate(self.configuration_of(vec![rule]), request)
            }
            Operation::MatchHeader => Question::Evaluate(
                self.configuration_of(vec![any_origin_with(&self.pattern()?, get())]),
                preflight_for(vec![self.input()?]),
            ),
            Operation::ParseAcrh => Question::Evaluate(
                self.configuration_of(vec![any_origin_with("*", get())]),
                preflight_for(self.request()?.access_control_request_headers),
            ),
            Operation::PutCors if self.bucket != Some(Bucket::Missing) => {
                Question::Accept(self.configuration())
            }
            Operation::PutCors
            | Operation::PutCorsXml
            | Operation::PutCorsRaw
            | Operation::GetCors
            | Operation::DeleteCors => Question::Elsewhere,
        })
    }

    fn configuration(&self) -> Configuration {
        self.configuration_of(self.config.clone().unwrap_or_default())
    }

    fn configuration_of(&self, rules: Vec<Rule>) -> Configuration {
        Configuration {
            dialect: self.dialect,
            rules,
            response_vary: self.response_vary.unwrap_or(false),
        }
    }

    fn request(&self) -> Result<Request, BrokenVector> {
        let request = self.request.as_ref().ok_or_else(|| self.lacks("request"))?;
        let owned = |text: &Text| text.as_bytes().to_vec();
        let lines = match (&self.acrh_lines, &request.acrh) {
            (Some(lines), _) | (None, Some(Lines::Many(lines))) => {
                lines.iter().map(owned).collect()
            }
            (None, Some(Lines::One(line))) => vec![owned(line)],
            (None, None) => Vec::new(),
        };
        Ok(Request {
            method: owned(&request.method),
            origin: request.origin.as_ref().map(owned),
            access_control_request_method: request.acrm.as_ref().map(owned),
            access_control_request_headers: lines,
        })
    }

    fn pattern(&self) -> Result<String, BrokenVector> {
        self.pattern.clone().ok_or_else(|| self.lacks("pattern"))
    }

    fn input(&self) -> Result<Vec<u8>, BrokenVector> {
        let input = self.input.as_ref().ok_or_else(|| self.lacks("input"))?;
        Ok(input.as_bytes().to_vec())
    }

    fn lacks(&self, field: &str) -> BrokenVector {
        let why = format!("a {:?} row needs `{field}`", self.op);
        BrokenVector::new(&self.position, why)
    }
}

fn any_origin_with(allowed_header: &str, rule: Rule) -> Rule {
    Rule {
        allowed_origins: vec!["*".to_owned()],
        allowed_headers: vec![allowed_header.to_owned()],
        ..rule
    }
}

fn preflight_for(lines: Vec<Vec<u8>>) -> Request {
    Request {
        method: b"OPTIONS".to_vec(),
        origin: Some(b"https://example.com".to_vec()),
        access_control_request_method: Some(b"GET".to_vec()),
        access_control_request_headers: lines,
    }
}
