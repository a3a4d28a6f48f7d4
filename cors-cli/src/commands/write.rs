//! `cors write`: prints the document as `GET ?cors` returns it.

use std::io::Write;

use crate::arguments::DocumentArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::output::{Output, report};

pub(crate) fn run(arguments: &DocumentArguments) -> Result<Verdict, Fatal> {
    let provider = arguments.dialect.provider();
    let input = Input::read(&arguments.config)?;
    let document = match input.parse(provider) {
        Ok(document) => document,
        Err(not_valid) => {
            report(format_args!("cors: {}", not_valid.text));
            return Ok(Verdict::No);
        }
    };
    let mut text = String::new();
    let written = document.with_configuration(|configuration| {
        let rules = configuration.rules.iter().copied();
        provider.write_configuration(rules, configuration.response_vary, &mut text)
    });
    written.map_err(|error| Fatal(error.to_string()))?;
    Output::new().write_all(text.as_bytes())?;
    Ok(Verdict::Yes)
}
