//! The result of a probe, as text and as JSON.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use cors_advice::explain::to_characters;
use cors_xml::visible;
use serde::Serialize;

use super::exchange::{Exchange, Outcome};
use super::finding::Finding;
use super::party;
use super::plan::Planned;
use crate::http::Url;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const TITLE: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// Headers that are shown of every answer, as findings are about them.
const SHOWN: [&str; 5] = ["vary", "location", "allow", "www-authenticate", "age"];

/// What a probe found.
pub(crate) struct Report<'r> {
    pub(crate) url: &'r Url,
    pub(crate) exchanges: &'r [Exchange],
    pub(crate) findings: &'r [Finding],
    /// Whether no page was asked about.
    pub(crate) only_strangers: bool,
}

/// The list of what will be sent.
pub(crate) fn print_plan(out: &mut impl Write, url: &Url, plan: &[Planned]) -> io::Result<()> {
    writeln!(
        out,
        "{TITLE}Requests{TITLE:#} to {}; nothing else is sent",
        visible(&url.to_string())
    )?;
    for planned in plan {
        let condition = if planned.needs_preflight {
            ", if the preflight lets it pass"
        } else {
            ""
        };
        writeln!(out, "  {:>2}  {planned}{condition}", planned.number)?;
    }
    Ok(())
}

impl Report<'_> {
    /// Every answer, and then what is wrong.
    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let mut whole: Vec<(&str, bool)> = Vec::new();
        for exchange in self.exchanges {
            let planned = &exchange.planned;
            // One answer of each kind is shown whole.
            let kind = (planned.method.as_str(), planned.is_preflight);
            let is_whole = !whole.contains(&kind) && planned.page.is_some();
            whole.extend(is_whole.then_some(kind));
            print_exchange(out, exchange, is_whole)?;
        }
        writeln!(out, "\n{TITLE}Findings{TITLE:#}")?;
        for finding in self.findings {
            print_finding(out, finding)?;
        }
        if self.findings.is_empty() {
            writeln!(out, "  {GOOD}✓ nothing is wrong{GOOD:#}")?;
        }
        if self.only_strangers {
            writeln!(
                out,
                "  note: no page was named, so that a refusal is not a finding; add --origin with the origin of yours"
            )?;
        }
        Ok(())
    }

    /// The JSON object.
    pub(crate) fn to_value(&self) -> impl Serialize {
        Json {
            url: self.url.to_string(),
            requests: self.exchanges.iter().map(RequestJson::new).collect(),
            findings: self.findings.to_vec(),
        }
    }
}

fn print_exchange(out: &mut impl Write, exchange: &Exchange, is_whole: bool) -> io::Result<()> {
    let planned = &exchange.planned;
    writeln!(out, "\n{TITLE}{:>2}{TITLE:#}  {planned}", planned.number)?;
    let answer = match &exchange.outcome {
        Outcome::Answered(answer) => answer,
        Outcome::Failed(why) => return writeln!(out, "    {BAD}✗ {}{BAD:#}", visible(why)),
        Outcome::NotSent => {
            return writeln!(out, "    {QUIET}not sent: its preflight failed{QUIET:#}");
        }
    };
    writeln!(out, "    < {}", answer.status)?;
    let judged = exchange.judged();
    let mut left_out = 0_usize;
    for (name, value) in &answer.headers {
        let is_protocol = name.starts_with("access-control-") || SHOWN.contains(&name.as_str());
        if !is_whole && !is_protocol && !party::is_sign(name) {
            left_out = left_out.saturating_add(1);
            continue;
        }
        let hidden = match (&judged, planned.is_preflight, is_protocol) {
            (Some(Ok(())), false, false) if !shows(exchange, name) => {
                format!("  {QUIET}(the page does not see it: not exposed){QUIET:#}")
            }
            _ => String::new(),
        };
        writeln!(
            out,
            "    < {name}: {}{hidden}",
            visible(&to_characters(value))
        )?;
    }
    if left_out > 0 {
        writeln!(out, "    {QUIET}< and {left_out} other headers{QUIET:#}")?;
    }
    match (judged, planned.is_preflight) {
        (None, _) => Ok(()),
        (Some(Ok(())), true) => writeln!(out, "    {GOOD}✓ the browser sends the request{GOOD:#}"),
        (Some(Ok(())), false) => {
            writeln!(out, "    {GOOD}✓ the page can read the response{GOOD:#}")
        }
        (Some(Err(failure)), true) => writeln!(
            out,
            "    {BAD}✗ the browser does not send the request: {failure}{BAD:#}"
        ),
        (Some(Err(failure)), false) => writeln!(
            out,
            "    {BAD}✗ the page cannot read the response: {failure}{BAD:#}"
        ),
    }
}

fn print_finding(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let numbers: Vec<String> = finding.requests.iter().map(usize::to_string).collect();
    let place = match (numbers.as_slice(), &finding.header) {
        ([], _) => String::new(),
        (numbers, None) => format!(" in {}", numbers.join(", ")),
        (numbers, Some(header)) => format!(" in {}, {header}", numbers.join(", ")),
    };
    writeln!(
        out,
        "  {BAD}✗ {}{BAD:#}{place}: {}",
        finding.kind,
        visible(&finding.text)
    )?;
    if let Some(set_by) = &finding.set_by {
        let evidence = if set_by.evidence.is_empty() {
            "no header names anything in front of it".to_owned()
        } else {
            set_by.evidence.join("; ")
        };
        writeln!(out, "      by {} ({})", set_by.who, visible(&evidence))?;
    }
    writeln!(out, "      {}", finding.change)
}

fn shows(exchange: &Exchange, name: &str) -> bool {
    let planned = &exchange.planned;
    match (&planned.page, exchange.received()) {
        (Some(page), Some(received)) => received.shows(page, name),
        _ => false,
    }
}

#[derive(Serialize)]
struct Json {
    url: String,
    requests: Vec<RequestJson>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct RequestJson {
    number: usize,
    method: String,
    origin: Option<String>,
    is_preflight: bool,
    headers: Vec<(String, String)>,
    sent: bool,
    /// Why there is no answer.
    error: Option<String>,
    answer: Option<AnswerJson>,
    /// Of a page's request: `readable` (of a preflight: `passes`), or why not.
    verdict: Option<&'static str>,
}

#[derive(Serialize)]
struct AnswerJson {
    status: u16,
    headers: Vec<HeaderJson>,
}

#[derive(Serialize)]
struct HeaderJson {
    name: String,
    value: String,
    /// Whether the page sees it.
    readable: bool,
}

impl RequestJson {
    fn new(exchange: &Exchange) -> RequestJson {
        let planned = &exchange.planned;
        let judged = exchange.judged();
        let can_read = matches!(judged, Some(Ok(()))) && !planned.is_preflight;
        let characters = |(name, value): &(String, Vec<u8>)| (name.clone(), to_characters(value));
        RequestJson {
            number: planned.number,
            method: planned.method.clone(),
            origin: planned.page.as_ref().map(|page| page.origin().to_owned()),
            is_preflight: planned.is_preflight,
            headers: planned.headers.iter().map(characters).collect(),
            sent: !matches!(exchange.outcome, Outcome::NotSent),
            error: match &exchange.outcome {
                Outcome::Failed(why) => Some(why.clone()),
                _ => None,
            },
            answer: exchange.answer().map(|answer| AnswerJson {
                status: answer.status,
                headers: answer
                    .headers
                    .iter()
                    .map(|(name, value)| HeaderJson {
                        name: name.clone(),
                        value: to_characters(value),
                        readable: can_read && shows(exchange, name),
                    })
                    .collect(),
            }),
            verdict: judged.map(|judged| match judged {
                Ok(()) if planned.is_preflight => "passes",
                Ok(()) => "readable",
                Err(failure) => failure.reason(),
            }),
        }
    }
}
