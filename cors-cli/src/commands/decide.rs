//! `cors decide`: reads requests as JSON lines and writes answers as JSON lines, each before the
//! next request is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use cors_advice::explain::{Answer, from_characters};
use cors_core::{Policy, Request};
use cors_xml::Provider;
use serde::Deserialize;

use crate::arguments::DecideArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::{Input, not_configured};
use crate::json::to_json;
use crate::output::Output;

/// A request line.
#[derive(Deserialize)]
struct RequestLine {
    method: String,
    origin: Option<String>,
    access_control_request_method: Option<String>,
    access_control_request_headers: Option<FieldLines>,
}

/// One field line, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum FieldLines {
    One(String),
    Several(Vec<String>),
}

pub(crate) fn run(arguments: &DecideArguments) -> Result<Verdict, Fatal> {
    let provider = arguments.dialect.provider();
    let image = match &arguments.config {
        Some(path) => {
            if path == "-" && arguments.requests == "-" {
                let why = "CONFIG and --requests cannot both be standard input; give a path for one of them";
                return Err(Fatal(why.to_owned()));
            }
            Input::read(path)?.compile(provider)?
        }
        None => not_configured(provider)?,
    };
    let policy = image.as_policy();
    let name = if arguments.requests == "-" {
        "standard input"
    } else {
        &arguments.requests
    };
    let mut lines: Box<dyn BufRead> = if arguments.requests == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&arguments.requests);
        Box::new(BufReader::new(file.map_err(|error| {
            Fatal(format!("{name}: {error}; give a file of JSON lines"))
        })?))
    };
    let mut out = Output::new();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let length = lines
            .read_until(b'\n', &mut line)
            .map_err(|error| Fatal(format!("{name}: {error}")))?;
        if length == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = answer(&policy, provider, &line)
            .map_err(|why| Fatal(format!("{name}, line {number}: {why}")))?;
        let text = to_json(&answer)?;
        writeln!(out, "{text}")?;
        out.flush()?;
        if out.is_closed() {
            break;
        }
    }
    Ok(Verdict::Yes)
}

fn answer(policy: &Policy<'_>, provider: &Provider, line: &[u8]) -> Result<Answer, String> {
    let line: RequestLine = serde_json::from_slice(line).map_err(|error| {
        format!("{error}; give an object with \"method\" and, if sent, \"origin\" and the two request headers")
    })?;
    let bytes = |member: &str, text: &str| {
        from_characters(text).ok_or_else(|| {
            format!("{member} contains a character above U+00FF; each character must be one byte")
        })
    };
    let optional =
        |member: &str, text: Option<String>| text.map(|text| bytes(member, &text)).transpose();
    let method = bytes("method", &line.method)?;
    let origin = optional("origin", line.origin)?;
    let requested = optional(
        "access_control_request_method",
        line.access_control_request_method,
    )?;
    let headers: Vec<String> = match line.access_control_request_headers {
        None => Vec::new(),
        Some(FieldLines::One(line)) => vec![line],
        Some(FieldLines::Several(lines)) => lines,
    };
    let headers: Result<Vec<Vec<u8>>, String> = headers
        .iter()
        .map(|line| bytes("access_control_request_headers", line))
        .collect();
    let headers = headers?;
    let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
    let request = Request {
        method: &method,
        origin: origin.as_deref(),
        access_control_request_method: requested.as_deref(),
        access_control_request_headers: &headers,
    };
    Ok(Answer::new(provider, &request, &policy.decide(&request)))
}
