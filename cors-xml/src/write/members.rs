//! What the members of a rule contain in a form, and their values in quotes and brackets.

use core::fmt::{self, Write};

use cors_core::{Field, List, Rule};

use super::DEFAULT_MAX_AGE_SECONDS;
use crate::shapes::{ListNotation, Member, MemberShape, Notation};
use crate::visible::is_invisible;

/// The content of a member.
#[derive(Clone, Copy)]
pub(super) enum Content<'c> {
    Text(&'c str),
    /// The name of a rule that has none, where every rule must have one: `rule-1`.
    RuleNumber(usize),
    Seconds(i32),
    List(List<'c>),
}

/// How a notation writes a string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// [RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7).
    Json,
    /// As JSON, which YAML reads, with every character escaped that is not printable in
    /// [YAML 1.2.2, section 5.1](https://yaml.org/spec/1.2.2/#51-character-set).
    Yaml,
    /// [HCL quoted templates](https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-literals),
    /// with the `$` and `%` of `${` and `%{` escaped.
    Terraform,
}

impl Quoting {
    pub(crate) const fn of(notation: &Notation) -> Quoting {
        match notation {
            Notation::Xml | Notation::Json(_) => Quoting::Json,
            Notation::Yaml(_) => Quoting::Yaml,
            Notation::Terraform(..) => Quoting::Terraform,
        }
    }
}

impl MemberShape {
    /// Iterates over the members of a rule that hold a value, in the order in which they are written.
    pub(super) fn values(&self) -> impl Iterator<Item = (Field, &'static str)> {
        self.members
            .iter()
            .filter_map(|(name, member)| match member {
                Member::Value(field) => Some((*field, *name)),
                _ => None,
            })
    }

    /// Returns what is written for a member; `None` if it is left out.
    pub(super) fn content<'c>(
        &self,
        field: Field,
        rule: &Rule<'c>,
        index: usize,
    ) -> Option<Content<'c>> {
        let is_required = self.required.contains(&field);
        let list = match field {
            Field::Id => {
                let number = is_required.then_some(Content::RuleNumber(index.saturating_add(1)));
                return rule.id.map(Content::Text).or(number);
            }
            Field::MaxAgeSeconds => {
                let default = is_required.then_some(DEFAULT_MAX_AGE_SECONDS);
                return rule.max_age_seconds.or(default).map(Content::Seconds);
            }
            Field::AllowedOrigin => rule.allowed_origins,
            Field::AllowedMethod => rule.allowed_methods,
            Field::AllowedHeader => rule.allowed_headers,
            Field::ExposeHeader => rule.expose_headers,
            Field::AllowCredentials => List::EMPTY,
        };
        (is_required || !list.is_empty()).then_some(Content::List(list))
    }

    /// Writes the content of a member.
    pub(super) fn write_content(
        &self,
        field: Field,
        content: Content<'_>,
        quoting: Quoting,
        out: &mut impl Write,
    ) -> fmt::Result {
        match content {
            Content::Text(text) => write_string(text, quoting, out),
            Content::RuleNumber(number) => write!(out, "\"rule-{number}\""),
            Content::Seconds(seconds) => write!(out, "{seconds}"),
            Content::List(list) if self.lists == ListNotation::CommaSeparated => {
                out.write_str("\"")?;
                for (index, item) in list.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { "," })?;
                    write_escaped(self.written(field, item), quoting, out)?;
                }
                out.write_str("\"")
            }
            Content::List(list) => {
                out.write_str("[")?;
                for (index, item) in list.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { ", " })?;
                    write_string(self.written(field, item), quoting, out)?;
                }
                out.write_str("]")
            }
        }
    }
}

pub(super) fn indentation(levels: usize, out: &mut impl Write) -> fmt::Result {
    (0..levels).try_for_each(|_| out.write_str("  "))
}

/// Writes a string in quotes.
pub(crate) fn write_string(text: &str, quoting: Quoting, out: &mut impl Write) -> fmt::Result {
    out.write_str("\"")?;
    write_escaped(text, quoting, out)?;
    out.write_str("\"")
}

fn write_escaped(text: &str, quoting: Quoting, out: &mut impl Write) -> fmt::Result {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let begins_template = matches!(character, '$' | '%') && characters.peek() == Some(&'{');
        match character {
            '"' | '\\' => write!(out, "\\{character}")?,
            '\u{fffe}' | '\u{ffff}' if quoting == Quoting::Yaml => {
                write_number(character, quoting, out)?;
            }
            _ if is_invisible(character) || begins_template && quoting == Quoting::Terraform => {
                write_number(character, quoting, out)?;
            }
            _ => out.write_char(character)?,
        }
    }
    Ok(())
}

/// Writes a character by its number: in JSON by those of its UTF-16 units.
fn write_number(character: char, quoting: Quoting, out: &mut impl Write) -> fmt::Result {
    let number = u32::from(character);
    match quoting {
        Quoting::Json => {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            units
                .copied()
                .try_for_each(|unit| write!(out, "\\u{unit:04x}"))
        }
        Quoting::Yaml | Quoting::Terraform if number > 0xffff => write!(out, "\\U{number:08x}"),
        Quoting::Yaml | Quoting::Terraform => write!(out, "\\u{number:04x}"),
    }
}
