//! The law of documents: what is read is written, and read again unchanged.

use cors_core::Policy;
use cors_xml::{Document, Vendor};

use crate::engine;
use crate::laws::Verdict;
use crate::model::Rule;

/// Any bytes, for each vendor: errors with a position in the document, or a configuration that survives being written.
///
/// # Errors
///
/// What did not survive.
pub fn round_trips(bytes: &[u8]) -> Verdict {
    for vendor in Vendor::ALL {
        let first = match Document::parse(vendor, bytes) {
            Ok(document) => rules(&document)?,
            Err(errors) => {
                // A place in the document: lines and columns are counted from 1.
                let outside = errors
                    .iter()
                    .any(|error| error.line == 0 || error.column == 0);
                let lines = bytes
                    .iter()
                    .filter(|byte| **byte == b'\n' || **byte == b'\r')
                    .count();
                if outside
                    || errors
                        .iter()
                        .any(|error| error.line > lines.saturating_add(1))
                {
                    return Err(format!(
                        "{}: an error beside the document",
                        vendor.dialect.name
                    ));
                }
                continue;
            }
        };
        let (text, vary) = written(vendor, &first)?;
        let again = Document::parse(vendor, text.as_bytes())
            .map_err(|errors| format!("{}: {}: {text}", vendor.dialect.name, errors.first()))?;
        let second = rules(&again)?;
        let spelled = |rules: &[Rule]| {
            let lower = vendor.dialect.limits.allowed_header_spelling
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
                vendor.dialect.name, first, second
            ));
        }
    }
    Ok(())
}

/// Rules and `ResponseVary` of a document, by way of its image.
fn rules(document: &Document<'_>) -> Result<(Vec<Rule>, bool), String> {
    let image = document.compile().map_err(|error| error.to_string())?;
    let policy = Policy::from_bytes(&image).map_err(|error| error.to_string())?;
    Ok((
        policy.rules().map(|rule| engine::rule(&rule)).collect(),
        policy.response_vary(),
    ))
}

fn written(vendor: &Vendor, (rules, vary): &(Vec<Rule>, bool)) -> Result<(String, bool), String> {
    let configuration = crate::model::Configuration {
        dialect: crate::model::DialectName::Strict,
        rules: rules.clone(),
        response_vary: *vary,
    };
    let mut text = String::new();
    engine::with_configuration(&configuration, |configuration| {
        vendor.write_configuration(configuration.rules.iter().copied(), *vary, &mut text)
    })
    .map_err(|error| error.to_string())?;
    Ok((text, *vary))
}
