//! Alibaba Cloud OSS.

use super::{CreateOnly, Family, Style, Understood, s3};
use crate::failure::Failure;
use crate::signature::Scheme;

/// The MD5 of an `ETag` is in upper case.
pub(super) static STYLE: Style = Style {
    prefix: "x-oss-",
    metadata_prefix: "x-oss-meta-",
    schemes: &[Scheme::OssV4, Scheme::OssV1],
    // OSS has a mode for clients of S3.
    families: &[&FAMILY, &s3::FAMILY],
    // [Names of buckets](https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions),
    // [of objects](https://www.alibabacloud.com/help/en/oss/user-guide/object-naming-conventions).
    has_dotted_buckets: false,
    no_key_begins_with: &['/', '\\'],
    object_subresources: &[
        "acl",
        "append",
        "asyncFetch",
        "callback",
        "callback-var",
        "cors",
        "legalHold",
        "live",
        "objectInfo",
        "objectMeta",
        "partNumber",
        "restore",
        "retention",
        "status",
        "symlink",
        "tagging",
        "uploads",
        "vod",
        "x-oss-ac-forward-allow",
        "x-oss-ac-source-ip",
        "x-oss-ac-subnet-mask",
        "x-oss-ac-vpc-id",
        "x-oss-async-process",
        "x-oss-process",
    ],
    // [PutObject](https://www.alibabacloud.com/help/en/oss/developer-reference/putobject).
    create_only: CreateOnly {
        header: "x-oss-forbid-overwrite",
        value: "true",
        exists: Failure::new(
            409,
            "FileAlreadyExists",
            "The object you specified already exists and can not be overwritten.",
            "object_exists",
        )
        .ec("0026-00000002"),
    },
    policy_names_all: false,
    upper_case_etag: true,
    region: "oss-cn-hangzhou",
    storage_class: "Standard",
    storage_class_header: Some("x-oss-storage-class"),
    object_type_header: Some("x-oss-object-type"),
    crc64_header: Some("x-oss-hash-crc64ecma"),
    // [Error responses](https://www.alibabacloud.com/help/en/oss/developer-reference/error-codes-6).
    ec_header: Some("x-oss-ec"),
    head_error_header: Some("x-oss-err"),
    // [ListObjects](https://www.alibabacloud.com/help/en/oss/developer-reference/listobjects),
    // [ListBuckets](https://www.alibabacloud.com/help/en/oss/developer-reference/listbuckets).
    default_max_keys: 100,
    default_max_buckets: 100,
    buckets_have_endpoints: true,
    min_part_bytes: 0,
    private_acl: "<AccessControlPolicy><Owner><ID>owner</ID><DisplayName>owner</DisplayName></Owner><AccessControlList><Grant>private</Grant></AccessControlList></AccessControlPolicy>",
};

static FAMILY: Family = Family {
    prefix: "x-oss-",
    understood: &[
        Understood("x-oss-acl", &["private"]),
        Understood("x-oss-complete-all", &["yes"]),
        Understood("x-oss-content-sha256", &[]),
        Understood("x-oss-date", &[]),
        Understood("x-oss-forbid-overwrite", &["true", "false"]),
        Understood("x-oss-meta-", &[]),
        Understood("x-oss-object-acl", &["private", "default"]),
        // What a range that is not valid selects is the same as in this mode.
        Understood("x-oss-range-behavior", &["standard"]),
        Understood("x-oss-request-payer", &[]),
        Understood("x-oss-security-token", &[]),
        Understood("x-oss-storage-class", &["Standard"]),
        // Only the speed of an answer depends on it.
        Understood("x-oss-traffic-limit", &[]),
        Understood("x-oss-user-agent", &[]),
    ],
};
