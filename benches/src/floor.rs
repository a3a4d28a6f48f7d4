//! The floor: the one configuration of [`ONE`](crate::cases::ONE) written out as a program, by hand and in
//! safe Rust.
//!
//! It answers which rule matches, or that none does, and reads what any matcher must read: the origin
//! and the method to compare them, the names to find where each ends, whether each is one, and whether
//! the rule lists it. What it does not do is choose among configurations: its texts are constants, of
//! which the compiler makes comparisons of whole words. A matcher of data cannot be faster than that.

use cors_core::{MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADER_NAMES, Request};

const ORIGIN: &[u8] = b"https://app-0.example.com";
/// The exact names of the rule by their words: content-type, authorization, x-request-id.
const CONTENT_TYPE: Name = Name::new(b"content-type");
const AUTHORIZATION: Name = Name::new(b"authorization");
const X_REQUEST_ID: Name = Name::new(b"x-request-id");
/// The letters of `x-amz-`, which the rule continues with a `*`.
const X_AMZ: Word = Word::new(b"x-amz-\0\0");

/// The rule that matches an actual request or a preflight, as Fetch tells them apart.
pub fn first_match(request: &Request<'_>) -> Option<usize> {
    let asked = request.access_control_request_method;
    let (method, lines) = match asked.filter(|_| request.method == b"OPTIONS") {
        Some(method) => (method, request.access_control_request_headers),
        None => (request.method, &[][..]),
    };
    let is_granted = request.origin == Some(ORIGIN)
        && matches!(method, b"GET" | b"PUT" | b"POST")
        && allows_all(lines)?;
    is_granted.then_some(0)
}

/// Whether every name of the lines is allowed; `None` beyond the engine's limits.
fn allows_all(lines: &[&[u8]]) -> Option<bool> {
    let mut bytes = 0;
    let mut names = 0;
    for line in lines {
        bytes += line.len() + 1;
        if bytes > MAX_REQUEST_HEADER_BYTES + 1 {
            return None;
        }
        let mut rest = Some(*line);
        while let Some(text) = rest {
            let item = match comma(text) {
                Some(at) => {
                    rest = Some(&text[at + 1..]);
                    &text[..at]
                }
                None => {
                    rest = None;
                    text
                }
            };
            let name = trim(item);
            if name.is_empty() {
                continue;
            }
            names += 1;
            if names > MAX_REQUEST_HEADER_NAMES {
                return None;
            }
            if !allows(name) {
                return Some(false);
            }
        }
    }
    Some(true)
}

fn allows(name: &[u8]) -> bool {
    match name.len() {
        12 if CONTENT_TYPE.is(name) || X_REQUEST_ID.is(name) => true,
        13 if AUTHORIZATION.is(name) => true,
        6.. => X_AMZ.is(first_word(name)) && is_token(&name[6..]),
        _ => false,
    }
}

/// Where the first comma is, eight bytes at a time.
fn comma(text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = zeros(u64::from_le_bytes(*word) ^ (ONES * u64::from(b',')));
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| *byte == b',')?;
    Some(words.len() * 8 + at)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of each byte that is zero; above the first of them, of others too.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

/// Without the white space at both ends that HTTP allows in a list.
fn trim(mut item: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = item {
        item = rest;
    }
    item
}

/// The first eight bytes; zeros behind a shorter text.
fn first_word(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(word) => u64::from_le_bytes(*word),
        None => {
            let mut word = [0; 8];
            word[..text.len()].copy_from_slice(text);
            u64::from_le_bytes(word)
        }
    }
}

fn is_token(text: &[u8]) -> bool {
    text.iter().all(|byte| TOKEN[usize::from(*byte)])
}

/// [tchar](https://www.rfc-editor.org/rfc/rfc9110#name-tokens)
static TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            );
        byte += 1;
    }
    table
};

/// Up to eight bytes to compare with: a letter equals both its cases, zero equals anything.
struct Word {
    value: u64,
    case: u64,
    read: u64,
}

impl Word {
    const fn new(text: &[u8; 8]) -> Word {
        let (mut case, mut read) = ([0; 8], [0; 8]);
        let mut at = 0;
        while at < 8 {
            case[at] = if text[at].is_ascii_lowercase() {
                0x20
            } else {
                0
            };
            read[at] = if text[at] == 0 { 0 } else { 0xff };
            at += 1;
        }
        Word {
            value: u64::from_le_bytes(*text),
            case: u64::from_le_bytes(case),
            read: u64::from_le_bytes(read),
        }
    }

    fn is(&self, word: u64) -> bool {
        (word | self.case) & self.read == self.value
    }
}

/// A name of nine to sixteen bytes: its first and its last eight.
struct Name(Word, Word);

impl Name {
    const fn new(name: &[u8]) -> Name {
        match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => Name(Word::new(first), Word::new(last)),
            _ => panic!("a name of at least eight bytes"),
        }
    }

    fn is(&self, name: &[u8]) -> bool {
        match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => {
                self.0.is(u64::from_le_bytes(*first)) && self.1.is(u64::from_le_bytes(*last))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Answer, ONE, actual, decide, preflight};

    /// What the engine answers, as the floor says it.
    fn engine(request: &Request<'_>) -> Option<usize> {
        match Answer::of(&ONE.policy.decide(request)) {
            Answer::Granted(rule) => Some(rule),
            Answer::Refused(_) | Answer::NotCors => None,
        }
    }

    #[test]
    fn the_floor_answers_as_the_engine_does() {
        let origin = "https://app-0.example.com";
        let mut requests: Vec<Request<'static>> = decide()
            .iter()
            .flat_map(|case| case.questions.clone())
            .map(|question| question.request)
            .collect();
        for lines in [
            &[&b"Content-Type,X-AMZ-Date , x-request-id"[..]][..],
            &[b"content-type,,  ,\tauthorization\t", b"x-amz-"],
            &[b"content-typf"],
            &[b"x-amz date"],
            &[b"x-amz-\x0d"],
            &[b"x\x0damz-date"],
            &[b"x-amz"],
            &[b"a,b,c,d,e,f,g,h,i"],
            &[b"1234567,authorization"],
            &[b"12345678,authorization"],
            &[b"AUTHORIZATION,authorization,authorization"],
            &[b"\xc3\xa9"],
        ] {
            requests.push(preflight(origin, Vec::leak(lines.to_vec())));
        }
        for extra in [actual("https://app-1.example.com"), actual(origin)] {
            requests.push(Request {
                method: b"DELETE",
                ..extra
            });
        }
        let granted = requests.iter().filter(|one| engine(one).is_some()).count();
        assert!(granted > 5 && granted < requests.len(), "{granted}");
        for request in &requests {
            assert_eq!(first_match(request), engine(request), "{request:?}");
        }
    }
}
