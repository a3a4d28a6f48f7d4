//! Sends one HTTP/1.1 request exactly as given, and returns the response as it came: no redirect is
//! followed, nothing is decompressed, no header is added but `Host` and `Content-Length`.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use ureq::http::{HeaderName, HeaderValue, Method, Request, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Timeout};

/// The maximum time to connect, with the search for the host and TLS: after it a server counts as
/// unreachable, and no one waits for the whole of a longer limit.
const MAX_CONNECT: Duration = Duration::from_secs(10);

/// An absolute `http` or `https` URL without user and password, as a browser requests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url(Uri);

/// A client that keeps connections open between requests.
pub(crate) struct Client {
    agent: Agent,
    timeout: Duration,
    max_body: usize,
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outgoing<'r> {
    pub(crate) method: &'r str,
    pub(crate) url: &'r Url,
    /// Names and values. Names are sent in lower case, which means the same to a server; the lines
    /// of one name are sent together, in their order. `host` may be among them.
    pub(crate) headers: &'r [(&'r str, &'r [u8])],
    /// `None` sends no Content-Length either.
    pub(crate) body: Option<&'r [u8]>,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    /// Each header line: its name in lower case, and its value. The lines of one name are together,
    /// in their order.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// The beginning of the body, up to the client's bound.
    pub(crate) body: Vec<u8>,
    /// Whether the body went on.
    pub(crate) body_is_cut: bool,
}

/// Why a URL, a request or an exchange failed: where, what, and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpError {
    text: String,
    is_unreachable: bool,
}

impl HttpError {
    fn new(text: String) -> HttpError {
        HttpError {
            text,
            is_unreachable: false,
        }
    }

    /// Whether there is no connection to the server, so that no other request has one either.
    pub(crate) fn is_unreachable(&self) -> bool {
        self.is_unreachable
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Url, HttpError> {
        let refused = |why: &str| HttpError::new(format!("{text:?} {why}"));
        if !text.contains("://") {
            return Err(refused(&format!(
                "has no scheme; give a whole URL such as https://{}",
                text.trim_start_matches('/')
            )));
        }
        let (scheme, _) = text.split_once("://").unwrap_or_default();
        if !["http", "https"]
            .map(|known| scheme.eq_ignore_ascii_case(known))
            .contains(&true)
        {
            return Err(refused(
                "is not of the web; give a URL that begins with http:// or https://",
            ));
        }
        let uri: Uri = text.parse().map_err(|error| {
            refused(&format!(
                "is not a URL: {error}; write the host in punycode (xn--...) and other characters as %XX"
            ))
        })?;
        let authority = uri
            .authority()
            .filter(|authority| !authority.host().is_empty());
        let Some(authority) = authority else {
            return Err(refused(
                "has no host; give a whole URL such as https://bucket.example/key",
            ));
        };
        if authority.as_str().contains('@') {
            return Err(refused(
                "has a user name, which no page can request; remove what is before the @",
            ));
        }
        let port = authority
            .as_str()
            .rsplit_once(':')
            .filter(|(_, port)| !port.ends_with(']'));
        if port.is_some_and(|(_, port)| port.parse::<u16>().is_err()) {
            return Err(refused(
                "has a port that is not a number up to 65535; correct or remove it",
            ));
        }
        Ok(Url(uri))
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Host and port as in a `Host` header.
    pub(crate) fn authority(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    /// Path and query as in a request line.
    pub(crate) fn target(&self) -> &str {
        self.0
            .path_and_query()
            .map_or("/", |target| target.as_str())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https() { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.target())
    }
}

impl Client {
    /// A client with the longest time of one exchange, and the largest part of a body that is kept,
    /// in bytes.
    ///
    /// `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of the environment count.
    pub(crate) fn new(timeout: Duration, max_body: usize) -> Client {
        let tls = TlsConfig::builder().root_certs(RootCerts::WebPki).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(MAX_CONNECT)))
            .build();
        Client {
            agent: config.new_agent(),
            timeout,
            max_body,
        }
    }

    /// Sends a request and reads the response.
    ///
    /// # Errors
    ///
    /// If the request is not one that HTTP can carry, or no HTTP response came in time.
    pub(crate) fn send(&self, outgoing: &Outgoing<'_>) -> Result<Incoming, HttpError> {
        let request = request(outgoing)?;
        let failed = |error| self.describe(outgoing.url, &error);
        let response = match outgoing.body {
            Some(body) => self.agent.run(request.map(|()| body)),
            None => self.agent.run(request),
        };
        let mut response = response.map_err(failed)?;
        let status = response.status().as_u16();
        let lines = response.headers().iter();
        let headers = lines
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let mut body = Vec::new();
        // One byte more shows that there is more.
        let bound = u64::try_from(self.max_body)
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let mut reader = response.body_mut().as_reader().take(bound);
        let read = reader.read_to_end(&mut body);
        read.map_err(|error| failed(ureq::Error::from(error)))?;
        let body_is_cut = body.len() > self.max_body;
        body.truncate(self.max_body);
        Ok(Incoming {
            status,
            headers,
            body,
            body_is_cut,
        })
    }

    /// What happened, where, and what to change.
    fn describe(&self, url: &Url, error: &ureq::Error) -> HttpError {
        let host = url.authority();
        let seconds = self.timeout.as_secs_f32();
        if let ureq::Error::Io(error) = error {
            return describe_io(url, error);
        }
        let is_unreachable = matches!(
            error,
            ureq::Error::HostNotFound
                | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect)
                | ureq::Error::Tls(_)
                | ureq::Error::Rustls(_)
                | ureq::Error::InvalidProxyUrl
                | ureq::Error::ConnectProxyFailed(_)
        );
        let text = match error {
            ureq::Error::HostNotFound => unknown_host(host),
            ureq::Error::Timeout(Timeout::Resolve) => {
                format!("{host}: no address was found in time; check the DNS of this machine")
            }
            ureq::Error::Timeout(Timeout::Connect) => format!(
                "{host}: it accepts no connection in time; check host and port, and firewalls on the way"
            ),
            ureq::Error::Timeout(_) => format!(
                "{host}: no whole response within {seconds} s; allow more time, or look at what the server is doing"
            ),
            ureq::Error::Tls(why) => tls(host, why),
            ureq::Error::Rustls(error) => tls(host, &error.to_string()),
            ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => format!(
                "{host}: {error}; correct or unset HTTPS_PROXY and HTTP_PROXY, or add the host to NO_PROXY"
            ),
            ureq::Error::LargeResponseHeader(..) => {
                format!(
                    "{host}: the headers of the response are longer than 64 KiB; no browser reads so many"
                )
            }
            ureq::Error::Protocol(error) => not_http(host, &error.to_string()),
            error => format!("{host}: {error}; check the URL"),
        };
        HttpError {
            text,
            is_unreachable,
        }
    }
}

/// The request for the library, of a checked method and checked headers.
fn request(outgoing: &Outgoing<'_>) -> Result<Request<()>, HttpError> {
    let mut request = Request::new(());
    *request.method_mut() = Method::from_bytes(outgoing.method.as_bytes()).map_err(|_| {
        HttpError::new(format!(
            "method {:?} is not an HTTP method; give one such as GET or PUT",
            outgoing.method
        ))
    })?;
    *request.uri_mut() = outgoing.url.0.clone();
    for (name, value) in outgoing.headers {
        let name_bytes = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
            HttpError::new(format!(
                "header {name:?} is not a header name; give one without spaces and separators"
            ))
        })?;
        let value = HeaderValue::from_bytes(value).map_err(|_| {
            HttpError::new(format!(
                "header {name}: the value has a line break or another control character; remove it"
            ))
        })?;
        request.headers_mut().append(name_bytes, value);
    }
    Ok(request)
}

/// A failure of the connection.
fn describe_io(url: &Url, error: &io::Error) -> HttpError {
    let host = url.authority();
    let other = if url.is_https() { "http" } else { "https" };
    let (is_unreachable, text) = match error.kind() {
        // The standard library makes no errors of this kind for a socket.
        io::ErrorKind::InvalidData if url.is_https() => (true, tls(host, &error.to_string())),
        io::ErrorKind::ConnectionRefused => (
            true,
            format!("{host}: connection refused; check host and port, and that the server runs"),
        ),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => (
            false,
            format!(
                "{host}: the connection was closed before a whole response; try {other}://, or look at the server's log"
            ),
        ),
        // The standard library has no kind for this.
        _ if error.to_string().contains("lookup address") => (true, unknown_host(host)),
        _ => (false, format!("{host}: {error}; check host and port")),
    };
    HttpError {
        text,
        is_unreachable,
    }
}

fn unknown_host(host: &str) -> String {
    format!("{host}: the host is not known; check its spelling, or the DNS of this machine")
}

fn tls(host: &str, why: &str) -> String {
    format!(
        "{host}: TLS failed: {why}; a browser refuses it as well, so correct the server's certificate or the host, or use http:// if it speaks no TLS"
    )
}

fn not_http(host: &str, why: &str) -> String {
    format!(
        "{host}: what came is not HTTP/1.1: {why}; check the port, and whether it wants https://"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    /// A server that answers each connection's request with the next text; it returns the requests.
    fn scripted(answers: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let thread = thread::spawn(move || {
            answers
                .iter()
                .map(|answer| {
                    let (mut stream, _) = listener.accept().unwrap();
                    let mut text = String::new();
                    // Head and body may come apart; the body of these tests ends in `c`.
                    while !text.ends_with('c')
                        && (!text.ends_with("\r\n\r\n") || text.contains("content-length: 3"))
                    {
                        let mut bytes = vec![0; 4096];
                        let length = stream.read(&mut bytes).unwrap();
                        if length == 0 || !bytes.first().unwrap().is_ascii_alphabetic() {
                            break;
                        }
                        text += &String::from_utf8_lossy(bytes.get(..length).unwrap());
                    }
                    stream.write_all(answer.as_bytes()).unwrap();
                    text
                })
                .collect()
        });
        (address, thread)
    }

    fn send(
        url: &Url,
        method: &str,
        headers: &[(&str, &[u8])],
        body: Option<&[u8]>,
    ) -> Result<Incoming, HttpError> {
        let client = Client::new(Duration::from_secs(2), 8);
        client.send(&Outgoing {
            method,
            url,
            headers,
            body,
        })
    }

    fn get(url: &str) -> Result<Incoming, HttpError> {
        send(&Url::parse(url)?, "GET", &[], None)
    }

    #[test]
    fn a_request_is_sent_as_given_and_nothing_is_added() {
        let (address, requests) =
            scripted(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"; 3]);
        let url = Url::parse(&format!("http://{address}/a%20b/../c?x=%2F&y")).unwrap();
        let lines: [(&str, &[u8]); 3] = [
            ("Origin", b"https://a.example"),
            ("x-a", b"1"),
            ("X-A", b"\xFF"),
        ];
        assert_eq!(send(&url, "OPTIONS", &lines, None).unwrap().status, 200);
        send(&url, "PUT", &[("host", b"b.example")], Some(b"")).unwrap();
        send(&url, "GET", &[], Some(b"abc")).unwrap();
        let requests = requests.join().unwrap();
        let expected = [
            format!(
                "OPTIONS /a%20b/../c?x=%2F&y HTTP/1.1\r\nhost: {address}\r\norigin: https://a.example\r\nx-a: 1\r\nx-a: \u{FFFD}\r\n\r\n"
            ),
            "PUT /a%20b/../c?x=%2F&y HTTP/1.1\r\ncontent-length: 0\r\nhost: b.example\r\n\r\n"
                .to_owned(),
            format!(
                "GET /a%20b/../c?x=%2F&y HTTP/1.1\r\ncontent-length: 3\r\nhost: {address}\r\n\r\nabc"
            ),
        ];
        assert_eq!(requests, expected);
    }

    #[test]
    fn a_response_is_returned_as_it_came() {
        let (address, _) = scripted(&[
            "HTTP/1.1 301 Moved\r\nLocation: /b\r\nVary: a\r\nX-B:  2 \r\nVARY: b\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n123456789",
        ]);
        let response = get(&format!("http://{address}/")).unwrap();
        let lines = [
            ("location", "/b"),
            ("vary", "a"),
            ("vary", "b"),
            ("x-b", "2"),
            ("content-encoding", "gzip"),
            ("content-length", "9"),
        ];
        let lines = lines.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
        assert_eq!(response.status, 301);
        assert_eq!(response.headers, lines);
        assert_eq!(
            (response.body.as_slice(), response.body_is_cut),
            (&b"12345678"[..], true)
        );
    }

    #[test]
    fn a_url_that_cannot_be_requested_is_refused_with_what_to_change() {
        for (url, why) in [
            (
                "bucket.example/a",
                "has no scheme; give a whole URL such as https://bucket.example/a",
            ),
            ("//bucket.example", "such as https://bucket.example"),
            ("ftp://bucket.example", "begins with http:// or https://"),
            ("https://", "is not a URL"),
            ("https:///a", "is not a URL"),
            ("https://:80/a", "has no host"),
            (
                "https://user:x@bucket.example/",
                "remove what is before the @",
            ),
            ("https://bucket.example:99999/", "is not a"),
            ("https://bucket.example:x/", "is not a"),
            ("https://a b.example/", "is not a URL"),
        ] {
            let error = Url::parse(url).unwrap_err().to_string();
            assert!(error.contains(why), "{url}: {error}");
        }
        let url = Url::parse("HTTPS://[::1]:8443#part").unwrap();
        assert_eq!(
            (url.authority(), url.target(), url.is_https()),
            ("[::1]:8443", "/", true)
        );
    }

    #[test]
    fn what_goes_wrong_is_said_with_what_to_change() {
        let (address, _) = scripted(&[
            "220 mail.example ESMTP\r\n",
            "",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        ]);
        let http = format!("http://{address}/");
        let closed = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let plain = scripted(&["HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"]).0;
        for (url, why) in [
            (http.clone(), "is not HTTP/1.1"),
            (http.clone(), "closed before a whole response; try https://"),
            (http, "closed before a whole response"),
            (
                format!("http://{closed}/"),
                "connection refused; check host and port",
            ),
            (
                format!("http://{}/", silent.local_addr().unwrap()),
                "no whole response within 2 s",
            ),
            (format!("https://{plain}/"), "TLS failed"),
            (
                "http://no-such-host..invalid/".to_owned(),
                "the host is not known",
            ),
        ] {
            let error = get(&url).unwrap_err().to_string();
            assert!(error.contains(why), "{url}: {error}");
        }
        let url = Url::parse("http://a.example/").unwrap();
        for (method, header, why) in [
            ("G T", ("a", &b"b"[..]), "is not an HTTP method"),
            ("", ("a", b"b"), "is not an HTTP method"),
            ("GET", ("a b", b"b"), "is not a header name"),
            ("GET", ("a", b"b\r\nc: d"), "has a line break"),
        ] {
            let error = send(&url, method, &[header], None).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
