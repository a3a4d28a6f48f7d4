//! Origins that are all filed in one slice of an index, as a tenant who knows the source could make them.
//!
//! A slice is chosen by a few bits of the hash, so texts are tried until enough of them fall in the same one.

use cors_core::Policy;

// The constants of `cors-core/src/image/hash.rs`. `assert_collision` fails if they have changed.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND_SEED: u64 = 0xd1b5_4a32_d192_ed03;

/// The given number of texts of sixteen characters that share the first slice of `slices` while hashes begin with seed 0.
pub fn colliding(count: usize, slices: u64) -> Vec<String> {
    let mut random = 1_u64;
    let texts = std::iter::from_fn(|| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Letters from `a` to `p`.
        let letters = |bits: u64| (bits & 0x0f0f_0f0f_0f0f_0f0f) + 0x6161_6161_6161_6161;
        Some((letters(random), letters(random >> 4)))
    });
    texts
        .filter(|(first, second)| {
            let lanes = [
                mix(MULTIPLIER.wrapping_mul(16), *first),
                mix(SECOND_SEED, *second),
            ];
            let hash = mix(lanes[0] ^ lanes[1].rotate_left(29), SECOND_SEED);
            ((hash >> 32) * slices) >> 32 == 0
        })
        .map(|(first, second)| [first.to_le_bytes(), second.to_le_bytes()].concat())
        .map(|text| String::from_utf8(text).expect("ASCII"))
        .take(count)
        .collect()
}

/// Stops the program unless the compiler has noticed the collision: then hashes do not begin with seed 0.
///
/// The offset is documented in `cors-core/src/image/layout.md`.
pub fn assert_collision(policy: &Policy<'_>) {
    assert_ne!(
        policy.as_bytes()[60..64],
        [0; 4],
        "the hash has changed: copy its constants, or rewrite the attack"
    );
}

fn mix(lane: u64, word: u64) -> u64 {
    let product = u128::from(lane ^ word) * u128::from(MULTIPLIER);
    product as u64 ^ (product >> 64) as u64
}
