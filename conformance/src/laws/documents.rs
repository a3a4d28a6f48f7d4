//! The law of documents: a document that is read can be written, and read again unchanged.

use cors_core::Policy;
use cors_xml::{Document, DocumentErrors, Form, Provider};
use reference::model::{Configuration, DialectName, Rule};

use super::Verdict;
use crate::engine;

/// Any bytes, for each provider: errors with positions inside the document, or a configuration that
/// survives being written.
///
/// # Errors
///
/// The value that did not survive.
pub fn round_trips(bytes: &[u8]) -> Verdict {
    Provider::ALL
        .into_iter()
        .try_for_each(|provider| round_trips_at(provider, bytes))
}

/// Any bytes, for one provider.
///
/// # Errors
///
/// As [`round_trips`].
pub fn round_trips_at(provider: &Provider, bytes: &[u8]) -> Verdict {
    let first = match Document::parse(provider, bytes) {
        Ok(document) => rules(&document)?,
        Err(errors) => {
            return positions_are_inside(provider.dialect.name, bytes, &errors);
        }
    };
    let (text, vary) = written(provider, &first)?;
    // References are longer than the characters they represent.
    if text.len() > provider.documents.max_bytes {
        return Ok(());
    }
    let again = Document::parse(provider, text.as_bytes())
        .map_err(|errors| format!("{}: {}: {text}", provider.dialect.name, errors.first()))?;
    let second = rules(&again)?;
    let spelled = |rules: &[Rule]| {
        let lower = provider.dialect.limits.allowed_header_spelling
            == cors_core::dialect::Spelling::LowerCase;
        let mut rules = rules.to_vec();
        for header in rules.iter_mut().flat_map(|rule| &mut rule.allowed_headers) {
            if lower {
                header.make_ascii_lowercase();
            }
        }
        rules
    };
    if spelled(&first.0) != second.0 || first.1 != second.1 || vary != first.1 {
        return Err(format!(
            "{}: {:?} became {:?}",
            provider.dialect.name, first, second
        ));
    }
    Ok(())
}

/// Any bytes, for each form of JSON, YAML and Terraform: errors with positions inside the text, or a
/// configuration that survives being written.
///
/// # Errors
///
/// The value that did not survive.
pub fn json_round_trips(bytes: &[u8]) -> Verdict {
    for form in Form::all().filter(|form| !form.is_xml()) {
        let name = form.name().unwrap_or_default();
        let first = match form.parse(bytes) {
            Ok(document) => rules(&document)?.0,
            Err(errors) => {
                positions_are_inside(name, bytes, &errors)?;
                continue;
            }
        };
        let configuration = configuration(&first);
        let mut text = String::new();
        engine::with_configuration(&configuration, |configuration| {
            form.write(configuration, &mut text)
        })
        .map_err(|error| error.to_string())?;
        // The written text may be longer than the text that was read, because it contains spaces.
        let roomy = form.provider().with_max_document_bytes(usize::MAX);
        let mut forms = roomy.forms();
        let Some(form) = forms.find(|form| form.name() == Some(name)) else {
            return Err(format!("{name}: not a form of its provider"));
        };
        let again = form
            .parse(text.as_bytes())
            .map_err(|errors| format!("{name}: {}: {text}", errors.first()))?;
        let second = rules(&again)?.0;
        if first != second {
            return Err(format!("{name}: {first:?} became {second:?}"));
        }
    }
    Ok(())
}

/// Every error has a position inside the document; lines and columns are counted from 1.
fn positions_are_inside(name: &str, bytes: &[u8], errors: &DocumentErrors) -> Verdict {
    let lines = bytes
        .iter()
        .filter(|byte| **byte == b'\n' || **byte == b'\r')
        .count();
    let outside = errors
        .iter()
        .any(|error| error.line == 0 || error.column == 0 || error.line > lines.saturating_add(1));
    if outside {
        return Err(format!("{name}: an error outside the document"));
    }
    Ok(())
}

/// The rules and `ResponseVary` of a document, by way of its image.
fn rules(document: &Document<'_>) -> Result<(Vec<Rule>, bool), String> {
    let image = document.compile().map_err(|error| error.to_string())?;
    let policy = Policy::from_bytes(image.as_bytes()).map_err(|error| error.to_string())?;
    Ok((
        policy.rules().map(|rule| engine::rule(&rule)).collect(),
        policy.response_vary(),
    ))
}

fn written(
    provider: &Provider,
    (rules, vary): &(Vec<Rule>, bool),
) -> Result<(String, bool), String> {
    let configuration = configuration(rules);
    let mut text = String::new();
    engine::with_configuration(&configuration, |configuration| {
        provider.write_configuration(configuration.rules.iter().copied(), *vary, &mut text)
    })
    .map_err(|error| error.to_string())?;
    Ok((text, *vary))
}

/// The rules for writing; the provider does not matter here.
fn configuration(rules: &[Rule]) -> Configuration {
    Configuration {
        dialect: DialectName::Strict,
        rules: rules.to_vec(),
        response_vary: false,
    }
}
