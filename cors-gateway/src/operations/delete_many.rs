//! `POST ?delete`: removes many objects with one request, as clients do to clear a folder.

use cors_xml::PutError;
use futures_util::stream::{StreamExt, iter};
use object_store::{Error, ObjectStoreExt};
use percent_encoding::utf8_percent_encode;

use super::listing::URL_RESERVED;
use crate::checksum::Checks;
use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::{Failure, MALFORMED_XML};
use crate::layout;
use crate::read_values::read_values;
use crate::reply::Reply;
use crate::storage::Storage;
use crate::upload::{UnreadBody, Upload};

/// Most keys of one request; the same for both providers.
const MAX_KEYS: usize = 1000;
/// Most bytes of one request: that many keys of maximum length, escaped, plus markup.
const MAX_DOCUMENT_BYTES: u64 = 2 * 1024 * 1024;
/// Objects removed concurrently.
const AT_A_TIME: usize = 16;

pub(super) async fn perform(
    storage: &Storage,
    exchange: &Exchange,
    bucket: &str,
    body: UnreadBody,
) -> Result<Reply, Failure> {
    let upload = Upload::new(&exchange.headers, body, MAX_DOCUMENT_BYTES)?;
    let refused = |error: PutError| Failure::put(&error, storage.provider, &exchange.request_id);
    let mut checks = Checks::new(storage.provider, &exchange.headers).map_err(refused)?;
    let (document, trailer) = upload.collect().await?;
    checks.update(&document);
    checks.finish(&trailer).map_err(refused)?;
    let request = std::str::from_utf8(&document)
        .ok()
        .and_then(DeleteRequest::parse)
        .ok_or(MALFORMED_XML)?;
    let removed: Vec<_> = iter(request.keys)
        .map(|key| async move {
            match storage.store.delete(&layout::object(bucket, &key)).await {
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
        } else if !request.quiet {
            text.push_str("<Deleted>");
            element("Key", &key, &mut text);
            text.push_str("</Deleted>");
        }
    }
    text.push_str("</DeleteResult>");
    Ok(Reply::xml(text))
}

/// The content of a `Delete` document.
#[derive(Debug, Default, PartialEq, Eq)]
struct DeleteRequest {
    keys: Vec<String>,
    quiet: bool,
}

impl DeleteRequest {
    /// Reads `Delete > Object > Key` and `Delete > Quiet`. Other elements, such as `VersionId`, are
    /// ignored.
    fn parse(document: &str) -> Option<DeleteRequest> {
        let mut request = DeleteRequest::default();
        read_values(document, "Delete", |path, text| {
            match path {
                ["Object", "Key"] if text.is_empty() || request.keys.len() >= MAX_KEYS => {
                    return None;
                }
                ["Object", "Key"] => request.keys.push(text),
                ["Quiet"] => request.quiet = text.trim() == "true",
                _ => {}
            }
            Some(())
        })?;
        (!request.keys.is_empty()).then_some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unescaped_and_not_trimmed() {
        let document = "<?xml version=\"1.0\"?><Delete xmlns=\"x\"><Quiet>true</Quiet><Object><Key> a&amp;b&#x20;</Key><VersionId>1</VersionId></Object><Object><Key>c</Key></Object></Delete>";
        let request = DeleteRequest::parse(document).unwrap();
        assert_eq!(request.keys, [" a&b ", "c"]);
        assert!(request.quiet);
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
            assert_eq!(DeleteRequest::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_document_has_a_thousand_keys_and_the_depth_of_its_schema() {
        let of = |count: usize, deepest: &str| {
            let keys = "<Object><Key>a</Key></Object>".repeat(count);
            DeleteRequest::parse(&format!(
                "<Delete>{keys}<Object>{deepest}</Object></Delete>"
            ))
        };
        assert_eq!(of(MAX_KEYS, "").unwrap().keys.len(), MAX_KEYS);
        assert_eq!(of(MAX_KEYS + 1, ""), None);
        assert!(of(1, "<VersionId></VersionId>").is_some());
        assert_eq!(of(1, "<VersionId><a></a></VersionId>"), None);
    }
}
