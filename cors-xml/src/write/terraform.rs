//! Writing a configuration as blocks of Terraform.

use core::fmt::{self, Write};

use cors_core::{Configuration, Rule};

use super::members::{Quoting, indentation};
use crate::shapes::MemberShape;

impl MemberShape {
    /// Writes a block for each rule after the opening of the resource, as `terraform fmt` aligns
    /// them. Without an opening, the blocks alone.
    pub(crate) fn write_terraform(
        &self,
        configuration: &Configuration<'_>,
        opening: &str,
        out: &mut impl Write,
    ) -> fmt::Result {
        let level = usize::from(!opening.is_empty());
        out.write_str(opening)?;
        if let Some(name) = self.response_vary {
            indentation(level, out)?;
            writeln!(out, "{name} = {}", configuration.response_vary)?;
        }
        for (index, rule) in configuration.rules.iter().enumerate() {
            if index > 0 || level > 0 {
                out.write_str("\n")?;
            }
            self.write_block(rule, index, level, out)?;
            out.write_str("\n")?;
        }
        out.write_str(if level > 0 { "}\n" } else { "" })
    }

    /// Writes the block of a rule, without a line break at the end.
    pub(crate) fn write_block(
        &self,
        rule: &Rule<'_>,
        index: usize,
        level: usize,
        out: &mut impl Write,
    ) -> fmt::Result {
        indentation(level, out)?;
        writeln!(out, "{} {{", self.wrapper)?;
        let written = || {
            let values = self.values();
            values
                .filter_map(|(field, name)| Some((field, name, self.content(field, rule, index)?)))
        };
        let width = written().map(|(_, name, _)| name.len()).max().unwrap_or(0);
        for (field, name, content) in written() {
            indentation(level.saturating_add(1), out)?;
            write!(out, "{name:width$} = ")?;
            self.write_content(field, content, Quoting::Terraform, out)?;
            out.write_str("\n")?;
        }
        indentation(level, out)?;
        out.write_str("}")
    }
}
