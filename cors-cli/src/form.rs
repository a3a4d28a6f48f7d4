//! Document forms as option values, and configurations written in a form.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cors_core::Configuration;
use cors_xml::Form;

use crate::exit::Fatal;

/// Parses the name of a form.
pub(crate) fn parser() -> impl TypedValueParser<Value = Form<'static>> {
    let values = Form::all().map(|form| {
        let name = form.name().unwrap_or_default();
        PossibleValue::new(name).help(form.title())
    });
    PossibleValuesParser::new(values).try_map(|name| Form::named(&name).ok_or("not a form"))
}

/// Writes a configuration in a form, with a line break at the end.
pub(crate) fn written(form: Form<'_>, configuration: &Configuration<'_>) -> Result<String, Fatal> {
    let mut text = String::new();
    form.write(configuration, &mut text)
        .map_err(|error| Fatal(error.to_string()))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
