//! `cors convert`: writes a document in another form, and lists every difference.

use std::fmt::Display;
use std::io::{self, Write};

use cors_advice::convert::{Conversion, Loss};
use cors_advice::source::Source;
use cors_xml::{Document, Place};

use crate::arguments::ConvertArguments;
use crate::exit::{Fatal, Verdict};
use crate::form::written;
use crate::input::Input;

pub(crate) fn run(arguments: &ConvertArguments) -> Result<Verdict, Fatal> {
    let input = Input::read(&arguments.config)?;
    let document = match input.parse_as(arguments.from) {
        Ok(document) => document,
        Err(not_valid) => {
            anstream::eprintln!("cors: {}", not_valid.text);
            return Ok(Verdict::No);
        }
    };
    let source = input.source();
    let to = arguments.to;
    let readings = document.readings().map(|(rule, place, meant)| {
        let what = format!(
            "rule {}, {} `{}`: read as {meant}, and written that way",
            rule.saturating_add(1),
            place.name.unwrap_or_default(),
            place.value.unwrap_or_default()
        );
        placed(source, place, &what)
    });
    let (text, losses) = document.with_configuration(|configuration| {
        let conversion = Conversion::new(configuration, to.provider());
        let losses: Vec<String> = conversion
            .losses()
            .iter()
            .map(|loss| described(source, &document, loss))
            .collect();
        let text = conversion.with_configuration(|converted| written(to, converted));
        text.map(|text| (text, losses))
    })?;
    let mut losses: Vec<String> = readings.chain(losses).collect();
    // The errors that the provider would report: a size limit, or a rule with nothing left.
    let result = Input {
        name: "the result".to_owned(),
        bytes: text.clone().into_bytes(),
    };
    if let Err(not_valid) = result.parse_as(to) {
        losses.push(not_valid.text);
    }
    for loss in &losses {
        anstream::eprintln!("cors: {loss}");
    }
    if arguments.strict && !losses.is_empty() {
        anstream::eprintln!("cors: nothing was written because of --strict");
        return Ok(Verdict::No);
    }
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Verdict::Yes)
}

/// Describes a loss with its place.
fn described(source: Source<'_>, document: &Document<'_>, loss: &Loss<'_>) -> String {
    let place = loss.rule.and_then(|rule| {
        let item = loss.field.zip(loss.value).and_then(|(field, value)| {
            (0_usize..)
                .map_while(|item| document.place(rule, Some(field), Some(item)))
                .position(|place| place.value == Some(value))
        });
        document.place(rule, loss.field, item)
    });
    match place {
        Some(place) => placed(source, place, loss),
        None => format!("{}: {loss}", source.name),
    }
}

fn placed(source: Source<'_>, place: Place<'_>, what: impl Display) -> String {
    let (line, column) = (place.line, place.column);
    let snippet = source.snippet(line, column);
    format!("{}:{line}:{column}: {what}{snippet}", source.name)
}
