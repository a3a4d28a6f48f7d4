//! How a provider's requests and answers look on the wire, as data; those of bucket CORS are in
//! cors-xml.

mod oss;
mod s3;

use cors_xml::Provider;
use hyper::HeaderMap;
use hyper::header::HeaderName;

use crate::failure::Failure;
use crate::signature::Scheme;

/// The differences between the providers.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a difference of its own"
)]
pub(crate) struct Style {
    /// How the provider's own headers begin.
    prefix: &'static str,
    /// How the headers of user metadata begin.
    pub(crate) metadata_prefix: &'static str,
    /// The signatures that are accepted. OSS also accepts those of AWS in its [S3
    /// mode](https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3),
    /// where they do not cover its own headers; here it does not.
    pub(crate) schemes: &'static [Scheme],
    /// The headers that are understood, by how they begin. Any other header that begins so is
    /// refused: it may ask for something that the gateway does not do.
    families: &'static [&'static Family],
    /// Whether the name of a new bucket may have dots.
    pub(crate) has_dotted_buckets: bool,
    /// What no key begins with.
    pub(crate) no_key_begins_with: &'static [char],
    /// What the query of a read can ask for other than the object's bytes. Other unknown names are
    /// ignored there, as by the providers, because pages append some to defeat caches.
    pub(crate) object_subresources: &'static [&'static str],
    /// How a request asks not to replace an object.
    pub(crate) create_only: CreateOnly,
    /// Whether the policy of a form must have a condition for each field.
    pub(crate) policy_names_all: bool,
    upper_case_etag: bool,
    /// The region reported for a bucket.
    pub(crate) region: &'static str,
    pub(crate) storage_class: &'static str,
    /// The headers of an object with its storage class, how it came, and the CRC-64 of its bytes.
    pub(crate) storage_class_header: Option<&'static str>,
    pub(crate) object_type_header: Option<&'static str>,
    pub(crate) crc64_header: Option<&'static str>,
    /// The headers of an error with its EC, and with its document in base64 for a HEAD.
    pub(crate) ec_header: Option<&'static str>,
    pub(crate) head_error_header: Option<&'static str>,
    /// How many names a list has if the request does not say.
    pub(crate) default_max_keys: usize,
    pub(crate) default_max_buckets: usize,
    /// Whether a list of buckets says where each is, and repeats what was asked.
    pub(crate) buckets_have_endpoints: bool,
    /// Fewest bytes of a part other than the last.
    pub(crate) min_part_bytes: u64,
    /// The ACL reported for everything: access for the owner alone.
    pub(crate) private_acl: &'static str,
}

/// Headers that begin alike.
#[derive(Debug)]
struct Family {
    prefix: &'static str,
    understood: &'static [Understood],
}

/// A header, or headers if the name ends in `-`, and the values that are understood; any value if
/// none is listed.
#[derive(Debug)]
struct Understood(&'static str, &'static [&'static str]);

/// A header that asks not to replace an object.
#[derive(Debug)]
pub(crate) struct CreateOnly {
    pub(crate) header: &'static str,
    value: &'static str,
    /// The answer if there is an object.
    pub(crate) exists: Failure,
}

impl Style {
    /// The style of a provider is that of the headers that it uses; S3's if nobody's is known.
    pub(crate) fn of(provider: &Provider) -> &'static Style {
        [&oss::STYLE, &s3::STYLE]
            .into_iter()
            .find(|style| provider.wire.request_id_header.starts_with(style.prefix))
            .unwrap_or(&s3::STYLE)
    }

    /// The first header that is not understood.
    pub(crate) fn refused<'h>(&self, headers: &'h HeaderMap) -> Option<&'h HeaderName> {
        let mut headers = headers.iter();
        headers
            .find(|(name, value)| !self.understands(name.as_str(), value.as_bytes()))
            .map(|(name, _)| name)
    }

    /// Whether a header is understood, or is not the provider's. `name` is in lower case.
    pub(crate) fn understands(&self, name: &str, value: &[u8]) -> bool {
        let mut families = self.families.iter();
        let Some(family) = families.find(|family| name.starts_with(family.prefix)) else {
            return true;
        };
        family.understood.iter().any(|Understood(known, values)| {
            let is_named = name == *known || known.ends_with('-') && name.starts_with(known);
            is_named && (values.is_empty() || values.iter().any(|known| value == known.as_bytes()))
        })
    }

    pub(crate) fn etag(&self, md5: &str) -> String {
        if self.upper_case_etag {
            format!("\"{}\"", md5.to_ascii_uppercase())
        } else {
            format!("\"{md5}\"")
        }
    }
}

impl CreateOnly {
    pub(crate) fn is_asked(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(self.header)
            .iter()
            .any(|value| value == self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_the_style_of_the_headers_it_uses() {
        for (provider, prefix) in [
            (Provider::OSS, "x-oss-"),
            (Provider::OSS.with_name("ours"), "x-oss-"),
            (Provider::S3, "x-amz-"),
            (Provider::S3.with_request_id_header("x-ours-id"), "x-amz-"),
        ] {
            assert_eq!(Style::of(&provider).prefix, prefix, "{}", provider.name);
        }
    }

    #[test]
    fn names_in_the_tables_are_in_lower_case_and_in_their_family() {
        for style in [&oss::STYLE, &s3::STYLE] {
            for family in style.families {
                for Understood(name, _) in family.understood {
                    assert!(name.starts_with(family.prefix), "{name}");
                    assert_eq!(*name, name.to_ascii_lowercase());
                }
            }
        }
    }
}
