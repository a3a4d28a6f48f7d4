//! `cors compile`: writes the policy image of a document.

use std::fs;

use crate::arguments::CompileArguments;
use crate::configuration::Source;
use crate::{End, Stopped};

pub(crate) fn run(arguments: &CompileArguments) -> Result<End, Stopped> {
    let source = Source::read(&arguments.config)?;
    let document = match source.parse(arguments.dialect.dialect()) {
        Ok(document) => document,
        Err(errors) => {
            anstream::eprintln!("cors: {}", source.describe(&errors));
            return Ok(End::Bad);
        }
    };
    let image = document
        .compile()
        .map_err(|error| Stopped(format!("{}: {error}", source.name)))?;
    let output = &arguments.output;
    fs::write(output, image.as_bytes()).map_err(|error| {
        Stopped(format!(
            "{output}: {error}; give a path that can be written"
        ))
    })?;
    anstream::eprintln!("{output}: {} bytes", image.as_bytes().len());
    Ok(End::Good)
}
