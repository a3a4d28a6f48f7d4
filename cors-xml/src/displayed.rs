//! A value that is displayed by a function. `core::fmt::from_fn` is that, from Rust 1.93 on.

use core::fmt;

/// Displays what a function writes.
pub(crate) fn displayed<F>(write: F) -> impl fmt::Display
where
    F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result,
{
    Displayed(write)
}

struct Displayed<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Displayed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}
