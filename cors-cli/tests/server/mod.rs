//! `cors serve` as a process.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A server of its own, killed at the end.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts it on a free port, with these variables beside those of the test, and waits until it listens.
    pub(crate) fn start(
        store: &str,
        arguments: &[&str],
        keys: &[(&str, &str)],
        log: Stdio,
    ) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cors"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store", store])
            .args(arguments)
            .env_remove("CORS_ACCESS_KEY_ID")
            .env_remove("CORS_ACCESS_KEY_SECRET")
            .envs(keys.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://");
        let address = address.unwrap().to_owned();
        Server { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
