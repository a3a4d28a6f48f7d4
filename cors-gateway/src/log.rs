//! One JSON line for each request, with the reason of every refusal.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use serde_json::json;

/// Longest text from a request in one line, in bytes before escaping.
const MAX_SHOWN_BYTES: usize = 256;

/// Most lines that wait to be written: a second's worth under full load, of at most some 4 KB each.
pub(crate) const MAX_WAITING_LINES: usize = 4096;
/// How long a stopping gateway waits for the lines that are left.
const LAST_LINES_SECONDS: u64 = 1;

/// Lines on their way to the log. A log that nobody reads delays no answer; lines that find no room
/// are dropped.
#[derive(Clone)]
pub(crate) struct LogQueue {
    lines: SyncSender<String>,
    dropped: Arc<AtomicU64>,
}

/// The other end of the queue: a thread that writes.
#[derive(Debug)]
pub(crate) struct LogWriter(Receiver<()>);

impl LogQueue {
    /// Starts the thread.
    pub(crate) fn start(log: Log, most_waiting: usize) -> std::io::Result<(LogQueue, LogWriter)> {
        let (lines, waiting) = sync_channel::<String>(most_waiting);
        let (ended, end) = channel();
        let write = move || {
            for line in waiting {
                log(&line);
            }
            // Nobody may be waiting for this.
            let _ = ended.send(());
        };
        thread::Builder::new().name("log".to_owned()).spawn(write)?;
        let dropped = Arc::default();
        Ok((LogQueue { lines, dropped }, LogWriter(end)))
    }

    /// Hands a line to the writer, if there is room.
    pub(crate) fn write(&self, line: String) {
        if self.lines.try_send(line).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines found no room.
    pub(crate) fn dropped_lines(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

impl LogWriter {
    /// Waits for the last lines, once the queue is dropped; not for a log that nobody reads.
    pub(crate) fn finish(self) {
        let _ = self.0.recv_timeout(Duration::from_secs(LAST_LINES_SECONDS));
    }
}

/// Receives the lines of the log. See [`Options::log`](crate::Options::log).
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Writes a log line to standard error; see [`Options::log`](crate::Options::log).
pub fn log_to_stderr(line: &str) {
    // Failing to write the log does not stop the gateway.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The content of a log line.
pub(crate) struct Line<'r> {
    pub(crate) request_id: &'r str,
    pub(crate) peer: SocketAddr,
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) status: u16,
    pub(crate) origin: Option<&'r [u8]>,
    pub(crate) key_id: Option<&'r str>,
    /// Outcome and reason of the decision.
    pub(crate) cors: Option<(&'static str, &'static str)>,
    pub(crate) reason: Option<&'static str>,
    pub(crate) detail: Option<&'r str>,
    pub(crate) took: Duration,
}

impl Line<'_> {
    pub(crate) fn to_json(&self) -> String {
        let (outcome, cors_reason) = self.cors.unwrap_or_default();
        json!({
            "time": Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            "request_id": self.request_id,
            "peer": self.peer.to_string(),
            "method": shown(self.method.as_bytes()),
            "path": shown(self.path.as_bytes()),
            "status": self.status,
            "origin": self.origin.map(shown),
            "key_id": self.key_id.map(|text| shown(text.as_bytes())),
            "cors": outcome,
            "cors_reason": cors_reason,
            "reason": self.reason,
            "detail": self.detail.map(|text| shown(text.as_bytes())),
            "milliseconds": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
        })
        .to_string()
    }
}

/// Writes a line about a connection that ended before a complete request arrived: the head was too
/// large, too slow or missing, or the client disconnected.
pub(crate) fn connection_error(peer: SocketAddr, error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    if let Some(source) = error.source() {
        text = format!("{text}: {source}");
    }
    json!({
        "time": Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
        "peer": peer.to_string(),
        "reason": "connection",
        "detail": shown(text.as_bytes()),
    })
    .to_string()
}

/// Writes a line about what was found in the store.
pub(crate) fn store_error(detail: &str) -> String {
    json!({
        "time": Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
        "reason": "store",
        "detail": shown(detail.as_bytes()),
    })
    .to_string()
}

/// Bytes of a request as printable ASCII. Everything else is escaped, so that a request can neither
/// forge a log line nor control the terminal.
fn shown(bytes: &[u8]) -> String {
    let shown = bytes.get(..MAX_SHOWN_BYTES).unwrap_or(bytes);
    let rest = if shown.len() < bytes.len() { "..." } else { "" };
    format!("{}{rest}", shown.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_nobody_reads_keeps_some_lines_and_delays_nothing() {
        let (read, gate) = sync_channel::<()>(0);
        let (written, lines) = channel();
        // The receiver of one thread, in a function that could be called from several.
        let gate = std::sync::Mutex::new(gate);
        let log = move |line: &str| {
            let _ = gate.lock().unwrap().recv();
            written.send(line.to_owned()).unwrap();
        };
        let (queue, writer) = LogQueue::start(Arc::new(log), 2).unwrap();
        for number in 0..10 {
            queue.write(number.to_string());
        }
        let kept = 10 - usize::try_from(queue.dropped_lines()).unwrap();
        assert!(
            (2..=3).contains(&kept),
            "two wait, one is being written: {kept}"
        );
        drop((read, queue));
        writer.finish();
        let lines: Vec<String> = lines.iter().collect();
        assert_eq!((lines.len(), lines[0].as_str()), (kept, "0"));
    }

    #[test]
    fn bytes_of_an_attacker_cannot_forge_a_line() {
        let line = Line {
            request_id: "1",
            peer: SocketAddr::from(([127, 0, 0, 1], 1)),
            method: "GET",
            path: "/a\",\"status\":200}\n{\"x\":\"",
            status: 403,
            origin: Some(b"\x1b[2J\xff\r\n\xc2\x9b"),
            key_id: None,
            cors: Some(("actual_refused", "origin")),
            reason: Some("unsigned"),
            detail: Some(&"x".repeat(1000)),
            took: Duration::from_millis(3),
        };
        let text = line.to_json();
        assert!(
            text.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
            "{text}"
        );
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["status"], 403);
        assert_eq!(value["origin"], "\\x1b[2J\\xff\\r\\n\\xc2\\x9b");
        assert_eq!(value["detail"].as_str().unwrap().len(), MAX_SHOWN_BYTES + 3);
    }
}
