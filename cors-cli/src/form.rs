//! Document forms as option values.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cors_xml::Form;

/// Parses the name of a form.
pub(crate) fn parser() -> impl TypedValueParser<Value = Form<'static>> {
    let values = Form::all().map(|form| {
        let name = form.name().unwrap_or_default();
        PossibleValue::new(name).help(form.title())
    });
    PossibleValuesParser::new(values).try_map(|name| Form::named(&name).ok_or("not a form"))
}
