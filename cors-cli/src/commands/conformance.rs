//! `cors conformance`: asks a server the rows, and reports where it answers otherwise than the
//! provider.

mod bucket;
mod case;
mod compare;
mod document;
mod expected;
mod finding;
mod junit;
pub(crate) mod level;
mod progress;
mod report;
mod run;
pub(crate) mod server;

use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::arguments::ConformanceArguments;
use crate::credentials;
use crate::exit::{Fatal, Verdict as Ended};
use crate::json::to_json;
use crate::output::Output;

use case::Case;
use finding::{Finding, Verdict};
use report::Report;
use server::{Address, Server};

pub(crate) fn run(arguments: &ConformanceArguments) -> Result<Ended, Fatal> {
    let service = arguments.dialect.service();
    let address = Address::parse(&arguments.url, arguments.virtual_host)?;
    let cases = selected(arguments)?;
    if arguments.dry_run {
        let name = format!("{}XXXXXXXXXXXXXXXX", bucket::PREFIX);
        let mut out = Output::new();
        for case in &cases {
            write!(out, "{}", report::plan(&address, &name, case))?;
        }
        return Ok(Ended::Yes);
    }
    let credentials = credentials::read(arguments.credentials.as_deref())?;
    let region = arguments.region.as_deref();
    let server = Server::new(service, address, region, &credentials)?;
    // It is opened first: after the rows were asked it would be too late to find out.
    let junit = arguments.junit.as_ref().map(|path| {
        let file = fs::File::create(path);
        file.map_err(|error| Fatal(format!("{}: {error}; give another file", path.display())))
    });
    let junit = junit.transpose()?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let registered = signal_hook::flag::register(signal, Arc::clone(&stop));
        registered.map_err(|error| Fatal(format!("signals: {error}")))?;
    }
    let settle = Duration::from_secs(arguments.settle);
    let findings = run::run(&server, &cases, settle, &stop)?;
    let report = Report::new(server.endpoint(), service.provider.name, &findings);
    if let Some(mut file) = junit {
        let suite = format!(
            "cors conformance {} --dialect {}",
            server.endpoint(),
            service.provider.name
        );
        file.write_all(junit::written(&suite, &findings).as_bytes())?;
    }
    let mut out = Output::new();
    if arguments.json {
        writeln!(out, "{}", to_json(&report)?)?;
    } else {
        for finding in findings
            .iter()
            .filter(|finding| is_shown(arguments, finding))
        {
            write!(out, "{}", report::text(finding))?;
        }
        writeln!(out, "{}", report.summary())?;
    }
    let is_same = |finding: &Finding<'_>| {
        matches!(finding.verdict, Verdict::Same | Verdict::NotAskable { .. })
    };
    Ok(if findings.iter().all(is_same) {
        Ended::Yes
    } else {
        Ended::No
    })
}

/// The rows that the command line selects.
fn selected(arguments: &ConformanceArguments) -> Result<Vec<Case>, Fatal> {
    let mut cases = case::cases(arguments.dialect.service().provider)
        .map_err(|error| Fatal(error.to_string()))?;
    cases.retain(|case| case.level <= arguments.level);
    if let Some(pattern) = &arguments.only {
        cases.retain(|case| case::is_selected(&case.name, pattern));
    }
    if cases.is_empty() {
        let pattern = arguments.only.as_deref().unwrap_or_default();
        return Err(Fatal(format!(
            "--only {pattern:?} selects no row; --dry-run lists the names"
        )));
    }
    Ok(cases)
}

fn is_shown(arguments: &ConformanceArguments, finding: &Finding<'_>) -> bool {
    match finding.verdict {
        Verdict::Same | Verdict::NotAskable { .. } => arguments.all,
        _ => true,
    }
}
