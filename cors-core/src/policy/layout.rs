//! The bytes of a policy image, version 1: where each part lies, how it is written and how it is checked.
//!
//! All numbers are little-endian; all places are counted from the image's first byte. Parts follow
//! each other without gaps, in this order:
//!
//! ```text
//! header            64 bytes: mark, version, dialect, names of the `*` sets, where each part begins
//! record places     4 bytes a rule
//! records           the rules in their order and spelling
//! methods           16 bytes a distinct method
//! origin entries    8 bytes a distinct origin pattern other than `*`
//! header entries    8 bytes a distinct header pattern other than `*`
//! sets              one bit a rule, 64 rules a word
//! origin fan        2 bytes an origin entry, and 2
//! header fan        2 bytes a header entry, and 2
//! origin shapes     8 bytes a distinct pair of prefix and suffix length
//! header shapes     the same
//! ```

use super::rule_set::SetName;
use crate::dialect::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, Evaluation, MalformedPreflight,
    MethodSet, PreflightRule, ResponseHeaders, RuleSelection, SentOn, VaryRule,
};
use crate::error::ImageError;

/// What every image begins with.
pub(super) const MARK: [u8; 4] = *b"CORS";
/// The version that this code writes, and the only one it reads.
pub(super) const VERSION: u8 = 1;
/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 64;
/// Bytes of a record before its text.
pub(super) const RECORD_HEAD_BYTES: usize = 12;

/// The header's flag for `response_vary`.
pub(super) const RESPONSE_VARY: u8 = 1;
/// The header's flag for rules that all answer any origin with `*`.
pub(super) const ORIGIN_INDEPENDENT: u8 = 2;

/// A record's flag for a rule with `*` among its origins.
pub(crate) const HAS_WILDCARD: u8 = 1;
/// A record's flag for a rule whose only origin is `*`.
pub(crate) const ONLY_WILDCARD: u8 = 2;
/// A record's flag for a rule that allows credentials.
pub(crate) const ALLOWS_CREDENTIALS: u8 = 4;
/// A record's flag for a rule with an `ID`, which may be empty.
pub(super) const HAS_ID: u8 = 8;

/// The fixed first bytes of an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) flags: u8,
    pub(super) rule_count: u16,
    pub(super) evaluation: Evaluation,
    pub(super) response: ResponseHeaders,
    pub(super) any_origin: SetName,
    pub(super) any_header: SetName,
    pub(super) places: Places,
}

/// Where each part begins; it ends where the next one does.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    pub(super) methods: u32,
    pub(super) origin_entries: u32,
    pub(super) header_entries: u32,
    pub(super) sets: u32,
    pub(super) origin_fan: u32,
    pub(super) header_fan: u32,
    pub(super) origin_shapes: u32,
    pub(super) header_shapes: u32,
    pub(super) end: u32,
}

impl Header {
    /// The bytes that stand for the header.
    pub(super) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let Header {
            evaluation,
            response,
            places,
            ..
        } = self;
        let mut bytes = [0; HEADER_BYTES];
        let [rules_low, rules_high] = self.rule_count.to_le_bytes();
        let [any_origin_low, any_origin_high] = self.any_origin.to_bits().to_le_bytes();
        let [any_header_low, any_header_high] = self.any_header.to_bits().to_le_bytes();
        let [m0, m1, m2, m3] = MARK;
        let front = [
            m0,
            m1,
            m2,
            m3,
            VERSION,
            self.flags,
            rules_low,
            rules_high,
            any_origin_low,
            any_origin_high,
            any_header_low,
            any_header_high,
            evaluation.preflight as u8,
            evaluation.methods as u8,
            evaluation.malformed_preflight as u8,
            u8::from(evaluation.request_headers_on_actual),
            evaluation.rule_selection as u8,
            response.allow_origin as u8,
            response.allow_credentials as u8,
            response.allow_methods as u8,
            response.allow_headers as u8,
            response.expose_headers as u8,
            response.max_age as u8,
            response.vary as u8,
        ];
        let words = [
            places.end,
            places.methods,
            places.origin_entries,
            places.header_entries,
            places.sets,
            places.origin_fan,
            places.header_fan,
            places.origin_shapes,
            places.header_shapes,
        ];
        let values = front
            .into_iter()
            .chain(words.into_iter().flat_map(u32::to_le_bytes));
        for (byte, value) in bytes.iter_mut().zip(values) {
            *byte = value;
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Result<Header, ImageError> {
        let [m0, m1, m2, m3, version, flags, rules @ ..] = bytes;
        if [*m0, *m1, *m2, *m3] != MARK {
            return Err(ImageError::NotAnImage);
        }
        if *version != VERSION {
            return Err(ImageError::UnknownVersion(*version));
        }
        let [r0, r1, o0, o1, h0, h1, dialect @ ..] = rules;
        let [
            preflight,
            methods,
            malformed,
            on_actual,
            phase,
            dialect @ ..,
        ] = dialect;
        let [
            origin,
            credentials,
            allow_methods,
            allow_headers,
            expose,
            max_age,
            vary,
            words @ ..,
        ] = dialect;
        let (words, _) = words.as_chunks::<4>();
        let word = |at: usize| words.get(at).map_or(0, |word| u32::from_le_bytes(*word));
        Ok(Header {
            flags: *flags,
            rule_count: u16::from_le_bytes([*r0, *r1]),
            any_origin: SetName::from_bits(u16::from_le_bytes([*o0, *o1])),
            any_header: SetName::from_bits(u16::from_le_bytes([*h0, *h1])),
            evaluation: evaluation([*preflight, *methods, *malformed, *on_actual, *phase])?,
            response: response([
                *origin,
                *credentials,
                *allow_methods,
                *allow_headers,
                *expose,
                *max_age,
                *vary,
            ])?,
            places: Places {
                end: word(0),
                methods: word(1),
                origin_entries: word(2),
                header_entries: word(3),
                sets: word(4),
                origin_fan: word(5),
                header_fan: word(6),
                origin_shapes: word(7),
                header_shapes: word(8),
            },
        })
    }
}

fn evaluation(bytes: [u8; 5]) -> Result<Evaluation, ImageError> {
    let [preflight, methods, malformed, on_actual, phase] = bytes;
    Ok(Evaluation {
        preflight: member(
            [
                PreflightRule::Options,
                PreflightRule::OptionsWithRequestMethod,
            ],
            preflight,
        )?,
        methods: member(
            [
                MethodSet::Five,
                MethodSet::FiveMergeOptions,
                MethodSet::AnyToken,
                MethodSet::AnyTokenOrWildcard,
            ],
            methods,
        )?,
        malformed_preflight: member(
            [MalformedPreflight::BadRequest, MalformedPreflight::Refused],
            malformed,
        )?,
        request_headers_on_actual: member([false, true], on_actual)?,
        rule_selection: member(
            [
                RuleSelection::AllThree,
                RuleSelection::FirstForOriginAndMethod,
                RuleSelection::HeadersIgnored,
            ],
            phase,
        )?,
    })
}

fn response(bytes: [u8; 7]) -> Result<ResponseHeaders, ImageError> {
    let [origin, credentials, methods, headers, expose, max_age, vary] = bytes;
    let sent_on = [SentOn::Both, SentOn::Preflight, SentOn::Actual];
    Ok(ResponseHeaders {
        allow_origin: member(
            [AllowOrigin::WildcardInRule, AllowOrigin::OnlyWildcard],
            origin,
        )?,
        allow_credentials: member(
            [
                AllowCredentials::Never,
                AllowCredentials::UnlessWildcard,
                AllowCredentials::OptIn,
            ],
            credentials,
        )?,
        allow_methods: member([AllowMethods::RuleList, AllowMethods::Requested], methods)?,
        allow_headers: member(
            [
                AllowHeaders::Requested,
                AllowHeaders::RequestedLowerCase,
                AllowHeaders::ExposeHeaders,
            ],
            headers,
        )?,
        expose_headers: member(sent_on, expose)?,
        max_age: member(sent_on, max_age)?,
        vary: member(
            [
                VaryRule::ResponseVary,
                VaryRule::OnGrant,
                VaryRule::WhenEnabled,
                VaryRule::ReadUnlessWildcard,
                VaryRule::Complete,
            ],
            vary,
        )?,
    })
}

/// The member of a dialect that a byte stands for: the byte is its place in the declaration.
fn member<T: Copy, const N: usize>(members: [T; N], byte: u8) -> Result<T, ImageError> {
    members
        .get(usize::from(byte))
        .copied()
        .ok_or(ImageError::UnknownDialect)
}

/// The bytes between two places.
pub(super) fn part(image: &[u8], start: u32, end: u32) -> Option<&[u8]> {
    image.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// A text at its place: its length as a `u16`, then its bytes.
pub(super) fn text_at(image: &[u8], place: u32) -> Option<&[u8]> {
    let (length, rest) = image
        .get(usize::try_from(place).ok()?..)?
        .split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_le_bytes(*length)))
}
