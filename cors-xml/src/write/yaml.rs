//! Writing a configuration in a YAML form.

use core::fmt::{self, Write};

use cors_core::Configuration;

use super::members::{Quoting, indentation};
use crate::shapes::MemberShape;

impl MemberShape {
    /// Writes rules as YAML, one line for each member, inside the members that are around them.
    pub(crate) fn write_yaml(
        &self,
        configuration: &Configuration<'_>,
        out: &mut impl Write,
    ) -> fmt::Result {
        let around = self.within.iter().take(1);
        let mut level: usize = 0;
        for name in around.chain([&self.wrapper]) {
            indentation(level, out)?;
            let is_empty = configuration.rules.is_empty() && *name == self.wrapper;
            writeln!(out, "{name}:{}", if is_empty { " []" } else { "" })?;
            level = level.saturating_add(1);
        }
        for (index, rule) in configuration.rules.iter().enumerate() {
            let mut has_member = false;
            for (field, name) in self.values() {
                let Some(content) = self.content(field, rule, index) else {
                    continue;
                };
                indentation(level, out)?;
                write!(out, "{} {name}: ", if has_member { " " } else { "-" })?;
                self.write_content(field, content, Quoting::Yaml, out)?;
                out.write_str("\n")?;
                has_member = true;
            }
            if !has_member {
                indentation(level, out)?;
                out.write_str("- {}\n")?;
            }
        }
        Ok(())
    }
}
