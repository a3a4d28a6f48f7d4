//! What an adapter cannot be given, because HTTP or its server stands before it: the whole list, with reasons.

use cors_core::MAX_FIELD_LINES;

use crate::raw::{Field, Raw, trimmed};

/// A kind of request that does not reach an adapter.
pub(crate) struct Undeliverable {
    /// The adapter, or empty for all of them.
    adapter: &'static str,
    /// What the server answers; none if the request cannot be written at all.
    pub(crate) answer: Option<u16>,
    pub(crate) reason: &'static str,
    applies: fn(&Raw) -> bool,
}

/// The first that applies counts.
const ALL: [Undeliverable; 35] = [
    Undeliverable {
        adapter: "",
        answer: None,
        reason: "CR or LF in a value ends the field line (RFC 9112, section 2.2)",
        applies: |raw| any_value(raw, |byte| matches!(byte, b'\r' | b'\n')),
    },
    Undeliverable {
        adapter: "",
        answer: None,
        reason: "a method that is empty or has a space or a control character does not make a request line (RFC 9112, section 3)",
        applies: |raw| raw.method.is_empty() || raw.method.iter().any(|byte| *byte <= b' '),
    },
    Undeliverable {
        adapter: "nginx",
        answer: Some(400),
        reason: "NUL in a value (ngx_http_parse_header_line)",
        applies: |raw| any_value(raw, |byte| byte == 0),
    },
    Undeliverable {
        adapter: "nginx",
        answer: Some(400),
        reason: "a method with anything but A to Z, _ and - (ngx_http_parse_request_line)",
        applies: |raw| {
            let is_known = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-');
            !raw.method.iter().all(is_known)
        },
    },
    Undeliverable {
        adapter: "nginx",
        answer: Some(405),
        reason: "TRACE, answered before a location is chosen (ngx_http_process_request_header)",
        applies: |raw| raw.method == b"TRACE",
    },
    Undeliverable {
        adapter: "nginx",
        answer: Some(405),
        reason: "CONNECT, answered before a location is chosen (ngx_http_process_request_header)",
        applies: |raw| raw.method == b"CONNECT",
    },
    Undeliverable {
        adapter: "node",
        answer: None,
        reason: "CONNECT, for which a server needs a listener of its own, or the connection is closed (node:http, event connect)",
        applies: |raw| raw.method == b"CONNECT",
    },
    Undeliverable {
        adapter: "node",
        answer: Some(400),
        reason: "a method that is not one of http.METHODS (llhttp)",
        applies: |raw| !is_registered(&raw.method),
    },
    Undeliverable {
        adapter: "node",
        answer: Some(400),
        reason: "a control character in a value (llhttp, RFC 9110, section 5.5)",
        applies: |raw| any_value(raw, |byte| byte != b'\t' && byte.is_ascii_control()),
    },
    Undeliverable {
        adapter: "workerd",
        answer: Some(400),
        reason: "NUL in a value (kj::HttpHeaders)",
        applies: |raw| any_value(raw, |byte| byte == 0),
    },
    Undeliverable {
        adapter: "workerd",
        answer: Some(400),
        reason: "a method that is not a token (RFC 9110, section 9.1; kj::HttpHeaders)",
        applies: |raw| !is_token(&raw.method),
    },
    Undeliverable {
        adapter: "workerd",
        answer: None,
        reason: "CONNECT, for which a Worker needs a handler of its own",
        applies: |raw| raw.method == b"CONNECT",
    },
    Undeliverable {
        adapter: "workerd",
        answer: Some(501),
        reason: "a method that is not one of kj::HttpMethod",
        applies: |raw| !is_registered(&raw.method),
    },
    Undeliverable {
        adapter: "workerd",
        answer: None,
        reason: "an empty Origin or Access-Control-Request-Method, which a Worker does not see (kj::HttpHeaders)",
        applies: |raw| {
            let is_read = |name: &[u8]| {
                name.eq_ignore_ascii_case(b"origin")
                    || name.eq_ignore_ascii_case(b"access-control-request-method")
            };
            let mut fields = raw.fields.iter();
            fields.any(|field| field.value.trim_ascii().is_empty() && is_read(field.name.as_ref()))
        },
    },
    Undeliverable {
        adapter: "workerd",
        answer: None,
        reason: "more lines than are read, which Headers joins to one (Fetch, section 5.1, get)",
        applies: |raw| lines(raw, "access-control-request-headers") > MAX_FIELD_LINES,
    },
    Undeliverable {
        adapter: "haproxy",
        answer: Some(400),
        reason: "a method that is not a token (h1_headers_to_hdr_list)",
        applies: |raw| !is_token(&raw.method),
    },
    Undeliverable {
        adapter: "apache",
        answer: Some(400),
        reason: "a method that is not a token (ap_check_request_header, HttpProtocolOptions Strict)",
        applies: |raw| !is_token(&raw.method),
    },
    Undeliverable {
        adapter: "apache",
        answer: Some(400),
        reason: "a control character in a value (RFC 9110, section 5.5)",
        applies: |raw| any_value(raw, is_control),
    },
    Undeliverable {
        adapter: "apache",
        answer: Some(405),
        reason: "TRACE, answered before a location is chosen (TraceEnable off)",
        applies: |raw| raw.method == b"TRACE",
    },
    Undeliverable {
        adapter: "envoy",
        answer: Some(400),
        reason: "a control character in a value (RFC 9110, section 5.5)",
        applies: |raw| any_value(raw, is_control),
    },
    Undeliverable {
        adapter: "envoy",
        answer: Some(400),
        reason: "a method that is not a token (BalsaParser, allow_custom_methods)",
        applies: |raw| !is_token(&raw.method),
    },
    Undeliverable {
        adapter: "envoy",
        answer: None,
        reason: "several lines of Access-Control-Request-Method, which Envoy joins with commas",
        applies: |raw| lines(raw, "access-control-request-method") > 1,
    },
    Undeliverable {
        adapter: "apache",
        answer: None,
        reason: "several lines of Access-Control-Request-Method, which httpd joins with commas",
        applies: |raw| lines(raw, "access-control-request-method") > 1,
    },
    Undeliverable {
        adapter: "apache",
        answer: Some(400),
        reason: "CONNECT with a path: its target is an authority (RFC 9110, section 9.3.6)",
        applies: |raw| raw.method == b"CONNECT",
    },
    Undeliverable {
        adapter: "envoy",
        answer: None,
        reason: "over 32 lines of Access-Control-Request-Headers, which Envoy joins to one",
        applies: |raw| lines(raw, "access-control-request-headers") > MAX_FIELD_LINES,
    },
    Undeliverable {
        adapter: "apache",
        answer: None,
        reason: "over 32 lines of Access-Control-Request-Headers, which httpd joins to one",
        applies: |raw| lines(raw, "access-control-request-headers") > MAX_FIELD_LINES,
    },
    Undeliverable {
        adapter: "envoy",
        answer: None,
        reason: "several lines of Origin that are empty, which Envoy joins to one that is empty",
        applies: |raw| lines(raw, "origin") > 1 && lines(raw, "origin") == empty(raw, "origin"),
    },
    Undeliverable {
        adapter: "envoy",
        answer: Some(400),
        reason: "CONNECT with a path: its target is an authority (RFC 9110, section 9.3.6)",
        applies: |raw| raw.method == b"CONNECT",
    },
    Undeliverable {
        adapter: "asgi",
        answer: Some(431),
        reason: "a field line of more than 65,536 bytes (http.client.parse_headers)",
        applies: has_long_line,
    },
    Undeliverable {
        adapter: "wsgi",
        answer: Some(431),
        reason: "a field line of more than 65,536 bytes (http.client.parse_headers)",
        applies: has_long_line,
    },
    Undeliverable {
        adapter: "asgi",
        answer: None,
        reason: "a method with 0x85 or 0xA0, which http.server takes for a space (str.split)",
        applies: has_wide_space,
    },
    Undeliverable {
        adapter: "wsgi",
        answer: None,
        reason: "a method with 0x85 or 0xA0, which http.server takes for a space (str.split)",
        applies: has_wide_space,
    },
    Undeliverable {
        adapter: "wsgi",
        answer: None,
        reason: "a comma in Origin or Access-Control-Request-Method, with which wsgiref joins several lines",
        applies: |raw| {
            let is_one = |field: &&Field| {
                let name = field.name.as_str();
                name.eq_ignore_ascii_case("origin")
                    || name.eq_ignore_ascii_case("access-control-request-method")
            };
            let mut fields = raw.fields.iter().filter(is_one);
            fields.any(|field| field.value.contains(&b','))
        },
    },
    Undeliverable {
        adapter: "wsgi",
        answer: None,
        reason: "over 32 lines of Access-Control-Request-Headers, which wsgiref joins to one",
        applies: |raw| lines(raw, "access-control-request-headers") > MAX_FIELD_LINES,
    },
    Undeliverable {
        adapter: "wsgi",
        answer: None,
        reason: "white space of Unicode around a value, which wsgiref removes (str.strip)",
        applies: |raw| {
            let is_space = |byte: &u8| matches!(byte, 0x0B | 0x0C | 0x1C..=0x1F | 0x85 | 0xA0);
            raw.fields.iter().any(|field| {
                let value = trimmed(&field.value);
                value.first().is_some_and(is_space) || value.last().is_some_and(is_space)
            })
        },
    },
];

/// Whether servers with a list of methods have this one.
fn is_registered(method: &[u8]) -> bool {
    let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "MERGE",
    ];
    methods.iter().any(|known| known.as_bytes() == method)
}

/// Why a request does not reach an adapter, if it does not.
pub(crate) fn reason(adapter: &str, raw: &Raw) -> Option<&'static Undeliverable> {
    ALL.iter()
        .find(|kind| (kind.adapter.is_empty() || kind.adapter == adapter) && (kind.applies)(raw))
}

fn any_value(raw: &Raw, is_it: fn(u8) -> bool) -> bool {
    let mut values = raw.fields.iter().flat_map(|field| &field.value);
    values.any(|byte| is_it(*byte))
}

fn lines(raw: &Raw, name: &str) -> usize {
    let is_it = |field: &&Field| field.name.eq_ignore_ascii_case(name);
    raw.fields.iter().filter(is_it).count()
}

fn empty(raw: &Raw, name: &str) -> usize {
    let is_it = |field: &&Field| field.name.eq_ignore_ascii_case(name) && field.value.is_empty();
    raw.fields.iter().filter(is_it).count()
}

/// A line is its name, a colon, the value with the white space around it, CR and LF.
fn has_long_line(raw: &Raw) -> bool {
    let text = |field: &Field| {
        let around = field.before.len().saturating_add(field.after.len());
        let parts = field.name.len().saturating_add(field.value.len());
        around.saturating_add(parts)
    };
    raw.fields.iter().any(|field| text(field) > 65_533)
}

/// NEXT LINE and NO-BREAK SPACE of Latin-1.
fn has_wide_space(raw: &Raw) -> bool {
    raw.method.iter().any(|byte| matches!(byte, 0x85 | 0xA0))
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

/// RFC 9110, section 5.6.2.
fn is_token(method: &[u8]) -> bool {
    let is_other = |byte: &u8| b"!#$%&'*+-.^_`|~".contains(byte);
    method
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || is_other(byte))
}
