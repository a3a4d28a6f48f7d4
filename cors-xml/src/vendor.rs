//! Whose documents: what differs between the vendors, as data.

use cors_core::{Dialect, Field};

use crate::checksum::Checksum;
use crate::element::ElementNames;
use crate::error_table::ErrorTable;

/// One provider's bucket CORS documents: limits, elements, shape, errors.
///
/// The constants are the vendors this project knows; a server with its own limits copies one and
/// changes a member.
///
/// # Examples
///
/// ```
/// use cors_xml::Vendor;
///
/// const ROOMY: Vendor = Vendor { max_document_bytes: 32 * 1024, ..Vendor::OSS };
/// assert_eq!(ROOMY.dialect.name, "oss");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// What the rules mean and how many there may be. A rule may hold an `ID` iff
    /// [`max_id_characters`](cors_core::dialect::Limits::max_id_characters) says how long.
    pub dialect: Dialect,
    /// Largest document in bytes, as the vendor documents it. Checked before anything is parsed.
    pub max_document_bytes: usize,
    /// Most bytes of all values together, tags not counted, where the vendor limits that.
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
    /// The vendor's errors.
    pub errors: ErrorTable,
}

/// What browsers take where an answer has no max age, in seconds
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)): written where a rule must have one and has none.
pub(crate) const DEFAULT_MAX_AGE_SECONDS: i32 = 5;

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

impl Vendor {
    /// Alibaba Cloud OSS, the default:
    /// [PutBucketCors](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
    pub const OSS: Vendor = Vendor {
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
    pub const S3: Vendor = Vendor {
        dialect: Dialect::S3,
        max_document_bytes: 64 * 1024,
        response_vary: false,
        namespace: Some("http://s3.amazonaws.com/doc/2006-03-01/"),
        checksums: &Checksum::ALL,
        request_id_header: "x-amz-request-id",
        errors: ErrorTable::S3,
        ..Vendor::OSS
    };

    /// Tencent Cloud COS: [PUT Bucket cors](https://www.tencentcloud.com/document/product/436/8279).
    /// Its errors are those of S3 (choice).
    pub const COS: Vendor = Vendor {
        dialect: Dialect::COS,
        namespace: None,
        checksums: &[],
        request_id_header: "x-cos-request-id",
        ..Vendor::S3
    };

    /// Google Cloud Storage: [Set bucket CORS](https://cloud.google.com/storage/docs/xml-api/put-bucket-cors).
    /// No limit on a document is documented; it has S3's, and S3's errors (choice).
    pub const GCS: Vendor = Vendor {
        dialect: Dialect::GCS,
        may_be_empty: true,
        elements: ElementNames::CORS_CONFIG,
        namespace: None,
        request_id_header: "x-guploader-uploadid",
        ..Vendor::S3
    };

    /// Azure Storage, the `Cors` element of the service properties, alone or in its place in `StorageServiceProperties`, where
    /// every other setting is passed over (choice; the vendor knows a few by name). What is written is `Cors` alone.
    /// [Set Blob Service Properties](https://learn.microsoft.com/en-us/rest/api/storageservices/set-blob-service-properties).
    /// The vendor wants all five elements in every rule, and limits the values to 2 KiB (documented); that tags may take the rest of S3's limit, and S3's errors, are choices.
    pub const AZURE: Vendor = Vendor {
        dialect: Dialect::AZURE,
        max_text_bytes: Some(2 * 1024),
        required: &[
            Field::AllowedHeader,
            Field::ExposeHeader,
            Field::MaxAgeSeconds,
        ],
        elements: ElementNames::CORS,
        request_id_header: "x-ms-request-id",
        ..Vendor::GCS
    };

    /// Every vendor, OSS first.
    pub const ALL: [&'static Vendor; 5] = [
        &Vendor::OSS,
        &Vendor::S3,
        &Vendor::COS,
        &Vendor::GCS,
        &Vendor::AZURE,
    ];

    /// The vendor whose dialect has this one's name; S3 for a dialect that has no documents here, so that
    /// every dialect has errors to answer with (choice).
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Dialect;
    /// use cors_xml::Vendor;
    ///
    /// assert_eq!(Vendor::of(&Dialect::COS), &Vendor::COS);
    /// assert_eq!(Vendor::of(&Dialect::STRICT), &Vendor::S3);
    /// ```
    pub fn of(dialect: &Dialect) -> &'static Vendor {
        Vendor::ALL
            .into_iter()
            .find(|vendor| vendor.dialect.name == dialect.name)
            .unwrap_or(&Vendor::S3)
    }
}
