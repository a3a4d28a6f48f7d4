//! `cors compile`: writes the policy image of a document.

use std::fs;

use crate::arguments::CompileArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::output::report;

pub(crate) fn run(arguments: &CompileArguments) -> Result<Verdict, Fatal> {
    let input = Input::read(&arguments.config)?;
    let document = match input.parse(arguments.dialect.provider()) {
        Ok(document) => document,
        Err(not_valid) => {
            report(format_args!("cors: {}", not_valid.text));
            return Ok(Verdict::No);
        }
    };
    let image = document
        .compile()
        .map_err(|error| Fatal(format!("{}: {error}", input.name)))?;
    let output = &arguments.output;
    fs::write(output, image.as_bytes())
        .map_err(|error| Fatal(format!("{output}: {error}; give a writable path")))?;
    report(format_args!("{output}: {} bytes", image.as_bytes().len()));
    Ok(Verdict::Yes)
}
