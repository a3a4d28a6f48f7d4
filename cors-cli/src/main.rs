//! The program `cors`: reads the command line, runs one command, and sets the exit status.
#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod credentials;
mod exit;
mod form;
mod http;
mod input;
mod json;
mod output;
mod probe;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use commands::{
    compile, conformance, convert, decide, diff, explain, inspect, lint, manual, parse, serve,
    write,
};

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Probe(arguments) => commands::probe::run(&arguments),
        Command::Decide(arguments) => decide::run(&arguments),
        Command::Parse(arguments) => parse::run(&arguments),
        Command::Write(arguments) => write::run(&arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Compile(arguments) => compile::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
    };
    exit::status(result)
}
