//! Runs every vector against an implementation and compares the answers, apart from known
//! differences.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{Answer, Configuration, Phase, Refusal, Request};
use crate::question::Question;
use crate::vectors::{self, BrokenVector, Bucket, Expect, KnownDifference, Operation, Row, Text};
use crate::wire;

/// An implementation, as two functions.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The answer to a request. An invalid configuration matches nothing.
    pub evaluate: fn(&Configuration, &Request) -> Answer,
    /// Whether a configuration is accepted; the flag is `one_bare_wildcard_per_rule`.
    pub accepts: fn(&Configuration, bool) -> bool,
}

/// The result of running every row against a subject.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many rows ran, by suite and operation.
    pub ran: BTreeMap<(String, Operation), usize>,
    /// How many rows belong to another test: documents, storage, HTTP.
    pub elsewhere: BTreeMap<(String, Operation), usize>,
    /// How many rows differ as the list of known differences says.
    pub known: usize,
    /// Every disagreement that is not on the list, and every wrong entry of the list.
    pub problems: Vec<String>,
}

/// Runs every row of `vectors/` against `subject`. A data file that is broken is a problem too.
pub fn run(subject: Subject) -> Report {
    let mut report = Report::default();
    if let Err(broken) = run_rows(subject, &mut report) {
        report.problems.push(broken.to_string());
    }
    report
}

fn run_rows(subject: Subject, report: &mut Report) -> Result<(), BrokenVector> {
    let mut known = vectors::known_differences()?;
    for row in vectors::rows()? {
        let key = (row.suite.clone(), row.op);
        let Some(differences) = differences(&row, subject)? else {
            *report.elsewhere.entry(key).or_default() += 1;
            continue;
        };
        *report.ran.entry(key).or_default() += 1;
        let listed = known
            .iter()
            .position(|entry| entry.suite == row.suite && entry.case == row.case);
        match listed.map(|index| known.swap_remove(index)) {
            Some(entry) => match stale(&entry, &differences) {
                Some(problem) => report
                    .problems
                    .push(format!("{} {}: {problem}", row.position, row.case)),
                None => report.known += 1,
            },
            None => report.problems.extend(
                differences
                    .iter()
                    .map(|difference| format!("{} {}: {difference}", row.position, row.case)),
            ),
        }
    }
    let orphans = known.into_iter().map(|entry| {
        format!(
            "known difference without a row: {} {}",
            entry.suite, entry.case
        )
    });
    report.problems.extend(orphans);
    Ok(())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((suite, op), count) in &self.ran {
            writeln!(f, "ran       {count:4} {suite} {op:?}")?;
        }
        for ((suite, op), count) in &self.elsewhere {
            writeln!(f, "elsewhere {count:4} {suite} {op:?}")?;
        }
        let ran: usize = self.ran.values().sum();
        let elsewhere: usize = self.elsewhere.values().sum();
        writeln!(
            f,
            "{ran} rows ran ({} known differences), {elsewhere} belong to documents and storage",
            self.known
        )
    }
}

/// One aspect in which an answer differs from the row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The aspect: a header field's name in lower case, or `status`, `phase`, `rule`, `refusal`,
    /// `match`, `names`, `accept`, `error.code`, `error.message`, `error.method`.
    pub aspect: String,
    /// The row's value.
    pub recorded: String,
    /// The subject's value.
    pub answered: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: recorded {}, answered {}",
            self.aspect, self.recorded, self.answered
        )
    }
}

/// Runs one row against `subject`; `None` if the row belongs to another test.
fn differences(row: &Row, subject: Subject) -> Result<Option<Vec<Difference>>, BrokenVector> {
    let mut found = Differences(Vec::new());
    match row.question()? {
        Question::Evaluate(configuration, request) => {
            let answer = (subject.evaluate)(&configuration, &request);
            match row.op {
                Operation::Preflight | Operation::Actual => {
                    compare_answer(&mut found, row, &request, &answer);
                }
                Operation::ParseAcrh => compare_names(&mut found, &row.expect, &answer),
                _ => found.compare("match", row.expect.matches, answer.rule().is_some()),
            }
        }
        Question::Accept(configuration) => {
            let recorded = row
                .expect
                .accept
                .or(row.expect.status.map(|status| status == 200));
            found.compare(
                "accept",
                recorded,
                (subject.accepts)(&configuration, row.one_bare_wildcard_per_rule),
            );
        }
        Question::Elsewhere => return Ok(None),
    }
    Ok(Some(found.0))
}

/// Why an entry of the list of known differences is wrong, or `None` if it is right.
fn stale(entry: &KnownDifference, differences: &[Difference]) -> Option<String> {
    let mut aspects: Vec<&str> = differences
        .iter()
        .map(|difference| difference.aspect.as_str())
        .collect();
    aspects.sort_unstable();
    (aspects != entry.differs).then(|| {
        format!(
            "listed as differing in {:?}, differs in {aspects:?}",
            entry.differs
        )
    })
}

fn compare_answer(found: &mut Differences, row: &Row, request: &Request, answer: &Answer) {
    let expect = &row.expect;
    let preflight = row.op == Operation::Preflight;
    found.compare(
        "preflight",
        Some(preflight),
        answer.phase() == Phase::Preflight,
    );
    found.compare("phase", expect.phase, answer.phase());
    if preflight {
        found.compare(
            "status",
            expect.status.map(Some),
            wire::status(row.dialect, answer),
        );
    }
    found.compare("rule", expect.match_rule, answer.rule());
    found.compare(
        "refusal",
        expect.refusal.clone().map(Some),
        answer.refusal().as_ref().map(Refusal::to_string),
    );
    for (name, value) in &expect.headers {
        let name = name.to_ascii_lowercase();
        let recorded = value.as_ref().map(|value| shown(value.as_bytes()));
        found.compare(&name, Some(recorded), answer.header(&name).map(shown));
    }
    for (name, part) in &expect.headers_contain {
        let name = name.to_ascii_lowercase();
        let (sent, part) = (
            shown(answer.header(&name).unwrap_or_default()),
            shown(part.as_bytes()),
        );
        if !sent.contains(&part) {
            found.compare(&name, Some(part), sent);
        }
    }
    // Only a storage server knows that a bucket is missing, and only it has errors for actual
    // requests.
    if preflight && row.bucket != Some(Bucket::Missing) {
        compare_error(found, row, request, answer);
    }
}

fn compare_error(found: &mut Differences, row: &Row, request: &Request, answer: &Answer) {
    let Some(recorded) = &row.expect.error else {
        return;
    };
    let error = wire::error(row.dialect, request, answer);
    let text = |text: &Option<Text>| text.as_ref().map(|text| Some(shown(text.as_bytes())));
    let (code, message) = (
        error.as_ref().map(|e| shown(e.code.as_bytes())),
        error.map(|e| shown(&e.message)),
    );
    found.compare("error.code", text(&recorded.code), code);
    found.compare("error.message", text(&recorded.message), message);
    found.compare(
        "error.method",
        text(&recorded.method),
        Some(shown(&wire::forbidden_method(request))),
    );
}

/// The names are visible in Allow-Headers, which is rendered from them.
fn compare_names(found: &mut Differences, expect: &Expect, answer: &Answer) {
    let joined = |names: &Vec<Text>| {
        names
            .iter()
            .map(|name| shown(name.as_bytes()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let recorded = expect
        .names
        .as_ref()
        .map(|names| names.as_ref().map(joined));
    let sent = shown(
        answer
            .header("access-control-allow-headers")
            .unwrap_or_default(),
    );
    found.compare("names", recorded, answer.rule().map(|_| sent));
}

/// Bytes as readable text; equal texts only for equal bytes.
fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

struct Differences(Vec<Difference>);

impl Differences {
    /// Compares one aspect; a row that does not mention it agrees.
    fn compare<T: PartialEq + fmt::Debug>(
        &mut self,
        aspect: &str,
        recorded: Option<T>,
        answered: T,
    ) {
        let pair = recorded.map(|recorded| (recorded, answered));
        if let Some((recorded, answered)) = pair.filter(|(recorded, answered)| recorded != answered)
        {
            self.0.push(Difference {
                aspect: aspect.to_owned(),
                recorded: format!("{recorded:?}"),
                answered: format!("{answered:?}"),
            });
        }
    }
}
