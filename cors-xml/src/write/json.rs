//! Writing a configuration in a JSON form.

use core::fmt::{self, Write};

use cors_core::{Configuration, Field, Rule};

use super::members::{Quoting, indentation};
use crate::shapes::{Member, MemberShape};

impl MemberShape {
    /// Writes rules as JSON, with two spaces a level and one line for each member.
    pub(crate) fn write_json(
        &self,
        configuration: &Configuration<'_>,
        out: &mut impl Write,
    ) -> fmt::Result {
        let indent = if self.writes_bare { 1 } else { 2 };
        if self.writes_bare {
            out.write_str("[")?;
        } else {
            write!(out, "{{\n  \"{}\": [", self.wrapper)?;
        }
        for (index, rule) in configuration.rules.iter().enumerate() {
            out.write_str(if index == 0 { "\n" } else { ",\n" })?;
            self.write_rule(rule, index, indent, out)?;
        }
        if !configuration.rules.is_empty() {
            out.write_str("\n")?;
            indentation(indent - 1, out)?;
        }
        out.write_str("]")?;
        if let Some(name) = self.response_vary {
            write!(out, ",\n  \"{name}\": {}", configuration.response_vary)?;
        }
        out.write_str(if self.writes_bare { "\n" } else { "\n}\n" })
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
                Member::Target => {}
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
        let Some(content) = self.content(field, rule, index) else {
            return Ok(());
        };
        object.name(name)?;
        self.write_content(field, content, Quoting::Json, object.out)
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
