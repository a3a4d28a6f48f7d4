//! A storage server explains to its tenant why a page cannot read: the bucket's document in, two
//! sentences out.

use cors_advice::browser::Page;
use cors_advice::explain::explain;
use cors_xml::Provider;

/// The message to the tenant about a page that requests something from the bucket.
fn why(document: &[u8], origin: &str, method: &str) -> Result<String, Box<dyn std::error::Error>> {
    let form = Provider::S3.form_of(document);
    let image = form.parse(document)?.compile()?;
    let page = Page::new(origin, method)?;
    Ok(explain(&image.as_policy(), form, &page).to_string())
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
