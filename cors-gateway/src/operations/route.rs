//! Which operation a request asks for. What the operation does not use, query names, headers and
//! conditions, is refused before anything happens: it may ask for something else.

use hyper::Method;

use crate::exchange::Exchange;
use crate::failure::{Failure, METHOD_NOT_ALLOWED, NOT_IMPLEMENTED};
use crate::storage::Storage;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    ListBuckets,
    CreateBucket,
    HeadBucket,
    DeleteBucket,
    /// GET, PUT and DELETE of the CORS configuration.
    Cors,
    /// GET of the setting with this query name.
    DescribeBucket(&'static str),
    ListObjects,
    DeleteObjects,
    PutObject,
    GetObject,
    DeleteObject,
    CreateUpload,
    PutPart,
    ListUploads,
    ListParts,
    CompleteUpload,
    AbortUpload,
}

/// What a target names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Service,
    Bucket,
    Object,
}

/// An operation, how it is selected, and what else its query may have.
struct Route {
    level: Level,
    method: Method,
    operation: Operation,
    /// The query names that select it, all of them.
    selected_by: &'static [&'static str],
    uses: &'static [&'static str],
}

/// The operation of a request whose query, headers and conditions it uses.
pub(super) fn route(exchange: &Exchange, storage: &Storage) -> Result<Operation, Failure> {
    let style = storage.style;
    let (target, method) = (&exchange.target, &exchange.method);
    let level = match (&target.bucket, &target.key) {
        (None, _) => Level::Service,
        (Some(_), None) => Level::Bucket,
        (Some(_), Some(_)) => Level::Object,
    };
    let not_implemented = |what: &str| NOT_IMPLEMENTED.detail(what);
    let route = ROUTES
        .iter()
        .filter(|route| route.level == level && route.method == *method)
        .filter(|route| route.selected_by.iter().all(|name| target.has(name)))
        .max_by_key(|route| route.selected_by.len());
    let Some(route) = route else {
        let mut names = target.query.iter().map(|(name, _)| name);
        let name = names.find(|name| !is_used_by_all(name));
        return Err(name.map_or(METHOD_NOT_ALLOWED, |name| not_implemented(name)));
    };
    for (name, value) in &target.query {
        let is_used = route.selected_by.contains(&name.as_str())
            || route.uses.contains(&name.as_str())
            || is_used_by_all(name);
        // A presigned URL can have headers in its query.
        let value = value.as_deref().unwrap_or_default().as_bytes();
        let is_ignored = route.operation == Operation::GetObject
            && style.understands(&name.to_ascii_lowercase(), value)
            && !style
                .object_subresources
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name));
        if !is_used && !is_ignored {
            return Err(not_implemented(name));
        }
    }
    if let Some(header) = style.refused(&exchange.headers) {
        return Err(not_implemented(header.as_str()));
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let condition = CONDITIONS.into_iter().find(|name| {
            let is_create_only = matches!(
                route.operation,
                Operation::PutObject | Operation::CompleteUpload
            ) && style.create_only.header == *name
                && style.create_only.is_asked(&exchange.headers);
            exchange.headers.contains_key(*name) && !is_create_only
        });
        if let Some(condition) = condition {
            return Err(not_implemented(condition));
        }
    }
    // The checksum of a whole object that came in parts would be computed while it is copied.
    let checksums = storage.provider.wire.checksums.iter();
    let mut checksums = checksums.map(|checksum| checksum.header_name());
    if route.operation == Operation::CompleteUpload
        && let Some(checksum) = checksums.find(|name| exchange.headers.contains_key(*name))
    {
        return Err(not_implemented(checksum));
    }
    Ok(route.operation)
}

/// Whether a query name belongs to signatures, or is one that every operation may have and none
/// depends on. A checksum in a presigned URL is that of the empty body that its maker had; S3
/// [ignores it](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
fn is_used_by_all(name: &str) -> bool {
    let starts_with = |prefix: &str| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts_with("x-amz-checksum-")
        || USED_BY_ALL
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
}

const USED_BY_ALL: [&str; 23] = [
    "Expires",
    "OSSAccessKeyId",
    "Signature",
    "security-token",
    "X-Amz-Algorithm",
    "X-Amz-Content-Sha256",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Sdk-Checksum-Algorithm",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-User-Agent",
    // The name of the operation, for the provider's logs.
    "x-id",
    "x-oss-additional-headers",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-security-token",
    "x-oss-signature",
    "x-oss-signature-version",
    "x-oss-traffic-limit",
];

/// Headers that make a write depend on the object that is there, or write a piece of it.
const CONDITIONS: [&str; 5] = [
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "content-range",
];

const READ: &[&str] = &[
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "versionId",
];

const fn on(
    level: Level,
    method: Method,
    selected_by: &'static [&'static str],
    operation: Operation,
    uses: &'static [&'static str],
) -> Route {
    Route {
        level,
        method,
        operation,
        selected_by,
        uses,
    }
}

const fn describe(selected_by: &'static [&'static str; 1]) -> Route {
    let [name] = *selected_by;
    on(
        Level::Bucket,
        Method::GET,
        selected_by,
        Operation::DescribeBucket(name),
        &[],
    )
}

static ROUTES: [Route; 31] = {
    use Level::{Bucket, Object, Service};
    use Operation as Op;
    [
        on(
            Service,
            Method::GET,
            &[],
            Op::ListBuckets,
            &[
                "continuation-token",
                "marker",
                "max-buckets",
                "max-keys",
                "prefix",
            ],
        ),
        on(Bucket, Method::GET, &["cors"], Op::Cors, &[]),
        on(Bucket, Method::PUT, &["cors"], Op::Cors, &[]),
        on(Bucket, Method::DELETE, &["cors"], Op::Cors, &[]),
        on(Bucket, Method::PUT, &[], Op::CreateBucket, &[]),
        on(Bucket, Method::HEAD, &[], Op::HeadBucket, &[]),
        on(Bucket, Method::DELETE, &[], Op::DeleteBucket, &[]),
        describe(&["acl"]),
        describe(&["bucketInfo"]),
        describe(&["lifecycle"]),
        describe(&["location"]),
        describe(&["ownershipControls"]),
        describe(&["policy"]),
        describe(&["publicAccessBlock"]),
        describe(&["requestPayment"]),
        describe(&["tagging"]),
        describe(&["versioning"]),
        describe(&["website"]),
        on(
            Bucket,
            Method::GET,
            &[],
            Op::ListObjects,
            &[
                "continuation-token",
                "delimiter",
                "encoding-type",
                "fetch-owner",
                "list-type",
                "marker",
                "max-keys",
                "prefix",
                "start-after",
            ],
        ),
        on(
            Bucket,
            Method::GET,
            &["uploads"],
            Op::ListUploads,
            &[
                "delimiter",
                "encoding-type",
                "key-marker",
                "max-uploads",
                "prefix",
                "upload-id-marker",
            ],
        ),
        on(
            Bucket,
            Method::POST,
            &["delete"],
            Op::DeleteObjects,
            &["encoding-type"],
        ),
        on(Object, Method::PUT, &[], Op::PutObject, &[]),
        on(Object, Method::GET, &[], Op::GetObject, READ),
        on(Object, Method::HEAD, &[], Op::GetObject, READ),
        // OSS's short answer to a HEAD, by which its clients ask whether an object exists; the long
        // one has all of it.
        on(Object, Method::HEAD, &["objectMeta"], Op::GetObject, READ),
        on(
            Object,
            Method::DELETE,
            &[],
            Op::DeleteObject,
            &["versionId"],
        ),
        on(
            Object,
            Method::POST,
            &["uploads"],
            Op::CreateUpload,
            &["encoding-type"],
        ),
        on(
            Object,
            Method::PUT,
            &["partNumber", "uploadId"],
            Op::PutPart,
            &[],
        ),
        on(
            Object,
            Method::GET,
            &["uploadId"],
            Op::ListParts,
            &["encoding-type", "max-parts", "part-number-marker"],
        ),
        on(
            Object,
            Method::POST,
            &["uploadId"],
            Op::CompleteUpload,
            &["encoding-type"],
        ),
        on(Object, Method::DELETE, &["uploadId"], Op::AbortUpload, &[]),
    ]
};
