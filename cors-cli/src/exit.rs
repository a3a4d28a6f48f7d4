//! How a command ends, and the exit status that says so.

use crate::output::report;
use std::process::ExitCode;

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

/// Returns the exit status; reports on standard error why a command could not run to its end.
pub(crate) fn status(result: Result<Verdict, Fatal>) -> ExitCode {
    match result {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        Err(Fatal(why)) => {
            report(format_args!("cors: {why}"));
            ExitCode::from(2)
        }
    }
}
