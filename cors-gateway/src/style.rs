//! How a provider's answers look on the wire, as data; what bucket CORS looks like is in cors-xml.

use cors_xml::Provider;

/// What differs between the providers' answers.
#[derive(Debug)]
pub(crate) struct Style {
    /// OSS writes the MD5 of an `ETag` in upper case.
    pub(crate) upper_case_etag: bool,
    /// A bucket's region, where a client asks.
    pub(crate) region: &'static str,
    pub(crate) storage_class: &'static str,
    /// The ACL of everything: the owner may, nobody else.
    pub(crate) private_acl: &'static str,
}

static OSS: Style = Style {
    upper_case_etag: true,
    region: "oss-cn-hangzhou",
    storage_class: "Standard",
    private_acl: "<AccessControlPolicy><Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner><AccessControlList><Grant>private</Grant></AccessControlList></AccessControlPolicy>",
};

/// S3, and whoever does as S3 does. An empty region is us-east-1.
static S3: Style = Style {
    upper_case_etag: false,
    region: "",
    storage_class: "STANDARD",
    private_acl: "<AccessControlPolicy><Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>owner</ID><DisplayName>owner</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>",
};

impl Style {
    pub(crate) fn of(provider: &Provider) -> &'static Style {
        if provider.documents.response_vary {
            &OSS
        } else {
            &S3
        }
    }

    pub(crate) fn etag(&self, md5: &str) -> String {
        if self.upper_case_etag {
            format!("\"{}\"", md5.to_ascii_uppercase())
        } else {
            format!("\"{md5}\"")
        }
    }
}
