//! Writes `images.txt`: the policy image of every fifth vector, in hexadecimal. Run it when the
//! image version changes.
//!
//! `cargo run -p conformance --example record_images`

use std::fmt::Write as _;
use std::path::Path;

use conformance::engine;
use reference::question::Question;
use reference::vectors;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    for row in vectors::rows()?.into_iter().step_by(5) {
        if let Question::Evaluate(configuration, _) = row.question()?
            && let Ok(image) = engine::compile(&configuration)
        {
            let hexadecimal: String = image.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            let _ = writeln!(text, "{} {hexadecimal}", row.position);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("images.txt");
    Ok(std::fs::write(file, text)?)
}
