//! The program `cors`: reads the command line, runs one command, and sets the exit status.
#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod form;
mod input;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use commands::{
    compile, convert, decide, diff, explain, inspect, lint, manual, parse, serve, write,
};

/// The result of a command that ran to its end.
pub(crate) enum Verdict {
    /// Granted, or done: exit status 0.
    Yes,
    /// Refused, or not valid: exit status 1.
    No,
}

/// Why a command could not run to its end, such as wrong usage or unreadable input: exit status 2.
#[derive(Debug)]
pub(crate) struct Fatal(pub(crate) String);

impl From<std::io::Error> for Fatal {
    fn from(error: std::io::Error) -> Self {
        Fatal(format!("output: {error}"))
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Decide(arguments) => decide::run(&arguments),
        Command::Parse(arguments) => parse::run(&arguments),
        Command::Write(arguments) => write::run(&arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Compile(arguments) => compile::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
    };
    match result {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        Err(Fatal(why)) => {
            anstream::eprintln!("cors: {why}");
            ExitCode::from(2)
        }
    }
}
