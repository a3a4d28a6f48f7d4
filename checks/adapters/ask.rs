//! Asks a server every question, and prints in what its answers differ.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::connection::Connection;
use crate::expected::Shown;
use crate::policies::{self, Policy};
use crate::random::Requests;
use crate::raw::Raw;
use crate::undeliverable;

/// The number of differences that are printed.
const PRINTED: usize = 10;

/// The options of `ask`.
pub(crate) struct Options {
    adapter: String,
    count: usize,
    seed: u64,
    vary: Vec<String>,
}

impl Options {
    /// # Errors
    ///
    /// An option that is not one, or without its value.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Options, String> {
        let mut options = Options {
            adapter: String::new(),
            count: 3000,
            seed: 1,
            vary: Vec::new(),
        };
        let (pairs, rest) = arguments.as_chunks();
        for [name, value] in pairs {
            let number = || {
                let number = value.parse::<u64>();
                number.map_err(|error| format!("{name} {value}: {error}; give a number"))
            };
            match *name {
                "--adapter" => (*value).clone_into(&mut options.adapter),
                "--count" => options.count = usize::try_from(number()?).unwrap_or(usize::MAX),
                "--seed" => options.seed = number()?,
                "--vary" => {
                    options.vary = value.split(',').map(str::to_ascii_lowercase).collect();
                }
                _ => return Err(format!("{name} is not an option; see `adapters`")),
            }
        }
        match rest {
            [] => Ok(options),
            [name, ..] => Err(format!("{name} needs a value")),
        }
    }
}

/// Asks the server at `address`; returns whether every answer was right.
///
/// # Errors
///
/// A server that does not answer.
pub(crate) fn ask(address: &str, options: &Options) -> Result<bool, String> {
    let started = Instant::now();
    let policies = policies::all()?;
    let mut table = Table {
        connection: Connection::new(address),
        options,
        answered: 0,
        granted: 0,
        preflights: 0,
        differences: 0,
        undeliverable: BTreeMap::new(),
    };
    for policy in &policies {
        for question in &policy.questions {
            let raw = Raw::plain(&question.request, format!("/{}/object", policy.name));
            table.put(policy, &raw, &question.position)?;
        }
    }
    let mut requests = Requests::new(options.seed);
    for number in 0..options.count {
        let (policy, raw) = requests.next(&policies)?;
        table.put(
            policy,
            &raw,
            &format!("random {number} of seed {}", options.seed),
        )?;
    }
    let Table {
        answered,
        granted,
        preflights,
        differences,
        ..
    } = table;
    println!(
        "{answered} answers in {:.1} s: {differences} differ. {preflights} to preflights, {granted} to requests that are granted",
        started.elapsed().as_secs_f32()
    );
    for (reason, count) in &table.undeliverable {
        println!("{count:>5} cannot be given to this server: {reason}");
    }
    if answered == 0 || granted == 0 || preflights == 0 {
        return Err("too few questions to judge a server by".to_owned());
    }
    Ok(differences == 0)
}

/// What was asked so far.
struct Table<'a> {
    connection: Connection<'a>,
    options: &'a Options,
    answered: usize,
    granted: usize,
    preflights: usize,
    differences: usize,
    undeliverable: BTreeMap<&'static str, usize>,
}

impl Table<'_> {
    /// Puts a question to the server.
    fn put(&mut self, policy: &Policy, raw: &Raw, title: &str) -> Result<(), String> {
        let stopped = undeliverable::reason(&self.options.adapter, raw);
        if let Some(kind) = stopped {
            let count = self.undeliverable.entry(kind.reason).or_default();
            *count = count.saturating_add(1);
            if kind.answer.is_none() {
                return Ok(());
            }
        }
        let bytes = raw.bytes();
        let response = self.connection.ask(&bytes, raw.method == b"HEAD");
        let response = response.map_err(|error| format!("{title}: {error}\n{}", shown(&bytes)))?;
        if let Some(status) = stopped.and_then(|kind| kind.answer) {
            if response.status != status {
                let got = format!("status {}", response.status);
                self.differs(title, policy, &bytes, &format!("status {status}"), &got);
            }
            return Ok(());
        }
        let right = Shown::right(&policy.image, &raw.read(), &self.options.vary)?;
        let got = right.of(&response);
        self.answered = self.answered.saturating_add(1);
        self.granted = self.granted.saturating_add(right.is_granted.into());
        self.preflights = self
            .preflights
            .saturating_add(right.status.is_some().into());
        if got != right {
            self.differs(title, policy, &bytes, &right.text(), &got.text());
        }
        Ok(())
    }

    fn differs(&mut self, title: &str, policy: &Policy, request: &[u8], right: &str, got: &str) {
        self.differences = self.differences.saturating_add(1);
        if self.differences <= PRINTED {
            println!("{title}, policy {}:\n{}", policy.name, shown(request));
            println!("  right: {right}\n  got:   {got}\n");
        }
    }
}

/// A request for people: a line for each of its lines, cut where it is long.
fn shown(request: &[u8]) -> String {
    let lines = request.split(|byte| *byte == b'\n');
    let lines: Vec<String> = lines
        .map(|line| {
            let text = line
                .strip_suffix(b"\r")
                .unwrap_or(line)
                .escape_ascii()
                .to_string();
            match text.get(..200) {
                Some(start) => format!("  | {start}... ({} bytes)", line.len()),
                None => format!("  | {text}"),
            }
        })
        .collect();
    lines
        .get(..lines.len().min(12))
        .unwrap_or_default()
        .join("\n")
}
