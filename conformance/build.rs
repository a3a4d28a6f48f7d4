//! Makes the policy image that the code in `docs/for-firmware.md` includes: that page's build script, whose code runs here as documentation tests.

use std::path::Path;
use std::{env, fs};

use cors_xml::{Document, Provider};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = "../docs/examples/bucket.xml";
    println!("cargo:rerun-if-changed={document}");
    let image = match Document::parse(&Provider::S3, &fs::read(document)?) {
        Ok(document) => document.compile()?,
        Err(errors) => return Err(format!("{document}: {}", errors.first()).into()),
    };
    let image_path = Path::new(&env::var("OUT_DIR")?).join("policy.bin");
    fs::write(image_path, image.as_bytes())?;
    Ok(())
}
