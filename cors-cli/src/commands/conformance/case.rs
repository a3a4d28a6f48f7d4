//! Rows as questions that a server can be asked: what is in force before, and one request.

use cors_xml::Provider;
use reference::check;
use reference::model::{DialectName, Request, Rule};
use reference::question::Question as RowQuestion;
use reference::vectors::{
    self, BrokenVector, Bucket, Document, KnownDifference, Operation, Outcome, Row,
};

use super::document;
use super::expected::Expected;
use super::level::Level;

/// The object that is put before the rows are asked.
pub(crate) const OBJECT: &str = "cors-conformance";
/// The object of rows that put or delete one.
pub(crate) const OTHER_OBJECT: &str = "cors-conformance-put";
/// An object that never exists.
const NO_OBJECT: &str = "cors-conformance-none";
/// Longest value that is sent in a header: servers accept 8 KiB of headers and more.
const MAX_VALUE: usize = 7000;

/// A row, as it is asked.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The suite and the case.
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) level: Level,
    /// The question, or why it cannot be asked.
    pub(crate) question: Result<Question, String>,
    pub(crate) expected: Expected,
}

/// What is in force before, and the request.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) before: Before,
    pub(crate) exchange: Exchange,
}

/// What a question wants to be in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Anything.
    Any,
    /// A bucket without a configuration.
    None,
    /// This document.
    Rules(String),
    /// A bucket that does not exist any more.
    Removed,
}

/// One request to the bucket.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) key: Option<&'static str>,
    pub(crate) query: Option<String>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// A preflight is not signed.
    pub(crate) is_signed: bool,
    pub(crate) body: Option<String>,
}

impl Exchange {
    /// A signed request about the bucket, or an object in it.
    pub(crate) fn signed(method: &str, key: Option<&'static str>, query: Option<&str>) -> Exchange {
        Exchange {
            method: method.to_owned(),
            key,
            query: query.map(str::to_owned),
            is_signed: true,
            ..Exchange::default()
        }
    }

    pub(crate) fn put_cors(document: String) -> Exchange {
        Exchange {
            body: Some(document),
            ..Exchange::signed("PUT", None, Some("cors"))
        }
    }
}

/// Every row about a provider, in an order in which those with the same rules follow each other, and
/// those about a bucket that does not exist come last.
pub(crate) fn cases(provider: &Provider) -> Result<Vec<Case>, BrokenVector> {
    let known = vectors::known_differences()?;
    let is_of = |dialect: DialectName| {
        let name = format!("{dialect:?}");
        provider.name.eq_ignore_ascii_case(&name)
    };
    let rows = vectors::rows()?
        .into_iter()
        .filter(|row| is_of(row.dialect));
    let documents = vectors::documents()?.into_iter();
    let documents = documents.filter(|document| is_of(document.dialect));
    let mut cases: Vec<Case> = rows.map(|row| of_row(provider, &row, &known)).collect();
    cases.extend(documents.map(of_document));
    let before = |case: &Case| {
        case.question
            .as_ref()
            .ok()
            .map(|asked| asked.before.clone())
    };
    let mut order: Vec<Option<Before>> = Vec::new();
    for case in &cases {
        let before = before(case);
        if !order.contains(&before) {
            order.push(before);
        }
    }
    cases.sort_by_key(|case| {
        let before = before(case);
        let place = order.iter().position(|other| *other == before);
        (before == Some(Before::Removed), place)
    });
    Ok(cases)
}

fn of_row(provider: &Provider, row: &Row, known: &[KnownDifference]) -> Case {
    let mut known = known.iter();
    let known = known.find(|known| known.suite == row.suite && known.case == row.case);
    let expected = Expected::of(row, known);
    let question = match (known, question(provider, row)) {
        (Some(known), _) if expected.is_empty() => Err(known.reason.clone()),
        (_, Ok(_)) if expected.is_empty() => Err("the row says nothing that a server shows".into()),
        (_, question) => question,
    };
    Case {
        name: format!("{}: {}", row.suite, row.case),
        source: row.source.clone(),
        level: Level::of(&row.provenance).unwrap_or(Level::Choice),
        question,
        expected,
    }
}

/// The codes for documents at the limits differ among the sources.
fn of_document(row: Document) -> Case {
    let expected = Expected {
        accepted: Some(row.outcome == Outcome::Accept),
        ..Expected::default()
    };
    Case {
        name: format!("documents: {}", row.file),
        source: row.source,
        level: Level::of(&row.provenance).unwrap_or(Level::Choice),
        question: Ok(Question {
            before: Before::Any,
            exchange: Exchange::put_cors(row.body.to_owned()),
        }),
        expected,
    }
}

fn question(provider: &Provider, row: &Row) -> Result<Question, String> {
    if row.one_bare_wildcard_per_rule {
        return Err("it is about an option of this engine".into());
    }
    if let Some(refusal) = &row.expect.refusal
        && refusal.starts_with("LimitExceeded")
    {
        return Err("it is about a limit of this engine, not of the provider".into());
    }
    let mut rules = row.config.iter().flatten();
    if rules.any(|rule| rule.allow_credentials) {
        return Err("documents have no element for credentials".into());
    }
    let is_missing = row.bucket == Some(Bucket::Missing);
    let about_cors = |method: &str| Exchange::signed(method, None, Some("cors"));
    let exchange = match row.op {
        Operation::PutCorsRaw | Operation::PutCorsXml => {
            return Err("its document is described and not kept".into());
        }
        Operation::PutCors | Operation::DeleteCors if is_missing => {
            return Err("it writes to a bucket that this program did not make".into());
        }
        Operation::PutCors => {
            let rules = row.config.as_deref().unwrap_or_default();
            let document = document::written(provider, rules, row.response_vary);
            let document = document.ok_or("XML cannot carry a value of its rules")?;
            return Ok(Question {
                before: Before::Any,
                exchange: Exchange::put_cors(document),
            });
        }
        Operation::GetCors => about_cors("GET"),
        Operation::DeleteCors => about_cors("DELETE"),
        _ => return request_question(provider, row),
    };
    let rules = row.config.as_deref().unwrap_or_default();
    let before = if is_missing {
        Before::Removed
    } else {
        before(provider, rules, row)?
    };
    Ok(Question { before, exchange })
}

fn request_question(provider: &Provider, row: &Row) -> Result<Question, String> {
    // Listing buckets is no question about a rule.
    if row.target.as_deref() == Some("service") {
        return Err("it is about all buckets, and this program asks about its own".into());
    }
    let RowQuestion::Evaluate(configuration, request) =
        row.question().map_err(|error| error.to_string())?
    else {
        return Err("it is not about a request".into());
    };
    let is_refused = !configuration.rules.is_empty()
        && (!check::faults(&configuration).is_empty()
            || check::missing_rule(&configuration).is_some());
    if is_refused {
        return Err("the provider does not accept its rules".into());
    }
    let exchange = exchange(row, &request)?;
    let before = if row.bucket == Some(Bucket::Missing) {
        Before::Removed
    } else {
        before(provider, &configuration.rules, row)?
    };
    Ok(Question { before, exchange })
}

fn before(provider: &Provider, rules: &[Rule], row: &Row) -> Result<Before, String> {
    if rules.is_empty() {
        return Ok(Before::None);
    }
    let document = document::written(provider, rules, row.response_vary);
    let document = document.ok_or("XML cannot carry a value of its rules")?;
    Ok(Before::Rules(document))
}

fn exchange(row: &Row, request: &Request) -> Result<Exchange, String> {
    let method = String::from_utf8_lossy(&request.method).into_owned();
    let (key, query) = place(&method, row.target.as_deref())?;
    let is_signed = method != "OPTIONS";
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, value: &[u8]| headers.push((name.to_owned(), value.to_vec()));
    if let Some(origin) = &request.origin {
        add("origin", origin);
    }
    if let Some(wanted) = &request.access_control_request_method {
        add("access-control-request-method", wanted);
    }
    for line in &request.access_control_request_headers {
        add("access-control-request-headers", line);
    }
    for (name, value) in row.request.iter().flat_map(|text| &text.headers) {
        let name = name.to_ascii_lowercase();
        // The signature is there in its place.
        if !(is_signed && name == "authorization") {
            add(&name, value.as_bytes());
        }
    }
    for (_, value) in &headers {
        let is_control = |byte: &u8| *byte < 0x20 && *byte != b'\t' || *byte == 0x7F;
        if value.iter().any(is_control) {
            return Err("HTTP carries no control character in a header".into());
        }
        if value.len() > MAX_VALUE {
            return Err("its headers are longer than servers read".into());
        }
    }
    let body = (method == "PUT").then(|| OBJECT.to_owned());
    Ok(Exchange {
        method,
        key,
        query,
        headers,
        is_signed,
        body,
    })
}

/// The key and the query that a row's target stands for. Only an object of this program is put or
/// deleted.
fn place(
    method: &str,
    target: Option<&str>,
) -> Result<(Option<&'static str>, Option<String>), String> {
    let target = target.unwrap_or("object");
    if target.starts_with("website") {
        return Err("it is about the website of a bucket".into());
    }
    let (what, query) = match target.split_once(" ?") {
        Some((what, query)) => (what, Some(query)),
        None => (target, None),
    };
    let is_read = matches!(method, "GET" | "HEAD" | "OPTIONS");
    let key = match (what, method) {
        ("object" | "object-nonexistent", "PUT" | "DELETE") if query.is_none() => {
            return Ok((Some(OTHER_OBJECT), None));
        }
        _ if !is_read => return Err("it changes more than this program would undo".into()),
        ("object", _) => Some(OBJECT),
        ("object-nonexistent", _) => Some(NO_OBJECT),
        ("bucket" | "bucket list", _) => None,
        _ => return Err(format!("it is about a {target}")),
    };
    let query = query.map(|query| match query {
        "uploadId" => "uploadId=none".to_owned(),
        query => query.to_owned(),
    });
    Ok((key, query))
}

/// Whether `text` has the parts of `pattern` between its `*`, in their order, whatever the case.
pub(crate) fn is_selected(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    let mut rest = text.as_str();
    pattern.split('*').all(|part| {
        rest.find(part)
            .and_then(|at| rest.get(at.checked_add(part.len())?..))
            .is_some_and(|after| {
                rest = after;
                true
            })
    })
}
