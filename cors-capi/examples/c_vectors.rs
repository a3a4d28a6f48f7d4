//! Writes the vectors as a table for C: each image and request, with what the Rust engine decides. With the argument
//! `contract`, the image of the test `contract.c`.
//!
//! `cargo run -p cors-engine-capi --example c_vectors > vectors.h`

use std::fmt::Write as _;

use conformance::engine;
use cors_core::{
    Configuration, Decision, Dialect, Furthest, List, Outcome, Policy, Refusal, Rule, compile,
};
use reference::question::Question;
use reference::vectors::{self, BrokenVector};

/// Larger requests do not fit next to the table in the memory of a device; the host is given them all.
const SMALL: usize = 4096;

/// A row of the table.
const STRUCT: &str = "\
struct vector {
    cors_engine_text name;
    cors_engine_text image;
    cors_engine_request request;
    unsigned kind, reason, status, rule, detail;
    size_t headers_len;
    cors_engine_header headers[CORS_ENGINE_MAX_HEADERS];
};
";

fn main() -> Result<(), BrokenVector> {
    if std::env::args().nth(1).as_deref() == Some("contract") {
        println!(
            "static const cors_engine_text contract = {};",
            text(&contract())
        );
    } else {
        table()?;
    }
    Ok(())
}

/// Rules with everything in them.
fn contract() -> Vec<u8> {
    let rules = [
        Rule {
            id: Some("everything"),
            allowed_origins: List::new(&["https://app.example", "https://*.app.example"]),
            allowed_methods: List::new(&["PUT", "GET"]),
            allowed_headers: List::new(&["*"]),
            expose_headers: List::new(&["ETag"]),
            max_age_seconds: Some(600),
            ..Rule::EMPTY
        },
        Rule {
            allowed_origins: List::new(&["https://b.example"]),
            allowed_methods: List::new(&["GET"]),
            allowed_headers: List::new(&["x-*", "content-type"]),
            ..Rule::EMPTY
        },
    ];
    let configuration = Configuration::new(&Dialect::S3, &rules);
    let mut image = [0; 4096];
    compile(&configuration, &mut image)
        .map_or_else(|_| Vec::new(), |policy| policy.as_bytes().to_vec())
}

fn table() -> Result<(), BrokenVector> {
    println!("{STRUCT}");
    let mut cases = String::new();
    let mut count = 0;
    for row in vectors::rows()? {
        let Question::Evaluate(configuration, request) = row.question()? else {
            continue;
        };
        let Ok(image) = engine::compile(&configuration) else {
            continue;
        };
        let Ok(policy) = Policy::from_bytes(&image) else {
            continue;
        };
        let lines = &request.access_control_request_headers;
        let is_large = request.method.len()
            + request.origin.as_ref().map_or(0, Vec::len)
            + lines.iter().map(Vec::len).sum::<usize>()
            > SMALL;
        let list: Vec<String> = lines.iter().map(|line| text(line)).collect();
        if !list.is_empty() {
            println!(
                "static const cors_engine_text lines_{count}[] = {{{}}};",
                list.join(", ")
            );
        }
        let request_in_c = format!(
            "{{{}, {}, {}, {}, {}}}",
            text(&request.method),
            optional(request.origin.as_deref()),
            optional(request.access_control_request_method.as_deref()),
            if list.is_empty() {
                "NULL".to_owned()
            } else {
                format!("lines_{count}")
            },
            list.len(),
        );
        let answer = engine::with_request(&request, |request| answer(&policy.decide(request)));
        let name = text(row.position.as_bytes());
        let case = format!("{{{name}, {}, {request_in_c}, {answer}}},\n", text(&image));
        if is_large {
            let _ = write!(cases, "#ifndef SMALL_VECTORS_ONLY\n{case}#endif\n");
        } else {
            cases.push_str(&case);
        }
        count += 1;
    }
    println!("static const struct vector vectors[] = {{\n{cases}}};");
    Ok(())
}

/// Kind, reason, status, rule, detail, and the headers.
fn answer(decision: &Decision<'_, '_>) -> String {
    let (kind, result) = match decision.outcome() {
        Outcome::NotCors => (0, None),
        Outcome::Preflight(result) => (1, Some(result)),
        Outcome::Actual(result) => (2, Some(result)),
    };
    let refusal = decision.refusal();
    let status = match (kind, refusal) {
        (1, None) => 200,
        (1, Some(Refusal::BadRequest(_))) => 400,
        (1, Some(_)) => 403,
        _ => 0,
    };
    let rule = result
        .and_then(Result::ok)
        .map_or(65535, |grant| grant.rule_index());
    let detail = match refusal {
        Some(Refusal::NoRuleMatched {
            furthest: Furthest::Header(index),
        }) => index,
        Some(Refusal::LimitExceeded(limit)) => limit.code().into(),
        _ => 0,
    };
    let headers: Vec<String> = decision
        .headers()
        .iter()
        .map(|(header, value)| {
            let mut bytes = vec![0; value.encoded_len()];
            let _ = value.write_to(&mut bytes);
            format!("{{{}, {}}}", text(header.name().as_bytes()), text(&bytes))
        })
        .collect();
    let reason = refusal.map_or(0, Refusal::code);
    let list = if headers.is_empty() {
        "{{NULL, 0}, {NULL, 0}}".to_owned()
    } else {
        headers.join(", ")
    };
    format!(
        "{kind}, {reason}, {status}, {rule}, {detail}, {}, {{{list}}}",
        headers.len()
    )
}

fn optional(bytes: Option<&[u8]>) -> String {
    bytes.map_or_else(|| "{NULL, 0}".to_owned(), text)
}

/// A text of C. Question marks are escaped because of trigraphs.
fn text(bytes: &[u8]) -> String {
    let mut literal = String::new();
    for byte in bytes {
        match byte {
            b'"' | b'\\' | b'?' | 0..0x20 | 0x7f.. => {
                let _ = write!(literal, "\\{byte:03o}");
            }
            _ => literal.push(char::from(*byte)),
        }
    }
    format!("{{\"{literal}\", {}}}", bytes.len())
}
