//! `cors convert`: writes a document in another form, and lists every difference.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::Write;

use cors_advice::convert::{Conversion, Loss};
use cors_advice::source::Source;
use cors_core::Field;
use cors_xml::{Document, Place};

use crate::arguments::ConvertArguments;
use crate::exit::{Fatal, Verdict};
use crate::form::written;
use crate::input::Input;
use crate::output::{Output, report};
use crate::shown::{MAX_SHOWN, more};

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
    let readings = document.readings().count();
    let mut shown: Vec<String> = document
        .readings()
        .take(MAX_SHOWN)
        .map(|(rule, place, meant)| {
            let what = format!(
                "rule {}, {} `{}`: read as {meant}, and written that way",
                rule.saturating_add(1),
                place.name.unwrap_or_default(),
                place.value.unwrap_or_default()
            );
            placed(source, place, &what)
        })
        .collect();
    let (text, losses) = document.with_configuration(|configuration| {
        let conversion = Conversion::new(configuration, to.provider());
        let places = Places::new(&document);
        let losses = conversion.losses().iter();
        let room = MAX_SHOWN.saturating_sub(shown.len());
        shown.extend(losses.take(room).map(|loss| places.describe(source, loss)));
        let text = conversion.with_configuration(|converted| written(to, converted));
        text.map(|text| (text, conversion.losses().len()))
    })?;
    let mut count = readings.saturating_add(losses);
    for loss in &shown {
        report(format_args!("cors: {loss}"));
    }
    if more(count) > 0 {
        report(format_args!("cors: and {} more", more(count)));
    }
    // The errors that the provider would report: a size limit, or a rule with nothing left.
    let result = Input {
        name: "the result".to_owned(),
        bytes: text.clone().into_bytes(),
    };
    if let Err(not_valid) = result.parse_as(to) {
        report(format_args!("cors: {}", not_valid.text));
        count = count.saturating_add(1);
    }
    if arguments.strict && count > 0 {
        report(format_args!(
            "cors: nothing was written because of --strict"
        ));
        return Ok(Verdict::No);
    }
    Output::new().write_all(text.as_bytes())?;
    Ok(Verdict::Yes)
}

/// Where the values of a document are.
struct Places<'d> {
    document: &'d Document<'d>,
    values: HashMap<(usize, Field, &'d str), Place<'d>>,
}

impl<'d> Places<'d> {
    fn new(document: &'d Document<'d>) -> Self {
        let mut values = HashMap::new();
        for (rule, field, place) in document.places() {
            // Of several that are equal, the first.
            values
                .entry((rule, field, place.value.unwrap_or_default()))
                .or_insert(place);
        }
        Places { document, values }
    }

    /// Describes a loss with its place.
    fn describe(&self, source: Source<'_>, loss: &Loss<'_>) -> String {
        let place = loss.rule.and_then(|rule| {
            let value = loss.field.zip(loss.value);
            let place = value.and_then(|(field, value)| self.values.get(&(rule, field, value)));
            place
                .copied()
                .or_else(|| self.document.place(rule, loss.field, None))
        });
        match place {
            Some(place) => placed(source, place, loss),
            None => format!("{}: {loss}", source.name),
        }
    }
}

fn placed(source: Source<'_>, place: Place<'_>, what: impl Display) -> String {
    let (line, column) = (place.line, place.column);
    let snippet = source.snippet(line, column);
    format!("{}:{line}:{column}: {what}{snippet}", source.name)
}
