//! Renders the headers of a decision, as an HTTP/1 server and as an `http` service would.

use cors_core::Decision;

/// Writes header lines to the front of a buffer; returns their length.
pub fn http1(decision: &Decision<'_, '_>, buffer: &mut [u8]) -> usize {
    let mut written = 0;
    for (header, value) in decision.headers().iter() {
        let mut put = |bytes: &[u8]| {
            buffer[written..written + bytes.len()].copy_from_slice(bytes);
            written += bytes.len();
        };
        put(header.name().as_bytes());
        put(b": ");
        written += value
            .write_to(&mut buffer[written..])
            .expect("room for the value");
        buffer[written..written + 2].copy_from_slice(b"\r\n");
        written += 2;
    }
    written
}

/// Writes into a new header map.
pub fn header_map(decision: &Decision<'_, '_>) -> http::HeaderMap {
    let mut map = http::HeaderMap::with_capacity(cors_core::MAX_HEADERS);
    let mut buffer = [0; 1024];
    for (header, value) in decision.headers().iter() {
        let bytes = match value.as_bytes() {
            Some(bytes) => bytes,
            None => {
                let length = value.write_to(&mut buffer).expect("room for the value");
                &buffer[..length]
            }
        };
        let value = http::HeaderValue::from_bytes(bytes).expect("no control characters");
        map.append(http::HeaderName::from_static(header.name()), value);
    }
    map
}
