//! The header of an image: magic, version, flags, dialect, the sets of `*`, and where each part begins.

use core::ops::Range;

use super::rule_sets::SetId;
use super::stored::{stored, switch};
use crate::dialect::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, Evaluation, MalformedPreflight,
    MethodSet, PreflightRule, ResponseHeaders, RuleSelection, SentOn, VaryRule,
};
use crate::error::ImageError;

/// What every image begins with.
const MAGIC: [u8; 4] = *b"CORS";
/// The version that this code writes, and the only one it reads.
const VERSION: u8 = 2;
/// Bytes of the header.
pub(crate) const HEADER_BYTES: usize = 64;
/// Which of them are the dialect.
pub(super) const DIALECT: Range<usize> = 12..24;

/// How many seeds there are. The compiler tries them in order.
pub(crate) const SEEDS: u32 = 16;

/// The flag for `response_vary`.
pub(crate) const RESPONSE_VARY: u8 = 1;
/// The flag for origins whose wildcards are found by affixes.
pub(crate) const ORIGIN_AFFIXES: u8 = 2;
/// The flag for header names whose wildcards are found by affixes.
pub(crate) const HEADER_AFFIXES: u8 = 4;

/// The fixed first bytes of an image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) flags: u8,
    pub(crate) rule_count: u16,
    pub(crate) evaluation: Evaluation,
    pub(crate) response: ResponseHeaders,
    pub(crate) any_origin: SetId,
    pub(crate) any_header: SetId,
    pub(crate) offsets: Offsets,
    /// What hashes begin with.
    pub(crate) seed: u32,
}

/// Where each part begins; it ends where the next one does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Offsets {
    pub(crate) methods: u32,
    pub(crate) origin_entries: u32,
    pub(crate) header_entries: u32,
    pub(crate) sets: u32,
    pub(crate) origin_fanout: u32,
    pub(crate) header_fanout: u32,
    pub(crate) origin_wildcards: u32,
    pub(crate) header_wildcards: u32,
    pub(crate) end: u32,
}

impl Header {
    /// The header as bytes.
    pub(crate) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let Header {
            evaluation,
            response,
            offsets,
            ..
        } = self;
        let [rules_low, rules_high] = self.rule_count.to_le_bytes();
        let [origin_low, origin_high] = self.any_origin.to_bits().to_le_bytes();
        let [header_low, header_high] = self.any_header.to_bits().to_le_bytes();
        let [dialect_0, dialect_1, dialect_2] = stored(evaluation, response);
        let words = [
            MAGIC,
            [VERSION, self.flags, rules_low, rules_high],
            [origin_low, origin_high, header_low, header_high],
            dialect_0,
            dialect_1,
            dialect_2,
            offsets.end.to_le_bytes(),
            offsets.methods.to_le_bytes(),
            offsets.origin_entries.to_le_bytes(),
            offsets.header_entries.to_le_bytes(),
            offsets.sets.to_le_bytes(),
            offsets.origin_fanout.to_le_bytes(),
            offsets.header_fanout.to_le_bytes(),
            offsets.origin_wildcards.to_le_bytes(),
            offsets.header_wildcards.to_le_bytes(),
            self.seed.to_le_bytes(),
        ];
        let mut bytes = [0; HEADER_BYTES];
        let (places, _) = bytes.as_chunks_mut();
        for (place, word) in places.iter_mut().zip(words) {
            *place = word;
        }
        bytes
    }

    /// Reads a header.
    ///
    /// # Errors
    ///
    /// Another magic, another version, or a byte that no member of a dialect has.
    pub(super) fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Result<Header, ImageError> {
        let [m0, m1, m2, m3, version, flags, rest @ ..] = bytes;
        if [*m0, *m1, *m2, *m3] != MAGIC {
            return Err(ImageError::NotAnImage);
        }
        if *version != VERSION {
            return Err(ImageError::UnknownVersion(*version));
        }
        let [r0, r1, o0, o1, h0, h1, rest @ ..] = rest;
        let [
            preflight,
            methods,
            malformed,
            on_actual,
            selection,
            rest @ ..,
        ] = rest;
        let [
            allow_origin,
            allow_credentials,
            allow_methods,
            allow_headers,
            expose_headers,
            max_age,
            vary,
            words @ ..,
        ] = rest;
        let (words, _) = words.as_chunks::<4>();
        let word = |at: usize| words.get(at).map_or(0, |word| u32::from_le_bytes(*word));
        Ok(Header {
            flags: *flags,
            rule_count: u16::from_le_bytes([*r0, *r1]),
            any_origin: SetId::from_bits(u16::from_le_bytes([*o0, *o1])),
            any_header: SetId::from_bits(u16::from_le_bytes([*h0, *h1])),
            evaluation: Evaluation {
                preflight: PreflightRule::from_byte(*preflight)?,
                methods: MethodSet::from_byte(*methods)?,
                malformed_preflight: MalformedPreflight::from_byte(*malformed)?,
                request_headers_on_actual: switch(*on_actual)?,
                rule_selection: RuleSelection::from_byte(*selection)?,
            },
            response: ResponseHeaders {
                allow_origin: AllowOrigin::from_byte(*allow_origin)?,
                allow_credentials: AllowCredentials::from_byte(*allow_credentials)?,
                allow_methods: AllowMethods::from_byte(*allow_methods)?,
                allow_headers: AllowHeaders::from_byte(*allow_headers)?,
                expose_headers: SentOn::from_byte(*expose_headers)?,
                max_age: SentOn::from_byte(*max_age)?,
                vary: VaryRule::from_byte(*vary)?,
            },
            offsets: Offsets {
                end: word(0),
                methods: word(1),
                origin_entries: word(2),
                header_entries: word(3),
                sets: word(4),
                origin_fanout: word(5),
                header_fanout: word(6),
                origin_wildcards: word(7),
                header_wildcards: word(8),
            },
            seed: word(9),
        })
    }
}
