//! The floor: one pass of a good hash over the origin and each requested header name.
//!
//! Looking up a text among many by its hash requires reading and mixing its bytes once, before
//! anything else: finding the entry, confirming the text, the method, the sets of rules. So no such
//! design can be faster. The pass here gets names that are already split and never determines their
//! offsets, which a matcher must do.
//!
//! There are three hashes, so that the result does not depend on one choice: our own below, similar
//! to wyhash (two words per step, one folded 64 x 64 -> 128 multiplication), with ASCII case folded
//! for names as a matcher must; foldhash; rapidhash. The last two keep case. A processor works on
//! the four texts in parallel, because none of these needs another's hash. If each must wait for
//! the previous one, the same pass takes longer: that is measured too.

use std::hash::{BuildHasher, Hasher};

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd1b5_4a32_d192_ed03;
/// The bit that distinguishes lower case from upper case, in each of eight bytes.
const CASE: u64 = 0x2020_2020_2020_2020;

/// The input of the hash.
pub struct Texts {
    /// The origin.
    pub origin: &'static [u8],
    /// The header names, split.
    pub names: Vec<&'static [u8]>,
}

impl Texts {
    /// One pass of our own hash.
    pub fn own(&self) -> u64 {
        let names = self.names.iter().map(|name| hash::<true>(name));
        names.fold(hash::<false>(self.origin), |all, one| all ^ one)
    }

    /// One pass of foldhash.
    pub fn foldhash(&self) -> u64 {
        self.with(|text| {
            let mut hasher = foldhash::fast::FixedState::default().build_hasher();
            hasher.write(text);
            hasher.finish()
        })
    }

    /// One pass of rapidhash.
    pub fn rapidhash(&self) -> u64 {
        self.with(rapidhash::v3::rapidhash_v3)
    }

    /// One pass of foldhash that needs the hash of each text before it begins the next.
    pub fn foldhash_in_a_chain(&self) -> u64 {
        let texts = std::iter::once(&self.origin).chain(&self.names);
        texts.fold(0, |seed, text| {
            let mut hasher = foldhash::fast::FixedState::with_seed(seed).build_hasher();
            hasher.write(text);
            hasher.finish()
        })
    }

    fn with(&self, hash: impl Fn(&[u8]) -> u64) -> u64 {
        self.names
            .iter()
            .fold(hash(self.origin), |all, name| all ^ hash(name))
    }
}

fn hash<const FOLD: bool>(bytes: &[u8]) -> u64 {
    let left_out = if FOLD { CASE } else { 0 };
    let mut state = bytes.len() as u64 ^ FIRST;
    let mut step = |(low, high): (u64, u64)| {
        state = multiply((low | left_out) ^ state, (high | left_out) ^ SECOND);
    };
    if bytes.len() <= 16 {
        step(up_to_sixteen(bytes));
    } else {
        bytes
            .as_chunks::<16>()
            .0
            .iter()
            .for_each(|pair| step(ends(pair)));
        step(bytes.last_chunk::<16>().map_or((0, 0), |pair| ends(pair)));
    }
    multiply(state, FIRST)
}

fn multiply(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ ((product >> 64) as u64)
}

fn ends(bytes: &[u8]) -> (u64, u64) {
    let (first, last) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>());
    (
        first.map_or(0, |word| u64::from_le_bytes(*word)),
        last.map_or(0, |word| u64::from_le_bytes(*word)),
    )
}

fn up_to_sixteen(bytes: &[u8]) -> (u64, u64) {
    if bytes.len() >= 8 {
        return ends(bytes);
    }
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => (
            u64::from(u32::from_le_bytes(*first)),
            u64::from(u32::from_le_bytes(*last)),
        ),
        _ => (
            bytes
                .iter()
                .fold(0, |word, byte| (word << 8) | u64::from(*byte)),
            0,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_hash_depends_on_each_byte_and_folds_case_only_for_names() {
        for length in 1..40 {
            let bytes = vec![b'a'; length];
            assert_eq!(
                hash::<true>(&bytes),
                hash::<true>(&bytes.to_ascii_uppercase())
            );
            assert_ne!(
                hash::<false>(&bytes),
                hash::<false>(&bytes.to_ascii_uppercase())
            );
            for at in 0..length {
                let mut other = bytes.clone();
                other[at] = b'b';
                assert_ne!(hash::<true>(&bytes), hash::<true>(&other), "{length} {at}");
            }
        }
    }
}
