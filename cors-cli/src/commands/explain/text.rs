//! The text output of `explain`: the requests, every rule, the answers, the verdict.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use cors_advice::browser::Failure;
use cors_advice::explain::{Exchange, PageExplanation, RuleReport};
use cors_core::dialect::RuleSelection;
use cors_xml::visible;

use crate::exit::Fatal;
use crate::output::Output;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const TITLE: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

pub(crate) fn print(explanation: &PageExplanation<'_>) -> Result<(), Fatal> {
    let mut out = Output::with_colour();
    print_page(&mut out, explanation)?;
    print_rules(&mut out, explanation)?;
    if let Some(preflight) = &explanation.preflight {
        print_exchange(&mut out, "Preflight", preflight)?;
    }
    let failure = explanation.failure.as_ref();
    if !failure.is_some_and(Failure::is_of_preflight) {
        print_exchange(&mut out, "Actual request", &explanation.actual)?;
    }
    print_verdict(&mut out, explanation)?;
    out.finish()?;
    Ok(())
}

fn print_page(out: &mut impl Write, explanation: &PageExplanation<'_>) -> io::Result<()> {
    let page = explanation.page;
    let credentials = if page.has_credentials() {
        "with credentials"
    } else {
        "without credentials"
    };
    writeln!(
        out,
        "{TITLE}Page{TITLE:#}  {} from {}, {credentials}",
        page.method(),
        page.origin()
    )?;
    for (name, value) in page.headers() {
        match value {
            Some(value) => writeln!(
                out,
                "      {name}: {}",
                visible(&String::from_utf8_lossy(value))
            )?,
            None => writeln!(out, "      {name}")?,
        }
    }
    for note in &explanation.page_notes {
        writeln!(out, "      note: {}", visible(&note.text))?;
    }
    let need = page.preflight_need();
    let mut reasons = Vec::new();
    if need.method {
        reasons.push(format!("{} is not a safelisted method", page.method()));
    }
    reasons.extend(
        need.header_names
            .iter()
            .map(|name| format!("{name} is not a safelisted header")),
    );
    if reasons.is_empty() {
        writeln!(
            out,
            "      no preflight needed: method and headers are safelisted"
        )
    } else {
        writeln!(out, "      preflight needed: {}", reasons.join("; "))
    }
}

fn print_rules(out: &mut impl Write, explanation: &PageExplanation<'_>) -> io::Result<()> {
    writeln!(out, "\n{TITLE}Rules{TITLE:#}")?;
    if explanation.rules.is_empty() {
        return writeln!(out, "  none: CORS is not enabled");
    }
    match explanation.provider.dialect.evaluation.rule_selection {
        RuleSelection::AllThree => {}
        RuleSelection::FirstForOriginAndMethod => writeln!(
            out,
            "  the first rule that matches origin and method is final, and must allow the headers"
        )?,
    }
    let winner = explanation.winner();
    let width = explanation
        .rules
        .iter()
        .map(|rule| {
            rule.origin_matched
                .as_deref()
                .unwrap_or("no match")
                .chars()
                .count()
        })
        .max();
    for rule in &explanation.rules {
        let end = if winner == Some(rule.rule) {
            format!("  {GOOD}<- answers{GOOD:#}")
        } else if explanation.final_rule() == Some(rule.rule) {
            format!("  {BAD}<- final, refuses{BAD:#}")
        } else {
            String::new()
        };
        print_rule(out, rule, width.unwrap_or(0), &end)?;
    }
    Ok(())
}

fn print_rule(out: &mut impl Write, rule: &RuleReport, width: usize, end: &str) -> io::Result<()> {
    let origin = rule.origin_matched.as_deref();
    let (origin_style, origin_mark) = mark(origin.is_some());
    let (method_style, method_mark) = mark(rule.method_matched);
    let (headers_style, headers_mark) = mark(rule.header_refused.is_none());
    let method = if rule.method_matched {
        "allowed"
    } else {
        "not listed"
    };
    let headers = match &rule.header_refused {
        None => "headers allowed".to_owned(),
        Some(name) => format!("headers {name} not listed"),
    };
    let room = " ".repeat("not listed".len().saturating_sub(method.len()));
    let headers = format!("{room}  {headers_style}{headers_mark} {headers}{headers_style:#}");
    let id = rule
        .id
        .as_ref()
        .map(|id| format!("  {QUIET}{}{QUIET:#}", visible(id)))
        .unwrap_or_default();
    writeln!(
        out,
        "  {:>3}  {origin_style}{origin_mark} origin {:width$}{origin_style:#}  {method_style}{method_mark} method \
         {method}{method_style:#}{headers}{end}{id}",
        rule.rule.saturating_add(1),
        origin.unwrap_or("no match"),
    )?;
    match &rule.near_miss {
        None => Ok(()),
        Some(near) => writeln!(
            out,
            "         has {}: {}",
            visible(&near.allowed_origin),
            near.difference
        ),
    }
}

fn mark(good: bool) -> (Style, &'static str) {
    if good { (GOOD, "✓") } else { (BAD, "✗") }
}

fn print_exchange(
    out: &mut impl Write,
    title: &str,
    Exchange { request, answer }: &Exchange,
) -> io::Result<()> {
    writeln!(out, "\n{TITLE}{title}{TITLE:#}")?;
    writeln!(out, "  {QUIET}> {}{QUIET:#}", request.method)?;
    let lines = [
        ("Origin", Some(&request.origin)),
        (
            "Access-Control-Request-Method",
            request.access_control_request_method.as_ref(),
        ),
        (
            "Access-Control-Request-Headers",
            request.access_control_request_headers.as_ref(),
        ),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            writeln!(out, "  {QUIET}> {name}: {}{QUIET:#}", visible(value))?;
        }
    }
    if let Some(status) = answer.status {
        writeln!(out, "  < {status}")?;
    }
    if let Some(error) = &answer.error {
        writeln!(out, "  < {}: {}", error.code, visible(&error.message))?;
    }
    for (name, value) in &answer.headers {
        writeln!(out, "  < {name}: {}", visible(value))?;
    }
    if answer.headers.is_empty() {
        writeln!(out, "  < no CORS headers")?;
    }
    Ok(())
}

fn print_verdict(out: &mut impl Write, explanation: &PageExplanation<'_>) -> io::Result<()> {
    let (style, mark) = mark(explanation.failure.is_none());
    let text = explanation.to_string();
    let (verdict, more) = text.split_once('\n').unwrap_or((&text, ""));
    writeln!(out, "\n{style}{mark} {verdict}{style:#}\n  {more}")?;
    let mut notes = explanation.notes.iter();
    notes.try_for_each(|note| writeln!(out, "  note: {}", visible(&note.text)))
}
