//! One hash and one equality over bytes, a word at a time, with ASCII case kept or folded.
//!
//! No image stores the hash, but an image is sorted by it, so it is part of the
//! format: changing it wants a new version. All words are little-endian by definition.

use crate::words::{EACH, WIDE, to_lower_case};

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND_SEED: u64 = 0xd1b5_4a32_d192_ed03;

/// Hashes bytes onto a seed. With `FOLD`, bytes that differ in ASCII case alone hash alike.
///
/// # Complexity
///
/// Linear in the bytes, eight at a time; constant space.
pub(super) fn hash<const FOLD: bool>(bytes: &[u8], seed: u64) -> u64 {
    if WIDE {
        hash_without(left_out(FOLD), bytes, seed)
    } else {
        hash_apart(left_out(FOLD), bytes, seed)
    }
}

/// [`hash_without`], compiled once.
#[inline(never)]
fn hash_apart(left_out: u64, bytes: &[u8], seed: u64) -> u64 {
    hash_without(left_out, bytes, seed)
}

/// Hashes as [`hash`] does, by code that both kinds of bytes share: where code is dearer than time.
pub(super) fn hash_shared(bytes: &[u8], seed: u64, fold: bool) -> u64 {
    hash_apart(left_out(fold), bytes, seed)
}

/// Hashes two parts in order, so that a pattern's prefix and suffix need not be joined first.
pub(super) fn hash_parts(first: &[u8], second: &[u8], seed: u64, fold: bool) -> u64 {
    let left_out = left_out(fold);
    hash_apart(left_out, second, hash_apart(left_out, first, seed))
}

/// The bit of each byte in which small letters differ from capitals, if case does not count.
fn left_out(fold: bool) -> u64 {
    if fold { EACH * 0x20 } else { 0 }
}

#[expect(
    clippy::inline_always,
    reason = "the bit that is left out is a constant where time counts"
)]
#[inline(always)]
fn hash_without(left_out: u64, bytes: &[u8], seed: u64) -> u64 {
    let mix_pair = |lanes: (u64, u64), (low, high): (u64, u64)| {
        (mix(lanes.0, low | left_out), mix(lanes.1, high | left_out))
    };
    // Two lanes, so that one multiplication need not wait for the other.
    let mut lanes = (
        seed ^ (bytes.len() as u64).wrapping_mul(MULTIPLIER),
        seed ^ SECOND_SEED,
    );
    if bytes.len() <= 16 {
        lanes = mix_pair(lanes, up_to_sixteen(bytes));
    } else {
        let (pairs, rest) = bytes.as_chunks::<16>();
        for pair in pairs {
            lanes = mix_pair(lanes, ends(pair));
        }
        if !rest.is_empty()
            && let Some(pair) = bytes.last_chunk::<16>()
        {
            lanes = mix_pair(lanes, ends(pair));
        }
    }
    mix(lanes.0 ^ lanes.1.rotate_left(29), SECOND_SEED)
}

/// Whether two byte strings are equal, with `FOLD` up to ASCII case.
///
/// # Complexity
///
/// Linear in the bytes, eight at a time; constant space.
pub(super) fn equal<const FOLD: bool>(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    if !WIDE {
        return if FOLD {
            left.eq_ignore_ascii_case(right)
        } else {
            left == right
        };
    }
    if left.len() <= 16 {
        return alike::<FOLD>(up_to_sixteen(left), up_to_sixteen(right));
    }
    let (left_pairs, _) = left.as_chunks::<16>();
    let (right_pairs, _) = right.as_chunks::<16>();
    let mut pairs = left_pairs.iter().zip(right_pairs);
    pairs.all(|(left, right)| alike::<FOLD>(ends(left), ends(right)))
        && match (left.last_chunk::<16>(), right.last_chunk::<16>()) {
            (Some(left), Some(right)) => alike::<FOLD>(ends(left), ends(right)),
            _ => true,
        }
}

fn mix(lane: u64, word: u64) -> u64 {
    if WIDE {
        fold_product(lane ^ word)
    } else {
        fold_product_apart(lane ^ word)
    }
}

/// [`fold_product`], compiled once.
#[inline(never)]
fn fold_product_apart(word: u64) -> u64 {
    fold_product(word)
}

/// Both halves of a product: every bit of a word reaches every bit of the result.
#[expect(clippy::cast_possible_truncation, reason = "the two halves")]
#[inline]
fn fold_product(word: u64) -> u64 {
    let product = u128::from(word).wrapping_mul(u128::from(MULTIPLIER));
    product as u64 ^ (product >> 64) as u64
}

/// Whether two pairs of words are equal, with `FOLD` up to the case of their bytes. Browsers send names in lower case, and
/// rules mostly spell them so: then nothing is folded.
fn alike<const FOLD: bool>(left: (u64, u64), right: (u64, u64)) -> bool {
    left == right
        || (FOLD
            && to_lower_case(left.0) == to_lower_case(right.0)
            && to_lower_case(left.1) == to_lower_case(right.1))
}

/// The first and the last eight bytes of at least eight.
fn ends(bytes: &[u8]) -> (u64, u64) {
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (0, 0),
    }
}

/// All bytes of up to sixteen, the same ones twice where that fills a word.
fn up_to_sixteen(bytes: &[u8]) -> (u64, u64) {
    if bytes.len() >= 8 {
        return ends(bytes);
    }
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => (
            u64::from(u32::from_le_bytes(*first)),
            u64::from(u32::from_le_bytes(*last)),
        ),
        _ => (up_to_three(bytes), 0),
    }
}

/// All bytes of up to three.
pub(super) fn up_to_three(bytes: &[u8]) -> u64 {
    match *bytes {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(a) | (u64::from(b) << 8),
        [a, b, c, ..] => u64::from(a) | (u64::from(b) << 8) | (u64::from(c) << 16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn equality_notices_a_change_in_any_byte_at_any_length() {
        for length in 0..40_usize {
            let left: Vec<u8> = (0..length)
                .map(|at| b'A' + u8::try_from(at % 26).unwrap())
                .collect();
            assert!(equal::<false>(&left, &left));
            assert!(equal::<true>(&left, &left.to_ascii_lowercase()));
            assert_eq!(
                hash::<true>(&left, 7),
                hash::<true>(&left.to_ascii_lowercase(), 7)
            );
            assert!(!equal::<false>(&left, &[&left[..], b"x"].concat()));
            for at in 0..length {
                let mut right = left.clone();
                right[at] = b'!';
                assert!(!equal::<false>(&left, &right), "{length} {at}");
                assert!(!equal::<true>(&left, &right), "{length} {at}");
                assert_ne!(
                    hash::<true>(&left, 7),
                    hash::<true>(&right, 7),
                    "{length} {at}"
                );
                right[at] = left[at].to_ascii_lowercase();
                assert!(!equal::<false>(&left, &right) && equal::<true>(&left, &right));
            }
        }
    }

    #[test]
    fn a_machine_with_small_words_hashes_alike() {
        for length in 0..40_u8 {
            let text: Vec<u8> = (0..length).collect();
            for left_out in [0, EACH * 0x20] {
                let hash = hash_without(left_out, &text, 7);
                assert_eq!(hash_apart(left_out, &text, 7), hash, "{length}");
            }
        }
        assert_eq!(fold_product_apart(EACH), fold_product(EACH));
    }
}
