//! How well the fact in a row is known, by where the row was taken from.

use clap::ValueEnum;
use serde::Serialize;

/// How well a fact is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Recorded on the live service, or by the provider's own integration tests
    Recorded,
    /// A test of another server that its authors also run against the provider
    Shared,
    /// The provider's documentation
    Documented,
    /// Other implementations, and clients of the provider
    Implementations,
    /// docs/semantics.md: what follows from documented rules
    Specification,
    /// A choice of this project where nothing is established: no evidence about a provider
    Choice,
}

impl Level {
    /// The level of a row of this provenance; `None` if the provenance is not known.
    pub(crate) fn of(provenance: &str) -> Option<Level> {
        Some(match provenance {
            "aws-recorded" | "aws-verified" | "oss-integration" => Level::Recorded,
            "aws-runnable" | "impl-and-aws-derived" | "impl-with-AWS_ON_AIR-mode" => Level::Shared,
            "oss-doc" | "vendor-doc" => Level::Documented,
            "impl" | "sdk-client-validator" | "client-capture" => Level::Implementations,
            "specification" | "fixture" => Level::Specification,
            "specification-or-choice" => Level::Choice,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::Recorded => "recorded",
            Level::Shared => "shared",
            Level::Documented => "documented",
            Level::Implementations => "implementations",
            Level::Specification => "specification",
            Level::Choice => "choice",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provenance_of_every_row_is_a_level() {
        let rows = reference::vectors::rows().unwrap().into_iter();
        let documents = reference::vectors::documents().unwrap().into_iter();
        let all = rows.map(|row| row.provenance);
        for provenance in all.chain(documents.map(|document| document.provenance)) {
            assert!(Level::of(&provenance).is_some(), "{provenance}");
        }
    }
}
