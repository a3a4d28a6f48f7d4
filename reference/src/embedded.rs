//! The data files, compiled in: a program that is installed has no folder `vectors/`.

/// Every file of rows, by its name, in the order of the names.
pub(crate) const ROWS: &[(&str, &str)] = &[
    (
        "ceph_rgw_unit.jsonl",
        include_str!("../vectors/ceph_rgw_unit.jsonl"),
    ),
    ("dialects.jsonl", include_str!("../vectors/dialects.jsonl")),
    (
        "jub0bs_cors_acrh.jsonl",
        include_str!("../vectors/jub0bs_cors_acrh.jsonl"),
    ),
    (
        "localstack_aws_snapshot.jsonl",
        include_str!("../vectors/localstack_aws_snapshot.jsonl"),
    ),
    (
        "oss_sdk_integration.jsonl",
        include_str!("../vectors/oss_sdk_integration.jsonl"),
    ),
    ("rustfs.jsonl", include_str!("../vectors/rustfs.jsonl")),
    (
        "scality_cloudserver.jsonl",
        include_str!("../vectors/scality_cloudserver.jsonl"),
    ),
    (
        "semantics_section_5.jsonl",
        include_str!("../vectors/semantics_section_5.jsonl"),
    ),
    (
        "vendor_documentation.jsonl",
        include_str!("../vectors/vendor_documentation.jsonl"),
    ),
    (
        "wildcards.jsonl",
        include_str!("../vectors/wildcards.jsonl"),
    ),
];

/// The rows that the specification is known to disagree with.
pub(crate) const KNOWN_DIFFERENCES: &str = include_str!("../known_differences.jsonl");

/// What each document under `vectors/xml/` is.
pub(crate) const DOCUMENTS: &str = include_str!("../vectors/xml/index.jsonl");

/// Every document, by the name of its file.
pub(crate) const BODIES: &[(&str, &str)] = &[
    (
        "client-ali-oss-ip-endpoint.xml",
        include_str!("../vectors/xml/client-ali-oss-ip-endpoint.xml"),
    ),
    (
        "client-ali-oss-v4.xml",
        include_str!("../vectors/xml/client-ali-oss-v4.xml"),
    ),
    (
        "client-ali-oss.xml",
        include_str!("../vectors/xml/client-ali-oss.xml"),
    ),
    (
        "client-alibabacloud-oss-v2-v1.xml",
        include_str!("../vectors/xml/client-alibabacloud-oss-v2-v1.xml"),
    ),
    (
        "client-alibabacloud-oss-v2-v4.xml",
        include_str!("../vectors/xml/client-alibabacloud-oss-v2-v4.xml"),
    ),
    (
        "client-aws-sdk-js-v2-sigv2.xml",
        include_str!("../vectors/xml/client-aws-sdk-js-v2-sigv2.xml"),
    ),
    (
        "client-aws-sdk-js-v2.xml",
        include_str!("../vectors/xml/client-aws-sdk-js-v2.xml"),
    ),
    (
        "client-aws-sdk-js-v3-when_required.xml",
        include_str!("../vectors/xml/client-aws-sdk-js-v3-when_required.xml"),
    ),
    (
        "client-aws-sdk-js-v3.xml",
        include_str!("../vectors/xml/client-aws-sdk-js-v3.xml"),
    ),
    (
        "client-aws-sdk-ruby-v3.xml",
        include_str!("../vectors/xml/client-aws-sdk-ruby-v3.xml"),
    ),
    (
        "client-aws-sdk-s3-rust.xml",
        include_str!("../vectors/xml/client-aws-sdk-s3-rust.xml"),
    ),
    (
        "client-awscli.xml",
        include_str!("../vectors/xml/client-awscli.xml"),
    ),
    (
        "client-boto3-when_required.xml",
        include_str!("../vectors/xml/client-boto3-when_required.xml"),
    ),
    (
        "client-boto3.xml",
        include_str!("../vectors/xml/client-boto3.xml"),
    ),
    (
        "client-fog-aws.xml",
        include_str!("../vectors/xml/client-fog-aws.xml"),
    ),
    (
        "client-oss2-v1sig-2.xml",
        include_str!("../vectors/xml/client-oss2-v1sig-2.xml"),
    ),
    (
        "client-oss2-v1sig.xml",
        include_str!("../vectors/xml/client-oss2-v1sig.xml"),
    ),
    (
        "client-oss2-v4sig-2.xml",
        include_str!("../vectors/xml/client-oss2-v4sig-2.xml"),
    ),
    (
        "client-oss2-v4sig.xml",
        include_str!("../vectors/xml/client-oss2-v4sig.xml"),
    ),
    (
        "client-rust-s3.xml",
        include_str!("../vectors/xml/client-rust-s3.xml"),
    ),
    (
        "client-s3cmd.xml",
        include_str!("../vectors/xml/client-s3cmd.xml"),
    ),
    (
        "generated-100-rules.xml",
        include_str!("../vectors/xml/generated-100-rules.xml"),
    ),
    (
        "generated-101-rules.xml",
        include_str!("../vectors/xml/generated-101-rules.xml"),
    ),
    (
        "oss-generated-10-rules.xml",
        include_str!("../vectors/xml/oss-generated-10-rules.xml"),
    ),
    (
        "oss-generated-11-rules.xml",
        include_str!("../vectors/xml/oss-generated-11-rules.xml"),
    ),
    (
        "oss-seed-example-literal.xml",
        include_str!("../vectors/xml/oss-seed-example-literal.xml"),
    ),
];
