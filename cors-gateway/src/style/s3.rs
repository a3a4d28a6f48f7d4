//! Amazon S3, and every provider without its own style.

use super::{CreateOnly, Family, Style, Understood};
use crate::failure::Failure;
use crate::signature::Scheme;

/// An empty region is us-east-1.
pub(super) static STYLE: Style = Style {
    prefix: "x-amz-",
    metadata_prefix: "x-amz-meta-",
    schemes: &[Scheme::AwsV4],
    families: &[&FAMILY],
    has_dotted_buckets: true,
    no_key_begins_with: &[],
    object_subresources: &[
        "acl",
        "annotation",
        "attributes",
        "cors",
        "encryption",
        "legal-hold",
        "partNumber",
        "restore",
        "retention",
        "select",
        "tagging",
        "torrent",
        "uploads",
    ],
    // [Conditional writes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
    create_only: CreateOnly {
        header: "if-none-match",
        value: "*",
        exists: Failure::new(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
            "precondition",
        ),
    },
    policy_names_all: true,
    upper_case_etag: false,
    region: "",
    storage_class: "STANDARD",
    storage_class_header: None,
    object_type_header: None,
    crc64_header: None,
    ec_header: None,
    head_error_header: None,
    default_max_keys: 1000,
    // All of them.
    default_max_buckets: usize::MAX,
    buckets_have_endpoints: false,
    min_part_bytes: 5 * 1024 * 1024,
    private_acl: "<AccessControlPolicy><Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>owner</ID><DisplayName>owner</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>",
};

/// Checksums other than these are not computed, so they are refused.
pub(super) static FAMILY: Family = Family {
    prefix: "x-amz-",
    understood: &[
        Understood("x-amz-acl", &["private"]),
        Understood("x-amz-bucket-object-lock-enabled", &["false", "False"]),
        Understood("x-amz-checksum-algorithm", &[]),
        Understood("x-amz-checksum-crc32", &[]),
        Understood("x-amz-checksum-crc32c", &[]),
        Understood("x-amz-checksum-crc64nvme", &[]),
        Understood("x-amz-checksum-mode", &[]),
        Understood("x-amz-checksum-sha1", &[]),
        Understood("x-amz-checksum-sha256", &[]),
        Understood("x-amz-checksum-type", &[]),
        Understood("x-amz-content-sha256", &[]),
        Understood("x-amz-date", &[]),
        Understood("x-amz-decoded-content-length", &[]),
        Understood("x-amz-meta-", &[]),
        Understood("x-amz-mp-object-size", &[]),
        Understood("x-amz-object-ownership", &["BucketOwnerEnforced"]),
        Understood("x-amz-optional-object-attributes", &[]),
        Understood("x-amz-request-payer", &[]),
        Understood("x-amz-sdk-checksum-algorithm", &[]),
        Understood("x-amz-security-token", &[]),
        Understood("x-amz-storage-class", &["STANDARD"]),
        Understood("x-amz-trailer", &[]),
        Understood("x-amz-user-agent", &[]),
    ],
};
