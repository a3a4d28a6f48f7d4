//! `POST ?delete`: removes many objects with one request, as clients do to clear a folder.

use std::fmt::Write as _;

use cors_xml::PutError;
use futures_util::stream::{StreamExt, iter};
use object_store::{Error, ObjectStoreExt};

use crate::checksum::Checks;
use crate::element::{element, name_element};
use crate::exchange::Exchange;
use crate::failure::{Failure, NOT_IMPLEMENTED};
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
        .ok_or_else(|| Failure::malformed(storage.provider, &exchange.request_id))?;
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
    let is_encoded = exchange.is_url_encoded();
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
        name_element("Key", &object.key, is_encoded, &mut text);
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
        read_values(document, "Delete", |path, text| {
            match path {
                ["Object", "Key"] => object.key = text,
                ["Object", "VersionId"] => object.version = Some(text),
                ["Object", other, ..] => request.condition = Some((*other).to_owned()),
                ["Object"] if object.key.is_empty() || request.objects.len() >= MAX_KEYS => {
                    return None;
                }
                ["Object"] => request.objects.push(std::mem::take(&mut object)),
                ["Quiet"] => request.quiet = text.trim() == "true",
                _ => {}
            }
            Some(())
        })?;
        (!request.objects.is_empty()).then_some(request)
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

    #[test]
    fn a_document_has_a_thousand_keys_and_the_depth_of_its_schema() {
        let of = |count: usize, more: &str| {
            let keys = format!("<Object><Key>a</Key>{more}</Object>").repeat(count);
            DeleteRequest::parse(&format!("<Delete>{keys}</Delete>"))
        };
        assert_eq!(of(MAX_KEYS, "").unwrap().objects.len(), MAX_KEYS);
        assert_eq!(of(MAX_KEYS + 1, ""), None);
        assert!(of(1, "<VersionId>1</VersionId>").is_some());
        assert_eq!(of(1, "<VersionId><a></a></VersionId>"), None);
    }
}
