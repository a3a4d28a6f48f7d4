//! Images recorded on one machine mean the same on every other: the same bytes are compiled there,
//! and decisions agree.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

use conformance::engine;
use cors_core::Policy;
use reference::question::Question;
use reference::{evaluate, vectors};

#[test]
fn a_recorded_image_is_compiled_again_byte_for_byte_and_decides_as_the_reference() {
    let text = include_str!("../images.txt");
    let rows = vectors::rows().unwrap();
    let mut count = 0;
    for line in text.lines() {
        let (position, hexadecimal) = line.split_once(' ').unwrap();
        let image: Vec<u8> = hexadecimal
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        let row = rows.iter().find(|row| row.position == position).unwrap();
        let Question::Evaluate(configuration, request) = row.question().unwrap() else {
            panic!("{position} does not ask for a decision")
        };
        assert_eq!(
            engine::compile(&configuration).as_deref(),
            Ok(&image[..]),
            "{position}"
        );
        let policy = Policy::from_bytes(&image).unwrap();
        assert_eq!(
            engine::decide(&policy, &request),
            evaluate(&configuration, &request),
            "{position}"
        );
        count += 1;
    }
    println!(
        "{count} images, big-endian: {}",
        cfg!(target_endian = "big")
    );
    assert!(count > 50);
}

#[test]
fn design_includes_the_layout_of_the_image() {
    let design = include_str!("../../DESIGN.md");
    let layout = include_str!("../../cors-core/src/image/layout.md");
    assert!(
        design.contains(layout.trim()),
        "copy cors-core/src/image/layout.md into DESIGN.md, section \"The policy image\""
    );
}
