//! The caps of the engine: how many rules an image holds, and how much of a request is read.

/// Most rules in a policy image. No provider's document holds more than 100.
pub const MAX_RULES: u16 = 1024;

/// Longest Origin that is read, in bytes. Protects the server: a host name ends at 253 bytes.
pub const MAX_ORIGIN_BYTES: usize = 4 * 1024;

/// Most bytes of Access-Control-Request-Headers in all, its field lines joined with `,`. Protects the server:
/// browsers send a few dozen bytes, and servers commonly accept 8 to 16 KiB of headers.
pub const MAX_REQUEST_HEADER_BYTES: usize = 16 * 1024;

/// Most names in Access-Control-Request-Headers. Protects the server; no page asks for as many.
pub const MAX_REQUEST_HEADER_NAMES: usize = 256;

/// Most field lines of Access-Control-Request-Headers that an adapter passes on; it refuses a request with more as one
/// beyond [`MAX_REQUEST_HEADER_BYTES`]. Browsers send one line; a proxy may split it.
pub const MAX_FIELD_LINES: usize = 32;
