//! How a provider's answers look on the wire, as data; the answers of bucket CORS are in cors-xml.

use cors_core::Dialect;
use cors_xml::Provider;

use crate::signature::Scheme;

/// Fewest bytes of a part other than the last, on S3.
const MIN_PART_BYTES: u64 = 5 * 1024 * 1024;

/// The differences between the providers' answers.
#[derive(Debug)]
pub(crate) struct Style {
    /// The name of the provider's dialect.
    dialect: &'static str,
    upper_case_etag: bool,
    /// The signatures that are accepted. OSS also accepts those of AWS in its [S3
    /// mode](https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3);
    /// that mode is not part of this server.
    pub(crate) schemes: &'static [Scheme],
    /// How the names of the headers begin that hold a client's own metadata.
    pub(crate) metadata_prefix: &'static str,
    /// The region reported for a bucket.
    pub(crate) region: &'static str,
    pub(crate) storage_class: &'static str,
    /// Fewest bytes of a part other than the last.
    pub(crate) min_part_bytes: u64,
    /// The ACL reported for everything: access for the owner alone.
    pub(crate) private_acl: &'static str,
}

/// Alibaba Cloud OSS, which writes the MD5 of an `ETag` in upper case.
static OSS: Style = Style {
    dialect: Dialect::OSS.name,
    upper_case_etag: true,
    schemes: &[Scheme::OssV4, Scheme::OssV1],
    metadata_prefix: "x-oss-meta-",
    region: "oss-cn-hangzhou",
    storage_class: "Standard",
    min_part_bytes: 0,
    private_acl: "<AccessControlPolicy><Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner><AccessControlList><Grant>private</Grant></AccessControlList></AccessControlPolicy>",
};

/// Amazon S3, and every provider without its own style. An empty region is us-east-1.
static S3: Style = Style {
    dialect: Dialect::S3.name,
    upper_case_etag: false,
    schemes: &[Scheme::AwsV4],
    metadata_prefix: "x-amz-meta-",
    region: "",
    storage_class: "STANDARD",
    min_part_bytes: MIN_PART_BYTES,
    private_acl: "<AccessControlPolicy><Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>owner</ID><DisplayName>owner</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>",
};

impl Style {
    pub(crate) fn of(provider: &Provider) -> &'static Style {
        [&OSS, &S3]
            .into_iter()
            .find(|style| style.dialect == provider.dialect.name)
            .unwrap_or(&S3)
    }

    pub(crate) fn etag(&self, md5: &str) -> String {
        if self.upper_case_etag {
            format!("\"{}\"", md5.to_ascii_uppercase())
        } else {
            format!("\"{md5}\"")
        }
    }
}
