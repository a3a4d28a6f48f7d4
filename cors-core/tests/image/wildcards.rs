//! Patterns with a wildcard, in shapes and in affixes: what they match, and what damage is refused.

use cors_core::{Configuration, Dialect, ImageError, List, Policy, Rule};

use crate::{THREE, begin, grants, image, is_refused, place_of};

/// Twenty pairs of lengths, so that affixes stand in the place of shapes.
fn nested() -> Vec<String> {
    let lengths = (0..5).flat_map(|before| (1..5).map(move |after| (before, after)));
    lengths
        .map(|(before, after)| format!("{}*{}", &"aaaa"[..before], &"bbbb"[..after]))
        .collect()
}

#[test]
fn affixes_agree_with_the_rules() {
    let texts = nested();
    let mut rules = THREE.to_vec();
    let names: Vec<&str> = texts.iter().map(String::as_str).collect();
    rules[0].allowed_headers = List::new(&names);
    let good = image(&rules);
    assert_eq!(good[5], 4, "affixes of headers, and shapes of origins");
    let part = begin(&good, "header wildcards");
    let [prefixes, suffixes, patterns, starts] = [8, 48, 80, 240].map(|at| part + at);
    assert_eq!(good[part..prefixes], [5, 0, 4, 0, 20, 0, 0, 0]);
    assert_eq!(good.len(), starts + 10);
    for (damage, at, bytes) in [
        ("shapes", 5, &[0][..]),
        ("a prefix less", part, &[4]),
        ("a suffix less", part + 2, &[3]),
        ("a pattern less", part + 4, &[19]),
        ("a byte after the counts", part + 6, &[1]),
        (
            "a text that is not there",
            prefixes + 8,
            &[0xff, 0xff, 0xff],
        ),
        (
            "a prefix that is longer than its text",
            prefixes + 4,
            &[0xff],
        ),
        ("a prefix twice", prefixes + 8 + 4, &[0]),
        ("prefixes in another order", prefixes + 4, &[4]),
        ("the empty prefix linked", prefixes + 6, &[0, 0]),
        ("a prefix without its link", prefixes + 8 + 6, &[0xff, 0xff]),
        ("a prefix linked to a shorter one", prefixes + 32 + 6, &[2]),
        ("a prefix linked to itself", prefixes + 32 + 6, &[4]),
        ("a suffix linked to a shorter one", suffixes + 24 + 6, &[1]),
        ("a pattern with fewer prefixes", patterns + 2, &[3]),
        ("a pattern with more prefixes", patterns + 8 + 2, &[5]),
        ("a pattern of another prefix", patterns, &[1]),
        ("a shorter pattern", patterns + 4, &[0]),
        ("a pattern of another rule", patterns + 6, &[1]),
        ("patterns before the first suffix", starts, &[1]),
        ("patterns of another suffix", starts + 2, &[4]),
        ("patterns after the last suffix", starts + 8, &[19]),
    ] {
        is_refused(&good, damage, &[(at, bytes)], ImageError::Inconsistent);
    }
    // Any bit but those that say which of the texts with an affix is read for it.
    for bit in part * 8..good.len() * 8 {
        let mut flipped = good.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let is_place_of_text =
            (prefixes..patterns).contains(&(bit / 8)) && (bit / 8 - part) % 8 < 4;
        assert!(
            Policy::from_bytes(&flipped).is_err() || is_place_of_text,
            "{bit}"
        );
    }
}

#[test]
fn a_policy_has_few_shapes_or_affixes() {
    let texts = nested();
    for (count, flags) in [(16, 0), (17, 2)] {
        let origins: Vec<&str> = texts.iter().take(count).map(String::as_str).collect();
        let rule = Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        };
        let good = image(&[rule]);
        assert_eq!(good[5], flags, "{count}");
        let rules = [rule];
        let checked = Configuration::new(&Dialect::STRICT, &rules)
            .checked()
            .unwrap();
        assert!(checked.bytes_needed().unwrap() >= good.len());
        let policy = Policy::from_bytes(&good).unwrap();
        for (origin, is_granted) in [("aaaxbbb", true), ("b", true), ("a", false), ("xx", false)] {
            assert_eq!(grants(&policy, origin), is_granted, "{origin}");
        }
    }
}

/// A text that begins as one pattern and ends as another matches neither, nor does one that is shorter than both parts of a pattern.
#[test]
fn affixes_match_with_both_parts_of_one_pattern() {
    let lengths = (1..6).flat_map(|before| (1..5).map(move |after| (before, after)));
    let mut texts: Vec<String> = lengths
        .flat_map(|(before, after)| {
            [("aaaaa", "bbbb"), ("ccccc", "dddd")]
                .map(|(start, end)| format!("{}*{}", &start[..before], &end[..after]))
        })
        .collect();
    texts.extend(["e*e", "a*f"].map(str::to_owned));
    let origins: Vec<&str> = texts.iter().map(String::as_str).collect();
    let good = image(&[Rule {
        allowed_origins: List::new(&origins),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    }]);
    assert_eq!(good[5], 2, "affixes of origins");
    let policy = Policy::from_bytes(&good).unwrap();
    for (origin, is_granted) in [
        ("ab", true),
        ("aaaxb", true),
        ("cxddd", true),
        ("ee", true),
        ("aaxf", true),
        ("axd", false),
        ("cxb", false),
        ("exb", false),
        ("cxf", false),
        ("xb", false),
        ("ax", false),
        ("e", false),
    ] {
        assert_eq!(grants(&policy, origin), is_granted, "{origin}");
    }
}

/// An image with more shapes than a compiler writes would make each request dear.
#[test]
fn many_shapes_are_refused() {
    let texts = nested();
    let origins: Vec<&str> = texts.iter().take(17).map(String::as_str).collect();
    let rule = |count: usize| Rule {
        allowed_origins: List::new(&origins[..count]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let mut good = image(&[rule(16)]);
    let part = begin(&good, "origin wildcards");
    // A shape of greater lengths after the last one.
    good.extend([9, 0, 9, 0, 0xff, 0xff, 0xff, 0xff]);
    let end = u32::try_from(good.len()).unwrap().to_le_bytes();
    good[24..28].copy_from_slice(&end);
    good[56..60].copy_from_slice(&end);
    assert_eq!(part + 17 * 8, good.len());
    assert_eq!(
        Policy::from_bytes(&good).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
    assert!(Policy::from_bytes(&image(&[rule(17)])).is_ok());
}

#[test]
fn a_shape_that_is_there_twice_is_refused() {
    let rule = Rule {
        allowed_origins: List::new(&["a*b"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let mut twice = image(&[rule]);
    let shape = begin(&twice, "origin wildcards");
    twice.extend_from_within(shape..);
    let end = u32::try_from(twice.len()).unwrap().to_le_bytes();
    twice[24..28].copy_from_slice(&end);
    twice[56..60].copy_from_slice(&end);
    assert_eq!(
        Policy::from_bytes(&twice).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
}

/// Few patterns are compared one by one, by their shapes: affixes in their place would not be found.
#[test]
fn affixes_of_few_patterns_are_refused() {
    let rule = Rule {
        allowed_origins: List::new(&["a*b"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let good = image(&[rule]);
    let part = begin(&good, "origin wildcards");
    assert_eq!(part + 8, good.len());
    let entries = begin(&good, "origin entries");
    let text = &good[entries..entries + 4];
    let mut other = good[..part].to_vec();
    other.extend([1, 0, 1, 0, 1, 0, 0, 0]);
    for _prefix_and_suffix in 0..2 {
        other.extend(text);
        other.extend([1, 0, 0xff, 0xff]);
    }
    other.extend([0, 0, 0, 0, 2, 0, 0, 0]);
    other.extend([0, 0, 1, 0]);
    let end = u32::try_from(other.len()).unwrap().to_le_bytes();
    other[24..28].copy_from_slice(&end);
    other[56..60].copy_from_slice(&end);
    other[5] = 2;
    assert_eq!(
        Policy::from_bytes(&other).map(|_| ()),
        Err(ImageError::Inconsistent)
    );
}

/// An image of one rule with affixes of its headers, which are put together here: each affix by its text and the rest of its row,
/// each pattern by its first and last prefix and its length.
fn with_affixes(
    rule: Rule<'_>,
    prefixes: &[(&str, u16, u16)],
    suffixes: &[(&str, u16, u16)],
    patterns: &[[u16; 3]],
    starts: &[u16],
) -> Vec<u8> {
    let mut bytes = image(&[rule]);
    bytes.truncate(begin(&bytes, "header wildcards"));
    let row = |numbers: &[u16]| -> Vec<u8> {
        let numbers = numbers.iter().copied();
        numbers.flat_map(u16::to_le_bytes).collect()
    };
    let counts = [prefixes.len(), suffixes.len(), patterns.len(), 0];
    let mut part = row(&counts.map(|count| u16::try_from(count).unwrap()));
    for (text, length, link) in prefixes.iter().chain(suffixes) {
        let text = u32::try_from(place_of(&bytes, text.as_bytes()) - 2).unwrap();
        part.extend(text.to_le_bytes());
        part.extend(row(&[*length, *link]));
    }
    for [first, last, length] in patterns {
        part.extend(row(&[*first, *last, *length, 0]));
    }
    part.extend(row(starts));
    bytes.extend(part);
    let end = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    bytes[24..28].copy_from_slice(&end);
    bytes[5] = 4;
    bytes
}

/// Seventeen names, which is enough for affixes, and a rule that allows them.
const FEW_SUFFIXES: Rule<'static> = Rule {
    allowed_origins: List::new(&["*"]),
    allowed_methods: List::new(&["GET"]),
    allowed_headers: List::new(&[
        "x-a*b", "x-a*c", "x-a*d", "n-0", "n-1", "n-2", "n-3", "n-4", "n-5", "n-6", "n-7", "n-8",
        "n-9", "n-10", "n-11", "n-12", "n-13",
    ]),
    ..Rule::EMPTY
};

/// A pattern that no rule lists would allow what the rules do not show.
#[test]
fn affixes_are_those_of_the_rules_and_no_others() {
    let none = u16::MAX;
    let prefixes = &[("x-a*b", 0, none), ("x-a*b", 3, 0)];
    let suffixes = ["x-a*b", "x-a*c", "x-a*d"].map(|text| (text, 1, none));
    let [listed, unlisted] = [[1, 1, 4], [0, 1, 1]];
    let read_with = |prefixes: &[_], suffixes: &[_], patterns: &[_], starts: &[u16]| {
        let bytes = with_affixes(FEW_SUFFIXES, prefixes, suffixes, patterns, starts);
        Policy::from_bytes(&bytes).map(|policy| policy.len())
    };
    let read = |suffixes: &[_], patterns: &[_], starts: &[_]| {
        read_with(prefixes, suffixes, patterns, starts)
    };
    let refused = Err(ImageError::Inconsistent);
    assert_eq!(read(&suffixes, &[listed; 3], &[0, 1, 2, 3]), Ok(1));
    let one_more = [listed, listed, unlisted, listed];
    assert_eq!(read(&suffixes, &one_more, &[0, 1, 2, 4]), refused);
    // The first pattern is that of two suffixes, between which there is one of no pattern, so that another pattern is left over.
    let [b, c, d] = suffixes;
    let between = [b, ("x-a*b", 2, 0), c, d];
    assert_eq!(read(&between, &[listed; 3], &[0, 1, 1, 2, 3]), Ok(1));
    let left_over = [listed, unlisted, listed];
    assert_eq!(read(&between, &left_over, &[0, 1, 0, 1, 3]), refused);
    assert_eq!(read(&suffixes, &[listed; 3], &[0, 1, 2, 3, 3]), refused);
    // The longest prefix of a name would be the second of two that are equal.
    let twice = [("x-a*b", 3, none), ("x-a*b", 3, 0)];
    for first in 0..2 {
        let patterns = [[first, 1, 4]; 3];
        let read = read_with(&twice, &suffixes, &patterns, &[0, 1, 2, 3]);
        assert_eq!(read, refused, "{first}");
    }
}
