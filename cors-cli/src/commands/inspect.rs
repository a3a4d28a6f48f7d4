//! `cors inspect`: prints the contents of a policy image, and its byte ranges by name.

use std::io::{self, Write};

use cors_core::{Dialect, List, Policy};

use crate::arguments::InspectArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::output::{Output, report};

pub(crate) fn run(arguments: &InspectArguments) -> Result<Verdict, Fatal> {
    let input = Input::read(&arguments.image)?;
    let policy = match Policy::from_bytes(&input.bytes) {
        Ok(policy) => policy,
        Err(error) => {
            report(format_args!("cors: {}: {error}", input.name));
            return Ok(Verdict::No);
        }
    };
    let evaluation = policy.evaluation();
    let same: Vec<&str> = Dialect::ALL
        .into_iter()
        .filter(|dialect| dialect.evaluation == evaluation)
        .map(|dialect| dialect.name)
        .collect();
    let mut out = Output::new();
    writeln!(
        out,
        "{}: policy image, {} bytes",
        input.name,
        input.bytes.len()
    )?;
    writeln!(out, "rules: {}", policy.len())?;
    writeln!(out, "ResponseVary: {}", policy.response_vary())?;
    writeln!(out, "reads requests as: {}", same.join(", "))?;
    writeln!(out, "\nbytes")?;
    for (name, bytes) in policy.parts() {
        let length = bytes.len();
        writeln!(
            out,
            "{:>8}..{:<8} {length:>7}  {name}",
            bytes.start, bytes.end
        )?;
    }
    for (index, rule) in policy.rules().enumerate() {
        writeln!(out, "\nrule {}", index.saturating_add(1))?;
        if let Some(id) = rule.id {
            writeln!(out, "  ID              {}", id.escape_debug())?;
        }
        for (name, list) in [
            ("AllowedOrigin", rule.allowed_origins),
            ("AllowedMethod", rule.allowed_methods),
            ("AllowedHeader", rule.allowed_headers),
            ("ExposeHeader", rule.expose_headers),
        ] {
            write_list(&mut out, name, list)?;
        }
        if let Some(seconds) = rule.max_age_seconds {
            writeln!(out, "  MaxAgeSeconds   {seconds}")?;
        }
        if rule.allow_credentials {
            writeln!(out, "  AllowCredentials")?;
        }
    }
    Ok(Verdict::Yes)
}

fn write_list(out: &mut impl Write, name: &str, list: List<'_>) -> io::Result<()> {
    list.iter()
        .try_for_each(|item| writeln!(out, "  {name:<15} {}", item.escape_debug()))
}
