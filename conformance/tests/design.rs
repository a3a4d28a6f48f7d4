//! DESIGN.md shows the layout of the policy image as the code describes it.

#[test]
fn design_includes_the_layout_of_the_image() {
    let design = include_str!("../../DESIGN.md");
    let layout = include_str!("../../cors-core/src/image/layout.md");
    assert!(
        design.contains(layout.trim()),
        "copy cors-core/src/image/layout.md into DESIGN.md, section \"The policy image\""
    );
}
