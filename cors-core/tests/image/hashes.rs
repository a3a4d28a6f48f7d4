//! Texts that meet in the index: one slice, or one tag.

use cors_core::{ImageError, List, Policy, Rule};

use crate::{begin, grants, image, is_refused};

/// The texts of an index in the order of their hashes, each with the part of its hash that is its tag.
fn hashed(rule: Rule<'_>, part: &str) -> Vec<(String, u16)> {
    let image = image(&[rule]);
    let number = |at: usize| u16::from_le_bytes(image[at..at + 2].try_into().unwrap());
    let (start, end) = match part {
        "origin entries" => (begin(&image, part), begin(&image, "header entries")),
        _ => (begin(&image, part), begin(&image, "sets")),
    };
    let entries = (start..end).step_by(8).map(|entry| {
        let at = u32::from_le_bytes(image[entry..entry + 4].try_into().unwrap());
        let at = usize::try_from(at).unwrap();
        let text = &image[at + 2..at + 2 + usize::from(number(at))];
        (String::from_utf8(text.to_vec()).unwrap(), number(entry + 4))
    });
    entries.collect()
}

/// Seventeen texts of a small part of all hashes are one slice under the seed 0, and sixteen may be one.
#[test]
fn texts_that_collide_are_hashed_with_another_seed() {
    let texts: Vec<String> = (0..2000).map(|number| format!("x-{number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let any = Rule {
        allowed_origins: List::new(&["*"]),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let of_origins = |list| Rule {
        allowed_origins: list,
        ..any
    };
    let of_headers = |list| Rule {
        allowed_headers: list,
        ..any
    };
    let all = List::new(&texts);
    let origins = hashed(of_origins(all), "origin entries");
    let headers = hashed(of_headers(all), "header entries");
    let [origins, headers] = [&origins, &headers].map(|texts| {
        let texts = texts.iter().take(17);
        texts.map(|(text, _)| text.as_str()).collect::<Vec<&str>>()
    });
    for (count, seed) in [(16, 0), (17, 1)] {
        for rule in [
            of_origins(List::new(&origins[..count])),
            of_headers(List::new(&headers[..count])),
        ] {
            let good = image(&[rule]);
            assert_eq!(good[60..64], [seed, 0, 0, 0], "{rule:?}");
            let policy = Policy::from_bytes(&good).unwrap();
            assert!(policy.rules().eq([rule]));
        }
    }
    let unhashed = image(&[any]);
    is_refused(
        &unhashed,
        "a seed where nothing is hashed",
        &[(60, &[1])],
        ImageError::Inconsistent,
    );
}

/// Some of these share a slice of the index too, so that only their bytes tell them apart.
#[test]
fn a_text_with_the_tag_of_another_is_not_found() {
    let texts: Vec<String> = (0..2000).map(|number| format!("x-{number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rule = Rule {
        allowed_origins: List::new(&texts),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    let mut hashed = hashed(rule, "origin entries");
    hashed.sort_by_key(|(_, tag)| *tag);
    let mut pairs = 0;
    for pair in hashed.windows(2).filter(|pair| pair[0].1 == pair[1].1) {
        let origins = [&pair[0].0, "a", "b", "c", "d"];
        let image = image(&[Rule {
            allowed_origins: List::new(&origins),
            ..rule
        }]);
        let policy = Policy::from_bytes(&image).unwrap();
        for ((origin, _), is_granted) in pair.iter().zip([true, false]) {
            assert_eq!(grants(&policy, origin), is_granted, "{origin}");
        }
        pairs += 1;
    }
    assert!(pairs > 10, "{pairs}");
}
