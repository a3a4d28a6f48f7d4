//! How far a run is, on a terminal.

use std::io::{self, IsTerminal, Write};

/// A line on standard error that is written again and again, on a terminal only.
pub(crate) struct Progress {
    is_shown: bool,
    total: usize,
}

impl Progress {
    pub(crate) fn new(total: usize) -> Progress {
        Progress {
            is_shown: io::stderr().is_terminal(),
            total,
        }
    }

    pub(crate) fn show(&self, done: usize, name: &str) {
        if self.is_shown {
            let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            let _ = write!(io::stderr(), "\r\x1b[K{done}/{} {name}", self.total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
