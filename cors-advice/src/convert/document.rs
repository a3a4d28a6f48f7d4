//! A document written in another form, and every difference with its place.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cors_core::Configuration;
use cors_xml::{Document, DocumentErrors, Form, Place};
use serde::Serialize;

use super::{Conversion, Loss, LossKind};
use crate::lint::report::{MAX_LISTED, Refused};

/// A document in another form.
#[derive(Clone, Debug, Serialize)]
pub struct Converted {
    /// The text, with a line break at its end.
    #[serde(skip)]
    pub text: String,
    /// What means something else than in the document, in the order of readings, then of losses.
    pub differences: Vec<Difference>,
    /// How many differences and errors are not listed, beyond [`MAX_LISTED`] of each.
    pub more: usize,
    /// How many rules are not in the text, which then allows less.
    pub rules_left_out: usize,
    /// Why the other provider would reject the text, such as a limit on its size, or why the document could not be read. Then the text
    /// is not to be used.
    pub errors: Vec<Refused>,
}

impl Converted {
    /// What there is to say of a document that cannot be converted, because it has errors itself.
    pub fn unread(errors: &DocumentErrors) -> Converted {
        let (errors, more) = listed(errors);
        Converted {
            text: String::new(),
            differences: Vec::new(),
            more,
            rules_left_out: 0,
            errors,
        }
    }
}

/// Something that means something else in the converted document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where it is in the document that was converted, counted from 1; 0 for all of it.
    pub line: usize,
    /// In characters, counted from 1; 0 for all of the document.
    pub column: usize,
    /// What differs.
    pub message: String,
}

/// Writes a document in another form.
///
/// # Complexity
///
/// That of [`Conversion::new`], and of parsing what was written.
///
/// # Examples
///
/// ```
/// use cors_advice::convert::document::convert;
/// use cors_xml::{Document, Form, Provider};
///
/// let text = b"<CORSConfiguration><CORSRule><AllowedOrigin>https://*.a.example</AllowedOrigin>\
///     <AllowedOrigin>https://b.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
/// let document = Document::parse(&Provider::S3, text).unwrap();
/// let converted = convert(&document, Form::named("gcs-json").unwrap());
/// assert!(converted.text.contains("https://b.example") && converted.errors.is_empty());
/// assert_eq!((converted.differences[0].line, converted.differences[0].column), (1, 30));
/// ```
pub fn convert(document: &Document<'_>, to: Form<'_>) -> Converted {
    let readings = document.readings().count();
    let mut differences: Vec<Difference> = document
        .readings()
        .take(MAX_LISTED)
        .map(|(rule, place, meant)| {
            let what = format!(
                "rule {}, {} `{}`: read as {meant}, and written that way",
                rule.saturating_add(1),
                place.name.unwrap_or_default(),
                place.value.unwrap_or_default()
            );
            Difference::at(place, what)
        })
        .collect();
    let (text, losses, rules_left_out) = document.with_configuration(|configuration| {
        let conversion = Conversion::new(configuration, to.provider());
        let places = Places::new(document);
        let losses = conversion.losses().iter();
        let room = MAX_LISTED.saturating_sub(differences.len());
        differences.extend(losses.take(room).map(|loss| places.difference(loss)));
        let is_rule = |loss: &&Loss<'_>| matches!(loss.kind, LossKind::RuleLeftOut(_));
        let left_out = conversion.losses().iter().filter(is_rule).count();
        let text = conversion.with_configuration(|converted| written(to, converted));
        (text, conversion.losses().len(), left_out)
    });
    let invalid = to.parse(text.as_bytes()).err();
    let (errors, more_errors) = invalid.as_ref().map(listed).unwrap_or_default();
    let all = readings.saturating_add(losses).saturating_add(more_errors);
    Converted {
        more: all.saturating_sub(differences.len()),
        errors,
        text,
        differences,
        rules_left_out,
    }
}

/// The errors that are listed, and how many more there are.
fn listed(errors: &DocumentErrors) -> (Vec<Refused>, usize) {
    let listed = errors.iter().take(MAX_LISTED).map(Refused::new).collect();
    (listed, errors.iter().count().saturating_sub(MAX_LISTED))
}

/// A configuration in a form, with a line break at the end.
fn written(form: Form<'_>, configuration: &Configuration<'_>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = form.write(configuration, &mut text);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

impl Difference {
    fn at(place: Place<'_>, message: String) -> Difference {
        Difference {
            line: place.line,
            column: place.column,
            message,
        }
    }
}

/// Where the values of a document are.
struct Places<'d> {
    document: &'d Document<'d>,
    values: BTreeMap<(usize, &'static str, &'d str), Place<'d>>,
}

impl<'d> Places<'d> {
    fn new(document: &'d Document<'d>) -> Self {
        let mut values = BTreeMap::new();
        for (rule, field, place) in document.places() {
            // Of several that are equal, the first.
            let key = (rule, field.name(), place.value.unwrap_or_default());
            values.entry(key).or_insert(place);
        }
        Places { document, values }
    }

    fn difference(&self, loss: &Loss<'_>) -> Difference {
        let place = loss.rule.and_then(|rule| {
            let value = loss.field.zip(loss.value);
            let place =
                value.and_then(|(field, value)| self.values.get(&(rule, field.name(), value)));
            place
                .copied()
                .or_else(|| self.document.place(rule, loss.field, None))
        });
        match place {
            Some(place) => Difference::at(place, loss.to_string()),
            None => Difference {
                line: 0,
                column: 0,
                message: loss.to_string(),
            },
        }
    }
}
