//! How much of a long list is shown.

/// The maximum number of findings or differences that are shown: more than a person reads, and enough
/// for a document that a person wrote.
pub(crate) const MAX_SHOWN: usize = 1000;

/// How many of a list are left out.
pub(crate) fn more(all: usize) -> usize {
    all.saturating_sub(MAX_SHOWN)
}
