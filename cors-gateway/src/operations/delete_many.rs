//! `POST ?delete`: many objects removed by one request, as clients do it when they clear a folder.

use cors_xml::PutError;
use futures_util::stream::{StreamExt, iter};
use hyper::body::Incoming;
use object_store::{Error, ObjectStoreExt};
use percent_encoding::utf8_percent_encode;

use super::listing::URL_RESERVED;
use crate::checksum::Checks;
use crate::document::{MALFORMED, read_values};
use crate::failure::Failure;
use crate::gateway::{Exchange, Gateway};
use crate::layout;
use crate::reply::{Reply, element};
use crate::signature::Payload;
use crate::upload::Upload;

/// Most keys of one request, as both providers have it.
const MAX_KEYS: usize = 1000;
/// Most bytes of one request: as many of the longest keys, escaped, and the rest.
const MAX_DOCUMENT_BYTES: u64 = 2 * 1024 * 1024;
/// Objects that are removed at a time.
const AT_A_TIME: usize = 16;

pub(super) async fn perform(
    gateway: &Gateway,
    exchange: &Exchange,
    bucket: &str,
    payload: Payload,
    body: Incoming,
) -> Result<Reply, Failure> {
    let upload = Upload::new(&exchange.headers, body, payload, MAX_DOCUMENT_BYTES)?;
    let refused = |error: PutError| Failure::put(&error, gateway.provider, &exchange.request_id);
    let mut checks = Checks::new(gateway.provider, &exchange.headers).map_err(refused)?;
    let (document, trailer) = upload.collect().await?;
    checks.update(&document);
    checks.finish(&trailer).map_err(refused)?;
    let wanted = std::str::from_utf8(&document)
        .ok()
        .and_then(Wanted::parse)
        .ok_or(MALFORMED)?;
    let removed: Vec<_> = iter(wanted.keys)
        .map(|key| async move {
            match gateway.store.delete(&layout::object(bucket, &key)).await {
                Ok(()) | Err(Error::NotFound { .. }) => (key, true),
                Err(_) => (key, false),
            }
        })
        .buffered(AT_A_TIME)
        .collect()
        .await;
    let is_encoded = exchange.target.value("encoding-type") == Some("url");
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult>");
    if is_encoded {
        element("EncodingType", "url", &mut text);
    }
    for (key, is_removed) in removed {
        let key = if is_encoded {
            utf8_percent_encode(&key, URL_RESERVED).to_string()
        } else {
            key
        };
        if !is_removed {
            text.push_str("<Error>");
            element("Key", &key, &mut text);
            text.push_str("<Code>InternalError</Code><Message>Please try again.</Message></Error>");
        } else if !wanted.quiet {
            text.push_str("<Deleted>");
            element("Key", &key, &mut text);
            text.push_str("</Deleted>");
        }
    }
    text.push_str("</DeleteResult>");
    Ok(Reply::xml(text))
}

/// What a `Delete` document asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    keys: Vec<String>,
    quiet: bool,
}

impl Wanted {
    /// Reads `Delete > Object > Key` and `Delete > Quiet`. Other elements, such as `VersionId`, are passed over.
    fn parse(document: &str) -> Option<Wanted> {
        let mut wanted = Wanted::default();
        read_values(document, "Delete", |path, text| match path {
            ["Object", "Key"] => wanted.keys.push(text),
            ["Quiet"] => wanted.quiet = text.trim() == "true",
            _ => {}
        })?;
        let is_valid = (1..=MAX_KEYS).contains(&wanted.keys.len())
            && wanted.keys.iter().all(|key| !key.is_empty());
        is_valid.then_some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_meant() {
        let document = "<?xml version=\"1.0\"?><Delete xmlns=\"x\"><Quiet>true</Quiet><Object><Key> a&amp;b&#x20;</Key><VersionId>1</VersionId></Object><Object><Key>c</Key></Object></Delete>";
        let wanted = Wanted::parse(document).unwrap();
        assert_eq!(wanted.keys, [" a&b ", "c"]);
        assert!(wanted.quiet);
        for bad in [
            "",
            "<Delete/>",
            "<Delete></Delete>",
            "<Delete><Object><Key></Key></Object></Delete>",
            "<Delete><Object><Key>a</Key></Object>",
            "<Remove><Object><Key>a</Key></Object></Remove>",
            "<!DOCTYPE x><Delete><Object><Key>a</Key></Object></Delete>",
            "<Delete><Object><Key>&x;</Key></Object></Delete>",
            "<Delete><Object><Key>a</Object></Key></Delete>",
        ] {
            assert_eq!(Wanted::parse(bad), None, "{bad}");
        }
    }
}
