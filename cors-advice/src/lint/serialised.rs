//! What the serialisation of an origin can look like, by the URL standard: scheme, host and port.
//!
//! The text of a pattern is checked as it is written. Its `*` can be any bytes, so a part that
//! holds the `*` is a fault only if no replacement mends it.

use super::code::LintCode;

/// The longest label of a host name, in bytes
/// ([RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
const MAX_LABEL_BYTES: usize = 63;

/// The longest host name as text, in bytes: 255 with the lengths of the labels before them.
pub(super) const MAX_HOST_BYTES: usize = 253;

/// Returns the scheme and what follows its `://`, if that is written out.
pub(super) fn split_scheme(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let (scheme, rest) = value.split_at_checked(memchr::memchr(b':', value)?)?;
    Some((scheme, rest.strip_prefix(b"://")?))
}

/// Returns the host, and the port if there is a colon for it. Colons in brackets are the address's.
pub(super) fn split_port(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    let address = memchr::memrchr(b']', rest).map_or(0, |bracket| bracket.saturating_add(1));
    let is_cut_address = address == 0 && rest.first() == Some(&b'[');
    let colon = rest
        .get(address..)
        .filter(|_| !is_cut_address)
        .and_then(|after| memchr::memchr(b':', after))
        .and_then(|colon| rest.split_at_checked(colon.saturating_add(address)));
    match colon {
        Some((host, port)) => (host, port.strip_prefix(b":")),
        None => (rest, None),
    }
}

/// What is wrong with a scheme
/// ([URL](https://url.spec.whatwg.org/#url-scheme-string)), which may hold a `*`.
pub(super) fn scheme_fault(scheme: &[u8]) -> Option<LintCode> {
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.*".contains(byte);
    let begins = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'*';
    if scheme.is_empty() {
        return Some(LintCode::OriginWithoutScheme);
    }
    if !scheme.iter().all(is_allowed) || !scheme.first().is_some_and(begins) {
        return Some(LintCode::OriginScheme);
    }
    let is_upper = scheme.iter().any(u8::is_ascii_uppercase);
    is_upper.then_some(LintCode::OriginInUpperCase)
}

/// What is wrong with the text after `://`, or at the end of a pattern whose `*` includes it.
pub(super) fn rest_fault(scheme: &[u8], rest: &[u8]) -> Option<LintCode> {
    if rest.iter().any(|byte| b"?#@\\".contains(byte)) {
        return Some(LintCode::OriginNeverSent);
    }
    if let Some(slash) = memchr::memchr(b'/', rest) {
        let is_last = slash.saturating_add(1) == rest.len();
        return Some(if is_last {
            LintCode::OriginWithTrailingSlash
        } else {
            LintCode::OriginWithPath
        });
    }
    let (host, port) = split_port(rest);
    let host_fault = if host.is_empty() && !scheme.is_empty() {
        Some(LintCode::OriginNeverSent)
    } else {
        host_fault(host)
    };
    host_fault.or_else(|| port.and_then(|port| port_fault(scheme, port)))
}

/// Whether the standard parses the hosts of a scheme, and the port that it leaves out
/// ([URL](https://url.spec.whatwg.org/#special-scheme)).
pub(super) fn default_port(scheme: &[u8]) -> Option<u16> {
    match scheme {
        b"http" | b"ws" => Some(80),
        b"https" | b"wss" => Some(443),
        b"ftp" => Some(21),
        _ => None,
    }
}

/// Reads a port as a serialisation has it: a number without a zero before it.
pub(super) fn port_number(digits: &[u8]) -> Option<u16> {
    let is_padded = digits.len() > 1 && digits.first() == Some(&b'0');
    let number = (!digits.is_empty() && !is_padded).then_some(0)?;
    digits.iter().try_fold(number, |number: u16, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(u16::from(digit))
    })
}

/// What is wrong with a port, which may hold a `*`.
pub(super) fn port_fault(scheme: &[u8], port: &[u8]) -> Option<LintCode> {
    /// The digits of 65,535.
    const MAX_DIGITS: usize = 5;
    let Some(wildcard) = memchr::memchr(b'*', port) else {
        return match port_number(port) {
            None => Some(LintCode::OriginPort),
            number if number == default_port(scheme) => Some(LintCode::OriginWithDefaultPort),
            Some(_) => None,
        };
    };
    let digits = || port.iter().filter(|byte| **byte != b'*');
    let count = digits().count();
    let is_possible = digits().all(u8::is_ascii_digit)
        && match count {
            0 | 1 => true,
            // There is no digit left for the `*`.
            MAX_DIGITS => {
                let mut least = [0; MAX_DIGITS];
                least
                    .iter_mut()
                    .zip(digits())
                    .for_each(|(to, from)| *to = *from);
                port_number(&least).is_some()
            }
            _ => count < MAX_DIGITS && (wildcard == 0 || port.first() != Some(&b'0')),
        };
    (!is_possible).then_some(LintCode::OriginPort)
}

/// What is wrong with a host ([URL](https://url.spec.whatwg.org/#host-parsing)).
pub(super) fn host_fault(host: &[u8]) -> Option<LintCode> {
    let has_wildcard = host.contains(&b'*');
    if host.iter().any(u8::is_ascii_uppercase) {
        return Some(LintCode::OriginInUpperCase);
    }
    // Nothing is before the bracket, so a `*` there matches no more than that.
    let inside = host.strip_prefix(b"[").or(host.strip_prefix(b"*["));
    if let Some(inside) = inside {
        let is_possible = match split_at(inside, b"*") {
            Some((before, _)) => {
                let digits = before.strip_suffix(b"]").unwrap_or(before);
                let is_digit = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
                digits.iter().all(is_digit)
            }
            None => inside.strip_suffix(b"]").is_some_and(is_shortest_ipv6),
        };
        return (!is_possible).then_some(LintCode::OriginAddress);
    }
    // The end of an address whose beginning is the `*`.
    let is_end_of_address = has_wildcard && host.ends_with(b"]") && !host.contains(&b'[');
    if is_end_of_address {
        return None;
    }
    if host.iter().any(|byte| is_forbidden_in_hosts(*byte)) {
        return Some(LintCode::OriginHost);
    }
    ipv4_fault(host).or_else(|| punycode_fault(host))
}

/// [Forbidden domain code point](https://url.spec.whatwg.org/#forbidden-domain-code-point), among
/// the bytes that an origin can have.
const fn is_forbidden_in_hosts(byte: u8) -> bool {
    matches!(
        byte,
        0..=b' '
            | b'#'
            | b'/'
            | b':'
            | b'<'
            | b'>'
            | b'?'
            | b'@'
            | b'['
            | b'\\'
            | b']'
            | b'^'
            | b'|'
            | b'%'
            | 0x7F
    )
}

/// A host [ends in a number](https://url.spec.whatwg.org/#ends-in-a-number-checker) only if it is
/// an IPv4 address, which is serialised as four numbers.
fn ipv4_fault(host: &[u8]) -> Option<LintCode> {
    let name = host.strip_suffix(b".").unwrap_or(host);
    let last_dot = memchr::memrchr(b'.', name);
    let label = last_dot
        .and_then(|dot| name.get(dot.saturating_add(1)..))
        .unwrap_or(name);
    if !is_number(label) {
        return None;
    }
    let is_possible = match memchr::memchr(b'*', name) {
        None => {
            let labels = || host.split(|byte| *byte == b'.');
            labels().count() == 4 && labels().all(is_octet)
        }
        // Every label that is written out is one of the four numbers.
        Some(wildcard) => {
            let (before, after) = name.split_at_checked(wildcard)?;
            let before = before.split(|byte| *byte == b'.');
            let after = after.split(|byte| *byte == b'.').skip(1);
            let mut complete = before.rev().skip(1).chain(after);
            name.len() == host.len() && complete.all(is_octet)
        }
    };
    (!is_possible).then_some(LintCode::OriginAddress)
}

/// Whether a label is a number of an IPv4 address in any notation that is read.
fn is_number(label: &[u8]) -> bool {
    let hexadecimal = label.strip_prefix(b"0x");
    (!label.is_empty() && label.iter().all(u8::is_ascii_digit))
        || hexadecimal.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn is_octet(label: &[u8]) -> bool {
    port_number(label).is_some_and(|number| number <= 255)
}

/// Whether the text in brackets is what the [IPv6
/// serialiser](https://url.spec.whatwg.org/#concept-ipv6-serializer) writes.
fn is_shortest_ipv6(address: &[u8]) -> bool {
    let Some(pieces) = read_ipv6(address) else {
        return false;
    };
    let mut rest = Some(address);
    write_ipv6(&pieces, &mut |piece| {
        rest = rest.and_then(|rest| rest.strip_prefix(piece.as_bytes()));
    });
    rest.is_some_and(<[u8]>::is_empty)
}

/// Reads an address as it is serialised: without an IPv4 address in it.
fn read_ipv6(address: &[u8]) -> Option<[u16; 8]> {
    let (head, tail) = match split_at(address, b"::") {
        Some((head, tail)) => (head, Some(tail)),
        None => (address, None),
    };
    let mut pieces = [0; 8];
    let mut free = pieces.iter_mut();
    if !head.is_empty() {
        for piece in head.split(|byte| *byte == b':') {
            *free.next()? = hexadecimal(piece)?;
        }
    }
    let tail_pieces = tail.filter(|tail| !tail.is_empty());
    for piece in tail_pieces
        .into_iter()
        .flat_map(|tail| tail.rsplit(|byte| *byte == b':'))
    {
        *free.next_back()? = hexadecimal(piece)?;
    }
    (free.next().is_some() == tail.is_some()).then_some(pieces)
}

fn hexadecimal(digits: &[u8]) -> Option<u16> {
    let number = (1..=4).contains(&digits.len()).then_some(0_u16)?;
    digits.iter().try_fold(number, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte.wrapping_sub(b'0'),
            b'a'..=b'f' => byte.wrapping_sub(b'a').wrapping_add(10),
            _ => return None,
        };
        number.checked_mul(16)?.checked_add(u16::from(digit))
    })
}

/// Splits at the first place where `separator` is.
pub(super) fn split_at<'v>(value: &'v [u8], separator: &[u8]) -> Option<(&'v [u8], &'v [u8])> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_first() {
        if let Some(end) = rest.strip_prefix(separator) {
            let before = value.len().checked_sub(rest.len())?;
            return Some((value.get(..before)?, end));
        }
        rest = after;
    }
    None
}

/// Writes an address in its shortest form, piece by piece.
pub(super) fn write_ipv6(pieces: &[u16; 8], write: &mut impl FnMut(&str)) {
    // The first of the longest runs of zeros, if it is longer than one.
    let mut longest = (0_usize, 1_usize);
    let mut run = (0_usize, 0_usize);
    for (index, piece) in pieces.iter().enumerate() {
        run = match piece {
            0 => (run.0, run.1.saturating_add(1)),
            _ => (index.saturating_add(1), 0),
        };
        if run.1 > longest.1 {
            longest = run;
        }
    }
    let (start, length) = longest;
    let end = if length > 1 {
        start.saturating_add(length)
    } else {
        0
    };
    for (index, piece) in pieces.iter().enumerate() {
        if index < end && index >= start {
            if index == start {
                write("::");
            }
            continue;
        }
        if index > 0 && index != end {
            write(":");
        }
        write_hexadecimal(*piece, write);
    }
}

fn write_hexadecimal(piece: u16, write: &mut impl FnMut(&str)) {
    const DIGITS: &str = "0123456789abcdef";
    let mut begun = false;
    for shift in [12_u32, 8, 4, 0] {
        let digit = usize::from(piece.checked_shr(shift).unwrap_or(0) & 0xF);
        begun |= digit > 0 || shift == 0;
        if begun {
            write(DIGITS.get(digit..=digit).unwrap_or_default());
        }
    }
}

/// Whether a host name is one that an owner can have: labels of letters, digits, `-` and `_`, none
/// empty or too long. The URL standard allows more.
pub(super) fn is_name(host: &[u8]) -> bool {
    if host.starts_with(b"[") || host.ends_with(b"]") {
        return true;
    }
    let name = host.strip_suffix(b".").unwrap_or(host);
    let is_name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_*".contains(byte);
    name.len() <= MAX_HOST_BYTES
        && name.split(|byte| *byte == b'.').all(|label| {
            !label.is_empty() && label.len() <= MAX_LABEL_BYTES && label.iter().all(is_name_byte)
        })
}

/// A label in punycode that decodes to nothing, or to what is written in another way.
#[cfg(feature = "names")]
fn punycode_fault(host: &[u8]) -> Option<LintCode> {
    let has_punycode = host
        .split(|byte| *byte == b'.')
        .any(|label| label.starts_with(b"xn--"));
    if !has_punycode || host.contains(&b'*') {
        return None;
    }
    let ascii = idna::domain_to_ascii_cow(host, idna::AsciiDenyList::URL);
    (!ascii.is_ok_and(|ascii| ascii.as_bytes() == host)).then_some(LintCode::OriginHost)
}

#[cfg(not(feature = "names"))]
fn punycode_fault(_: &[u8]) -> Option<LintCode> {
    None
}
