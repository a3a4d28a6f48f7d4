//! The vectors: the data files under `vectors/`, read into typed rows.
//!
//! The format is described in `vectors/README.md`. A file that cannot be read stops the test that asked for it with the
//! file's name and the line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::{DialectName, Phase, Rule};

/// The folder of the data.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Every row of every file, files in the order of their names.
///
/// # Panics
///
/// If a file cannot be read or a line is not a row.
pub fn rows() -> Vec<Row> {
    let entries = fs::read_dir(directory()).unwrap_or_else(|error| broken(&directory(), 0, &error));
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "jsonl")
    });
    files.sort();
    let mut rows = Vec::new();
    for file in files {
        for (line, mut row) in read_lines::<Row>(&file) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            row.position = format!("{name}:{line}");
            if let Some(key) = row
                .expect
                .elsewhere
                .keys()
                .find(|key| !EXPECTED_ELSEWHERE.contains(&key.as_str()))
            {
                broken(
                    &file,
                    line,
                    &format!("nothing checks the expectation `{key}`"),
                );
            }
            rows.push(row);
        }
    }
    rows
}

/// Every row the specification is known to disagree with, of `known_differences.jsonl`.
///
/// # Panics
///
/// If the file cannot be read or a line is not a known difference.
pub fn known_differences() -> Vec<KnownDifference> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("known_differences.jsonl");
    read_lines(&file)
        .into_iter()
        .map(|(_, known)| known)
        .collect()
}

/// One row: a question, and what its source says the answer is.
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
    /// Whose behaviour it is.
    pub dialect: DialectName,
    /// What the source is worth.
    pub provenance: String,
    /// What is asked.
    pub op: Operation,
    /// The rules; none when no configuration is set.
    pub config: Option<Vec<Rule>>,
    /// `ResponseVary` of the configuration.
    pub response_vary: Option<bool>,
    /// Whether the option of this name is on.
    #[serde(default)]
    pub one_bare_wildcard_per_rule: bool,
    /// The request, where the question is about one.
    pub request: Option<RequestText>,
    /// The field lines, where `request.acrh` shows them joined.
    pub acrh_lines: Option<Vec<Text>>,
    /// The pattern of a `match_*` row.
    pub pattern: Option<String>,
    /// What is matched against it.
    pub input: Option<Text>,
    /// What the request was sent to.
    pub target: Option<String>,
    /// Whether the bucket exists.
    pub bucket: Option<Bucket>,
    /// The document's file under `xml/`.
    pub xml: Option<String>,
    /// The day of the recording.
    pub recorded: Option<String>,
    /// What else there is to say.
    pub note: Option<String>,
    /// The answer.
    pub expect: Expect,
}

/// What a row asks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// What a preflight gets.
    Preflight,
    /// What any other request gets.
    Actual,
    /// Whether these rules are a valid configuration.
    PutCors,
    /// Whether the document in a file is.
    PutCorsXml,
    /// Whether a body described in words is.
    PutCorsRaw,
    /// What is read back.
    GetCors,
    /// What deleting answers.
    DeleteCors,
    /// Whether a pattern matches.
    MatchGlob,
    /// Whether an `AllowedOrigin` matches.
    MatchOrigin,
    /// Whether an `AllowedHeader` matches.
    MatchHeader,
    /// Which names a request asks for.
    ParseAcrh,
    /// Whether every requested name is allowed.
    AcrhSubset,
}

/// Whether the bucket is there.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Bucket {
    /// It is.
    Exists,
    /// It is not.
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
    /// Other header fields that were sent, which the answer must not depend on.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Bytes written as text: code points U+0000 to U+00FF stand for one byte each.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The text itself.
    Plain(String),
    /// One piece many times over, for what is too long to write down.
    Repeated {
        /// The piece.
        repeat: String,
        /// How often it comes.
        times: usize,
    },
}

impl Text {
    /// The bytes.
    ///
    /// # Panics
    ///
    /// If a code point is beyond U+00FF.
    #[expect(clippy::panic, reason = "a broken data file stops the test")]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (piece, times) = match self {
            Self::Plain(text) => (text, 1),
            Self::Repeated { repeat, times } => (repeat, *times),
        };
        let byte = |c: char| {
            u8::try_from(c)
                .unwrap_or_else(|_| panic!("{c:?} in a vector does not stand for a byte"))
        };
        piece.chars().map(byte).collect::<Vec<u8>>().repeat(times)
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

/// What a row says the answer is; what is not listed was not asserted.
#[derive(Clone, Debug, Deserialize)]
pub struct Expect {
    /// The status.
    pub status: Option<u16>,
    /// The granting rule's index, or that there is none.
    #[serde(default, deserialize_with = "present")]
    pub match_rule: Option<Option<usize>>,
    /// The kind of request it is taken for.
    pub phase: Option<Phase>,
    /// The reason of the refusal, spelled as [`Refusal`](crate::model::Refusal) prints it.
    pub refusal: Option<String>,
    /// Header fields and their values; none where the field must be absent.
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
    /// The names a request asks for; none where it is refused for them.
    #[serde(default, deserialize_with = "present")]
    pub names: Option<Option<Vec<Text>>>,
    /// The rules that are read back.
    pub config: Option<Vec<Rule>>,
    /// The `ResponseVary` that is read back.
    pub response_vary: Option<bool>,
    /// What only HTTP and documents can show, unread.
    #[serde(flatten)]
    pub elsewhere: BTreeMap<String, Value>,
}

/// Expectations that rows about HTTP and documents have, beside the named ones.
const EXPECTED_ELSEWHERE: [&str; 7] = [
    "body",
    "connection",
    "content_length",
    "content_type",
    "error_fields",
    "error_xml_children",
    "transfer_encoding",
];

/// What a row says about an error document.
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

/// A row the specification disagrees with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownDifference {
    /// The row's suite.
    pub suite: String,
    /// The row's case.
    pub case: String,
    /// Every aspect that differs, by the names [`suite`](crate::suite) gives them, sorted.
    pub differs: Vec<String>,
    /// Why the specification says otherwise.
    pub reason: String,
}

/// Tells a field that is there and null from one that is not there.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The values of a file of one JSON object a line, with their line numbers.
fn read_lines<T: DeserializeOwned>(file: &Path) -> Vec<(usize, T)> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| broken(file, 0, &error));
    let lines = (1..).zip(text.lines());
    lines
        .map(|(number, line)| {
            (
                number,
                serde_json::from_str(line).unwrap_or_else(|error| broken(file, number, &error)),
            )
        })
        .collect()
}

#[expect(clippy::panic, reason = "a broken data file stops the test")]
pub(crate) fn broken(file: &Path, line: usize, why: &dyn std::fmt::Display) -> ! {
    panic!("{}:{line}: {why}", file.display())
}
