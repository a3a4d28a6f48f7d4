//! The target of a request: service, bucket or object, and the query.

use std::fmt;

use cors_xml::{Cause, Provider, ResourceType, Subject, WireError};
use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use percent_encoding::percent_decode_str;

/// Most bytes of a key; the same for both providers.
const MAX_KEY_BYTES: usize = 1024;

/// A request's bucket, key and query, decoded.
///
/// # Examples
///
/// ```
/// use cors_http::Target;
///
/// let domains = ["storage.example".to_owned()];
/// let by_path = Target::parse("storage.example", "/photos/", Some("cors"), &domains)?;
/// let by_host = Target::parse("photos.storage.example:8333", "/", Some("cors="), &domains)?;
/// for target in [by_path, by_host] {
///     assert_eq!(target.bucket.as_deref(), Some("photos"));
///     assert!(target.key.is_none() && target.has("cors"));
/// }
/// # Ok::<(), cors_http::TargetError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The name of the bucket; always a valid one.
    pub bucket: Option<String>,
    /// The key of the object; never empty.
    pub key: Option<String>,
    /// Names and values of the query, decoded; `None` where there is no `=`.
    pub query: Vec<(String, Option<String>)>,
    /// The path as it was sent.
    pub raw_path: String,
}

/// Why a target is not valid for any operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// The bucket name is not valid.
    BucketName,
    /// The object key is not valid.
    Key,
    /// The query is not percent-encoded UTF-8.
    Query,
    /// There is more than one `Host`, or it is not the name of a host.
    Host,
}

impl Target {
    /// Reads the target of a request from its [host](Target::host_of) and its URI's path and query.
    ///
    /// # Errors
    ///
    /// As [`Target::host_of`] and [`Target::parse`].
    pub fn of(request: &Parts, domains: &[String]) -> Result<Target, TargetError> {
        let host = Target::host_of(request)?;
        Target::parse(host, request.uri.path(), request.uri.query(), domains)
    }

    /// The host that a request names, with its port: the authority of its URI, which counts more
    /// than `Host` ([RFC 9112, 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)), or
    /// `Host`, or nothing. Whether a request must have one is up to the server: HTTP/1.1 requires
    /// it.
    ///
    /// # Errors
    ///
    /// If there is more than one `Host`, or one that is not the name of a host
    /// ([RFC 9112, 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)).
    pub fn host_of(request: &Parts) -> Result<&str, TargetError> {
        let mut lines = request.headers.get_all(HOST).iter();
        let line = lines.next().map_or(Ok(""), |line| line.to_str());
        let line = line.map_err(|_| TargetError::Host)?;
        let host = request.uri.authority().map_or(line, Authority::as_str);
        let is_host = |text: &str| {
            text.is_empty() || (!text.contains('@') && text.parse::<Authority>().is_ok())
        };
        if lines.next().is_some() || !is_host(line) || !is_host(host) {
            return Err(TargetError::Host);
        }
        Ok(host)
    }

    /// Reads host, path and query. `domains` are the hosts below which the first label is a bucket;
    /// the providers' own are built in.
    ///
    /// # Errors
    ///
    /// A bucket name, key or query that is not valid.
    pub fn parse(
        host: &str,
        path: &str,
        query: Option<&str>,
        domains: &[String],
    ) -> Result<Target, TargetError> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(Into::into);
        let mut target = Target {
            raw_path: path.to_owned(),
            ..Target::default()
        };
        for pair in query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
        {
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (pair, None),
            };
            let value = value
                .map(decoded)
                .transpose()
                .map_err(|_| TargetError::Query)?;
            let name = decoded(name).map_err(|_| TargetError::Query)?;
            target.query.push((name, value));
        }
        let path = path.strip_prefix('/').unwrap_or(path);
        let (bucket, key) = match bucket_of_host(host, domains) {
            Some(bucket) => (bucket, path),
            None if path.is_empty() => return Ok(target),
            None => path.split_once('/').unwrap_or((path, "")),
        };
        let bucket: String = decoded(bucket).map_err(|_| TargetError::BucketName)?;
        if !is_bucket_name(&bucket) {
            return Err(TargetError::BucketName);
        }
        let key: String = decoded(key).map_err(|_| TargetError::Key)?;
        if key.len() > MAX_KEY_BYTES || key.contains('\0') {
            return Err(TargetError::Key);
        }
        target.bucket = Some(bucket);
        target.key = (!key.is_empty()).then_some(key);
        Ok(target)
    }

    /// Whether the query has this name, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.query.iter().any(|(other, _)| other == name)
    }

    /// The first value with this name; empty if it has none.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_deref().unwrap_or_default())
    }

    /// The resource as errors name it.
    pub fn resource_type(&self) -> ResourceType {
        if self.key.is_some() {
            ResourceType::Object
        } else {
            ResourceType::Bucket
        }
    }
}

impl TargetError {
    /// The error that answers the request.
    pub fn to_wire_error(self, provider: &Provider) -> WireError<'static> {
        let cause = match self {
            TargetError::BucketName => Cause::InvalidBucketName,
            TargetError::Key => Cause::InvalidObjectName,
            TargetError::Query | TargetError::Host => Cause::InvalidUri,
        };
        provider.error(cause, Subject::None)
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TargetError::BucketName => {
                "name a bucket with 3 to 63 lower-case letters, digits, hyphens and dots"
            }
            TargetError::Key => "name an object with at most 1024 bytes of UTF-8, none of them 0",
            TargetError::Query => "write the query as the percent-encoding of UTF-8",
            TargetError::Host => "send one Host, with the name of a host and, if needed, a port",
        })
    }
}

impl std::error::Error for TargetError {}

/// The providers' hosts and ours: `BUCKET.DOMAIN`, `BUCKET.oss-REGION.aliyuncs.com`,
/// `BUCKET.s3.REGION.amazonaws.com`.
fn bucket_of_host<'h>(host: &'h str, domains: &[String]) -> Option<&'h str> {
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    for domain in domains {
        if let Some(rest) = host.strip_suffix(domain.as_str())
            && let Some(bucket) = rest.strip_suffix('.')
        {
            return Some(bucket);
        }
    }
    let provider = host.ends_with(".aliyuncs.com") || host.ends_with(".amazonaws.com");
    let (bucket, rest) = host.split_once('.')?;
    (provider && (rest.starts_with("oss-") || rest.starts_with("s3.") || rest.starts_with("s3-")))
        .then_some(bucket)
}

/// 3 to 63 lower-case letters, digits, `-` and `.`, a letter or digit at both ends and beside each
/// dot, and not an IPv4 address
/// ([rules of S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)).
fn is_bucket_name(name: &str) -> bool {
    let alphanumeric = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && alphanumeric(bytes.first())
        && alphanumeric(bytes.last())
        && bytes.iter().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
        })
        && !["..", ".-", "-."].iter().any(|pair| name.contains(pair))
        && name.parse::<std::net::Ipv4Addr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(host: &str, path: &str, query: Option<&str>) -> Result<Target, TargetError> {
        Target::parse(host, path, query, &["localhost".to_owned()])
    }

    #[test]
    fn a_bucket_is_in_the_path_or_in_the_host() {
        for (host, path, bucket, key) in [
            ("127.0.0.1:80", "/photos/a%20b", Some("photos"), Some("a b")),
            ("127.0.0.1", "/photos/", Some("photos"), None),
            ("127.0.0.1", "/photos", Some("photos"), None),
            ("127.0.0.1", "/", None, None),
            ("photos.localhost:80", "/a/b", Some("photos"), Some("a/b")),
            (
                "photos.oss-cn-hangzhou.aliyuncs.com",
                "/",
                Some("photos"),
                None,
            ),
            (
                "photos.s3.us-east-1.amazonaws.com",
                "/a",
                Some("photos"),
                Some("a"),
            ),
            (
                "oss-cn-hangzhou.aliyuncs.com",
                "/photos",
                Some("photos"),
                None,
            ),
            ("127.0.0.1", "/photos//a", Some("photos"), Some("/a")),
        ] {
            let target = parse(host, path, None).unwrap();
            assert_eq!(target.bucket.as_deref(), bucket, "{host} {path}");
            assert_eq!(target.key.as_deref(), key, "{host} {path}");
        }
    }

    #[test]
    fn an_empty_name_is_not_the_service() {
        for (host, path) in [
            (".localhost", "/"),
            (".localhost:80", "/photos"),
            (".oss-cn-hangzhou.aliyuncs.com", "/photos"),
            ("127.0.0.1", "//photos/a"),
            ("127.0.0.1", "//"),
        ] {
            let refused = parse(host, path, None).unwrap_err();
            assert_eq!(refused, TargetError::BucketName, "{host} {path}");
        }
    }

    #[test]
    fn a_request_names_one_host() {
        let of = |uri: &str, hosts: &[&str]| {
            let mut request = http::Request::get(uri);
            for host in hosts {
                request = request.header(HOST, *host);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            Target::of(&parts, &["localhost".to_owned()]).map(|target| target.bucket)
        };
        let bucket = |name: &str| Ok(Some(name.to_owned()));
        assert_eq!(of("/k", &["photos.localhost"]), bucket("photos"));
        assert_eq!(of("/photos/k", &[]), bucket("photos"));
        assert_eq!(of("/photos/k", &[""]), bucket("photos"));
        let absolute = "http://photos.localhost/k";
        assert_eq!(of(absolute, &["other.localhost"]), bucket("photos"));
        assert_eq!(of(absolute, &[]), bucket("photos"));
        for (uri, hosts) in [
            ("/k", &["photos.localhost", "photos.localhost"][..]),
            ("/k", &["photos.localhost", "other.localhost"]),
            (absolute, &["photos.localhost", "other.localhost"]),
            (absolute, &["a b"]),
            ("/k", &["photos.localhost/"]),
            ("/k", &["other@photos.localhost"]),
            ("http://other@photos.localhost/k", &[]),
        ] {
            assert_eq!(of(uri, hosts), Err(TargetError::Host), "{uri} {hosts:?}");
        }
    }

    #[test]
    fn names_that_no_bucket_has_are_refused() {
        for path in [
            "/ab",
            "/Photos",
            "/..",
            "/a..b",
            "/a.-b",
            "/a-.b",
            "/192.168.5.123",
            "/%FF%FF%FF",
            "/_cors",
            "/-ab",
        ] {
            assert_eq!(
                parse("h", path, None).unwrap_err(),
                TargetError::BucketName,
                "{path}"
            );
        }
        assert_eq!(parse("h", "/abc/%00", None).unwrap_err(), TargetError::Key);
    }

    #[test]
    fn a_query_is_decoded_and_tells_empty_from_absent() {
        let target = parse("h", "/abc", Some("cors&prefix=a%2Fb&x=")).unwrap();
        assert!(target.has("cors") && !target.has("acl"));
        assert_eq!(target.value("prefix"), Some("a/b"));
        assert_eq!(target.query[0].1, None);
        assert_eq!(target.query[2].1.as_deref(), Some(""));
    }
}
