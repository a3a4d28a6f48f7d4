//! A client that changes nothing: it writes the bytes that it is given and reads the answer, over one connection as long as that lasts.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer without its body.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case, values without white space around them.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Response {
    /// The values of the fields with this name.
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let named = self.fields.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_slice()).collect()
    }
}

/// A connection that is opened when it is needed.
pub(crate) struct Connection<'a> {
    address: &'a str,
    open: Option<BufReader<TcpStream>>,
}

impl<'a> Connection<'a> {
    pub(crate) fn new(address: &'a str) -> Connection<'a> {
        Connection {
            address,
            open: None,
        }
    }

    /// Sends a request and returns the answer. A server may close a connection that was used before, so such a request is
    /// sent a second time.
    ///
    /// # Errors
    ///
    /// Those of the network, and an answer that is not HTTP.
    pub(crate) fn ask(&mut self, request: &[u8], is_head: bool) -> io::Result<Response> {
        if let Some(mut used) = self.open.take()
            && let Ok(response) = exchange(&mut used, request, is_head)
        {
            self.keep(used, &response);
            return Ok(response);
        }
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_nodelay(true)?;
        let mut fresh = BufReader::new(stream);
        let response = exchange(&mut fresh, request, is_head)?;
        self.keep(fresh, &response);
        Ok(response)
    }

    fn keep(&mut self, stream: BufReader<TcpStream>, response: &Response) {
        let closes = |value: &&[u8]| value.eq_ignore_ascii_case(b"close");
        if !response.values("connection").iter().any(closes) && has_an_end(response) {
            self.open = Some(stream);
        }
    }
}

fn exchange(
    stream: &mut BufReader<TcpStream>,
    request: &[u8],
    is_head: bool,
) -> io::Result<Response> {
    // A server that refuses early may answer and close before it has read all.
    let written = stream.get_mut().write_all(request);
    let response = read_head(stream)?;
    if !(is_head || matches!(response.status, 204 | 304)) {
        read_body(stream, &response)?;
    }
    written.map(|()| response)
}

/// Whether the end of the body is known without the end of the connection.
fn has_an_end(response: &Response) -> bool {
    matches!(response.status, 204 | 304)
        || !response.values("content-length").is_empty()
        || !response.values("transfer-encoding").is_empty()
}

fn read_head(stream: &mut impl BufRead) -> io::Result<Response> {
    loop {
        let line = read_line(stream)?;
        let mut words = line.split(|byte| *byte == b' ');
        let version = words.next().unwrap_or_default();
        let status = words
            .next()
            .and_then(|word| str::from_utf8(word).ok()?.parse().ok());
        let (true, Some(status)) = (version.starts_with(b"HTTP/1."), status) else {
            return Err(not_http(&line));
        };
        let mut fields = Vec::new();
        loop {
            let line = read_line(stream)?;
            if line.is_empty() {
                break;
            }
            let colon = line.iter().position(|byte| *byte == b':');
            let Some((name, [_, value @ ..])) = colon.and_then(|at| line.split_at_checked(at))
            else {
                return Err(not_http(&line));
            };
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            fields.push((name, crate::raw::trimmed(value).to_vec()));
        }
        if status >= 200 {
            return Ok(Response { status, fields });
        }
    }
}

fn read_body(stream: &mut impl BufRead, response: &Response) -> io::Result<()> {
    let number = |text: &[u8], base| {
        let text = str::from_utf8(text).ok().map(str::trim);
        text.and_then(|text| u64::from_str_radix(text, base).ok())
            .ok_or_else(|| not_http(text.unwrap_or_default().as_bytes()))
    };
    if !response.values("transfer-encoding").is_empty() {
        loop {
            let line = read_line(stream)?;
            let length = number(&line, 16)?;
            skip(stream, length)?;
            // The end of the chunk, or of the trailer, which no server here sends.
            read_line(stream)?;
            if length == 0 {
                return Ok(());
            }
        }
    }
    match response.values("content-length").as_slice() {
        [] => io::copy(stream, &mut io::sink()).map(drop),
        [length, ..] => skip(stream, number(length, 10)?),
    }
}

fn skip(stream: &mut impl BufRead, length: u64) -> io::Result<()> {
    if io::copy(&mut stream.take(length), &mut io::sink())? == length {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// A line without its end.
fn read_line(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line)?;
    match line.as_slice() {
        [line @ .., b'\r', b'\n'] => Ok(line.to_vec()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn not_http(line: &[u8]) -> io::Error {
    io::Error::other(format!(
        "not an answer of HTTP/1.1: {}",
        line.escape_ascii()
    ))
}
