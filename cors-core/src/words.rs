//! Bytes tested eight at a time, as one word: most texts of a request are shorter than what a call to a vectorised search costs.

/// One in each of eight bytes.
pub(crate) const EACH: u64 = 0x0101_0101_0101_0101;
/// The top bit of each byte.
const TOP: u64 = 0x80 * EACH;
/// Whether the machine has words of eight bytes. Where they are made of smaller ones they cost code and gain nothing, so
/// that bytes are taken one by one.
pub(crate) const WIDE: bool = usize::BITS >= 64;
/// Bytes that are searched here before the rest is left to `memchr`.
const SHORT: usize = 64;

/// Whether a test holds for every byte. It is asked for words of eight bytes, some of them twice, or for one byte in all
/// eight places; never for no bytes.
#[inline]
pub(crate) fn all_words(bytes: &[u8], test: impl Fn(u64) -> bool) -> bool {
    if !WIDE {
        return bytes.iter().all(|byte| test(EACH * u64::from(*byte)));
    }
    if let Some(last) = bytes.last_chunk::<8>() {
        let (words, _) = bytes.as_chunks::<8>();
        return words.iter().all(|word| test(u64::from_le_bytes(*word)))
            && test(u64::from_le_bytes(*last));
    }
    match (bytes, bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (_, Some(first), Some(last)) => {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            test(u64::from(first) | (u64::from(last) << 32))
        }
        ([a, rest @ ..], ..) => {
            let b = rest.first().unwrap_or(a);
            let c = rest.last().unwrap_or(a);
            test(u64::from_le_bytes([*a, *b, *c, *a, *a, *a, *a, *a]))
        }
        _ => true,
    }
}

/// Whether each byte is 0x20 to 0x7E.
#[inline]
pub(crate) fn are_printable(word: u64) -> bool {
    are_within(word, 0x20, 0x7e) == TOP
}

/// Whether each byte is a letter, a digit, `-` or `.`, which most header names consist of.
#[inline]
pub(crate) fn are_letters_digits_or_dashes(word: u64) -> bool {
    let slash = word ^ (EACH * u64::from(b'/'));
    let is_no_slash = (slash & !TOP).wrapping_add(!TOP);
    let letters = are_within(word | (0x20 * EACH), b'a', b'z');
    letters | (are_within(word, b'-', b'9') & is_no_slash) == TOP
}

/// The top bit of each byte that is ASCII and within two bounds, which are.
#[inline]
fn are_within(word: u64, first: u8, last: u8) -> u64 {
    let low_bits = word & !TOP;
    let at_least = low_bits.wrapping_add(EACH * u64::from(0x80_u8.wrapping_sub(first)));
    let beyond = low_bits.wrapping_add(EACH * u64::from(0x7f_u8.wrapping_sub(last)));
    at_least & !beyond & !word & TOP
}

/// Each ASCII capital among the eight bytes made small.
#[inline]
pub(crate) fn to_lower_case(word: u64) -> u64 {
    word | (are_within(word, b'A', b'Z') >> 2)
}

/// Copies bytes, each word changed on the way, to as many others.
#[inline]
pub(crate) fn copy(from: &[u8], to: &mut [u8], change: impl Fn(u64) -> u64) {
    let change = |word| change(u64::from_le_bytes(word)).to_le_bytes();
    if let (Some(from_last), Some(to_last)) = (from.last_chunk(), to.last_chunk_mut()) {
        *to_last = change(*from_last);
        let words = from.as_chunks().0.iter().zip(to.as_chunks_mut().0);
        words.for_each(|(from, to)| *to = change(*from));
    } else {
        for (from, to) in from.iter().zip(to) {
            [*to, ..] = change([*from, 0, 0, 0, 0, 0, 0, 0]);
        }
    }
}

/// How many bytes two texts have in common at their start, up to ASCII case if `fold` is set.
pub(crate) fn common_start(left: &[u8], right: &[u8], fold: bool) -> usize {
    let mut common = 0_usize;
    if WIDE {
        let words = left.as_chunks::<8>().0.iter().zip(right.as_chunks::<8>().0);
        for (left, right) in words {
            let difference = difference(left, right, fold);
            if difference != 0 {
                return common.wrapping_add((difference.trailing_zeros() >> 3) as usize);
            }
            common = common.wrapping_add(8);
        }
    }
    let [left, right] = [left, right].map(|text| text.get(common..).unwrap_or_default().iter());
    common.wrapping_add(
        left.zip(right)
            .take_while(|(left, right)| is_same(**left, **right, fold))
            .count(),
    )
}

/// How many bytes two texts have in common at their end, up to ASCII case if `fold` is set.
pub(crate) fn common_end(left: &[u8], right: &[u8], fold: bool) -> usize {
    let mut common = 0_usize;
    if WIDE {
        let [left, right] = [left, right].map(|text| text.as_rchunks::<8>().1.iter().rev());
        for (left, right) in left.zip(right) {
            let difference = difference(left, right, fold);
            if difference != 0 {
                return common.wrapping_add((difference.leading_zeros() >> 3) as usize);
            }
            common = common.wrapping_add(8);
        }
    }
    let [left, right] = [left, right].map(|text| {
        let rest = text.len().wrapping_sub(common);
        text.get(..rest).unwrap_or_default().iter().rev()
    });
    common.wrapping_add(
        left.zip(right)
            .take_while(|(left, right)| is_same(**left, **right, fold))
            .count(),
    )
}

/// Zero in each byte in which two words are the same.
fn difference(left: &[u8; 8], right: &[u8; 8], fold: bool) -> u64 {
    let [left, right] = [left, right].map(|word| u64::from_le_bytes(*word));
    if fold {
        to_lower_case(left) ^ to_lower_case(right)
    } else {
        left ^ right
    }
}

fn is_same(left: u8, right: u8, fold: bool) -> bool {
    left == right || (fold && left.eq_ignore_ascii_case(&right))
}

/// Where a byte is first.
#[expect(
    clippy::inline_always,
    reason = "a few instructions for the short texts that it mostly searches"
)]
#[inline(always)]
pub(crate) fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    if !WIDE {
        return bytes.iter().position(|other| *other == byte);
    }
    let wanted = EACH * u64::from(byte);
    let (words, _) = bytes.as_chunks::<8>();
    let mut offset = 0_usize;
    for word in words {
        if offset == SHORT {
            return find_in_long(byte, bytes);
        }
        if let Some(at) = first_zero(u64::from_le_bytes(*word) ^ wanted) {
            return Some(offset.wrapping_add(at));
        }
        offset = offset.wrapping_add(8);
    }
    match bytes.last_chunk::<8>() {
        // The bytes that were searched before do not hold it.
        Some(last) => first_zero(u64::from_le_bytes(*last) ^ wanted)
            .map(|at| bytes.len().wrapping_sub(8).wrapping_add(at)),
        None => bytes.iter().position(|other| *other == byte),
    }
}

/// The first of the eight bytes that is zero.
#[inline]
fn first_zero(word: u64) -> Option<usize> {
    // Borrows make bytes beyond the first zero unreliable, and only those.
    let zeros = word.wrapping_sub(EACH) & !word & TOP;
    (zeros != 0).then_some((zeros.trailing_zeros() >> 3) as usize)
}

/// Whether a byte is among bytes.
pub(crate) fn has(byte: u8, bytes: &[u8]) -> bool {
    search(byte, bytes).is_some()
}

/// The bytes before and after the first of a kind.
pub(crate) fn split_at(byte: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, rest) = bytes.split_at_checked(search(byte, bytes)?)?;
    Some((before, rest.get(1..)?))
}

#[cold]
#[inline(never)]
fn find_in_long(byte: u8, bytes: &[u8]) -> Option<usize> {
    search(byte, bytes)
}

/// Where a byte is first, in bytes that may be long. The search of the standard library would be compiled beside that of `memchr`.
fn search(byte: u8, bytes: &[u8]) -> Option<usize> {
    if WIDE {
        memchr::memchr(byte, bytes)
    } else {
        bytes.iter().position(|other| *other == byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    /// Each byte in each place of texts around the sizes of a word.
    fn for_each_byte_in_each_place(others: u8, mut check: impl FnMut(u8, &[u8])) {
        for length in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31] {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![others; length];
                    text[at] = byte;
                    check(byte, &text);
                }
            }
        }
    }

    #[test]
    fn a_word_is_tested_as_its_bytes_are() {
        for others in [b'a', b'Z', b'0', b' ', b'~'] {
            for_each_byte_in_each_place(others, |_, text| {
                let printable = text.iter().all(|byte| matches!(byte, 0x20..=0x7e));
                assert_eq!(all_words(text, are_printable), printable, "{text:?}");
                let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-.".contains(byte);
                assert_eq!(
                    all_words(text, are_letters_digits_or_dashes),
                    text.iter().all(is_plain),
                    "{text:?}"
                );
            });
        }
        assert!(all_words(b"", |_| false));
    }

    #[test]
    fn lower_case_is_that_of_ascii_for_every_byte_in_every_place() {
        for_each_byte_in_each_place(b'M', |_, text| {
            if let Ok(word) = <[u8; 8]>::try_from(text) {
                let lower = to_lower_case(u64::from_le_bytes(word)).to_le_bytes();
                assert_eq!(lower, word.to_ascii_lowercase()[..]);
            }
        });
    }

    #[test]
    fn what_is_copied_is_changed_word_for_word() {
        for_each_byte_in_each_place(b'M', |_, text| {
            let mut copied = vec![0; text.len()];
            copy(text, &mut copied, to_lower_case);
            assert_eq!(copied, text.to_ascii_lowercase());
        });
        copy(b"", &mut [], to_lower_case);
    }

    #[test]
    fn what_two_texts_have_in_common_ends_at_the_first_difference() {
        for length in 0..40 {
            let text = std::vec![b'k'; length];
            for other_length in 0..40 {
                let other = std::vec![b'K'; other_length];
                let shorter = length.min(other_length);
                let equal = std::vec![b'k'; other_length];
                assert_eq!(common_start(&text, &equal, false), shorter);
                assert_eq!(common_end(&text, &equal, false), shorter);
                assert_eq!(common_start(&text, &other, true), shorter);
                assert_eq!(common_end(&text, &other, true), shorter);
                assert_eq!(common_start(&text, &other, false), 0);
                assert_eq!(common_end(&text, &other, false), 0);
                for at in 0..other_length {
                    let mut different = equal.clone();
                    different[at] = b'x';
                    let from_end = other_length - 1 - at;
                    assert_eq!(common_start(&text, &different, true), at.min(length));
                    assert_eq!(common_end(&text, &different, true), from_end.min(length));
                    assert_eq!(common_start(&different, &text, false), at.min(length));
                    assert_eq!(common_end(&different, &text, false), from_end.min(length));
                }
            }
        }
    }

    #[test]
    fn a_byte_is_found_where_it_is_first() {
        for_each_byte_in_each_place(b',', |byte, text| {
            let expected = text.iter().position(|other| *other == byte);
            assert_eq!(find(byte, text), expected, "{text:?}");
            // Neighbours of the byte sought are what a borrow could mistake for it.
            let expected = text.iter().position(|other| *other == b'-');
            assert_eq!(find(b'-', text), expected, "{text:?}");
        });
        assert_eq!(find(b',', b""), None);
        for length in [55, 63, 64, 65, 71, 72, 73, 200] {
            let mut text = vec![b'-'; length];
            assert_eq!(find(b',', &text), None);
            for at in (0..length).rev() {
                text[at] = b',';
                assert_eq!(find(b',', &text), Some(at), "{length}");
            }
        }
    }

    #[test]
    fn bytes_are_split_at_the_first_of_a_kind() {
        assert_eq!(split_at(b'*', b"a*b*c"), Some((&b"a"[..], &b"b*c"[..])));
        assert_eq!(split_at(b'*', b"*"), Some((&b""[..], &b""[..])));
        assert_eq!(split_at(b'*', b"a"), None);
        assert!(has(b'*', b"a*") && !has(b'*', b"a"));
    }
}
