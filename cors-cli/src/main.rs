//! The program `cors`: reads the command line, runs one command, and turns its end into an exit status.
#![forbid(unsafe_code)]

mod arguments;
mod browser;
mod bytes;
mod commands;
mod configuration;
mod form;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use commands::{
    compile, convert, decide, diff, explain, inspect, lint, manual, parse, serve, write,
};

/// How a command ended; what it found goes to standard output, what stopped it comes here.
pub(crate) enum End {
    /// 0: granted, or done.
    Good,
    /// 1: refused, or not valid.
    Bad,
}

/// What stopped a command: usage or unreadable input, status 2.
#[derive(Debug)]
pub(crate) struct Stopped(pub(crate) String);

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Stopped(format!("output: {error}"))
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
        Ok(End::Good) => ExitCode::SUCCESS,
        Ok(End::Bad) => ExitCode::from(1),
        Err(Stopped(why)) => {
            anstream::eprintln!("cors: {why}");
            ExitCode::from(2)
        }
    }
}
