//! Writing a configuration in a JSON form.

use core::fmt::{self, Write};

use cors_core::{Field, List, Rule};

use super::DEFAULT_MAX_AGE_SECONDS;
use crate::shapes::{JsonShape, Member};
use crate::visible::is_invisible;

impl JsonShape {
    /// Writes rules with two spaces a level and one line for each member.
    pub(crate) fn write<'c>(
        &self,
        rules: impl IntoIterator<Item = Rule<'c>>,
        out: &mut impl Write,
    ) -> fmt::Result {
        let indent = if self.writes_bare { 1 } else { 2 };
        if self.writes_bare {
            out.write_str("[")?;
        } else {
            write!(out, "{{\n  \"{}\": [", self.wrapper)?;
        }
        let mut is_empty = true;
        for (index, rule) in rules.into_iter().enumerate() {
            out.write_str(if index == 0 { "\n" } else { ",\n" })?;
            self.write_rule(&rule, index, indent, out)?;
            is_empty = false;
        }
        if !is_empty {
            out.write_str("\n")?;
            indentation(indent - 1, out)?;
        }
        out.write_str(if self.writes_bare { "]\n" } else { "]\n}\n" })
    }

    pub(crate) fn write_rule(
        &self,
        rule: &Rule<'_>,
        index: usize,
        indent: usize,
        out: &mut impl Write,
    ) -> fmt::Result {
        let mut object = Object::open(indent, out)?;
        for (name, member) in self.members {
            match member {
                Member::Value(field) => self.write_field(&mut object, name, *field, rule, index)?,
                Member::Object(members) => {
                    object.name(name)?;
                    let mut inner = Object::open_here(indent + 1, object.out)?;
                    for (name, field) in *members {
                        self.write_field(&mut inner, name, *field, rule, index)?;
                    }
                    inner.close()?;
                }
            }
        }
        object.close()
    }

    fn write_field<W: Write>(
        &self,
        object: &mut Object<'_, W>,
        name: &str,
        field: Field,
        rule: &Rule<'_>,
        index: usize,
    ) -> fmt::Result {
        let list = match field {
            Field::Id => {
                if let Some(id) = rule.id {
                    object.name(name)?;
                    write_string(id, object.out)?;
                } else if self.required.contains(&Field::Id) {
                    object.name(name)?;
                    write!(object.out, "\"rule-{}\"", index.saturating_add(1))?;
                }
                return Ok(());
            }
            Field::MaxAgeSeconds => {
                let is_required = self.required.contains(&field);
                let default = is_required.then_some(DEFAULT_MAX_AGE_SECONDS);
                let seconds = rule.max_age_seconds.or(default);
                if let Some(seconds) = seconds {
                    object.name(name)?;
                    write!(object.out, "{seconds}")?;
                }
                return Ok(());
            }
            Field::AllowedOrigin => rule.allowed_origins,
            Field::AllowedMethod => rule.allowed_methods,
            Field::AllowedHeader => rule.allowed_headers,
            Field::ExposeHeader => rule.expose_headers,
            Field::AllowCredentials => List::EMPTY,
        };
        if list.is_empty() {
            return Ok(());
        }
        object.name(name)?;
        object.out.write_str("[")?;
        for (index, item) in list.iter().enumerate() {
            object.out.write_str(if index == 0 { "" } else { ", " })?;
            write_string(self.written(field, item), object.out)?;
        }
        object.out.write_str("]")
    }
}

/// An object being written, with one line for each member.
struct Object<'o, W: Write> {
    out: &'o mut W,
    indent: usize,
    has_member: bool,
}

impl<'o, W: Write> Object<'o, W> {
    fn open(indent: usize, out: &'o mut W) -> Result<Self, fmt::Error> {
        indentation(indent, out)?;
        Object::open_here(indent, out)
    }

    fn open_here(indent: usize, out: &'o mut W) -> Result<Self, fmt::Error> {
        out.write_str("{")?;
        Ok(Object {
            out,
            indent,
            has_member: false,
        })
    }

    fn name(&mut self, name: &str) -> fmt::Result {
        self.out
            .write_str(if self.has_member { ",\n" } else { "\n" })?;
        self.has_member = true;
        indentation(self.indent.saturating_add(1), self.out)?;
        write!(self.out, "\"{name}\": ")
    }

    fn close(self) -> fmt::Result {
        if self.has_member {
            self.out.write_str("\n")?;
            indentation(self.indent, self.out)?;
        }
        self.out.write_str("}")
    }
}

fn indentation(levels: usize, out: &mut impl Write) -> fmt::Result {
    (0..levels).try_for_each(|_| out.write_str("  "))
}

/// Writes a string: [RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7).
pub(crate) fn write_string(text: &str, out: &mut impl Write) -> fmt::Result {
    out.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(out, "\\{character}")?,
            _ if is_invisible(character) => {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units).iter();
                units
                    .copied()
                    .try_for_each(|unit| write!(out, "\\u{unit:04x}"))?;
            }
            _ => out.write_char(character)?,
        }
    }
    out.write_str("\"")
}
