//! Standard output and standard error, whose readers may leave before everything is written, as in
//! `cors explain ... | head`: then the rest is dropped in silence.

use std::fmt::Display;
use std::io::{self, ErrorKind, StdoutLock, Write};

use anstream::AutoStream;

/// Standard output. After its reader has gone, everything written is dropped without an error, so
/// that a command runs to its end and returns its exit status.
pub(crate) struct Output {
    out: StdoutLock<'static>,
    is_closed: bool,
}

/// Standard output with colour on terminals only. Everything is written at the end, by
/// [`Coloured::finish`].
pub(crate) struct Coloured(AutoStream<Vec<u8>>);

impl Output {
    pub(crate) fn new() -> Output {
        Output {
            out: io::stdout().lock(),
            is_closed: false,
        }
    }

    pub(crate) fn with_colour() -> Coloured {
        let choice = AutoStream::choice(&io::stdout());
        Coloured(AutoStream::new(Vec::new(), choice))
    }

    /// Whether the reader has gone: there is no reason to go on.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// `done` of what was to be written counts as written if the reader has gone.
    fn or_closed<T>(&mut self, result: io::Result<T>, done: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(done)
            }
            result => result,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.or_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.or_closed(flushed, ())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // What the process writes at its end is not reported.
        let _ = self.flush();
    }
}

impl Coloured {
    pub(crate) fn finish(self) -> io::Result<()> {
        Output::new().write_all(&self.0.into_inner())
    }
}

impl Write for Coloured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes a line to standard error. A failure of this cannot be reported.
pub(crate) fn report(text: impl Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
