//! A request as it is sent: method, path, and field lines with the white space around their values.

use cors_core::{MAX_FIELD_LINES, MAX_REQUEST_HEADER_BYTES};
use reference::model::Request;

/// A request on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Raw {
    pub(crate) method: Vec<u8>,
    pub(crate) path: String,
    /// Name, white space, value, white space.
    pub(crate) fields: Vec<Field>,
}

/// A field line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) before: &'static str,
    pub(crate) value: Vec<u8>,
    pub(crate) after: &'static str,
}

impl Raw {
    /// A request as a client writes it: a space after the colon, nothing else.
    pub(crate) fn plain(request: &Request, path: String) -> Raw {
        let one = |name: &str, value: &Vec<u8>| Field {
            name: name.to_owned(),
            before: " ",
            value: value.clone(),
            after: "",
        };
        let Request {
            method,
            origin,
            access_control_request_method,
            access_control_request_headers,
        } = request;
        let origin = origin.iter().map(|value| one("Origin", value));
        let requested = access_control_request_method.iter();
        let requested = requested.map(|value| one("Access-Control-Request-Method", value));
        let names = access_control_request_headers.iter();
        let names = names.map(|value| one("Access-Control-Request-Headers", value));
        Raw {
            method: method.clone(),
            path,
            fields: origin.chain(requested).chain(names).collect(),
        }
    }

    /// The bytes on the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = [self.method.as_slice(), b" ", self.path.as_bytes()].concat();
        bytes.extend_from_slice(b" HTTP/1.1\r\nHost: adapters.test\r\n");
        for field in &self.fields {
            let Field {
                name,
                before,
                value,
                after,
            } = field;
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(b':');
            for part in [before.as_bytes(), value, after.as_bytes()] {
                bytes.extend_from_slice(part);
            }
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }

    /// What an adapter has to read: values without the white space around them, every line of
    /// Access-Control-Request-Headers, or one that is too long where there are more than are read,
    /// and an origin that matches nothing where Origin or Access-Control-Request-Method came in
    /// several lines (`CORS_ENGINE_AMBIGUOUS_ORIGIN`).
    pub(crate) fn read(&self) -> Request {
        let origins = self.values("origin");
        let methods = self.values("access-control-request-method");
        let is_ambiguous = origins.len() > 1 || methods.len() > 1;
        let mut lines = self.values("access-control-request-headers");
        if lines.len() > MAX_FIELD_LINES {
            lines = vec![vec![b','; MAX_REQUEST_HEADER_BYTES.saturating_add(1)]];
        }
        let ambiguous = |value| if is_ambiguous { b"\t".to_vec() } else { value };
        Request {
            method: self.method.clone(),
            origin: origins.into_iter().next().map(ambiguous),
            access_control_request_method: methods.into_iter().next(),
            access_control_request_headers: lines,
        }
    }

    /// The values of the field lines with this name, in order.
    fn values(&self, name: &str) -> Vec<Vec<u8>> {
        let is_named = |field: &&Field| field.name.eq_ignore_ascii_case(name);
        let lines = self.fields.iter().filter(is_named);
        lines.map(|field| trimmed(&field.value).to_vec()).collect()
    }
}

/// Without optional white space of HTTP, which is spaces and tabs.
pub(crate) fn trimmed(value: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = value.iter().position(is_text).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(is_text)
        .map_or(start, |last| last.saturating_add(1));
    value.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_has_no_white_space_around_it_and_every_line() {
        let field = |name: &str, value: &[u8]| Field {
            name: name.to_owned(),
            before: "\t ",
            value: value.to_vec(),
            after: " ",
        };
        let mut raw = Raw {
            method: b"OPTIONS".to_vec(),
            path: "/p/".to_owned(),
            fields: vec![
                field("ORIGIN", b" null\t"),
                field("access-control-request-headers", b"x-a"),
                field("Access-Control-Request-Headers", b""),
            ],
        };
        assert_eq!(
            raw.bytes(),
            b"OPTIONS /p/ HTTP/1.1\r\nHost: adapters.test\r\nORIGIN:\t  null\t \r\naccess-control-request-headers:\t x-a \r\nAccess-Control-Request-Headers:\t  \r\n\r\n"
        );
        let read = raw.read();
        assert_eq!(read.origin.as_deref(), Some(b"null".as_slice()));
        assert_eq!(
            read.access_control_request_headers,
            [b"x-a".to_vec(), Vec::new()]
        );
        raw.fields.push(field("origin", b"null"));
        assert_eq!(raw.read().origin.as_deref(), Some(b"\t".as_slice()));
    }
}
