//! `POST ?delete`: removes many objects with one request, as clients do to clear a folder.

use std::fmt::Write as _;

use cors_xml::PutError;
use futures_util::stream::{StreamExt, iter};
use object_store::{Error, ObjectStoreExt};
use percent_encoding::utf8_percent_encode;

use super::listing::URL_RESERVED;
use crate::checksum::Checks;
use crate::element::element;
use crate::exchange::Exchange;
use crate::failure::{Failure, MALFORMED_XML, NOT_IMPLEMENTED};
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
    if let Some(condition) = request.condition {
        return Err(NOT_IMPLEMENTED.detail(condition));
    }
    let removed: Vec<_> = iter(request.objects)
        .map(|object| async move {
            // Objects have one version, which is called `null`.
            if object.version.as_deref().is_some_and(|name| name != "null") {
                return (
                    object,
                    Some(("NoSuchVersion", "The specified version does not exist.")),
                );
            }
            let path = layout::object(bucket, &object.key);
            match storage.store.delete(&path).await {
                Ok(()) | Err(Error::NotFound { .. }) => (object, None),
                Err(_) => (object, Some(("InternalError", "Please try again."))),
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
    for (object, failed) in removed {
        let name = if failed.is_some() { "Error" } else { "Deleted" };
        if failed.is_none() && request.quiet {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "<{name}>");
        if is_encoded {
            let key = utf8_percent_encode(&object.key, URL_RESERVED);
            element("Key", &key.to_string(), &mut text);
        } else {
            element("Key", &object.key, &mut text);
        }
        if let Some(version) = &object.version {
            element("VersionId", version, &mut text);
        }
        if let Some((code, message)) = failed {
            element("Code", code, &mut text);
            element("Message", message, &mut text);
        }
        let _ = write!(text, "</{name}>");
    }
    text.push_str("</DeleteResult>");
    Ok(Reply::xml(text))
}

/// The content of a `Delete` document.
#[derive(Debug, Default, PartialEq, Eq)]
struct DeleteRequest {
    objects: Vec<Named>,
    quiet: bool,
    /// An element of an object other than its name. It is a condition, such as `ETag`.
    condition: Option<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    key: String,
    version: Option<String>,
}

impl DeleteRequest {
    /// Reads `Delete > Object > Key` and `VersionId`, and `Delete > Quiet`.
    fn parse(document: &str) -> Option<DeleteRequest> {
        let mut request = DeleteRequest::default();
        let mut object = Named::default();
        read_values(document, "Delete", |path, text| match path {
            ["Object", "Key"] => object.key = text,
            ["Object", "VersionId"] => object.version = Some(text),
            ["Object", other, ..] => request.condition = Some((*other).to_owned()),
            ["Object"] => request.objects.push(std::mem::take(&mut object)),
            ["Quiet"] => request.quiet = text.trim() == "true",
            _ => {}
        })?;
        let is_valid = (1..=MAX_KEYS).contains(&request.objects.len())
            && request.objects.iter().all(|object| !object.key.is_empty());
        is_valid.then_some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unescaped_and_not_trimmed() {
        let document = "<?xml version=\"1.0\"?><Delete xmlns=\"x\"><Quiet>true</Quiet><Object><Key> a&amp;b&#x20;</Key><VersionId>1</VersionId></Object><Object><Key>c</Key></Object></Delete>";
        let request = DeleteRequest::parse(document).unwrap();
        let keys: Vec<_> = request.objects.iter().map(|object| &object.key).collect();
        assert_eq!(keys, [" a&b ", "c"]);
        assert_eq!(request.objects[0].version.as_deref(), Some("1"));
        assert_eq!(request.condition, None);
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
}
