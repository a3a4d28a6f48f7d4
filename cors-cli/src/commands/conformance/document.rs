//! Rules as the document that a client puts, whether they are valid or not, and a document that was
//! read back as rules.

use std::fmt::Write as _;

use cors_core::Rule as Read;
use cors_xml::{Provider, escape_text};
use reference::model::Rule;

/// Writes the document of these rules; `None` if XML cannot carry a value.
pub(crate) fn written(
    provider: &Provider,
    rules: &[Rule],
    response_vary: Option<bool>,
) -> Option<String> {
    let mut out = String::from("<CORSConfiguration");
    if let Some(namespace) = provider.documents.namespace {
        let _ = write!(out, " xmlns=\"{namespace}\"");
    }
    out.push('>');
    for rule in rules {
        out.push_str("<CORSRule>");
        if let Some(id) = &rule.id {
            element(&mut out, "ID", id)?;
        }
        for (name, list) in [
            ("AllowedOrigin", &rule.allowed_origins),
            ("AllowedMethod", &rule.allowed_methods),
            ("AllowedHeader", &rule.allowed_headers),
            ("ExposeHeader", &rule.expose_headers),
        ] {
            for value in list {
                element(&mut out, name, value)?;
            }
        }
        if let Some(seconds) = rule.max_age_seconds {
            element(&mut out, "MaxAgeSeconds", &seconds.to_string())?;
        }
        out.push_str("</CORSRule>");
    }
    if let Some(vary) = response_vary {
        element(&mut out, "ResponseVary", &vary.to_string())?;
    }
    out.push_str("</CORSConfiguration>");
    Some(out)
}

/// Reads the rules of a document, as far as it can be read, and its `ResponseVary`.
pub(crate) fn read(provider: &Provider, body: &[u8]) -> Option<(Vec<Rule>, bool)> {
    let document = provider.form_of(body).parse_despite_errors(body)?;
    Some(document.with_configuration(|configuration| {
        let rules = configuration.rules.iter().map(owned).collect();
        (rules, configuration.response_vary)
    }))
}

/// The rules without what servers may change: the ID, and the case of AllowedHeader.
pub(crate) fn comparable(rules: &[Rule]) -> Vec<Rule> {
    let lower_case = |name: &String| name.to_ascii_lowercase();
    let one = |rule: &Rule| Rule {
        id: None,
        allowed_headers: rule.allowed_headers.iter().map(lower_case).collect(),
        ..rule.clone()
    };
    rules.iter().map(one).collect()
}

fn owned(rule: &Read<'_>) -> Rule {
    let list = |items: cors_core::List<'_>| items.iter().map(str::to_owned).collect();
    Rule {
        id: rule.id.map(str::to_owned),
        allowed_origins: list(rule.allowed_origins),
        allowed_methods: list(rule.allowed_methods),
        allowed_headers: list(rule.allowed_headers),
        expose_headers: list(rule.expose_headers),
        max_age_seconds: rule.max_age_seconds,
        allow_credentials: false,
    }
}

/// Spaces at the ends are references, because literal ones are trimmed on reading.
fn element(out: &mut String, name: &str, value: &str) -> Option<()> {
    let text = escape_text(value).to_string();
    if text.contains('\u{fffd}') {
        return None;
    }
    let middle = text.trim_matches(' ');
    let (before, after) = if middle.is_empty() {
        (text.len(), 0)
    } else {
        let before = text.find(middle)?;
        let after = text.len().checked_sub(before)?.checked_sub(middle.len())?;
        (before, after)
    };
    let space = |count: usize| "&#32;".repeat(count);
    let _ = write!(
        out,
        "<{name}>{}{middle}{}</{name}>",
        space(before),
        space(after)
    );
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_reads_back_as_its_rules_and_what_xml_cannot_carry_is_not_written() {
        let mut rule = Rule {
            id: Some("a < b".to_owned()),
            allowed_origins: vec![" https://a.example ".to_owned(), " ".to_owned()],
            allowed_methods: vec!["get".to_owned()],
            allowed_headers: vec!["X-A".to_owned()],
            expose_headers: vec!["x\ny".to_owned()],
            max_age_seconds: Some(-1),
            ..Rule::default()
        };
        let text = written(&Provider::S3, std::slice::from_ref(&rule), None).unwrap();
        let (rules, _) = read(&Provider::S3, text.as_bytes()).unwrap();
        assert_eq!(rules, [rule.clone()], "{text}");
        rule.allowed_origins = vec!["\u{1}".to_owned()];
        assert_eq!(written(&Provider::S3, &[rule], None), None);
    }
}
