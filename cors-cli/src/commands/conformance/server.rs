//! The server that is asked: where its buckets are, and how requests to it are signed.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cors_gateway::{Credentials, RequestSigner};
use cors_xml::Provider;
use md5::{Digest, Md5};
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::case::Exchange;
use crate::exit::Fatal;
use crate::http::{Client, HttpError, Incoming, Outgoing, Url};

/// Longest time of one exchange.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Most bytes of an answer that are read: a configuration has at most 64 KiB.
const MAX_BODY: usize = 1 << 20;

/// What the providers' services have besides their CORS, as data.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) provider: &'static Provider,
    pub(crate) default_region: &'static str,
    /// Whether a new bucket outside the default region is put with a document that says so.
    pub(crate) has_location: bool,
    /// How to remove a bucket by hand; ENDPOINT and BUCKET stand for themselves.
    pub(crate) removal: &'static str,
}

impl Service {
    pub(crate) const S3: Service = Service {
        provider: &Provider::S3,
        default_region: "us-east-1",
        has_location: true,
        removal: "aws --endpoint-url ENDPOINT s3 rb --force s3://BUCKET",
    };
    pub(crate) const OSS: Service = Service {
        provider: &Provider::OSS,
        default_region: "cn-hangzhou",
        has_location: false,
        removal: "ossutil rm -rbf -e ENDPOINT oss://BUCKET",
    };
}

/// A server, and the key that signs requests to it.
pub(crate) struct Server {
    pub(crate) service: &'static Service,
    region: String,
    client: Client,
    signer: RequestSigner,
    address: Address,
}

/// Where buckets are.
pub(crate) struct Address {
    scheme: &'static str,
    authority: String,
    is_virtual_host: bool,
}

impl Address {
    /// Reads the URL of a server.
    pub(crate) fn parse(url: &str, is_virtual_host: bool) -> Result<Address, Fatal> {
        let parsed = Url::parse(url).map_err(|error| Fatal(error.to_string()))?;
        if parsed.target() != "/" {
            return Err(Fatal(format!(
                "{url}: give the address of the server alone, without a path; the bucket is chosen by this command"
            )));
        }
        let scheme = if parsed.is_https() { "https" } else { "http" };
        let is_default = |port: &str| matches!((scheme, port), ("http", "80") | ("https", "443"));
        let authority = match parsed.authority().rsplit_once(':') {
            Some((host, port)) if is_default(port) => host,
            _ => parsed.authority(),
        };
        Ok(Address {
            scheme,
            authority: authority.to_owned(),
            is_virtual_host,
        })
    }

    /// The address without a bucket.
    pub(crate) fn endpoint(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// The URL of an exchange.
    pub(crate) fn url(&self, bucket: &str, exchange: &Exchange) -> String {
        let Address {
            scheme, authority, ..
        } = self;
        let mut url = if self.is_virtual_host {
            format!("{scheme}://{bucket}.{authority}/")
        } else {
            format!("{scheme}://{authority}/{bucket}")
        };
        if let Some(key) = exchange.key {
            url.push_str(if self.is_virtual_host { "" } else { "/" });
            url.push_str(key);
        }
        if let Some(query) = &exchange.query {
            url.push('?');
            url.push_str(query);
        }
        url
    }

    /// The hosts below which the first label is a bucket.
    fn domains(&self) -> Vec<String> {
        let host = match self.authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => self.authority.as_str(),
        };
        self.is_virtual_host
            .then(|| host.to_owned())
            .into_iter()
            .collect()
    }
}

impl Server {
    /// A server, and requests to it signed with the only key.
    pub(crate) fn new(
        service: &'static Service,
        address: Address,
        region: Option<&str>,
        credentials: &Credentials,
    ) -> Result<Server, Fatal> {
        let region = region.unwrap_or(service.default_region).to_owned();
        let signer = RequestSigner::new(service.provider, credentials, &region);
        let signer = signer.ok_or_else(|| {
            Fatal(format!(
                "there are {} keys to sign with; give one, as one line ACCESS_KEY_ID:ACCESS_KEY_SECRET in --credentials FILE",
                credentials.len()
            ))
        })?;
        Ok(Server {
            service,
            region,
            client: Client::new(TIMEOUT, MAX_BODY),
            signer,
            address,
        })
    }

    pub(crate) fn endpoint(&self) -> String {
        self.address.endpoint()
    }

    /// How to remove a bucket by hand.
    pub(crate) fn removal(&self, bucket: &str) -> String {
        let command = self.service.removal.replace("ENDPOINT", &self.endpoint());
        command.replace("BUCKET", bucket)
    }

    /// The body of the request that makes a bucket.
    pub(crate) fn location(&self) -> Option<String> {
        let is_elsewhere = self.region != self.service.default_region;
        (self.service.has_location && is_elsewhere).then(|| {
            format!(
                "<CreateBucketConfiguration><LocationConstraint>{}</LocationConstraint></CreateBucketConfiguration>",
                self.region
            )
        })
    }

    /// Sends one request to a bucket.
    pub(crate) fn send(&self, bucket: &str, exchange: &Exchange) -> Result<Incoming, Fatal> {
        let unsent = |why: &dyn std::fmt::Display| Fatal(why.to_string());
        let url = self.address.url(bucket, exchange);
        let parsed = Url::parse(&url).map_err(|error| unsent(&error))?;
        let body = exchange.body.as_deref().map(str::as_bytes);
        let mut headers = HeaderMap::new();
        for (name, value) in &exchange.headers {
            let name = HeaderName::try_from(name.as_str()).map_err(|error| unsent(&error))?;
            let value = HeaderValue::from_bytes(value).map_err(|error| unsent(&error))?;
            headers.append(name, value);
        }
        if exchange.query.is_some()
            && let Some(body) = body
        {
            let digest = BASE64.encode(Md5::digest(body));
            let digest = HeaderValue::try_from(digest).map_err(|error| unsent(&error))?;
            headers.insert("content-md5", digest);
            headers.insert("content-type", HeaderValue::from_static("application/xml"));
        }
        if exchange.is_signed {
            let method = Method::from_bytes(exchange.method.as_bytes());
            let method = method.map_err(|error| unsent(&error))?;
            let uri: Uri = url.parse().map_err(|error| unsent(&error))?;
            let (domains, now) = (self.address.domains(), SystemTime::now());
            let body = body.unwrap_or_default();
            self.signer
                .sign(&method, &uri, &mut headers, body, &domains, now)
                .map_err(|error| unsent(&error))?;
        }
        let lines: Vec<(&str, &[u8])> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let sent = self.client.send(&Outgoing {
            method: &exchange.method,
            url: &parsed,
            headers: &lines,
            // A PUT without a Content-Length is refused by some servers.
            body: body.or((exchange.method == "PUT").then_some(b"".as_slice())),
        });
        sent.map_err(|error: HttpError| unsent(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_in_the_path_or_in_the_host() {
        let by_path = Address::parse("http://127.0.0.1:9000/", false).unwrap();
        let by_host = Address::parse("https://s3.example:443", true).unwrap();
        for (key, query, path, host) in [
            (None, None, "", ""),
            (None, Some("cors"), "?cors", "?cors"),
            (Some("k"), None, "/k", "k"),
            (Some("k"), Some("acl"), "/k?acl", "k?acl"),
        ] {
            let exchange = Exchange::signed("GET", key, query);
            assert_eq!(
                by_path.url("b", &exchange),
                format!("http://127.0.0.1:9000/b{path}")
            );
            assert_eq!(
                by_host.url("b", &exchange),
                format!("https://b.s3.example/{host}")
            );
        }
        assert_eq!(by_host.domains(), ["s3.example"]);
        assert!(Address::parse("http://127.0.0.1:9000/bucket", false).is_err());
    }
}
