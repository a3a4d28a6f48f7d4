//! Whose documents: what differs between OSS, S3 and COS, as data.

use cors_core::Dialect;

use crate::checksum::Checksum;
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
    /// Whether the root may hold a `ResponseVary`, and on output always does.
    pub response_vary: bool,
    /// The default namespace on output. On input no namespace is looked at.
    pub namespace: Option<&'static str>,
    /// What stands before the root on output.
    pub prolog: &'static str,
    /// Which digests of a body are checked besides `Content-MD5`; the others are not looked at.
    pub checksums: &'static [Checksum],
    /// The vendor's errors.
    pub errors: ErrorTable,
}

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

impl Vendor {
    /// Alibaba Cloud OSS, the default:
    /// [PutBucketCors](https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors).
    pub const OSS: Vendor = Vendor {
        dialect: Dialect::OSS,
        max_document_bytes: 16 * 1024,
        response_vary: true,
        namespace: None,
        prolog: PROLOG,
        checksums: &[],
        errors: ErrorTable::OSS,
    };

    /// Amazon S3: [PutBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html).
    pub const S3: Vendor = Vendor {
        dialect: Dialect::S3,
        max_document_bytes: 64 * 1024,
        response_vary: false,
        namespace: Some("http://s3.amazonaws.com/doc/2006-03-01/"),
        prolog: PROLOG,
        checksums: &Checksum::ALL,
        errors: ErrorTable::S3,
    };

    /// Tencent Cloud COS: [PUT Bucket cors](https://www.tencentcloud.com/document/product/436/8279).
    /// Its errors are those of S3 (choice).
    pub const COS: Vendor = Vendor {
        dialect: Dialect::COS,
        namespace: None,
        checksums: &[],
        ..Vendor::S3
    };

    /// Every vendor, OSS first.
    pub const ALL: [&'static Vendor; 3] = [&Vendor::OSS, &Vendor::S3, &Vendor::COS];

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
    /// assert_eq!(Vendor::of(&Dialect::AZURE), &Vendor::S3);
    /// ```
    pub fn of(dialect: &Dialect) -> &'static Vendor {
        Vendor::ALL
            .into_iter()
            .find(|vendor| vendor.dialect.name == dialect.name)
            .unwrap_or(&Vendor::S3)
    }
}
