//! Writing a configuration as the provider's `GET ?cors` does.

use core::fmt::{self, Write};

use cors_core::dialect::Spelling;
use cors_core::{Field, List, Rule};

use super::DEFAULT_MAX_AGE_SECONDS;
use super::escape::{write_text, write_value};
use crate::providers::Provider;
use crate::shapes::{Element, Lists};

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

impl Provider {
    /// Writes the document that `GET ?cors` returns: the rules in their order, `ID` and
    /// `MaxAgeSeconds` only where they are set, `ResponseVary` whenever the provider has it. If the
    /// provider requires a max age in every rule, a missing one is written as 5 seconds, the
    /// default of browsers.
    ///
    /// The document reads back as the same rules, with three exceptions: OSS lower-cases
    /// `AllowedHeader`, as the live service does; a member that the provider does not have is left
    /// out; Azure cannot represent a comma in a value. The order of a rule's children and the
    /// absence of white space between elements are choices.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    ///
    /// # Complexity
    ///
    /// Linear in the text of the rules, constant space.
    ///
    /// # Security
    ///
    /// Every value is escaped. A character that XML does not allow, which no checked rule contains,
    /// is written as U+FFFD.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{List, Rule};
    /// use cors_xml::Provider;
    ///
    /// let rule = Rule {
    ///     allowed_origins: List::new(&["https://a.example"]),
    ///     allowed_methods: List::new(&["GET"]),
    ///     ..Rule::EMPTY
    /// };
    /// let mut document = String::new();
    /// Provider::OSS.write_configuration([rule], false, &mut document)?;
    /// assert_eq!(document, concat!(
    ///     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration><CORSRule>",
    ///     "<AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod>",
    ///     "</CORSRule><ResponseVary>false</ResponseVary></CORSConfiguration>",
    /// ));
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    pub fn write_configuration<'c>(
        &self,
        rules: impl IntoIterator<Item = Rule<'c>>,
        response_vary: bool,
        out: &mut impl Write,
    ) -> fmt::Result {
        let root = self.documents.elements.name(Element::Configuration);
        out.write_str(PROLOG)?;
        write!(out, "<{root}")?;
        if let Some(namespace) = self.documents.namespace {
            out.write_str(" xmlns=\"")?;
            write_text(out, namespace)?;
            out.write_str("\"")?;
        }
        out.write_str(">")?;
        for rule in rules {
            self.write_rule(&rule, out)?;
        }
        if self.documents.response_vary {
            let name = self.documents.elements.name(Element::ResponseVary);
            write!(out, "<{name}>{response_vary}</{name}>")?;
        }
        write!(out, "</{root}>")
    }

    pub(crate) fn write_rule(&self, rule: &Rule<'_>, out: &mut impl Write) -> fmt::Result {
        let spelling = self.dialect.limits.allowed_header_spelling;
        let lists = [
            (
                Field::AllowedOrigin,
                rule.allowed_origins,
                Spelling::AsWritten,
            ),
            (
                Field::AllowedMethod,
                rule.allowed_methods,
                Spelling::AsWritten,
            ),
            (Field::AllowedHeader, rule.allowed_headers, spelling),
            (
                Field::ExposeHeader,
                rule.expose_headers,
                Spelling::AsWritten,
            ),
        ];
        let name = self.documents.elements.name(Element::Rule);
        write!(out, "<{name}>")?;
        let id = self.documents.elements.name(Element::Member(Field::Id));
        if let Some(text) = rule.id.filter(|_| !id.is_empty()) {
            write_list(id, List::new(&[text]), Spelling::AsWritten, out)?;
        }
        for (field, list, spelling) in lists {
            let item = self.documents.elements.name(Element::Member(field));
            match self.documents.elements.lists {
                // The schema has no such list.
                _ if item.is_empty() => {}
                Lists::Repeated => write_list(item, list, spelling, out)?,
                Lists::Wrapped if list.is_empty() => {}
                Lists::Wrapped => {
                    let wrapper = self.documents.elements.name(Element::List(field));
                    write!(out, "<{wrapper}>")?;
                    write_list(item, list, spelling, out)?;
                    write!(out, "</{wrapper}>")?;
                }
                Lists::CommaSeparated => {
                    write!(out, "<{item}>")?;
                    for (index, text) in list.iter().enumerate() {
                        out.write_str(if index == 0 { "" } else { "," })?;
                        write_value(out, text)?;
                    }
                    write!(out, "</{item}>")?;
                }
            }
        }
        let needs_max_age = self.documents.required.contains(&Field::MaxAgeSeconds);
        let default = needs_max_age.then_some(DEFAULT_MAX_AGE_SECONDS);
        if let Some(seconds) = rule.max_age_seconds.or(default) {
            let name = self
                .documents
                .elements
                .name(Element::Member(Field::MaxAgeSeconds));
            write!(out, "<{name}>{seconds}</{name}>")?;
        }
        write!(out, "</{name}>")
    }
}

fn write_list(name: &str, list: List<'_>, spelling: Spelling, out: &mut impl Write) -> fmt::Result {
    for item in &list {
        write!(out, "<{name}>")?;
        match spelling {
            Spelling::AsWritten => write_value(out, item)?,
            Spelling::LowerCase => write_value(&mut LowerCase(out), item)?,
        }
        write!(out, "</{name}>")?;
    }
    Ok(())
}

/// A writer that converts ASCII letters to lower case.
struct LowerCase<'o, W: Write>(&'o mut W);

impl<W: Write> Write for LowerCase<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars()
            .try_for_each(|character| self.0.write_char(character.to_ascii_lowercase()))
    }
}
