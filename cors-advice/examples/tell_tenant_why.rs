//! A storage server explains to its tenant why a page cannot read: the bucket's document in, two
//! sentences out.

use cors_advice::browser::Page;
use cors_advice::explain::explain;
use cors_xml::{Document, Provider};

/// The message to the tenant about a page that requests something from the bucket.
fn why(document: &[u8], origin: &str, method: &str) -> Result<String, Box<dyn std::error::Error>> {
    let provider = &Provider::S3;
    let image = Document::parse(provider, document)?.compile()?;
    let page = Page::new(origin, method)?;
    Ok(explain(&image.as_policy(), provider, &page).to_string())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document =
        b"<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin>\
        <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    println!("{}", why(document, "https://app.example", "PUT")?);
    Ok(())
}

#[test]
fn the_message_says_what_to_add() -> Result<(), Box<dyn std::error::Error>> {
    let document = b"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    let message = why(document, "https://app.example", "DELETE")?;
    assert!(
        message.ends_with("To allow it: add <AllowedMethod>DELETE</AllowedMethod> to rule 1."),
        "{message}"
    );
    Ok(())
}
