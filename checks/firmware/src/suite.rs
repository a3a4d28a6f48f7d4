//! Runs every vector on this engine and compares rule and headers with the reference's answer.

use core::fmt::Write;

use cors_core::{Policy, Request};

include!(concat!(env!("OUT_DIR"), "/vectors.rs"));

/// A vector, with the expected answer.
pub struct Case {
    name: &'static str,
    image: &'static [u8],
    request: Request<'static>,
    /// The winning rule, or -1.
    rule: i32,
    /// `name: value` lines.
    headers: &'static [u8],
}

/// The policy of the document in flash.
static POLICY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policy.bin"));

/// Returns how many vectors passed and how many failed; `report` is called with the name of each
/// that failed.
pub fn run(report: impl Fn(&str)) -> (u32, u32) {
    let mut passed = 0;
    let mut failed = 0;
    let document = Policy::from_bytes(POLICY).is_ok_and(|policy| !policy.is_empty());
    for (name, holds) in [("the document in flash", document)]
        .into_iter()
        .chain(CASES.iter().map(|case| (case.name, holds(case))))
    {
        if holds {
            passed += 1;
        } else {
            failed += 1;
            report(name);
        }
    }
    (passed, failed)
}

fn holds(case: &Case) -> bool {
    let Ok(policy) = Policy::from_bytes(case.image) else {
        return false;
    };
    let decision = policy.decide(&case.request);
    let rule = decision
        .grant()
        .map_or(-1, |grant| grant.rule_index() as i32);
    let mut rest = Rest(case.headers);
    let written = decision
        .headers()
        .iter()
        .all(|(name, value)| writeln!(rest, "{name}: {value}").is_ok());
    written && rule == case.rule && rest.0.is_empty()
}

/// The text still expected; writing consumes it, and fails if other text is written.
struct Rest(&'static [u8]);

impl Write for Rest {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0 = self
            .0
            .strip_prefix(text.as_bytes())
            .ok_or(core::fmt::Error)?;
        Ok(())
    }
}
