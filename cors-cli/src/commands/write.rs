//! `cors write`: the document as `GET ?cors` returns it.

use std::io::{self, Write};

use cors_xml::Provider;

use crate::arguments::DocumentArguments;
use crate::configuration::Source;
use crate::{End, Stopped};

pub(crate) fn run(arguments: &DocumentArguments) -> Result<End, Stopped> {
    let dialect = arguments.dialect.dialect();
    let source = Source::read(&arguments.config)?;
    let document = match source.parse(dialect) {
        Ok(document) => document,
        Err(errors) => {
            anstream::eprintln!("cors: {}", source.describe(&errors));
            return Ok(End::Bad);
        }
    };
    let mut text = String::new();
    let written = document.with_configuration(|configuration| {
        let rules = configuration.rules.iter().copied();
        Provider::of(dialect).write_configuration(rules, configuration.response_vary, &mut text)
    });
    written.map_err(|error| Stopped(error.to_string()))?;
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(End::Good)
}
