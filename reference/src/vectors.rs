//! The vectors: the data files under `vectors/`, which are compiled in, read into typed rows.
//!
//! The format is described in `vectors/README.md`. This crate's tests read every line.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::embedded;
use crate::model::{DialectName, Phase, Rule};

/// A data file with a line that is not what it should be: where, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BrokenVector {
    position: String,
    why: String,
}

impl BrokenVector {
    pub(crate) fn new(position: impl Into<String>, why: impl fmt::Display) -> BrokenVector {
        BrokenVector {
            position: position.into(),
            why: why.to_string(),
        }
    }
}

impl fmt::Display for BrokenVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.why)
    }
}

impl std::error::Error for BrokenVector {}

/// The folder with the data, where this crate was built.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Returns every row of every file, in the order of the file names.
///
/// # Errors
///
/// If a line is not a row.
pub fn rows() -> Result<Vec<Row>, BrokenVector> {
    let mut rows = Vec::new();
    for (file, text) in embedded::ROWS {
        for (position, mut row) in read_lines::<Row>(file, text)? {
            row.position = position;
            if let Some(key) = row
                .expect
                .elsewhere
                .keys()
                .find(|key| !EXPECTED_ELSEWHERE.contains(&key.as_str()))
            {
                let why = format!("the expectation `{key}` is not checked by any test");
                return Err(BrokenVector::new(row.position, why));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Returns every row that the specification is known to disagree with, from
/// `known_differences.jsonl`.
///
/// # Errors
///
/// If a line is not a known difference.
pub fn known_differences() -> Result<Vec<KnownDifference>, BrokenVector> {
    let lines = read_lines("known_differences.jsonl", embedded::KNOWN_DIFFERENCES)?;
    Ok(lines.into_iter().map(|(_, known)| known).collect())
}

/// Returns every document of `xml/index.jsonl`, in its order.
///
/// # Errors
///
/// If a line is not a document, or its file is not there.
pub fn documents() -> Result<Vec<Document>, BrokenVector> {
    let lines = read_lines::<Document>("xml/index.jsonl", embedded::DOCUMENTS)?;
    let with_body = |(position, mut document): (String, Document)| {
        let mut bodies = embedded::BODIES.iter();
        let body = bodies.find(|(file, _)| *file == document.file);
        let (_, body) = body.ok_or_else(|| BrokenVector::new(position, "its file is not there"))?;
        document.body = body;
        Ok(document)
    };
    lines.into_iter().map(with_body).collect()
}

/// A body that a client sent, or one at a limit, and whether it is accepted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The document itself.
    #[serde(skip)]
    pub body: &'static str,
    /// Its file under `xml/`.
    pub file: String,
    /// Its size.
    pub bytes: usize,
    /// The dialect.
    pub dialect: DialectName,
    /// Where it was taken from.
    pub source: String,
    /// How reliable the source is.
    pub provenance: String,
    /// What the provider answers.
    pub outcome: Outcome,
    /// The error document, if it is refused.
    pub error: Option<ErrorText>,
    /// Remarks.
    pub note: Option<String>,
}

/// Whether a document is accepted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is accepted.
    Accept,
    /// It is refused.
    Reject,
}

/// One row: a question, and the answer according to its source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// File and line, for messages.
    #[serde(skip)]
    pub position: String,
    /// The collection the row belongs to.
    pub suite: String,
    /// A name, unique in its suite.
    pub case: String,
    /// Where the row was taken from.
    pub source: String,
    /// The dialect.
    pub dialect: DialectName,
    /// How reliable the source is.
    pub provenance: String,
    /// The operation.
    pub op: Operation,
    /// The rules; `None` if no configuration is set.
    pub config: Option<Vec<Rule>>,
    /// `ResponseVary` of the configuration.
    pub response_vary: Option<bool>,
    /// Whether the option of this name is set.
    #[serde(default)]
    pub one_bare_wildcard_per_rule: bool,
    /// The request, if the question is about one.
    pub request: Option<RequestText>,
    /// The field lines, if `request.acrh` shows them joined.
    pub acrh_lines: Option<Vec<Text>>,
    /// The pattern of a `match_*` row.
    pub pattern: Option<String>,
    /// The text to match against it.
    pub input: Option<Text>,
    /// The path that the request was sent to.
    pub target: Option<String>,
    /// Whether the bucket exists.
    pub bucket: Option<Bucket>,
    /// The document's file under `xml/`.
    pub xml: Option<String>,
    /// The day of the recording.
    pub recorded: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// The answer.
    pub expect: Expect,
}

/// What a row asks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// The answer to a preflight.
    Preflight,
    /// The answer to any other request.
    Actual,
    /// Whether these rules are a valid configuration.
    PutCors,
    /// Whether the document in a file is a valid configuration.
    PutCorsXml,
    /// Whether a body described in words is a valid configuration.
    PutCorsRaw,
    /// The document that is read back.
    GetCors,
    /// The answer to a DELETE.
    DeleteCors,
    /// Whether a pattern matches.
    MatchGlob,
    /// Whether an `AllowedOrigin` matches.
    MatchOrigin,
    /// Whether an `AllowedHeader` matches.
    MatchHeader,
    /// The names that a request asks for.
    ParseAcrh,
    /// Whether every requested name is allowed.
    AcrhSubset,
}

/// Whether the bucket exists.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Bucket {
    /// It exists.
    Exists,
    /// It does not exist.
    Missing,
}

/// A row's request as text; `acrm` and `acrh` are the two `Access-Control-Request-*` fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestText {
    /// The method.
    pub method: Text,
    /// `Origin`.
    pub origin: Option<Text>,
    /// `Access-Control-Request-Method`.
    pub acrm: Option<Text>,
    /// `Access-Control-Request-Headers`.
    pub acrh: Option<Lines>,
    /// Other header fields that were sent; the answer must not depend on them.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Bytes that a row has as text: each code point U+0000 to U+00FF is one byte.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Text(Vec<u8>);

/// A text as a row has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    /// The text itself.
    Plain(String),
    /// One piece repeated, for values too long to write down.
    Repeated { repeat: String, times: usize },
}

impl Text {
    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<Written> for Text {
    type Error = String;

    fn try_from(written: Written) -> Result<Text, String> {
        let (piece, times) = match written {
            Written::Plain(text) => (text, 1),
            Written::Repeated { repeat, times } => (repeat, times),
        };
        let byte = |c: char| u8::try_from(c).map_err(|_| format!("{c:?} is not a byte"));
        let piece: Vec<u8> = piece.chars().map(byte).collect::<Result<_, _>>()?;
        Ok(Text(piece.repeat(times)))
    }
}

/// One field line, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Lines {
    /// One.
    One(Text),
    /// Any number.
    Many(Vec<Text>),
}

/// The answer according to a row; anything not listed is not asserted.
#[derive(Clone, Debug, Deserialize)]
pub struct Expect {
    /// The status.
    pub status: Option<u16>,
    /// The granting rule's index, or null for no rule.
    #[serde(default, deserialize_with = "present")]
    pub match_rule: Option<Option<usize>>,
    /// The kind of request.
    pub phase: Option<Phase>,
    /// The reason of the refusal, spelled as [`Refusal`](crate::model::Refusal) prints it.
    pub refusal: Option<String>,
    /// Header fields and their values; null if the field must be absent.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<Text>>,
    /// Header fields and a part of their values.
    #[serde(default)]
    pub headers_contain: BTreeMap<String, Text>,
    /// The error document.
    pub error: Option<ErrorText>,
    /// Whether it matches.
    #[serde(rename = "match")]
    pub matches: Option<bool>,
    /// Whether the configuration is accepted.
    pub accept: Option<bool>,
    /// The names that a request asks for; null if it is refused because of them.
    #[serde(default, deserialize_with = "present")]
    pub names: Option<Option<Vec<Text>>>,
    /// The rules that are read back.
    pub config: Option<Vec<Rule>>,
    /// The `ResponseVary` that is read back.
    pub response_vary: Option<bool>,
    /// What only HTTP and documents can show; not read here.
    #[serde(flatten)]
    pub elsewhere: BTreeMap<String, Value>,
}

/// Additional expectations of rows about HTTP and documents.
const EXPECTED_ELSEWHERE: [&str; 7] = [
    "body",
    "connection",
    "content_length",
    "content_type",
    "error_fields",
    "error_xml_children",
    "transfer_encoding",
];

/// The expected error document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorText {
    /// `Code`.
    pub code: Option<Text>,
    /// `Message`.
    pub message: Option<Text>,
    /// `Method`.
    pub method: Option<Text>,
    /// `ResourceType`.
    #[serde(rename = "resourceType")]
    pub resource_type: Option<String>,
    /// `EC` (OSS).
    pub ec: Option<String>,
}

/// A row that the specification disagrees with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownDifference {
    /// The row's suite.
    pub suite: String,
    /// The row's case.
    pub case: String,
    /// Every aspect that differs, named as in [`suite`](crate::suite), sorted.
    pub differs: Vec<String>,
    /// Why the specification disagrees.
    pub reason: String,
}

/// Distinguishes a null field from an absent one.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The values of a text with one JSON object per line, each with its place.
fn read_lines<T: DeserializeOwned>(
    file: &str,
    text: &str,
) -> Result<Vec<(String, T)>, BrokenVector> {
    let lines = (1..).zip(text.lines());
    lines
        .map(|(number, line): (usize, &str)| {
            let position = format!("{file}:{number}");
            match serde_json::from_str(line) {
                Ok(value) => Ok((position, value)),
                Err(error) => Err(BrokenVector::new(position, error)),
            }
        })
        .collect()
}
