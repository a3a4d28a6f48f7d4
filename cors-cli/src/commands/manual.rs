//! `cors completions` and `cors man`: generated from the definition of the command line.

use std::io::Write;

use clap::{Command, CommandFactory};

use crate::arguments::{Arguments, CompletionsArguments, ManArguments};
use crate::exit::{Fatal, Verdict};
use crate::output::Output;

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Verdict, Fatal> {
    let mut text = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "cors",
        &mut text,
    );
    Output::new().write_all(&text)?;
    Ok(Verdict::Yes)
}

pub(crate) fn man(arguments: &ManArguments) -> Result<Verdict, Fatal> {
    let mut program = Arguments::command();
    program.build();
    let command = match &arguments.command {
        None => program,
        Some(name) => page_of(&program, name)?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Output::new().write_all(&text)?;
    Ok(Verdict::Yes)
}

fn page_of(program: &Command, name: &str) -> Result<Command, Fatal> {
    let found = program.find_subcommand(name).cloned();
    found.ok_or_else(|| {
        Fatal(format!(
            "{name:?} is not a command; `cors help` lists the commands"
        ))
    })
}
