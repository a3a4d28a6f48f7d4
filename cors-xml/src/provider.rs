//! Whose documents: what differs between the providers, as data.

use cors_core::{Dialect, Field};

use crate::checksum::Checksum;
use crate::element::ElementNames;
use crate::error_table::ErrorTable;

/// One provider's bucket CORS documents: limits, elements, shape, errors.
///
/// The constants are the providers this project knows; a server with its own limits copies one and
/// changes a member.
///
/// # Examples
///
/// ```
/// use cors_xml::Provider;
///
/// const ROOMY: Provider = Provider { max_document_bytes: 32 * 1024, ..Provider::OSS };
/// assert_eq!(ROOMY.dialect.name, "oss");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// What the rules mean and how many there may be. A rule may hold an `ID` iff
    /// [`max_id_characters`](cors_core::dialect::Limits::max_id_characters) says how long.
    pub dialect: Dialect,
    /// Largest document in bytes, as the provider documents it. Checked before anything is parsed.
    pub max_document_bytes: usize,
    /// Most bytes of all values together, tags not counted, where the provider limits that.
    pub max_text_bytes: Option<usize>,
    /// Whether a document without a rule is accepted; it turns CORS off.
    pub may_be_empty: bool,
    /// Which members every rule must have besides an origin and a method; a list may be empty, but not missing.
    pub required: &'static [Field],
    /// What the elements are called.
    pub elements: ElementNames,
    /// Whether the root may hold a `ResponseVary`, and on output always does.
    pub response_vary: bool,
    /// The default namespace on output. On input no namespace is looked at.
    pub namespace: Option<&'static str>,
    /// What stands before the root on output.
    pub prolog: &'static str,
    /// Which digests of a body are checked besides `Content-MD5`; the others are not looked at.
    pub checksums: &'static [Checksum],
    /// The header that names a request in each answer, in lower case.
    pub request_id_header: &'static str,
    /// The provider's errors.
    pub errors: ErrorTable,
}

/// What browsers take where an answer has no max age, in seconds
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)): written where a rule must have one and has none.
pub const DEFAULT_MAX_AGE_SECONDS: i32 = 5;

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

impl Provider {
    /// Alibaba Cloud OSS, the default:
    /// [PutBucketCors](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
    pub const OSS: Provider = Provider {
        dialect: Dialect::OSS,
        max_document_bytes: 16 * 1024,
        max_text_bytes: None,
        may_be_empty: false,
        required: &[],
        elements: ElementNames::CORS_CONFIGURATION,
        response_vary: true,
        namespace: None,
        prolog: PROLOG,
        checksums: &[],
        request_id_header: "x-oss-request-id",
        errors: ErrorTable::OSS,
    };

    /// Amazon S3: [PutBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html).
    pub const S3: Provider = Provider {
        dialect: Dialect::S3,
        max_document_bytes: 64 * 1024,
        response_vary: false,
        namespace: Some("http://s3.amazonaws.com/doc/2006-03-01/"),
        checksums: &Checksum::ALL,
        request_id_header: "x-amz-request-id",
        errors: ErrorTable::S3,
        ..Provider::OSS
    };

    /// Tencent Cloud COS: [PUT Bucket cors](https://www.tencentcloud.com/document/product/436/8279).
    /// Its errors are those of S3 (choice).
    pub const COS: Provider = Provider {
        dialect: Dialect::COS,
        namespace: None,
        checksums: &[],
        request_id_header: "x-cos-request-id",
        ..Provider::S3
    };

    /// Google Cloud Storage: [Set bucket CORS](https://cloud.google.com/storage/docs/xml-api/put-bucket-cors).
    /// No limit on a document is documented; it has S3's, and S3's errors (choice).
    pub const GCS: Provider = Provider {
        dialect: Dialect::GCS,
        may_be_empty: true,
        elements: ElementNames::CORS_CONFIG,
        namespace: None,
        request_id_header: "x-guploader-uploadid",
        ..Provider::S3
    };

    /// Azure Storage, the `Cors` element of the service properties, alone or in its place in `StorageServiceProperties`, where
    /// every other setting is passed over (choice; the provider knows a few by name). What is written is `Cors` alone.
    /// [Set Blob Service Properties](https://learn.microsoft.com/en-us/rest/api/storageservices/set-blob-service-properties).
    /// The provider wants all five elements in every rule, and limits the values to 2 KiB (documented); that tags may take the rest of S3's limit, and S3's errors, are choices.
    pub const AZURE: Provider = Provider {
        dialect: Dialect::AZURE,
        max_text_bytes: Some(2 * 1024),
        required: &[
            Field::AllowedHeader,
            Field::ExposeHeader,
            Field::MaxAgeSeconds,
        ],
        elements: ElementNames::CORS,
        request_id_header: "x-ms-request-id",
        ..Provider::GCS
    };

    /// Every provider, OSS first.
    pub const ALL: [&'static Provider; 5] = [
        &Provider::OSS,
        &Provider::S3,
        &Provider::COS,
        &Provider::GCS,
        &Provider::AZURE,
    ];

    /// The provider whose dialect has this one's name; S3 for a dialect that has no documents here, so that
    /// every dialect has errors to answer with (choice).
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Dialect;
    /// use cors_xml::Provider;
    ///
    /// assert_eq!(Provider::of(&Dialect::COS), &Provider::COS);
    /// assert_eq!(Provider::of(&Dialect::STRICT), &Provider::S3);
    /// ```
    pub fn of(dialect: &Dialect) -> &'static Provider {
        Provider::ALL
            .into_iter()
            .find(|provider| provider.dialect.name == dialect.name)
            .unwrap_or(&Provider::S3)
    }
}
