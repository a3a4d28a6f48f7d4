//! `cors convert`: writes a document in another form, and lists every difference.

use std::io::Write;

use cors_advice::convert::document::{Difference, convert};
use cors_advice::source::Source;

use crate::arguments::ConvertArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::output::{Output, report};

pub(crate) fn run(arguments: &ConvertArguments) -> Result<Verdict, Fatal> {
    let input = Input::read(&arguments.config)?;
    let document = match input.parse_as(arguments.from) {
        Ok(document) => document,
        Err(not_valid) => {
            report(format_args!("cors: {}", not_valid.text));
            return Ok(Verdict::No);
        }
    };
    let source = input.source();
    let to = arguments.to;
    let converted = convert(&document, to);
    for difference in &converted.differences {
        report(format_args!("cors: {}", placed(source, difference)));
    }
    if converted.more > 0 {
        report(format_args!("cors: and {} more", converted.more));
    }
    // The errors that the provider would report: a size limit, or no rule left.
    if !converted.errors.is_empty() {
        let result = Input {
            name: "the result".to_owned(),
            bytes: converted.text.into_bytes(),
        };
        if let Err(not_valid) = result.parse_as(to) {
            report(format_args!("cors: {}", not_valid.text));
        }
        report(format_args!(
            "cors: nothing was written, because the result is not valid"
        ));
        return Ok(Verdict::No);
    }
    if arguments.strict && !converted.differences.is_empty() {
        report(format_args!(
            "cors: nothing was written because of --strict"
        ));
        return Ok(Verdict::No);
    }
    Output::new().write_all(converted.text.as_bytes())?;
    let left_out = converted.rules_left_out;
    if left_out > 0 {
        let rules = if left_out == 1 {
            "rule is"
        } else {
            "rules are"
        };
        report(format_args!(
            "cors: {left_out} {rules} left out, so the result allows less"
        ));
        return Ok(Verdict::No);
    }
    Ok(Verdict::Yes)
}

fn placed(source: Source<'_>, difference: &Difference) -> String {
    let Difference {
        line,
        column,
        message,
    } = difference;
    let name = source.name;
    if *line == 0 {
        return format!("{name}: {message}");
    }
    let snippet = source.snippet(*line, *column);
    format!("{name}:{line}:{column}: {message}{snippet}")
}
