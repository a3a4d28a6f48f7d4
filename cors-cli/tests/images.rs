//! `cors compile` and `cors inspect`: an image is written, and shown part by part.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

mod program;

use program::run;

const CARELESS: &str = include_str!("documents/careless.xml");

#[test]
fn an_image_is_written_and_shown_part_by_part() {
    let path = std::env::temp_dir().join(format!("cors-image-{}", std::process::id()));
    let path = path.to_str().unwrap();
    let (status, _, stderr) = run(&["compile", "-", "-o", path], CARELESS);
    assert_eq!(status, 0, "{stderr}");
    let image = std::fs::read(path).unwrap();
    assert_eq!(cors_core::Policy::from_bytes(&image).unwrap().len(), 2);
    let (status, out, _) = run(&["inspect", path], "");
    assert_eq!(status, 0);
    let mut end = "0".to_owned();
    let mut names = Vec::new();
    for line in out.lines().filter(|line| line.contains("..")) {
        let (range, rest) = line.trim().split_once(' ').unwrap();
        let (start, until) = range.split_once("..").unwrap();
        assert_eq!(start, end, "{line}");
        until.clone_into(&mut end);
        names.push(rest.trim().split_once("  ").unwrap().1.to_owned());
    }
    assert_eq!(end, image.len().to_string());
    assert_eq!((names[0].as_str(), names.len()), ("header", 11));
    assert!(
        out.contains("AllowedOrigin   https://*example.com"),
        "{out}"
    );
    let (status, _, stderr) = run(&["inspect", "-"], "CORS, but not an image");
    assert_eq!(status, 1);
    assert!(stderr.contains("policy image"), "{stderr}");
    assert_eq!(
        run(&["compile", "-", "-o", "/no/such/folder/x"], CARELESS).0,
        2
    );
    std::fs::remove_file(path).unwrap();
}
