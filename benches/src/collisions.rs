//! Origins that all have the same hash, as a tenant who knows the source could make them.
//!
//! The engine's hash works on two words of sixteen bytes, and every step is invertible. So one word
//! can be chosen freely, and the other follows from it; about one in 2800 of these consists of
//! characters that an origin may contain.

use cors_core::Policy;

// The constants of `cors-core/src/policy/hash.rs`. `assert_collision` fails if they have changed.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND_SEED: u64 = 0xd1b5_4a32_d192_ed03;

/// The given number of texts of sixteen characters with the same hash.
pub fn colliding(count: usize) -> Vec<String> {
    let inverse = inverse(MULTIPLIER);
    let first_lane = MULTIPLIER.wrapping_mul(16);
    let target = 0x0123_4567_89ab_cdef;
    let mut random = 1_u64;
    let texts = std::iter::from_fn(|| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Letters from `a` to `p`.
        let second = (random & 0x0f0f_0f0f_0f0f_0f0f) + 0x6161_6161_6161_6161;
        let wanted = target ^ mix(SECOND_SEED, second).rotate_left(29);
        let product = wanted ^ (wanted >> 32);
        let first = product.wrapping_mul(inverse) ^ first_lane;
        Some([first.to_le_bytes(), second.to_le_bytes()].concat())
    });
    texts
        .filter(|text| {
            text.iter()
                .all(|byte| byte.is_ascii_graphic() && *byte != b'*')
        })
        .map(|text| String::from_utf8(text).expect("ASCII"))
        .take(count)
        .collect()
}

/// Stops the program unless all origin entries of an image have one tag, as entries with the same
/// hash do.
///
/// The offsets are those documented in `cors-core/src/policy/layout.rs`.
pub fn assert_collision(policy: &Policy<'_>) {
    let image = policy.as_bytes();
    let word =
        |at: usize| u32::from_le_bytes(image[at..at + 4].try_into().expect("four bytes")) as usize;
    let (entries, end) = (word(32), word(36));
    let mut tags = image[entries..end]
        .chunks_exact(8)
        .map(|entry| [entry[4], entry[5]]);
    let first = tags.next().expect("entries");
    assert!(
        tags.all(|tag| tag == first),
        "the hash has changed: copy its constants, or rewrite the attack"
    );
}

fn mix(lane: u64, word: u64) -> u64 {
    let product = (lane ^ word).wrapping_mul(MULTIPLIER);
    product ^ (product >> 32)
}

/// The inverse of multiplication by an odd number, by Newton's iteration.
fn inverse(odd: u64) -> u64 {
    (0..6).fold(odd, |guess, _| {
        guess.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(guess)))
    })
}
