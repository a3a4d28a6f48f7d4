//! Writing a configuration as the vendor's `GET ?cors` does.

use core::fmt::{self, Write};

use cors_core::dialect::Spelling;
use cors_core::{List, Rule};

use crate::escape::{write_text, write_value};
use crate::vendor::Vendor;

impl Vendor {
    /// Writes the document that `GET ?cors` answers with: the rules in their order, `ID` and `MaxAgeSeconds`
    /// only where they are set, `ResponseVary` wherever the vendor has it.
    ///
    /// What is written reads back as the same rules, except that OSS lower-cases `AllowedHeader`, as the live service
    /// does. The order of a rule's children, and that there is no white space between elements, are a choice.
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
    /// Every value is escaped. A character that XML cannot hold, which no checked rule has, is written as U+FFFD.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{List, Rule};
    /// use cors_xml::Vendor;
    ///
    /// let rule = Rule {
    ///     allowed_origins: List::new(&["https://a.example"]),
    ///     allowed_methods: List::new(&["GET"]),
    ///     ..Rule::EMPTY
    /// };
    /// let mut document = String::new();
    /// Vendor::OSS.write_configuration([rule], false, &mut document)?;
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
        out.write_str(self.prolog)?;
        out.write_str("<CORSConfiguration")?;
        if let Some(namespace) = self.namespace {
            out.write_str(" xmlns=\"")?;
            write_text(out, namespace)?;
            out.write_str("\"")?;
        }
        out.write_str(">")?;
        for rule in rules {
            self.write_rule(&rule, out)?;
        }
        if self.response_vary {
            write!(out, "<ResponseVary>{response_vary}</ResponseVary>")?;
        }
        out.write_str("</CORSConfiguration>")
    }

    fn write_rule(&self, rule: &Rule<'_>, out: &mut impl Write) -> fmt::Result {
        out.write_str("<CORSRule>")?;
        if let Some(id) = rule.id {
            write_list("ID", List::new(&[id]), Spelling::AsWritten, out)?;
        }
        write_list(
            "AllowedOrigin",
            rule.allowed_origins,
            Spelling::AsWritten,
            out,
        )?;
        write_list(
            "AllowedMethod",
            rule.allowed_methods,
            Spelling::AsWritten,
            out,
        )?;
        write_list(
            "AllowedHeader",
            rule.allowed_headers,
            self.dialect.limits.allowed_header_spelling,
            out,
        )?;
        write_list(
            "ExposeHeader",
            rule.expose_headers,
            Spelling::AsWritten,
            out,
        )?;
        if let Some(seconds) = rule.max_age_seconds {
            write!(out, "<MaxAgeSeconds>{seconds}</MaxAgeSeconds>")?;
        }
        out.write_str("</CORSRule>")
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

/// A sink that turns ASCII letters into lower case.
struct LowerCase<'o, W: Write>(&'o mut W);

impl<W: Write> Write for LowerCase<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars()
            .try_for_each(|character| self.0.write_char(character.to_ascii_lowercase()))
    }
}
