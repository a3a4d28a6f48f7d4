//! The bytes that an origin can contain.

/// Whether every byte is allowed in an Origin: 0x20 to 0x7E. No policy matches an origin with any
/// other byte.
pub(crate) fn is_printable(origin: &[u8]) -> bool {
    origin.iter().all(|byte| matches!(byte, 0x20..=0x7e))
}
