//! A configuration and a request as lines of text, so that people can read and write a fuzzer's
//! input and a corpus.
//!
//! Each line is a word and a value; lines without meaning are skipped, so any bytes are a valid
//! case:
//!
//! ```text
//! dialect s3
//! rule
//! origin https://*.a.example
//! method GET
//! header x-*
//! expose ETag
//! age 600
//! request OPTIONS
//! from https://x.a.example
//! for GET
//! names x-a, x-b
//! ```

use crate::model::{Configuration, DialectName, Request, Rule};

/// Parses a case. Invalid UTF-8 in the values of rules is replaced; the values of the request are
/// bytes.
pub fn parse(bytes: &[u8]) -> (Configuration, Request) {
    let mut configuration = Configuration {
        dialect: DialectName::Oss,
        rules: Vec::new(),
        response_vary: false,
    };
    let mut request = Request {
        method: b"GET".to_vec(),
        ..Request::default()
    };
    for line in bytes.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b' ');
        let word = parts.next().unwrap_or_default();
        let value = parts.next().unwrap_or_default();
        match word {
            b"dialect" => configuration.dialect = dialect(value).unwrap_or(configuration.dialect),
            b"vary" => configuration.response_vary = true,
            b"rule" => configuration.rules.push(Rule::default()),
            b"request" => request.method = value.to_vec(),
            b"from" => request.origin = Some(value.to_vec()),
            b"for" => request.access_control_request_method = Some(value.to_vec()),
            b"names" => request.access_control_request_headers.push(value.to_vec()),
            _ => {
                if let Some(rule) = configuration.rules.last_mut() {
                    add_to_rule(rule, word, &String::from_utf8_lossy(value));
                }
            }
        }
    }
    (configuration, request)
}

/// Writes a case; the inverse of [`parse`] if no value contains a line feed.
pub fn write(configuration: &Configuration, request: &Request) -> Vec<u8> {
    let mut text = Vec::new();
    let mut line = |word: &str, value: &[u8]| {
        text.extend_from_slice(word.as_bytes());
        text.push(b' ');
        text.extend_from_slice(value);
        text.push(b'\n');
    };
    let name = format!("{:?}", configuration.dialect).to_ascii_lowercase();
    line("dialect", name.as_bytes());
    if configuration.response_vary {
        line("vary", b"");
    }
    for rule in &configuration.rules {
        line("rule", b"");
        if let Some(id) = &rule.id {
            line("id", id.as_bytes());
        }
        for (word, list) in [
            ("origin", &rule.allowed_origins),
            ("method", &rule.allowed_methods),
            ("header", &rule.allowed_headers),
            ("expose", &rule.expose_headers),
        ] {
            for value in list {
                line(word, value.as_bytes());
            }
        }
        if let Some(seconds) = rule.max_age_seconds {
            line("age", seconds.to_string().as_bytes());
        }
        if rule.allow_credentials {
            line("credentials", b"");
        }
    }
    line("request", &request.method);
    if let Some(origin) = &request.origin {
        line("from", origin);
    }
    if let Some(method) = &request.access_control_request_method {
        line("for", method);
    }
    for names in &request.access_control_request_headers {
        line("names", names);
    }
    text
}

fn add_to_rule(rule: &mut Rule, word: &[u8], value: &str) {
    match word {
        b"id" => rule.id = Some(value.to_owned()),
        b"origin" => rule.allowed_origins.push(value.to_owned()),
        b"method" => rule.allowed_methods.push(value.to_owned()),
        b"header" => rule.allowed_headers.push(value.to_owned()),
        b"expose" => rule.expose_headers.push(value.to_owned()),
        b"age" => rule.max_age_seconds = value.parse().ok(),
        b"credentials" => rule.allow_credentials = true,
        _ => {}
    }
}

fn dialect(name: &[u8]) -> Option<DialectName> {
    DialectName::ALL
        .into_iter()
        .find(|dialect| format!("{dialect:?}").to_ascii_lowercase().as_bytes() == name)
}
