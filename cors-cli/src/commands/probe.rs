//! `cors probe`: sends what a browser would send to a server, and says what is wrong with the answers.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use crate::arguments::ProbeArguments;
use crate::exit::{Fatal, Verdict};
use crate::http::{Client, Outgoing, Url};
use crate::input::Input;
use crate::json::to_json;
use crate::output::Output;
use crate::probe::exchange::{Exchange, Outcome};
use crate::probe::finding::merged;
use crate::probe::plan::{Planned, Question, plan};
use crate::probe::report::{Report, print_plan};
use crate::probe::{cache, page, rules};

/// The part of a body that is read, in bytes: enough that small objects leave the connection open.
const MAX_BODY: usize = 64 << 10;

pub(crate) fn run(arguments: &ProbeArguments) -> Result<Verdict, Fatal> {
    let url = Url::parse(&arguments.url).map_err(|error| Fatal(error.to_string()))?;
    let plan = plan(&Question {
        url: &url,
        origin: arguments.origin.as_deref(),
        methods: &arguments.methods,
        headers: &arguments.headers,
        credentials: arguments.credentials,
        write: arguments.write,
    })?;
    let provider = arguments.dialect.provider();
    let image = match &arguments.config {
        Some(path) => Some(Input::read(path)?.compile(provider)?),
        None => None,
    };
    if arguments.json {
        print_plan(&mut anstream::stderr().lock(), &url, &plan)?;
    } else {
        let mut out = Output::with_colour();
        print_plan(&mut out, &url, &plan)?;
        out.finish()?;
    }
    let client = Client::new(Duration::from_secs(arguments.timeout), MAX_BODY);
    let exchanges = send_all(&client, &url, plan)?;
    let mut findings = page::findings(&url, &exchanges);
    findings.extend(cache::findings(&exchanges));
    if let Some(image) = &image {
        findings.extend(rules::findings(&image.as_policy(), provider, &exchanges));
    }
    let findings = merged(findings);
    let report = Report {
        url: &url,
        exchanges: &exchanges,
        findings: &findings,
        only_strangers: arguments.origin.is_none(),
    };
    if arguments.json {
        writeln!(Output::new(), "{}", to_json(&report.to_value())?)?;
    } else {
        let mut out = Output::with_colour();
        report.print(&mut out)?;
        out.finish()?;
    }
    Ok(if findings.is_empty() {
        Verdict::Yes
    } else {
        Verdict::No
    })
}

/// Sends the requests in their order. If the first two have no answer, it stops.
fn send_all(client: &Client, url: &Url, plan: Vec<Planned>) -> Result<Vec<Exchange>, Fatal> {
    let total = plan.len();
    let mut progress = Progress::new();
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut first_error = None;
    for planned in plan {
        if planned.needs_preflight && !passed(&exchanges, &planned) {
            exchanges.push(Exchange {
                planned,
                outcome: Outcome::NotSent,
            });
            continue;
        }
        progress.show(&format!("{} of {total}: {planned}", planned.number));
        let headers: Vec<(&str, &[u8])> = planned
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect();
        let is_write = planned.needs_preflight
            || !["GET", "HEAD", "OPTIONS"].contains(&planned.method.as_str());
        let sent = client.send(&Outgoing {
            method: &planned.method,
            url,
            headers: &headers,
            body: is_write.then_some(&[]),
        });
        let outcome = match sent {
            Ok(answer) => Outcome::Answered(answer),
            Err(error) => {
                let why = error.to_string();
                let is_first = !exchanges.iter().any(|exchange| exchange.answer().is_some());
                if is_first && (error.is_unreachable() || first_error.is_some() || total == 1) {
                    return Err(Fatal(first_error.unwrap_or(why)));
                }
                first_error.get_or_insert(why.clone());
                Outcome::Failed(why)
            }
        };
        exchanges.push(Exchange { planned, outcome });
    }
    match first_error {
        Some(why) if !exchanges.iter().any(|exchange| exchange.answer().is_some()) => {
            Err(Fatal(why))
        }
        _ => Ok(exchanges),
    }
}

/// Whether the preflight of this request let it pass.
fn passed(exchanges: &[Exchange], planned: &Planned) -> bool {
    let origin = |planned: &Planned| planned.page.as_ref().map(|page| page.origin().to_owned());
    let is_its = |exchange: &&Exchange| {
        exchange.planned.is_preflight
            && origin(&exchange.planned) == origin(planned)
            && exchange
                .planned
                .page
                .as_ref()
                .is_some_and(|page| page.method() == planned.method)
    };
    let preflight = exchanges.iter().rev().find(is_its);
    preflight.is_some_and(|exchange| matches!(exchange.judged(), Some(Ok(()))))
}

/// A line on standard error, if that is a terminal, that is gone at the end.
struct Progress {
    is_shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress {
            is_shown: io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, text: &str) {
        if self.is_shown {
            // A failure of this cannot be reported.
            let _ = write!(io::stderr(), "\r\x1b[K{text}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.show("");
    }
}
