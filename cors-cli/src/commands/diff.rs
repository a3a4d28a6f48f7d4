//! `cors diff`: prints which pages a new configuration newly grants or refuses.

use std::io::{self, Write};

use cors_advice::diff::{Change, MAX_JUDGED, diff};

use crate::arguments::DiffArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::json::to_json;
use crate::output::Output;

pub(crate) fn run(arguments: &DiffArguments) -> Result<Verdict, Fatal> {
    if arguments.old == "-" && arguments.new == "-" {
        let why = "OLD and NEW cannot both be standard input; give a path for one of them";
        return Err(Fatal(why.to_owned()));
    }
    let provider = arguments.dialect.provider();
    let old = Input::read(&arguments.old)?.compile(provider)?;
    let new = Input::read(&arguments.new)?.compile(provider)?;
    let found = diff(provider, &old.as_policy(), &new.as_policy());
    let mut out = Output::new();
    if arguments.json {
        let report = serde_json::json!({
            "changes": found.changes,
            "more": found.more,
            "is_complete": found.is_complete,
        });
        writeln!(out, "{}", to_json(&report)?)?;
    } else {
        for change in &found.changes {
            write_change(&mut out, change)?;
        }
        if found.more > 0 {
            writeln!(out, "and {} more", found.more)?;
        }
        let (granted, refused) = (found.granted, found.refused);
        writeln!(out, "newly granted: {granted}, newly refused: {refused}")?;
    }
    if !found.is_complete {
        return Err(Fatal(format!(
            "the comparison was stopped after {MAX_JUDGED} pages, so there may be more differences; compare smaller configurations, such as a few rules of each"
        )));
    }
    Ok(if found.changes.is_empty() {
        Verdict::Yes
    } else {
        Verdict::No
    })
}

fn write_change(out: &mut impl Write, change: &Change<'_>) -> io::Result<()> {
    let Change {
        origin_pattern,
        origin,
        method,
        ..
    } = change;
    let sign = if change.granted { '+' } else { '-' };
    let verb = if change.granted {
        "granted by new"
    } else {
        "refused, was granted by old"
    };
    let rule = change.rule.saturating_add(1);
    let header = change.header.as_deref();
    let with = match (header, change.credentials) {
        (None, false) => String::new(),
        (None, true) => " with credentials".to_owned(),
        (Some(name), _) => format!(" with {name}"),
    };
    writeln!(
        out,
        "{sign} {method} from {origin_pattern}{with}: {verb} rule {rule}, for example {origin}"
    )
}
