//! One JSON line for each request, with the reason of every refusal.

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use serde_json::json;

/// Longest text from a request in one line, in bytes before escaping.
const MAX_SHOWN_BYTES: usize = 256;

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
